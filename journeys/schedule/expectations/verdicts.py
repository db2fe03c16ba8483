"""What is said of one part of an expectation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it comes true, and what the schedule says, as a sentence without its full stop."""

    holds: bool
    sentence: str

"""What the checks find."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Level: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing that a check found.

    level: an error keeps a version from being published, a warning asks for a second look. code: stable, for scripts.
    where: "" for the journey, else SECTION/KEY with a JSON pointer behind it (modules, steps, nudges, indicators,
    skills, expectations). detail: one sentence that says what to do.
    """

    level: Level
    code: str
    where: str
    detail: str


def error(code: str, where: str, detail: str) -> Finding:
    """Return a finding that keeps a version from being published."""
    return Finding("error", code, where, detail)


def warning(code: str, where: str, detail: str) -> Finding:
    """Return a finding that asks for a second look."""
    return Finding("warning", code, where, detail)

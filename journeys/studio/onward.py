"""Where a published version leads on to, without the studio knowing learners."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Onward:
    """
    Names of the pages that the app above has, empty until it is ready.

    live: brings people to a live version, by its uuid. log: what was published and who was moved, by the journey's.
    as_learner: shows a version as a learner meets it on any day, by its uuid.
    """

    live: str = ""
    log: str = ""
    as_learner: str = ""


_onward = Onward()


def leads_on(*, live: str, log: str, as_learner: str) -> None:
    """Use the pages of these names from now on; called once, when the app that has them is ready."""
    global _onward
    _onward = Onward(live, log, as_learner)


def onward() -> Onward:
    """Return what was registered."""
    return _onward

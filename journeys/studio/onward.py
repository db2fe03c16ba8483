"""Where a published version leads on to, without the studio knowing learners."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Onward:
    """
    Names of the two pages that the app above has, empty until it is ready.

    live: brings people to a live version, by its uuid. log: what was published and who was moved, by the journey's.
    """

    live: str = ""
    log: str = ""


_onward = Onward()


def leads_on(*, live: str, log: str) -> None:
    """Use the pages of these names from now on; called once, when the app that has them is ready."""
    global _onward
    _onward = Onward(live, log)


def onward() -> Onward:
    """Return what was registered."""
    return _onward

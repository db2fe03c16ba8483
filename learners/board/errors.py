"""Refusals of the board."""

from config.support.errors import DomainError, NotAllowed, NotFound


class UnknownSession(NotFound):
    """The cohort's journey has no such live session."""

    code = "unknown_session"
    title = "There is no such live session"


class UnknownAct(NotFound):
    """There is no such way to adjust somebody's dates."""

    code = "unknown_act"
    title = "There is no such change"


class OnlyFacilitators(NotAllowed):
    """Somebody who may look at a board tried to change something on it."""

    code = "only_facilitators"
    title = "Only a facilitator of this cohort or an administrator changes this. You can look at everything here."


class NotBegun(DomainError):
    """Nobody has been at a session that has not begun."""

    code = "session_not_begun"
    title = "Record who took part once the session has begun. Set its date first if it has none."

"""Refusals about progress."""

from collections.abc import Sequence
from datetime import datetime

from config.support.errors import DomainError, InvalidInput, NotFound


class UnknownStep(NotFound):
    """The person's version has no step of this key."""

    code = "unknown_step"
    title = "Your journey has no such step"


class StepLocked(DomainError):
    """
    The step is not open yet.

    opens_at: when it opens (aware UTC), if that is known. blocked_by: in sentences, what has to happen first.
    """

    code = "step_locked"
    title = "This step is not open yet"

    def __init__(self, detail: str = "", *, opens_at: datetime | None = None, blocked_by: Sequence[str] = ()) -> None:
        super().__init__(detail)
        self.opens_at = opens_at
        self.blocked_by = tuple(blocked_by)


class FutureCompletion(InvalidInput):
    """A step was said to be completed later than now."""

    code = "future_completion"
    title = "A completion cannot lie in the future"


class NoPractice(DomainError):
    """Only a reported practice can be confirmed by somebody."""

    code = "no_practice"
    title = "Write your report first, then ask somebody to confirm it."


class NoSignOffWanted(DomainError):
    """This practice asks nobody to confirm it."""

    code = "no_sign_off_wanted"
    title = "This practice does not ask anybody to confirm it."


class AskedAlready(DomainError):
    """Somebody has been asked and has not answered yet."""

    code = "asked_already"
    title = "You have asked somebody already. Take that request back first."


class AskedTooOften(DomainError):
    """Requests go to other people's inboxes, so there are only a few a day."""

    code = "asked_too_often"
    status = 429
    title = "You have asked a few people today. Ask again tomorrow."


class OwnSignOff(InvalidInput):
    """Nobody confirms their own practice."""

    code = "own_sign_off"
    title = "Name somebody else: nobody confirms their own practice."


class LinkExpired(NotFound):
    """The signed link is too old, was changed on its way, or its request was taken back."""

    code = "link_expired"
    title = "This link does not work any more"


class AnsweredAlready(DomainError):
    """A request is answered once."""

    code = "answered_already"
    title = "This request has been answered. Thank you."


class NotTheirSession(DomainError):
    """Attendance is recorded for live sessions only, and for people of the cohort."""

    code = "no_live_session"
    status = 422
    title = "This step is no live session. Choose one of the cohort's live sessions."

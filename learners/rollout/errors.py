"""Refusals about bringing a version to people."""

from config.support.errors import DomainError, InvalidInput, NotFound


class UnknownRollout(NotFound):
    """There is no such rollout, or it is another organization's."""

    code = "unknown_rollout"
    title = "There is no such entry in the log"


class NotLive(DomainError):
    """People are only moved to the version that is live."""

    code = "not_live"
    title = "People can only move to the version that is live. Publish this one first, or open the live one."


class StillMoving(DomainError):
    """One rollout of a journey at a time."""

    code = "still_moving"
    title = "People of this journey are being moved at this moment. Wait until that is done, then try again."


class NothingToUndo(DomainError):
    """The rollout moved nobody, or was taken back already."""

    code = "nothing_to_undo"
    title = "There is nothing to take back: this moved nobody, or it was taken back before."


class UnknownPolicy(InvalidInput):
    """The choice of whom to move is not one of ours."""

    code = "unknown_policy"
    title = "Choose who moves: nobody, those who have not started, or everybody who is under way."

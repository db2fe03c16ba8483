"""Refusals of the player."""

from config.support.errors import DomainError


class NewerVersion(DomainError):
    """The answer was saved elsewhere after this page was opened; nothing was overwritten."""

    code = "newer_version"
    title = "A newer version exists. Look at both, then save what you want to keep."


class RecordedByOthers(DomainError):
    """Nobody completes this step by answering it: somebody else records that it happened."""

    code = "recorded_by_others"
    title = "The facilitator of this session records who was there."


class HoldsPrivateText(DomainError):
    """The answer is the learner's own private text, which no other tool gives or takes."""

    code = "holds_private_text"
    title = "This step holds a learner's private text, so only the learner can complete it, in Waymark."


class NotFinished(DomainError):
    """The answer does not complete its step."""

    code = "not_finished"
    status = 422
    title = "This answer does not complete the step. Send all of it."

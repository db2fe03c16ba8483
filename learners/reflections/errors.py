"""Refusals about a learner's own texts."""

from config.support.errors import DomainError, InvalidInput, NotFound


class UnknownReflection(NotFound):
    """There is no such reflection, or it is not yours to read."""

    code = "unknown_reflection"
    title = "There is no such reflection"


class UnknownCommitment(NotFound):
    """There is no such commitment, or it is somebody else's."""

    code = "unknown_commitment"
    title = "There is no such commitment"


class NewerVersion(DomainError):
    """
    The text was saved elsewhere meanwhile, in another tab or on another device; both can be shown.

    revision: of the newer one. What was sent is not lost: the page that sent it still holds it.
    """

    code = "newer_version"
    title = "A newer version of this text exists. Look at both, then save the one you want."

    def __init__(self, revision: int) -> None:
        super().__init__()
        self.revision = revision


class NothingWritten(InvalidInput):
    """There are no words to keep."""

    code = "nothing_written"
    title = "Write something first; one line is enough."


class AudienceTooWide(InvalidInput):
    """The designer allows a narrower audience only."""

    code = "audience_too_wide"
    title = "This reflection cannot be shared that widely. Choose one of the audiences shown."


class WrongKind(DomainError):
    """The step asks for something else."""

    code = "wrong_kind"
    status = 422
    title = "This step asks for something else"

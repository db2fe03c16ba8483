"""Refusals of the skills: an unknown skill, a behavior that cannot be used as written."""

from config.support.errors import DomainError, InvalidInput, NotAllowed, NotFound


class SkillNotFound(NotFound):
    """No skill of this key is in the built-in framework or in one of the organization's own."""

    code = "skill_not_found"
    title = "There is no such skill"


class FrameworkNotFound(NotFound):
    """No such framework for this organization."""

    code = "framework_not_found"
    title = "There is no such framework"


class SkillInvalid(InvalidInput):
    """A framework or a skill has faults; each is listed with its place."""

    code = "skill_invalid"
    title = "This skill is not finished yet"


class IndicatorInvalid(InvalidInput):
    """A behavior indicator has faults; each is listed with its place."""

    code = "indicator_invalid"
    title = "This behavior is not finished yet"


class FrameworkFileInvalid(InvalidInput):
    """A file of a framework has faults; each is told with its row or place. Nothing of it was imported."""

    code = "framework_file_invalid"
    title = "This file cannot be read yet"


class NothingToImport(DomainError):
    """The newest version says just what the file says."""

    code = "nothing_to_import"
    title = "The newest version says the same. There is nothing to import."


class FrameworkShownOtherwise(DomainError):
    """Somebody imported another version after the change was shown."""

    code = "shown_otherwise"
    title = "The framework was changed while you were looking. Look again at what the import changes now."


class FrameworkReadOnly(NotAllowed):
    """The built-in framework is everyone's, and one from a file keeps what the file said; neither can be changed."""

    code = "framework_read_only"
    title = "A framework that is built in or came from a file cannot be changed. Make one of your own"

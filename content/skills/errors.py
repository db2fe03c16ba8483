"""Refusals of the skills: an unknown skill, a behavior that cannot be used as written."""

from config.support.errors import InvalidInput, NotAllowed, NotFound


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


class FrameworkReadOnly(NotAllowed):
    """The built-in framework is everyone's and cannot be changed."""

    code = "framework_read_only"
    title = "The built-in framework cannot be changed. Make a framework of your own"

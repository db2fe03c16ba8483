"""Refusals about cohorts and the people in them."""

from config.support.errors import DomainError, InvalidInput, NotFound


class UnknownCohort(NotFound):
    """There is no such cohort in this organization."""

    code = "unknown_cohort"
    title = "There is no such cohort"


class UnknownEnrollment(NotFound):
    """There is no such enrollment, or it is not yours to see."""

    code = "unknown_enrollment"
    title = "There is no such enrollment"


class CohortClosed(DomainError):
    """Nobody joins a closed cohort."""

    code = "cohort_closed"
    title = "This cohort is closed. Enroll people in another one, or open it again."


class VersionNotPublished(DomainError):
    """People can only run a version that has been published."""

    code = "version_not_published"
    title = "Publish this version of the journey first, then people can run it."


class ForeignVersion(NotFound):
    """The version is of another organization."""

    code = "unknown_version"
    title = "There is no such version of a journey"


class RowRefused(InvalidInput):
    """One person could not be enrolled; the sentence says why."""

    code = "row_refused"
    title = "This person cannot be enrolled like this"


class EnrollmentClosed(DomainError):
    """The person has withdrawn; what they did stays, and nothing is added."""

    code = "enrollment_closed"
    title = "This enrollment has ended. Ask your facilitator if you want to come back."


class NothingToDo(DomainError):
    """The enrollment is in that state already, or can never reach it."""

    code = "nothing_to_do"
    title = "Nothing changes: the enrollment is in that state already."


class UnknownKey(InvalidInput):
    """A module or step was named that the person's version does not have."""

    code = "unknown_key"
    title = "Name a module, or a step as MODULE/STEP, of this person's journey"

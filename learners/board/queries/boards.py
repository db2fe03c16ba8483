"""Which boards somebody may open, and whom they show."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from config.accounts.actor import Actor
from journeys.authoring.queries import outline_for
from journeys.schedule.outline import Outline
from learners.board.queries.cohorts import may_change
from learners.cohorts.errors import UnknownCohort, UnknownEnrollment
from learners.cohorts.models import Cohort, Enrollment
from learners.cohorts.queries import WITH_TERMS


@dataclass(frozen=True, slots=True)
class Board:
    """
    One cohort for one viewer. outline: of the version that new people run.

    runs: staff or administrator, who see everybody in it; a line manager sees their own reports alone. may_change:
    facilitator or administrator.
    """

    cohort: Cohort
    outline: Outline
    runs: bool
    may_change: bool


def get_board(actor: Actor, cohort_uuid: UUID) -> Board:
    """
    Return the board of a cohort that the actor runs, or in which somebody reports to them; two queries.

    Two more for an outline that this process does not know. Raises UnknownCohort.
    """
    own = Cohort.objects.visible_to(actor).select_related("version__journey", "organization")
    cohort = own.filter(uuid=cohort_uuid).first()
    if cohort is not None:
        may = may_change(actor, cohort_id=cohort.pk)
        return Board(cohort, outline_for(cohort.version), runs=True, may_change=may)
    reports = _reports(actor).filter(cohort__uuid=cohort_uuid)
    report = reports.select_related("cohort__version__journey", "cohort__organization").first()
    if report is None:
        raise UnknownCohort
    return Board(report.cohort, outline_for(report.cohort.version), runs=False, may_change=False)


def people_of(actor: Actor, board: Board) -> QuerySet[Enrollment]:
    """Return the enrollments that a board shows: everybody's to those who run it, else those of the actor's reports."""
    people = Enrollment.objects.visible_to(actor) if board.runs else _reports(actor)
    return people.filter(cohort=board.cohort)


def get_person(actor: Actor, board: Board, enrollment_uuid: UUID) -> Enrollment:
    """Return somebody of a board, with their terms; one query. Raises UnknownEnrollment."""
    enrollment = people_of(actor, board).select_related(*WITH_TERMS).filter(uuid=enrollment_uuid).first()
    if enrollment is None:
        raise UnknownEnrollment
    return enrollment


def _reports(actor: Actor) -> QuerySet[Enrollment]:
    """Where the actor runs nothing, what they may see is their own enrollment and those of their reports."""
    return Enrollment.objects.visible_to(actor).exclude(Q(user_id=actor.user_id))

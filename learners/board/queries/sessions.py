"""The live sessions of a cohort: when, where, and who is recorded as having been there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from django.db.models import Count, QuerySet

from journeys.authoring.queries import outline_for
from journeys.schedule.outline import StepOutline
from learners.board.errors import UnknownSession
from learners.board.queries.boards import Board
from learners.cohorts.models import CohortStaff, Enrollment, LiveSession
from learners.cohorts.models.cohort import StaffRole
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.progress.models import Completion

KIND: Final = "live_session"


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One live session of the journey. session: its date, None while nobody has set one. recorded: people who came."""

    step: StepOutline
    module: str
    session: LiveSession | None
    recorded: int
    state: Literal["unplanned", "ahead", "begun"]

    @property
    def ends_at(self) -> datetime | None:
        """When the session ends, None without a date."""
        return self.session.starts_at + timedelta(minutes=self.session.minutes) if self.session else None

    @property
    def link(self) -> str:
        """The address of an online place, "" for a room."""
        return self.session.place if self.session and self.session.place.startswith("https://") else ""


def sessions_of(board: Board, people: QuerySet[Enrollment], *, now: datetime) -> list[SessionLine]:
    """Return the live sessions of a cohort's journey in its order; two queries, none where it has no session."""
    steps = _steps(board)
    if not steps:
        return []
    keys = [step.key for step in steps]
    rows = LiveSession.objects.filter(cohort=board.cohort, step_key__in=keys).select_related("facilitator")
    planned = {row.step_key: row for row in rows}
    inside = people.order_by().values("pk")
    counted = Completion.objects.filter(enrollment__in=inside, step_key__in=keys).order_by()
    recorded = dict(counted.values_list("step_key").annotate(n=Count("id")))
    return [_line(board, step, planned.get(step.key), recorded.get(step.key, 0), now) for step in steps]


def get_session(board: Board, step_key: str, people: QuerySet[Enrollment], *, now: datetime) -> SessionLine:
    """Return one live session of a cohort; two queries. Raises UnknownSession."""
    for line in sessions_of(board, people, now=now):
        if line.step.key == step_key:
            return line
    raise UnknownSession


def _steps(board: Board) -> list[StepOutline]:
    return [step for step in board.outline.steps_by_key.values() if step.kind == KIND]


def _line(board: Board, step: StepOutline, session: LiveSession | None, recorded: int, now: datetime) -> SessionLine:
    state: Literal["unplanned", "ahead", "begun"] = "unplanned"
    if session is not None:
        state = "begun" if session.starts_at <= now else "ahead"
    return SessionLine(step, board.outline.titles[step.module_key], session, recorded, state)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who may have been at a session. id: of the enrollment, for the action that records it."""

    id: int
    uuid: UUID
    name: str
    is_recorded: bool

    @property
    def key(self) -> str:
        """The enrollment as a form sends it."""
        return str(self.uuid)


def guests_of(people: QuerySet[Enrollment], step_key: str) -> list[Guest]:
    """
    Return the people whose journey has this session, in the order of the alphabet; two queries.

    Those who withdrew are left out, and those whose version has no such session.
    """
    rows = people.exclude(status=EnrollmentStatus.WITHDRAWN).select_related("user", "version__journey")
    invited = [row for row in rows if _has_session(row, step_key)]
    came = set(_recorded((row.pk for row in invited), step_key))
    guests = [Guest(row.pk, row.uuid, str(row.user), row.pk in came) for row in invited]
    return sorted(guests, key=lambda guest: (guest.name.casefold(), guest.id))


def _has_session(enrollment: Enrollment, step_key: str) -> bool:
    step = outline_for(enrollment.version).steps_by_key.get(step_key)
    return step is not None and step.kind == KIND


def _recorded(enrollment_ids: Iterable[int], step_key: str) -> QuerySet[Completion, int]:
    rows = Completion.objects.filter(enrollment_id__in=list(enrollment_ids), step_key=step_key)
    return rows.values_list("enrollment_id", flat=True)


def leaders_of(board: Board) -> list[tuple[int, str]]:
    """Return the facilitators of a cohort, who may lead a session, as (user id, name); one query."""
    rows = CohortStaff.objects.filter(cohort=board.cohort, role=StaffRole.FACILITATOR).select_related("user")
    return [(row.user_id, str(row.user)) for row in rows.order_by("user__name", "user__email")]

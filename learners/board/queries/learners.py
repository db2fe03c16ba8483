"""Where each learner stands, read from the roll-up of their enrollment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from config.accounts.actor import Actor
from config.support.cursors import Cursor, Page, from_cursor, take_page
from journeys.authoring.queries.calendars import days_of
from journeys.authoring.rules.calendars import OwnDays
from learners.board.rules import Flag, Seen, flags_of
from learners.cohorts.models import Enrollment
from learners.cohorts.rules.own_facts import Terms, calendar_of
from learners.reflections.models import CheckIn, Commitment

CHUNK: Final = 500

# Names of LearnerRow and the columns they come from.
COLUMNS: Final[dict[str, str]] = {
    "id": "id",
    "uuid": "uuid",
    "cohort": "cohort__uuid",
    "journey": "version__journey__uuid",
    "version": "version__uuid",
    "version_number": "version__number",
    "learner": "user__uuid",
    "name": "user__name",
    "email": "user__email",
    "time_zone": "user__time_zone",
    "organization_zone": "cohort__organization__time_zone",
    "cohort_starts_on": "cohort__starts_on",
    "cohort_ends_on": "cohort__ends_on",
    "country": "cohort__country",
    "days_off": "cohort__days_off",
    "calendar_base": "cohort__calendar__base",
    "calendar_country": "cohort__calendar__country",
    "calendar_weekend": "cohort__calendar__weekend",
    "calendar_exceptions": "cohort__calendar__exceptions",
    "status": "status",
    "attempt": "attempt_no",
    "own_start": "starts_on",
    "enrolled_at": "enrolled_at",
    "joined_at": "joined_at",
    "completed_at": "completed_at",
    "withdrawn_at": "withdrawn_at",
    "required": "required",
    "completed": "completed",
    "practiced": "practiced",
    "current_module": "current_module",
    "current_position": "current_position",
    "module_states": "module_states",
    "last_activity_at": "last_activity_at",
    "next_opens_at": "next_opens_at",
    "next_due_at": "next_due_at",
    "revision": "revision",
    "updated_at": "updated_at",
    "unanswered": "unanswered",
    "unanswered_since": "unanswered_since",
}


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """One enrollment with what is known of its person; times are aware UTC. Names as in Enrollment."""

    id: int
    uuid: UUID
    cohort: UUID
    journey: UUID
    version: UUID
    version_number: int
    learner: UUID
    name: str
    email: str
    time_zone: str
    organization_zone: str
    cohort_starts_on: date | None
    cohort_ends_on: date | None
    country: str
    days_off: list[str]
    calendar_base: str | None
    calendar_country: str | None
    calendar_weekend: list[int] | None
    calendar_exceptions: list[dict[str, Any]] | None
    status: str
    attempt: int
    own_start: date | None
    enrolled_at: datetime
    joined_at: datetime | None
    completed_at: datetime | None
    withdrawn_at: datetime | None
    required: int
    completed: int
    practiced: int
    current_module: str
    current_position: int
    module_states: dict[str, str]
    last_activity_at: datetime | None
    next_opens_at: datetime | None
    next_due_at: datetime | None
    revision: int
    updated_at: datetime
    unanswered: int
    unanswered_since: datetime | None

    @property
    def terms(self) -> Terms:
        """The dates and the calendar under which this person runs."""
        return Terms(
            zone=self.time_zone or self.organization_zone,
            enrolled_at=self.enrolled_at,
            starts_on=self.own_start,
            cohort_starts_on=self.cohort_starts_on,
            ends_on=self.cohort_ends_on,
            country=self.country,
            days_off=tuple(self.days_off),
            own_days=self._own_days,
            last_activity_at=self.last_activity_at,
        )

    @property
    def _own_days(self) -> OwnDays | None:
        if self.calendar_base is None:
            return None
        exceptions = self.calendar_exceptions or []
        return days_of(self.calendar_base, self.calendar_country or "", self.calendar_weekend, exceptions)

    def is_behind(self, now: datetime) -> bool:
        """Tell whether a deadline of somebody under way has passed."""
        return self.next_due_at is not None and self.next_due_at < now

    def flags(self, now: datetime) -> tuple[Flag, ...]:
        """Return the reasons to reach out to this person."""
        terms = self.terms
        seen = Seen(
            status=self.status,
            zone=terms.zone,
            start_on=terms.start_on,
            completed=self.completed,
            current_state=self.module_states.get(self.current_module, ""),
            last_activity_at=self.last_activity_at,
            unanswered=self.unanswered,
            unanswered_since=self.unanswered_since,
        )
        return flags_of(seen, calendar_of(terms), now=now)


def list_learners(
    actor: Actor,
    *,
    now: datetime,
    cohort_id: int | None = None,
    cohort: UUID | None = None,
    journey: UUID | None = None,
    status: str | None = None,
    updated_since: datetime | None = None,
) -> QuerySet[Enrollment]:
    """Return the enrollments that the actor may see, with unanswered check-ins counted; for learner_rows."""
    enrollments = Enrollment.objects.visible_to(actor)
    wanted = {
        "cohort_id": cohort_id,
        "cohort__uuid": cohort,
        "version__journey__uuid": journey,
        "status": status,
        "updated_at__gte": updated_since,
    }
    enrollments = enrollments.filter(**{name: value for name, value in wanted.items() if value is not None})
    return with_unanswered(enrollments, now=now)


def with_unanswered(enrollments: QuerySet[Enrollment], *, now: datetime) -> QuerySet[Enrollment]:
    """Annotate enrollments with unanswered (check-ins whose moment passed without an answer) and unanswered_since."""
    answered = CheckIn.objects.filter(commitment=OuterRef("pk"), answered_at__gte=OuterRef("check_in_at"))
    waiting = Commitment.objects.filter(Q(check_in_at__lte=now) & ~Exists(answered), enrollment=OuterRef("pk"))
    grouped = waiting.order_by().values("enrollment")
    count, oldest = grouped.annotate(n=Count("pk")).values("n"), grouped.annotate(at=Min("check_in_at")).values("at")
    return enrollments.annotate(
        unanswered=Coalesce(Subquery(count, output_field=IntegerField()), 0), unanswered_since=Subquery(oldest)
    )


def page_of_learners(
    enrollments: QuerySet[Enrollment], *, token: str | None, limit: int, now: datetime
) -> Page[LearnerRow]:
    """
    Return one page of these enrollments in the order of ids; one query. Raises BadQuery for a cursor that is not ours.

    The page's ids are found first, from an index alone: with all columns asked for at once, PostgreSQL may walk over
    every row that was made before those of a large cohort.
    """

    def rows(cursor: Cursor | None) -> Iterator[LearnerRow]:
        place = from_cursor(enrollments, cursor)
        page = Enrollment.objects.filter(pk__in=place.values("pk")[: limit + 1]).order_by(*place.query.order_by)
        return map(row_of, learner_rows(with_unanswered(page, now=now)))

    return take_page(rows, token=token, limit=limit, id_of=lambda row: row.id)


def learner_rows(enrollments: QuerySet[Enrollment]) -> QuerySet[Enrollment, dict[str, Any]]:
    """Return the columns of the same enrollments, ready for `row_of`; one query when it is read."""
    columns: QuerySet[Enrollment, dict[str, Any]] = enrollments.values(*COLUMNS.values())
    return columns


def row_of(columns: dict[str, Any]) -> LearnerRow:
    """Return a row of `learner_rows` under the names of LearnerRow."""
    return LearnerRow(**{name: columns[column] for name, column in COLUMNS.items()})

"""Cohorts, who runs them and who is in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, When

from config.accounts.actor import Actor
from config.accounts.models import ApiKey
from config.accounts.reads import ReadAs
from config.support.prepared import Prepared, unique, whole
from journeys.authoring.queries.calendars import own_days
from learners.cohorts.errors import UnknownCohort, UnknownEnrollment
from learners.cohorts.models import (
    ApiKeyCohort,
    Cohort,
    CohortStaff,
    Enrollment,
    EnrollmentAdjustment,
    LiveSession,
)
from learners.cohorts.models.cohort import StaffRole, ZoneRule
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.cohorts.rules.own_facts import Adjusted, Terms

WITH_TERMS = ("cohort__organization", "cohort__calendar", "user", "version__journey")

_own_one: Final = ReadAs(
    lambda actor: Enrollment.objects.of_learner(actor).filter(uuid=unique("enrollment")).select_related(*WITH_TERMS)
)
_visible_one: Final = ReadAs(
    lambda actor: Enrollment.objects.visible_to(actor).filter(uuid=unique("enrollment")).select_related(*WITH_TERMS)
)
_visible_row: Final = ReadAs(lambda actor: Enrollment.objects.visible_to(actor).filter(uuid=unique("enrollment")))
_adjustments_of_one: Final = Prepared(
    lambda: EnrollmentAdjustment.objects.filter(enrollment_id=whole("enrollment")).order_by("id")
)


def terms_of(enrollment: Enrollment) -> Terms:
    """
    Return under which dates a person runs. No query when the enrollment came with WITH_TERMS selected.

    A person without a time zone has the organization's.
    """
    cohort = enrollment.cohort
    return Terms(
        zone=enrollment.user.time_zone or cohort.organization.time_zone,
        enrolled_at=enrollment.enrolled_at,
        starts_on=enrollment.starts_on,
        cohort_starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        cohort_zone=cohort.time_zone if cohort.zone_rule == ZoneRule.COHORT else None,
        country=cohort.country,
        days_off=tuple(cohort.days_off),
        own_days=own_days(cohort.calendar) if cohort.calendar is not None else None,
        happened=tuple(cohort.happened.items()),
        last_activity_at=enrollment.last_activity_at,
    )


def adjustments_of(enrollment_ids: Iterable[int]) -> dict[int, list[Adjusted]]:
    """Return each enrollment's adjustments in the order they were made; one query."""
    found: dict[int, list[Adjusted]] = {}
    ids = list(enrollment_ids)
    for row in _adjustments(ids):
        found.setdefault(row.enrollment_id, []).append(
            Adjusted(row.kind, row.effective_at, row.key, row.days, row.until_on)
        )
    return found


def _adjustments(ids: Sequence[int]) -> Iterable[EnrollmentAdjustment]:
    if len(ids) == 1:
        return _adjustments_of_one(enrollment=ids[0])
    return EnrollmentAdjustment.objects.filter(enrollment_id__in=ids).order_by("id")


def get_cohort(actor: Actor, cohort_uuid: UUID) -> Cohort:
    """Return a cohort that the actor runs, with version, journey and calendar; one query. Raises UnknownCohort."""
    cohorts = Cohort.objects.visible_to(actor).select_related("version__journey", "organization", "calendar")
    cohort = next(iter(cohorts.filter(uuid=cohort_uuid)), None)
    if cohort is None:
        raise UnknownCohort
    return cohort


def get_own_enrollment(actor: Actor, enrollment_uuid: UUID) -> Enrollment:
    """Return one of the actor's own enrollments with its terms; one query. Raises UnknownEnrollment."""
    enrollment = _own_one.first(actor, enrollment=enrollment_uuid)
    if enrollment is None:
        raise UnknownEnrollment
    return enrollment


def get_enrollment(actor: Actor, enrollment_uuid: UUID) -> Enrollment:
    """Return an enrollment that the actor may see, with its terms; one query. Raises UnknownEnrollment."""
    enrollment = _visible_one.first(actor, enrollment=enrollment_uuid)
    if enrollment is None:
        raise UnknownEnrollment
    return enrollment


def get_enrollment_row(actor: Actor, enrollment_uuid: UUID) -> Enrollment:
    """Return an enrollment that the actor may see, without its terms; one query. Raises UnknownEnrollment."""
    enrollment = _visible_row.first(actor, enrollment=enrollment_uuid)
    if enrollment is None:
        raise UnknownEnrollment
    return enrollment


def list_own_enrollments(actor: Actor) -> QuerySet[Enrollment]:
    """Return the actor's own enrollments with their terms, those under way first, then the newest; one query."""
    through = Q(status__in=[EnrollmentStatus.COMPLETED, EnrollmentStatus.WITHDRAWN])
    own = Enrollment.objects.of_learner(actor).select_related(*WITH_TERMS)
    return own.annotate(through=Case(When(through, then=1), default=0)).order_by("through", "-enrolled_at", "-id")


@dataclass(frozen=True, slots=True)
class StaffOfCohort:
    """Who runs a cohort, by role, as names to show."""

    facilitators: tuple[str, ...]
    managers: tuple[str, ...]


def staff_of(cohort_id: int) -> StaffOfCohort:
    """Return the names of a cohort's staff in the order of the alphabet; one query."""
    rows = CohortStaff.objects.filter(cohort_id=cohort_id).select_related("user").order_by("user__name", "user__email")
    names: dict[str, list[str]] = {role: [] for role in StaffRole.values}
    for row in rows:
        names[row.role].append(str(row.user))
    return StaffOfCohort(tuple(names[StaffRole.FACILITATOR]), tuple(names[StaffRole.MANAGER]))


def is_facilitator(*, user_id: int, cohort_id: int) -> bool:
    """Tell whether a person facilitates a cohort; one query."""
    return CohortStaff.objects.filter(cohort_id=cohort_id, user_id=user_id, role=StaffRole.FACILITATOR).exists()


def with_counts(cohorts: QuerySet[Cohort]) -> QuerySet[Cohort]:
    """Annotate cohorts with in_cohort (people not withdrawn) and finished; no query of its own."""
    present = ~Q(enrollments__status=EnrollmentStatus.WITHDRAWN) & Q(enrollments__isnull=False)
    return cohorts.annotate(
        in_cohort=Count("enrollments", filter=present, distinct=True),
        finished=Count("enrollments", filter=Q(enrollments__status=EnrollmentStatus.COMPLETED), distinct=True),
    )


def with_live_sessions(cohorts: QuerySet[Cohort]) -> QuerySet[Cohort]:
    """Prefetch the live sessions of cohorts in the order of time; one more query."""
    return cohorts.prefetch_related(Prefetch("live_sessions", LiveSession.objects.order_by("starts_at", "id")))


def mark_limited_keys(api_keys: QuerySet[ApiKey]) -> QuerySet[ApiKey]:
    """Annotate API keys with is_limited: whether they reach single cohorts only; no query of its own."""
    return api_keys.annotate(is_limited=Exists(ApiKeyCohort.objects.filter(api_key=OuterRef("pk"))))


def cohort_ids_of_key(api_key_id: int) -> frozenset[int]:
    """Return the cohorts that a limited API key reaches; one query."""
    return frozenset(ApiKeyCohort.objects.filter(api_key_id=api_key_id).values_list("cohort_id", flat=True))


def runs_a_cohort(actor: Actor) -> bool:
    """Tell whether the person facilitates or manages any cohort of the organization; one query, none for a key."""
    if actor.user_id is None:
        return False
    return CohortStaff.objects.filter(user_id=actor.user_id, cohort__organization_id=actor.organization_id).exists()


def facilitated_by(actor: Actor) -> QuerySet[Cohort]:
    """Return the cohorts whose people the actor may enroll and adjust; all of them for administrators and keys."""
    cohorts = Cohort.objects.visible_to(actor)
    if actor.user_id is None or actor.is_administrator:
        return cohorts
    return cohorts.filter(
        Exists(CohortStaff.objects.filter(cohort=OuterRef("pk"), user_id=actor.user_id, role=StaffRole.FACILITATOR))
    )

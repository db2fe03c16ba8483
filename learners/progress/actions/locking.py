"""Taking hold of enrollments: one row, or many in one order, and where their people stand."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef

from config.support.holding import hold
from config.support.prepared import Prepared, whole
from learners.cohorts.errors import EnrollmentClosed, UnknownEnrollment
from learners.cohorts.models import Enrollment, EnrollmentAdjustment
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.cohorts.queries import WITH_TERMS, adjustments_of, terms_of
from learners.cohorts.rules.own_facts import facts_of
from learners.progress.errors import StepLocked, UnknownStep
from learners.progress.queries.standing import Standing, done_by, standing_of, timelines_of
from learners.progress.rules import locked_because

_locked_one: Final = Prepared(
    lambda: (
        Enrollment.objects.select_for_update(of=("self",), no_key=True)
        .select_related(*WITH_TERMS)
        .annotate(is_adjusted=Exists(EnrollmentAdjustment.objects.filter(enrollment=OuterRef("pk"))))
        .filter(pk=whole("enrollment"))
    )
)


_alone: Final = Prepared(
    lambda: (
        Enrollment.objects.select_for_update(no_key=True).filter(pk=whole("enrollment")).values_list("pk", flat=True)
    )
)


def lock_standing(enrollment_id: int) -> tuple[Enrollment, Standing]:
    """
    Lock one enrollment's row, no other, and return it with where the person stands: 3 queries, 4 with adjustments.

    One more where a rule of their version counts attempts.
    Raises UnknownEnrollment.
    """
    enrollment = _find_and_hold(enrollment_id)
    if enrollment is None:
        raise UnknownEnrollment
    is_adjusted = bool(vars(enrollment)["is_adjusted"])
    adjustments = adjustments_of([enrollment.pk]).get(enrollment.pk, []) if is_adjusted else []
    facts = facts_of(terms_of(enrollment), adjustments, done_by([enrollment])[enrollment.pk])
    return enrollment, standing_of(enrollment, facts)


def lock_standings(enrollment_ids: Collection[int]) -> list[tuple[Enrollment, Standing]]:
    """
    Lock these enrollments' rows in the order of their ids, so that two callers cannot block each other for good.

    Returns each with where the person stands; 4 queries and those of outlines. Unknown ids are left out.
    """
    if len(enrollment_ids) == 1:
        found = _find_and_hold(next(iter(enrollment_ids)))
        enrollments = [found] if found else []
    else:
        rows = Enrollment.objects.select_related(*WITH_TERMS).filter(pk__in=enrollment_ids).order_by("pk")
        enrollments = list(rows.select_for_update(of=("self",), no_key=True))
        if len(enrollments) < len(set(enrollment_ids)):
            # Somebody was moved while this waited, or is not there.
            enrollments = hold(rows)
    standings = timelines_of(enrollments)
    return [(enrollment, standings[enrollment.pk]) for enrollment in enrollments]


def _find_and_hold(enrollment_id: int) -> Enrollment | None:
    # One statement nearly always. While it waited, the person may have been moved to another version, and it then finds
    # nothing (see hold): the row is held alone and read again.
    return _locked_one.first(enrollment=enrollment_id) or (
        _locked_one.first(enrollment=enrollment_id) if _alone(enrollment=enrollment_id) else None
    )


def require_open(enrollment: Enrollment, standing: Standing, step_key: str, *, now: datetime) -> None:
    """Raise EnrollmentClosed for somebody who has withdrawn, UnknownStep, or StepLocked with the reason in words."""
    if enrollment.status == EnrollmentStatus.WITHDRAWN:
        raise EnrollmentClosed
    step = standing.outline.steps_by_key.get(step_key)
    if step is None:
        raise UnknownStep(f"“{standing.outline.title}” has no step “{step_key}”.")
    reference = str(step.reference)
    if standing.timeline.is_open(reference, now):
        return
    placed = standing.timeline.steps[step_key]
    raise StepLocked(
        locked_because(
            step.title,
            placed,
            module=standing.timeline.modules[step.module_key],
            module_name=standing.outline.titles[step.module_key],
            zone=standing.facts.placing_zone,
        ),
        opens_at=placed.opens_at,
        blocked_by=placed.blocked_by,
    )


def note_activity(enrollment: Enrollment, at: datetime) -> None:
    """Set on a loaded enrollment, without saving, that the person did something; an invited one becomes active."""
    if enrollment.status == EnrollmentStatus.INVITED:
        enrollment.status = EnrollmentStatus.ACTIVE
    enrollment.joined_at = enrollment.joined_at or at
    enrollment.last_activity_at = max(at, enrollment.last_activity_at or at)

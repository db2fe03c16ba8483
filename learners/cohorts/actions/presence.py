"""A person's first visit, their activity, and their leaving."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce

from config.events.actions import record
from config.support.bell import ring
from config.support.holding import hold
from learners.cohorts.actions.rolling import BELL, mark_changed
from learners.cohorts.errors import NothingToDo, UnknownEnrollment
from learners.cohorts.models import Enrollment, EnrollmentAdjustment
from learners.cohorts.models.enrollment import AdjustmentKind, EnrollmentQuerySet, EnrollmentStatus
from learners.cohorts.queries import WITH_TERMS

# Autosave writes every few seconds; the row of the enrollment need not.
ACTIVITY_GRAIN: Final = timedelta(minutes=5)


@transaction.atomic
def mark_joined(*, enrollment_id: int, now: datetime) -> bool:
    """
    Note that a person opened their journey for the first time, and tell whether this was the first time.

    An invited person becomes active. One query when they have been here before.
    """
    first = Enrollment.objects.filter(pk=enrollment_id, joined_at__isnull=True).exclude(
        status=EnrollmentStatus.WITHDRAWN
    )
    if not _activate(first, now):
        return False
    enrollment = Enrollment.objects.select_related(*WITH_TERMS).get(pk=enrollment_id)
    tell_of_enrollment(enrollment, verb="enrollment.joined", actor_id=enrollment.user_id, now=now)
    return True


@transaction.atomic
def mark_active(*, enrollment_id: int, now: datetime) -> None:
    """
    Note that a person did something, however small; at most one write in five minutes.

    An invited person becomes active. One query.
    """
    stale = Q(last_activity_at__isnull=True) | Q(last_activity_at__lt=now - ACTIVITY_GRAIN)
    _activate(Enrollment.objects.filter(stale, pk=enrollment_id).exclude(status=EnrollmentStatus.WITHDRAWN), now)


@transaction.atomic
def ask_to_arm(*, enrollment_id: int, now: datetime) -> None:
    """Ask for this person's messages to be planned anew, after a change that is not on the enrollment. One query."""
    Enrollment.objects.filter(pk=enrollment_id).update(needs_arming=True, revision=F("revision") + 1, updated_at=now)
    ring(BELL)


def _activate(enrollments: EnrollmentQuerySet, now: datetime) -> bool:
    invited = When(status=EnrollmentStatus.INVITED, then=Value(EnrollmentStatus.ACTIVE))
    return bool(
        enrollments.update(
            status=Case(invited, default=F("status")),
            joined_at=Coalesce("joined_at", Value(now)),
            last_activity_at=now,
            revision=F("revision") + 1,
            updated_at=now,
        )
    )


@transaction.atomic
def withdraw(*, enrollment_id: int, reason: str = "", actor_id: int | None, now: datetime) -> Enrollment:
    """
    Take a person out of a cohort; what they did stays. Nothing opens, is due or is sent any more.

    The reason is kept with who did it, for those who may adjust.
    Raises NothingToDo when they have withdrawn already, UnknownEnrollment.
    """
    enrollment = lock_enrollment(enrollment_id)
    if enrollment.status == EnrollmentStatus.WITHDRAWN:
        raise NothingToDo("This person has withdrawn already.")
    enrollment.status = EnrollmentStatus.WITHDRAWN
    enrollment.withdrawn_at = now
    enrollment.next_opens_at = enrollment.next_due_at = None
    mark_changed(enrollment, now=now)
    enrollment.save()
    EnrollmentAdjustment.objects.create(
        enrollment=enrollment,
        kind=AdjustmentKind.WITHDRAW,
        reason=" ".join(reason.split())[:300],
        effective_at=now,
        recorded_by_id=actor_id,
    )
    tell_of_enrollment(enrollment, verb="enrollment.withdrawn", actor_id=actor_id, now=now)
    ring(BELL)
    return enrollment


def lock_enrollment(enrollment_id: int) -> Enrollment:
    """
    Return an enrollment with its terms, its own row locked until the transaction ends; two queries.

    Only this row is locked, never one that learners share. Raises UnknownEnrollment.
    """
    held = hold(Enrollment.objects.select_related(*WITH_TERMS).filter(pk=enrollment_id))
    if not held:
        raise UnknownEnrollment
    return held[0]


def tell_of_enrollment(
    enrollment: Enrollment, *, verb: str, actor_id: int | None, now: datetime, data: dict[str, object] | None = None
) -> None:
    """Record an event about an enrollment as a whole; the enrollment with its cohort loaded."""
    record(
        organization_id=enrollment.cohort.organization_id,
        actor_id=actor_id,
        verb=verb,
        object_type="enrollment",
        object_uuid=enrollment.uuid,
        enrollment_uuid=enrollment.uuid,
        cohort_uuid=enrollment.cohort.uuid,
        occurred_at=now,
        now=now,
        data=data,
    )

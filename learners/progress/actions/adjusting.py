"""Adjustments for one person: each is a fact that is added, and the schedule follows from it."""

from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from config.support.errors import Fault, InvalidInput
from journeys.schedule.outline import Outline
from learners.cohorts.errors import EnrollmentClosed, NothingToDo, UnknownKey
from learners.cohorts.models import Enrollment, EnrollmentAdjustment
from learners.cohorts.models.enrollment import AdjustmentKind, EnrollmentStatus
from learners.progress.actions.happening import unknown_event
from learners.progress.actions.locking import lock_standing
from learners.progress.actions.settling import event_of, settle
from learners.progress.queries.standing import Standing, load_facts, standing_of

MOST_DAYS: Final = 365
VERBS: Final = {
    AdjustmentKind.PAUSE: "enrollment.paused",
    AdjustmentKind.RESUME: "enrollment.resumed",
}


@transaction.atomic
def pause(*, enrollment_id: int, reason: str = "", actor_id: int | None, now: datetime) -> Enrollment:
    """
    Stop the clock for one person: nothing opens, is due or is sent until they resume.

    Raises NothingToDo for somebody who is paused or through, EnrollmentClosed, UnknownEnrollment.
    """
    enrollment, _ = _lock(enrollment_id)
    if enrollment.status not in (EnrollmentStatus.INVITED, EnrollmentStatus.ACTIVE):
        raise NothingToDo(f"This person is {enrollment.get_status_display().lower()}, so there is nothing to pause.")
    enrollment.status = EnrollmentStatus.PAUSED
    return _adjust(enrollment, AdjustmentKind.PAUSE, reason=reason, actor_id=actor_id, now=now)


@transaction.atomic
def resume(*, enrollment_id: int, reason: str = "", actor_id: int | None, now: datetime) -> Enrollment:
    """
    Let the clock of a paused person go on; what was still to come moves by the length of the pause.

    Raises NothingToDo for somebody who is not paused, EnrollmentClosed, UnknownEnrollment.
    """
    enrollment, _ = _lock(enrollment_id)
    if enrollment.status != EnrollmentStatus.PAUSED:
        raise NothingToDo("This person is not paused, so there is nothing to resume.")
    enrollment.status = _running_status(enrollment)
    return _adjust(enrollment, AdjustmentKind.RESUME, reason=reason, actor_id=actor_id, now=now)


@transaction.atomic
def shift_dates(*, enrollment_id: int, days: int, reason: str = "", actor_id: int | None, now: datetime) -> Enrollment:
    """
    Move everything that is still to come for one person by so many days; negative is earlier.

    Raises InvalidInput for 0 and for more than a year, EnrollmentClosed, UnknownEnrollment.
    """
    if days == 0 or abs(days) > MOST_DAYS:
        detail = f"Give a number of days from -{MOST_DAYS} to {MOST_DAYS}, and not 0."
        raise InvalidInput(detail, faults=[Fault("/days", detail)])
    enrollment, _ = _lock(enrollment_id)
    return _adjust(enrollment, AdjustmentKind.SHIFT, days=days, reason=reason, actor_id=actor_id, now=now)


@transaction.atomic
def extend_due(
    *, enrollment_id: int, key: str, until_on: date, reason: str = "", actor_id: int | None, now: datetime
) -> Enrollment:
    """
    Give one person a later last day for a module, a step (MODULE/STEP), or with "" for everything that has one.

    Raises UnknownKey, InvalidInput for a day that has passed, EnrollmentClosed, UnknownEnrollment.
    """
    if until_on < now.date():
        detail = "Choose a day that is still to come."
        raise InvalidInput(detail, faults=[Fault("/until_on", detail)])
    enrollment, standing = _lock(enrollment_id)
    key = module_or_step(standing.outline, key) if key else ""
    return _adjust(
        enrollment, AdjustmentKind.EXTEND, key=key, until_on=until_on, reason=reason, actor_id=actor_id, now=now
    )


@transaction.atomic
def exempt_step(*, enrollment_id: int, key: str, reason: str = "", actor_id: int | None, now: datetime) -> Enrollment:
    """
    Free one person from a step (MODULE/STEP or its bare key); it no longer counts, and what follows opens without it.

    Raises UnknownKey for a key that is no step, NothingToDo when they are free of it or have done it,
    EnrollmentClosed, UnknownEnrollment.
    """
    enrollment, standing = _lock(enrollment_id)
    bare = key.rpartition("/")[2]
    step = standing.outline.steps_by_key.get(bare)
    if step is None or "/" in key and str(step.reference) != key:
        raise UnknownKey(f"“{key}” is not a step of this person's journey. Name it as MODULE/STEP.")
    if bare in standing.facts.exempted or bare in standing.facts.completed:
        raise NothingToDo("This person has done this step or is exempted from it already.")
    return _adjust(
        enrollment, AdjustmentKind.EXEMPT, key=str(step.reference), reason=reason, actor_id=actor_id, now=now
    )


@transaction.atomic
def release(*, enrollment_id: int, key: str, reason: str = "", actor_id: int | None, now: datetime) -> Enrollment:
    """
    Open a module or a step (MODULE/STEP) for one person by hand, from now on.

    Raises UnknownKey, NothingToDo when it has been released, EnrollmentClosed, UnknownEnrollment.
    """
    enrollment, standing = _lock(enrollment_id)
    key = module_or_step(standing.outline, key)
    if key in standing.facts.released:
        raise NothingToDo("This has been opened by hand already.")
    return _adjust(enrollment, AdjustmentKind.RELEASE, key=key, reason=reason, actor_id=actor_id, now=now)


@transaction.atomic
def record_own_event(
    *, enrollment_id: int, key: str, reason: str = "", actor_id: int | None, now: datetime
) -> Enrollment:
    """
    Record that an event outside the journey took place for one person, now; for a cohort see happening.record_event.

    Raises UnknownKey for what is no event of their version, NothingToDo when it has taken place for them,
    EnrollmentClosed, UnknownEnrollment.
    """
    enrollment, standing = _lock(enrollment_id)
    if key not in standing.outline.events:
        raise UnknownKey(unknown_event(key, dict(standing.outline.events)))
    if key in standing.facts.events:
        raise NothingToDo("This event has taken place for this person already.")
    return _adjust(enrollment, AdjustmentKind.EVENT, key=key, reason=reason, actor_id=actor_id, now=now)


@transaction.atomic
def reinstate(*, enrollment_id: int, reason: str = "", actor_id: int | None, now: datetime) -> Enrollment:
    """
    Take a withdrawn person back where they were; what they did is still there. The reason is kept with who did it.

    Raises NothingToDo for somebody who has not withdrawn, UnknownEnrollment.
    """
    enrollment, standing = lock_standing(enrollment_id)
    if enrollment.status != EnrollmentStatus.WITHDRAWN:
        raise NothingToDo("This person has not withdrawn.")
    paused = bool(standing.facts.pauses) and standing.facts.pauses[-1].until_at is None
    enrollment.status = EnrollmentStatus.PAUSED if paused else _running_status(enrollment)
    enrollment.withdrawn_at = None
    _keep(enrollment, AdjustmentKind.REINSTATE, reason=reason, actor_id=actor_id, now=now)
    _settle(enrollment, standing, verb="enrollment.reinstated", data={}, actor_id=actor_id, now=now)
    return enrollment


def module_or_step(outline: Outline, key: str) -> str:
    """Return a key as adjustments keep it, KEY or MODULE/STEP, from that or a bare step key. Raises UnknownKey."""
    step = outline.steps_by_key.get(key.rpartition("/")[2])
    if "/" not in key and key in outline.modules_by_key:
        return key
    if step is not None and key in (step.key, str(step.reference)):
        return str(step.reference)
    raise UnknownKey(f"“{key}” is not in this person's journey. Name a module, or a step as MODULE/STEP.")


def _lock(enrollment_id: int) -> tuple[Enrollment, Standing]:
    enrollment, standing = lock_standing(enrollment_id)
    if enrollment.status == EnrollmentStatus.WITHDRAWN:
        raise EnrollmentClosed("This person has withdrawn. Reinstate them first.")
    return enrollment, standing


def _running_status(enrollment: Enrollment) -> EnrollmentStatus:
    if enrollment.completed_at is not None:
        return EnrollmentStatus.COMPLETED
    return EnrollmentStatus.ACTIVE if enrollment.joined_at is not None else EnrollmentStatus.INVITED


def _adjust(
    enrollment: Enrollment,
    kind: AdjustmentKind,
    *,
    key: str = "",
    days: int | None = None,
    until_on: date | None = None,
    reason: str,
    actor_id: int | None,
    now: datetime,
) -> Enrollment:
    _keep(enrollment, kind, key=key, days=days, until_on=until_on, reason=reason, actor_id=actor_id, now=now)
    after = standing_of(enrollment, load_facts(enrollment))
    told = {"key": key, "days": days, "until_on": until_on.isoformat() if until_on else None}
    data: dict[str, object] = {"kind": kind.value, **{name: value for name, value in told.items() if value}}
    _settle(enrollment, after, verb=VERBS.get(kind, "enrollment.adjusted"), data=data, actor_id=actor_id, now=now)
    return enrollment


def _keep(
    enrollment: Enrollment, kind: AdjustmentKind, *, reason: str, actor_id: int | None, now: datetime, **what: Any
) -> None:
    EnrollmentAdjustment.objects.create(
        enrollment=enrollment,
        kind=kind,
        reason=" ".join(reason.split())[:300],
        effective_at=now,
        recorded_by_id=actor_id,
        **what,
    )


def _settle(
    enrollment: Enrollment,
    standing: Standing,
    *,
    verb: str,
    data: dict[str, object],
    actor_id: int | None,
    now: datetime,
) -> None:
    event = event_of(
        enrollment,
        verb=verb,
        object_type="enrollment",
        object_uuid=enrollment.uuid,
        occurred_at=now,
        now=now,
        actor_id=actor_id,
        data=data,
    )
    settle([(enrollment, standing)], events=[event], actor_id=actor_id, now=now)

"""ARM: enrollments that changed get the timers that follow from how they stand now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction

from config.support.prepared import Prepared, wholes
from learners.cohorts.models import Enrollment
from learners.nudges.actions.engine import note_fault
from learners.nudges.models import NudgeTimer, Purpose
from learners.nudges.queries.arming import Batch, enrollments_to_arm, wanted_timers
from learners.nudges.rules.wanted import Wanted

BATCH: Final = 50

_ARMED: Final = (
    "cohort",
    "category",
    "channels",
    "anchor",
    "occurrence",
    "zone",
    "due_at",
    "expires_at",
    "until_at",
    "repeats_days",
    "why",
    "fired_at",
    "fault",
)
_SLOT: Final = ("recipient", "scope", "purpose", "rule_key", "subject")

_locked: Final = Prepared(
    lambda: (
        Enrollment.objects.filter(pk__in=wholes("enrollments"), needs_arming=True)
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk", "revision")
    )
)
_timers: Final = Prepared(lambda: NudgeTimer.objects.filter(enrollment_id__in=wholes("enrollments")))


@dataclass(slots=True)
class _Changes:
    """armed: timers to insert or overwrite. nulled: timers whose moment does not exist any more."""

    armed: list[NudgeTimer] = field(default_factory=list)
    nulled: list[int] = field(default_factory=list)


def arm(*, now: datetime, after_id: int = 0, limit: int = BATCH) -> tuple[int, int, int]:
    """
    Arm the next enrollments that ask for it: how many were looked at, how many could not be computed, the last id.

    The schedule is computed outside any transaction; then one short transaction upserts timers, nulls those whose
    moment is gone, and clears the flags. An enrollment that was written in between keeps its flag and comes again. One
    that cannot be computed keeps its flag too, and is passed over by going on after the last id. (0, 0, 0) = nothing.
    """
    enrollments = enrollments_to_arm(after_id=after_id, limit=limit)
    if not enrollments:
        return 0, 0, 0
    batch = wanted_timers(enrollments, now=now)
    with transaction.atomic():
        unchanged = _unchanged(batch)
        changes = _changes(batch, unchanged, now)
        if changes.armed:
            NudgeTimer.objects.bulk_create(
                changes.armed, update_conflicts=True, unique_fields=_SLOT, update_fields=_ARMED
            )
        if changes.nulled:
            NudgeTimer.objects.filter(pk__in=changes.nulled).update(due_at=None)
        Enrollment.objects.filter(pk__in=unchanged).update(needs_arming=False)
    if batch.faults:
        pk, words = next(iter(batch.faults.items()))
        note_fault(f"Enrollment {pk} cannot be armed: {words}", now=now)
    return len(enrollments), len(batch.faults), enrollments[-1].pk


def _unchanged(batch: Batch) -> set[int]:
    """Lock the rows and return those that are still as they were read, without faults."""
    read = {one.pk: one.revision for one in batch.enrollments if one.pk not in batch.faults}
    return {pk for pk, revision in _locked(enrollments=read) if read[pk] == revision}


def _changes(batch: Batch, unchanged: set[int], now: datetime) -> _Changes:
    existing: dict[int, list[NudgeTimer]] = {pk: [] for pk in unchanged}
    for timer in _timers(enrollments=unchanged):
        existing[timer.enrollment_id or 0].append(timer)
    changes = _Changes()
    for enrollment in batch.enrollments:
        if enrollment.pk in unchanged:
            _compare(enrollment, existing[enrollment.pk], batch.wanted[enrollment.pk], changes, now)
    return changes


def _compare(
    enrollment: Enrollment,
    existing: Iterable[NudgeTimer],
    wanted: Iterable[Wanted],
    changes: _Changes,
    now: datetime,
) -> None:
    slots = {(one.recipient_id, one.purpose, one.rule_key, one.subject): one for one in existing}
    kept: set[int] = set()
    for want in wanted:
        recipient_id = want.recipient_id or enrollment.user_id
        timer = slots.get((recipient_id, want.purpose, want.rule_key, want.subject))
        if timer is not None:
            kept.add(timer.pk)
        if timer is None or not _is_right(timer, want, now):
            changes.armed.append(_timer(enrollment, want, recipient_id))
    for timer in slots.values():
        if timer.pk not in kept and timer.due_at is not None:
            changes.nulled.append(timer.pk)


def _is_right(timer: NudgeTimer, want: Wanted, now: datetime) -> bool:
    """Tell whether a timer may stay as it is."""
    is_same = (timer.anchor, timer.occurrence) == (want.anchor, want.occurrence)
    # A message comes once for what it hangs on, a weekly one once a week: a rule that waits longer in a new version of
    # the journey does not send it again.
    is_told = is_same if want.repeats_days else timer.anchor == want.anchor
    if timer.purpose == Purpose.NUDGE and is_told and timer.fired_at is not None:
        # This very message was planned. What is left of the timer, if anything, is its watch for a new quiet stretch.
        return True
    if timer.repeats_days and timer.due_at is not None and timer.due_at <= now and timer.zone == want.zone:
        # It is due this moment, and the schedule speaks of the time after: plan has to see it first.
        return True
    is_armed = timer.due_at == want.due_at and timer.expires_at == want.expires_at
    return is_same and is_armed and timer.until_at == want.until_at and timer.channels == list(want.channels)


def _timer(enrollment: Enrollment, want: Wanted, recipient_id: int) -> NudgeTimer:
    return NudgeTimer(
        organization_id=enrollment.cohort.organization_id,
        recipient_id=recipient_id,
        enrollment_id=enrollment.pk,
        cohort_id=enrollment.cohort_id,
        scope=enrollment.uuid,
        purpose=want.purpose,
        rule_key=want.rule_key,
        subject=want.subject,
        category=want.category,
        channels=list(want.channels),
        anchor=want.anchor,
        occurrence=want.occurrence,
        zone=want.zone,
        due_at=want.due_at,
        expires_at=want.expires_at,
        until_at=want.until_at,
        repeats_days=want.repeats_days,
        why=want.why,
    )

"""Opening a part of the journey by hand for many people at once."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db import transaction

from config.events.models import ActivityEvent
from learners.cohorts.errors import NothingToDo, UnknownKey
from learners.cohorts.models import Enrollment, EnrollmentAdjustment
from learners.cohorts.models.enrollment import AdjustmentKind, EnrollmentStatus
from learners.progress.actions.adjusting import module_or_step
from learners.progress.actions.locking import lock_standings
from learners.progress.actions.settling import AT_ONCE, event_of, settle
from learners.progress.queries.standing import Standing, timelines_of


@transaction.atomic
def release_many(
    *, enrollment_ids: Collection[int], key: str, reason: str = "", actor_id: int | None, now: datetime
) -> int:
    """
    Open a module or a step (MODULE/STEP) by hand for many people, and tell for how many.

    Left out are people who withdrew, for whom it is open or was opened by hand already, and whose version does not have
    it. Queries do not grow with the people but in batches of 200. Raises NothingToDo when nobody is left.
    """
    ids = sorted(set(enrollment_ids))
    released = sum(
        _release(ids[start : start + AT_ONCE], key, reason=reason, actor_id=actor_id, now=now)
        for start in range(0, len(ids), AT_ONCE)
    )
    if not released:
        raise NothingToDo("Nobody waits for this: it is open for everybody, or was opened by hand before.")
    return released


def _release(ids: list[int], key: str, *, reason: str, actor_id: int | None, now: datetime) -> int:
    wanted = list(_wanting(lock_standings(ids), key, now))
    if not wanted:
        return 0
    EnrollmentAdjustment.objects.bulk_create(
        EnrollmentAdjustment(
            enrollment=enrollment,
            kind=AdjustmentKind.RELEASE,
            key=known,
            reason=" ".join(reason.split())[:300],
            effective_at=now,
            recorded_by_id=actor_id,
        )
        for enrollment, known in wanted
    )
    standings = timelines_of([enrollment for enrollment, _ in wanted])
    settle(
        [(enrollment, standings[enrollment.pk]) for enrollment, _ in wanted],
        events=[_event(enrollment, known, actor_id=actor_id, now=now) for enrollment, known in wanted],
        actor_id=actor_id,
        now=now,
    )
    return len(wanted)


def _wanting(locked: list[tuple[Enrollment, Standing]], key: str, now: datetime) -> Iterator[tuple[Enrollment, str]]:
    for enrollment, standing in locked:
        if enrollment.status == EnrollmentStatus.WITHDRAWN:
            continue
        try:
            known = module_or_step(standing.outline, key)
        except UnknownKey:
            continue
        if known not in standing.facts.released and not standing.timeline.is_open(known, now):
            yield enrollment, known


def _event(enrollment: Enrollment, key: str, *, actor_id: int | None, now: datetime) -> ActivityEvent:
    return event_of(
        enrollment,
        verb="enrollment.adjusted",
        object_type="enrollment",
        object_uuid=enrollment.uuid,
        occurred_at=now,
        now=now,
        actor_id=actor_id,
        data={"kind": AdjustmentKind.RELEASE.value, "key": key},
    )

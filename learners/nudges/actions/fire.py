"""FIRE: what opened and what was due is written down; nothing is sent."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import DatabaseError, transaction

from config.events.actions import prepare
from config.events.models import ActivityEvent
from config.support.prepared import Prepared, wholes
from learners.cohorts.models import Enrollment
from learners.nudges.actions.engine import note_fault
from learners.nudges.models import NudgeTimer, Purpose
from learners.progress.actions.passing_time import refresh_roll_ups
from learners.progress.queries.places import places_of

logger = logging.getLogger(__name__)

# Each person costs a schedule, and on SQLite nobody else writes meanwhile.
BATCH: Final = 25
TRY_AGAIN: Final = timedelta(hours=1)


_told_of: Final = Prepared(
    lambda: Enrollment.objects.select_related("cohort", "version__journey").filter(pk__in=wholes("enrollments"))
)


class _Fired(NamedTuple):
    id: int
    enrollment_id: int
    subject: str
    purpose: str
    due_at: datetime | None


def fire(*, now: datetime, limit: int = BATCH) -> int:
    """
    Bring the roll-ups of up to `limit` due timers up to date, record their events, and return how many were handled.

    Openings are recorded with the instant of the schedule. The next opening and deadline of each person are armed by
    the arm loop, which is asked to look again. An enrollment that cannot be computed is set aside for an hour with its
    fault and holds up no other.
    """
    rows = NudgeTimer.objects.filter(due_at__lte=now, enrollment__isnull=False).exclude(purpose=Purpose.NUDGE)
    columns = rows.order_by("due_at").values_list("id", "enrollment_id", "subject", "purpose", "due_at")
    fired = [_Fired(*row) for row in columns[:limit]]
    if not fired:
        return 0
    try:
        _fire(fired, now)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("A batch of %d timers could not be fired; trying them one by one", len(fired))
        for one in fired:
            _fire_alone(one, now)
    return len(fired)


def _fire(fired: Sequence[_Fired], now: datetime) -> None:
    enrollments = {one.enrollment_id for one in fired}
    refresh_roll_ups(enrollment_ids=enrollments, now=now)
    with transaction.atomic():
        _tell(fired, now)
        NudgeTimer.objects.filter(pk__in=[one.id for one in fired]).update(due_at=None, fired_at=now, fault="")
        Enrollment.objects.filter(pk__in=enrollments, needs_arming=False).update(needs_arming=True)


def _fire_alone(one: _Fired, now: datetime) -> None:
    try:
        _fire([one], now)
    except DatabaseError:
        raise
    except Exception as error:
        logger.exception("Timer %d cannot be fired", one.id)
        words = f"Timer {one.id} ({one.purpose} {one.subject}) cannot be fired: {type(error).__name__}: {error}"
        NudgeTimer.objects.filter(pk=one.id).update(due_at=now + TRY_AGAIN, fault=words[:300])
        note_fault(words, now=now)


def _tell(fired: Sequence[_Fired], now: datetime) -> None:
    """Record events of steps that opened and of deadlines; a module's opening has been told with the roll-up."""
    told = [one for one in fired if one.purpose == Purpose.DUE or "/" in one.subject]
    loaded = {one.pk: one for one in _told_of(enrollments={one.enrollment_id for one in told})} if told else {}
    events = []
    for one in told:
        enrollment = loaded[one.enrollment_id]
        places = places_of(enrollment.version)
        module_key, _, step_key = one.subject.partition("/")
        if step_key not in places.steps and (step_key or module_key not in places.modules):
            continue
        object_uuid = places.steps[step_key][1] if step_key else places.modules[module_key]
        verb = f"{'step' if step_key else 'module'}.{'due' if one.purpose == Purpose.DUE else 'opened'}"
        keys = {"module": module_key, "step": step_key} if step_key else {"module": module_key}
        events.append(
            prepare(
                organization_id=enrollment.cohort.organization_id,
                actor_id=None,
                verb=verb,
                object_type="step" if step_key else "module",
                object_uuid=object_uuid,
                enrollment_uuid=enrollment.uuid,
                cohort_uuid=enrollment.cohort.uuid,
                occurred_at=one.due_at or now,
                now=now,
                data={"journey": enrollment.version.journey.key, **keys},
            )
        )
    ActivityEvent.objects.bulk_create(events)

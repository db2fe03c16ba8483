"""What a monitoring system asks for every few seconds, at a cost that does not grow with the installation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Count

from config.events.models import ActivityEvent, Sequence
from learners.cohorts.models import Enrollment
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.nudges.dialect import tally
from learners.nudges.models import DeliveryState, EngineState, NudgeDelivery
from learners.nudges.models.delivery import OPEN
from learners.nudges.queries.outlook import what_is_left

# What waits is counted up to here; whoever sees this number knows enough.
MOST_COUNTED: Final = 100_000
RECENTLY: Final = timedelta(hours=1)
ENDED: Final = (DeliveryState.SENT, DeliveryState.SUPPRESSED, DeliveryState.FAILED, DeliveryState.UNKNOWN)

# Both conditions are those of a partial index, in the very words of the model, so that no ended message is read.
_OPEN: Final = f"""
SELECT state, count(*) FROM (
    SELECT state FROM learners_nudgedelivery WHERE state IN ('planned', 'retry') LIMIT {MOST_COUNTED}
) AS waiting GROUP BY state
UNION ALL
SELECT state, count(*) FROM (
    SELECT state FROM learners_nudgedelivery WHERE state IN ('claimed', 'sending') LIMIT {MOST_COUNTED}
) AS held GROUP BY state
"""  # noqa: S608  # nosec B608


@dataclass(frozen=True, slots=True)
class Figures:
    """
    The whole installation at one moment. What waits is counted up to 100,000.

    tick_age_seconds: None before the first tick. lag_seconds: for how long the oldest due message has waited.
    open_messages: by state. ended_recently: messages that came to their end within the last hour, by state.
    events: all that ever got a position; unsequenced: those that wait for one. to_arm: enrollments that the engine has
    yet to look at. enrollments: by status, exact up to 50,000 people and the database's estimate beyond.
    """

    tick_age_seconds: float | None
    is_paused: bool
    is_driven: bool
    lag_seconds: int
    due: int
    open_messages: Mapping[str, int]
    ended_recently: Mapping[str, int]
    events: int
    unsequenced: int
    to_arm: int
    enrollments: Mapping[str, int]


def read_figures(*, now: datetime) -> Figures:
    """Read all of them; 8 queries on SQLite, 9 at most on PostgreSQL, each on a small or partial index."""
    engine = EngineState.objects.filter(pk=1).first() or EngineState()
    left = what_is_left(now=now)
    age = None if engine.last_tick_at is None else max(0.0, (now - engine.last_tick_at).total_seconds())
    return Figures(
        tick_age_seconds=age,
        is_paused=engine.is_paused,
        is_driven=engine.lease_until is not None and engine.lease_until >= now,
        lag_seconds=left.lag_seconds,
        due=left.messages,
        open_messages=_open_messages(),
        ended_recently=_ended_since(now - RECENTLY),
        events=Sequence.objects.filter(pk=1).values_list("last_position", flat=True).first() or 0,
        unsequenced=ActivityEvent.objects.filter(position__isnull=True)[:MOST_COUNTED].count(),
        to_arm=Enrollment.objects.filter(needs_arming=True)[:MOST_COUNTED].count(),
        enrollments={**dict.fromkeys(EnrollmentStatus.values, 0), **tally(Enrollment, "status")},
    )


def _open_messages() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_OPEN)
        return {**dict.fromkeys(map(str, OPEN), 0), **dict(cursor.fetchall())}


def _ended_since(moment: datetime) -> dict[str, int]:
    ended = NudgeDelivery.objects.filter(ended_at__gt=moment).values_list("state").annotate(n=Count("id"))
    return {**dict.fromkeys(map(str, ENDED), 0), **dict(ended.order_by())}

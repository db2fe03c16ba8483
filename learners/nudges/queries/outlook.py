"""One look at everything that may wait for the engine."""

from datetime import UTC, datetime
from typing import Final, NamedTuple

from django.db import connection

from learners.nudges.rules.categories import EVERY_PRIORITY

MOST_COUNTED: Final = 10_000
_DUE: Final = (
    f"state IN ('planned', 'retry') AND priority IN ({', '.join(map(str, EVERY_PRIORITY))}) AND send_after <= %s"
)
# Each part is the condition of a partial index in the very words of its model, so that it reads the head of that index
# however many people there are. One statement: an idle tick is made of the cost of asking.
_SOMETHING: Final = f"""
SELECT
    EXISTS (SELECT 1 FROM learners_nudgedelivery WHERE state IN ('claimed', 'sending') AND lease_until < %s),
    EXISTS (SELECT 1 FROM learners_enrollment WHERE needs_arming),
    EXISTS (SELECT 1 FROM learners_nudgetimer WHERE due_at <= %s AND purpose = 'nudge'),
    EXISTS (SELECT 1 FROM learners_nudgetimer WHERE due_at <= %s AND NOT (purpose = 'nudge')),
    EXISTS (SELECT 1 FROM events_activityevent WHERE position IS NULL),
    EXISTS (SELECT 1 FROM learners_nudgedelivery WHERE {_DUE})
"""  # Only numbers are put in.  # noqa: S608  # nosec B608
_LEFT: Final = f"""
SELECT
    (SELECT COUNT(*) FROM (SELECT 1 FROM learners_nudgedelivery WHERE {_DUE} LIMIT {MOST_COUNTED}) AS waiting),
    (SELECT MIN(send_after) FROM learners_nudgedelivery WHERE {_DUE}),
    (SELECT MIN(due_at) FROM learners_nudgetimer WHERE due_at <= %s AND purpose = 'nudge')
"""  # Only numbers are put in.  # noqa: S608  # nosec B608


class Waiting(NamedTuple):
    """Which loops have something to do, and whether a message is due."""

    reap: bool
    arm: bool
    plan: bool
    fire: bool
    sequence: bool
    dispatch: bool


class Left(NamedTuple):
    """What a tick leaves. messages: due now, up to ten thousand. lag_seconds: for how long the oldest has waited."""

    messages: int
    lag_seconds: int


def what_waits(*, now: datetime) -> Waiting:
    """Tell which loops of the engine, or a worker that sends, have anything to do; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_SOMETHING, [connection.ops.adapt_datetimefield_value(now)] * 4)
        return Waiting(*map(bool, cursor.fetchone()))


def what_is_left(*, now: datetime) -> Left:
    """Return which messages are due, and for how long the oldest of them or of their timers has waited; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [connection.ops.adapt_datetimefield_value(now)] * 3)
        messages, *moments = cursor.fetchone()
    waiting = [at for at in map(_moment, moments) if at is not None]
    return Left(messages, max(0, int((now - min(waiting)).total_seconds())) if waiting else 0)


def _moment(kept: datetime | str | None) -> datetime | None:
    """Read an instant that no field has converted: SQLite gives it as text, in UTC."""
    if isinstance(kept, str):
        return datetime.fromisoformat(kept).replace(tzinfo=UTC)
    return kept

"""What time alone changes: modules open, deadlines pass."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from learners.cohorts.actions.rolling import differences
from learners.cohorts.rules.roll_up import roll_up
from learners.progress.actions.locking import lock_standing, lock_standings
from learners.progress.actions.settling import newly_open, settle


@transaction.atomic
def record_opening(*, enrollment_id: int, module_key: str, now: datetime) -> bool:
    """
    Record that a module has opened for a person, with its event and the roll-up, and tell whether this was news.

    Idempotent: False when it is recorded already, does not open yet, or the person is paused or gone. Whatever else
    has opened by now is recorded with it. Raises UnknownEnrollment.
    """
    enrollment, standing = lock_standing(enrollment_id)
    if all(opening.module_key != module_key for opening in newly_open(enrollment, standing, now)):
        return False
    settle([(enrollment, standing)], actor_id=None, now=now)
    return True


def refresh_roll_up(*, enrollment_id: int, now: datetime) -> bool:
    """Bring one roll-up up to date and tell whether anything had changed. See refresh_roll_ups."""
    return refresh_roll_ups(enrollment_ids=[enrollment_id], now=now) == 1


@transaction.atomic
def refresh_roll_ups(*, enrollment_ids: Collection[int], now: datetime) -> int:
    """
    Bring roll-ups up to date with the time, record modules that have opened, and return how many rows had to change.

    A row that is right already is not written and not marked for the nudge engine. At most 4 queries and those of
    outlines before the first write.
    """
    stale = []
    for enrollment, standing in lock_standings(enrollment_ids):
        rolled = roll_up(standing.outline, standing.facts, standing.timeline, now=now)
        if differences(enrollment, rolled) or any(newly_open(enrollment, standing, now)):
            stale.append((enrollment, standing))
    if stale:
        settle(stale, actor_id=None, now=now)
    return len(stale)

"""Recording what happened, and putting it in order."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from config.events.errors import UnknownVerb
from config.events.models import ActivityEvent, Sequence
from config.events.verbs import VERBS

# One statement for both databases. Rows are numbered in the order of their ids among those that have committed; a row
# that commits later gets a later position, so a reader who pages by position misses nothing.
GIVE_POSITIONS = """
UPDATE events_activityevent SET position = %s + numbered.place
FROM (
    SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place
    FROM (SELECT id FROM events_activityevent WHERE position IS NULL ORDER BY id LIMIT %s) AS waiting
) AS numbered
WHERE events_activityevent.id = numbered.id
"""


def record(
    *,
    organization_id: int,
    actor_id: int | None,
    verb: str,
    object_type: str,
    object_uuid: uuid.UUID,
    occurred_at: datetime,
    now: datetime,
    enrollment_uuid: uuid.UUID | None = None,
    cohort_uuid: uuid.UUID | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """
    Write down one fact, in the transaction of the fact: it stands or falls with it. One query.

    actor_id: the person who did it; None for a key or for Waymark itself. occurred_at: when it happened; now: when we
    learned of it. data: keys and numbers that a reader of the feed needs, never anything that a person wrote, never a
    name or an address. Raises UnknownVerb for a verb that is not listed in verbs.py.
    """
    event = prepare(
        organization_id=organization_id,
        actor_id=actor_id,
        verb=verb,
        object_type=object_type,
        object_uuid=object_uuid,
        occurred_at=occurred_at,
        now=now,
        enrollment_uuid=enrollment_uuid,
        cohort_uuid=cohort_uuid,
        data=data,
    )
    event.save(force_insert=True)


def prepare(
    *,
    organization_id: int,
    actor_id: int | None,
    verb: str,
    object_type: str,
    object_uuid: uuid.UUID,
    occurred_at: datetime,
    now: datetime,
    enrollment_uuid: uuid.UUID | None = None,
    cohort_uuid: uuid.UUID | None = None,
    data: Mapping[str, Any] | None = None,
) -> ActivityEvent:
    """
    Return an unsaved event with the same checks as `record`; for set-based actions that insert many in one statement.

    The caller saves them with ActivityEvent.objects.bulk_create in the transaction of the facts. No query.
    """
    if verb not in VERBS:
        raise UnknownVerb(f"{verb} is not a verb of config/events/verbs.py.")
    return ActivityEvent(
        organization_id=organization_id,
        actor_id=actor_id,
        verb=verb,
        object_type=object_type,
        object_uuid=object_uuid,
        enrollment_uuid=enrollment_uuid,
        cohort_uuid=cohort_uuid,
        occurred_at=occurred_at,
        recorded_at=now,
        data=dict(data or {}),
    )


def sequence_events(*, limit: int = 5000) -> int:
    """
    Give positions to committed events that have none yet, and return to how many.

    The lock on the one Sequence row makes one caller at a time the writer; the next position follows the last without a
    gap, because both are written in the same transaction. Idle cost: one query on SQLite and PostgreSQL alike.
    """
    if not ActivityEvent.objects.filter(position__isnull=True).exists():
        return 0
    with transaction.atomic():
        sequence, _ = Sequence.objects.select_for_update().get_or_create(pk=1)
        with connection.cursor() as cursor:
            cursor.execute(GIVE_POSITIONS, [sequence.last_position, limit])
            given = int(cursor.rowcount)
        if given:
            sequence.last_position += given
            sequence.save(update_fields=["last_position"])
    return given

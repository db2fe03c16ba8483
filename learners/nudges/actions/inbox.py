"""Messages in the app are put away by the person they are for."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from learners.nudges.models import Channel, DeliveryState, NudgeDelivery


@transaction.atomic
def mark_read(*, user_id: int, message_uuid: UUID | None = None, now: datetime) -> int:
    """
    Put one message of this person away, or all of them with None, and return how many were unread until now.

    Idempotent. Somebody else's message is not touched and not told apart from one that does not exist.
    """
    rows = NudgeDelivery.objects.filter(
        recipient_id=user_id, state=DeliveryState.SENT, channel=Channel.IN_APP, read_at__isnull=True
    )
    if message_uuid is not None:
        rows = rows.filter(uuid=message_uuid)
    return rows.update(read_at=now)

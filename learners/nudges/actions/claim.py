"""Taking messages in hand, a batch at a time, under a lease and a token."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from learners.nudges.dialect import hold
from learners.nudges.models import DeliveryState, NudgeDelivery
from learners.nudges.queries.status import due_deliveries
from learners.nudges.rules.pace import MOST

# For so long the messages of a worker that died wait; one that lives renews it.
CLAIM_LEASE: Final = timedelta(seconds=20)
RENEW_AFTER_SECONDS: Final = 5.0
CLAIM_BATCH: Final = MOST


def claim(*, token: UUID, now: datetime, limit: int = CLAIM_BATCH) -> int:
    """
    Put up to `limit` waiting messages under this token's lease and return how many.

    Many workers claim side by side. Looking first costs a read and spares an idle worker the write lock of SQLite.
    Until intent nothing has left, so an expired claim is taken back without a doubt.
    """
    waiting = due_deliveries(now=now)
    if not waiting.exists():
        return 0
    with transaction.atomic():
        ids = list(hold(waiting.order_by("priority", "send_after")).values_list("id", flat=True)[:limit])
        return NudgeDelivery.objects.filter(pk__in=ids).update(
            state=DeliveryState.CLAIMED, lease_token=token, lease_until=now + CLAIM_LEASE
        )


def keep_claim(*, token: UUID, now: datetime) -> int:
    """
    Renew the lease of what this token still holds unsent, and return how many messages that are.

    A worker that waits for a slow mail server renews between two messages; what it lost meanwhile stays lost.
    """
    held = NudgeDelivery.objects.filter(lease_token=token, state=DeliveryState.CLAIMED)
    return held.update(lease_until=now + CLAIM_LEASE)

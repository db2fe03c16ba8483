"""Ending what still waits for a person who is being erased."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from config.events.models import ActivityEvent
from learners.nudges.actions.reap import STOPPED
from learners.nudges.actions.telling import event_of_fate
from learners.nudges.models import DeliveryState, NudgeDelivery
from learners.nudges.models.delivery import OPEN
from learners.nudges.rules.guards import NOT_NEEDED

_ENDED: Final = ["state", "reason", "detail", "ended_at", "lease_until"]


@transaction.atomic
def end_messages(*, person_id: int, now: datetime) -> int:
    """
    End every message that waits for a person or speaks of them, and return how many. Idempotent.

    One that is being sent at this moment ends as unknown; its worker still holds the token and may correct that to
    sent. Each gets its event, so the account of messages adds up.
    """
    theirs = Q(recipient_id=person_id) | Q(enrollment__user_id=person_id)
    rows = NudgeDelivery.objects.select_related("cohort").select_for_update(of=("self",), no_key=True)
    deliveries = list(rows.filter(theirs, state__in=OPEN).order_by("pk"))
    for delivery in deliveries:
        _end(delivery, now)
    NudgeDelivery.objects.bulk_update(deliveries, _ENDED)
    ActivityEvent.objects.bulk_create([_event(delivery, now) for delivery in deliveries])
    return len(deliveries)


def _end(delivery: NudgeDelivery, now: datetime) -> None:
    on_its_way = delivery.state == DeliveryState.SENDING
    values: dict[str, Any] = {
        "state": DeliveryState.UNKNOWN if on_its_way else DeliveryState.SUPPRESSED,
        "reason": STOPPED if on_its_way else NOT_NEEDED,
        "detail": "",
        "ended_at": now,
        "lease_until": None,
    }
    for name, value in values.items():
        setattr(delivery, name, value)


def _event(delivery: NudgeDelivery, now: datetime) -> ActivityEvent:
    return event_of_fate(delivery, cohort_uuid=delivery.cohort.uuid if delivery.cohort else None, now=now)

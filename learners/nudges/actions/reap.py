"""REAP: messages whose worker died come back, or are named as unknown."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from config.events.models import ActivityEvent
from learners.nudges.actions.telling import event_of_fate
from learners.nudges.dialect import hold
from learners.nudges.models import DeliveryEvent, DeliveryEventKind, DeliveryState, NudgeDelivery
from learners.nudges.models.delivery import HELD
from learners.nudges.rules.categories import AT_LEAST_ONCE

STOPPED: Final = "worker_stopped"
_AGAIN: Final = "Its worker stopped before or after it left; it is sent again, because nobody may miss it"
_UNKNOWN: Final = "Its worker stopped before or after it left; it is not sent again, because twice is worse than never"


def reap(*, now: datetime, limit: int = 500) -> int:
    """
    Take back messages whose lease has run out and return how many.

    claimed: provably unsent, planned again. sending: nobody can tell, so the category decides: at least once (due
    dates, live sessions, service) tries again, at most once (prompts, digests) ends as unknown. The token stays on the
    row: if the worker was only slow, its late word corrects both (fates.mark_sent).
    """
    expired = NudgeDelivery.objects.filter(state__in=HELD, lease_until__lt=now)
    if not expired.exists():
        return 0
    with transaction.atomic():
        rows = list(hold(expired.select_related("enrollment__cohort"), only_self=True)[:limit])
        claimed = [row.pk for row in rows if row.state == DeliveryState.CLAIMED]
        sending = [row for row in rows if row.state == DeliveryState.SENDING]
        _unclaim(claimed)
        _resolve(sending, now)
    return len(rows)


def _unclaim(ids: list[int]) -> None:
    free = {"lease_until": None, "lease_token": None}
    rows = NudgeDelivery.objects.filter(pk__in=ids)
    rows.filter(attempts=0).update(state=DeliveryState.PLANNED, **free)
    rows.filter(~Q(attempts=0)).update(state=DeliveryState.RETRY, **free)


def _resolve(sending: list[NudgeDelivery], now: datetime) -> None:
    again = [row for row in sending if row.category in AT_LEAST_ONCE]
    unknown = [row for row in sending if row.category not in AT_LEAST_ONCE]
    NudgeDelivery.objects.filter(pk__in=[row.pk for row in again]).update(
        state=DeliveryState.RETRY, reason=STOPPED, detail=_AGAIN, send_after=now, lease_until=None
    )
    NudgeDelivery.objects.filter(pk__in=[row.pk for row in unknown]).update(
        state=DeliveryState.UNKNOWN, reason=STOPPED, detail=_UNKNOWN, ended_at=now, lease_until=None
    )
    DeliveryEvent.objects.bulk_create(
        [DeliveryEvent(delivery=row, kind=DeliveryEventKind.REAPED, at=now, reason=STOPPED) for row in sending]
    )
    events = []
    for row in unknown:
        row.state, row.reason = DeliveryState.UNKNOWN, STOPPED
        cohort_uuid = row.enrollment.cohort.uuid if row.enrollment is not None else None
        events.append(event_of_fate(row, cohort_uuid=cohort_uuid, now=now))
    ActivityEvent.objects.bulk_create(events)

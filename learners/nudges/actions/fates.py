"""The ways in which one claimed message goes on: each a conditional update that loses nothing and doubles nothing."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction

from config.events.models import ActivityEvent
from learners.nudges.actions.budget import give_back, spend
from learners.nudges.actions.fence import require_unchanged
from learners.nudges.actions.telling import event_of_fate
from learners.nudges.models import Channel, DeliveryEvent, DeliveryEventKind, DeliveryState, NudgeDelivery
from learners.nudges.rules.guards import Verdict

# It outlasts the longest time for which the mail channel waits for one answer (channels.email.SEND_TIMEOUT_SECONDS).
SENDING_LEASE: Final = timedelta(seconds=180)
_FREE: Final[dict[str, Any]] = {"lease_token": None, "lease_until": None}


class LeaseLost(Exception):
    """The message is in other hands by now, or has come to its end; nothing was written."""


@transaction.atomic
def stop(delivery: NudgeDelivery, verdict: Verdict, *, now: datetime) -> None:
    """End a claimed message as suppressed, with the guard's reason. Raises LeaseLost."""
    _end(delivery, DeliveryState.SUPPRESSED, verdict.reason, verdict.detail, now, was=(DeliveryState.CLAIMED,))


@transaction.atomic
def hold_back(delivery: NudgeDelivery, verdict: Verdict, *, now: datetime) -> None:
    """Put a claimed message back until the guard's instant, with its reason. Raises LeaseLost."""
    was_tried = delivery.attempts > 0
    _change(
        delivery,
        (DeliveryState.CLAIMED,),
        state=DeliveryState.RETRY if was_tried else DeliveryState.PLANNED,
        send_after=verdict.until,
        reason=verdict.reason,
        detail=verdict.detail[:400],
        **_FREE,
    )
    _note(delivery, DeliveryEventKind.HELD, verdict.reason, verdict.detail, now)


@transaction.atomic
def intend(delivery: NudgeDelivery, *, day: date, message_id: str, is_alone: bool = False, now: datetime) -> None:
    """
    Write the intent: from here on the message may leave at any moment. Commits before the first byte.

    This is also the fence against a worker that slept through its lease: it must hit exactly the claimed row of this
    token. Spends the budget in the same commit, and notes the Message-ID: should the worker die now, it is by this that
    somebody finds the mail in a server's log. Raises FactsChanged, LeaseLost, BudgetIsFull.
    """
    require_unchanged(delivery)
    spent_on = spend(delivery, day=day, is_alone=is_alone)
    _change(
        delivery,
        (DeliveryState.CLAIMED,),
        state=DeliveryState.SENDING,
        lease_until=now + SENDING_LEASE,
        message_id=message_id,
        attempts=delivery.attempts + 1,
        spent_on=spent_on,
        reason="",
        detail="",
    )


@transaction.atomic
def put_in_app(delivery: NudgeDelivery, *, day: date, target: str, is_alone: bool = False, now: datetime) -> None:
    """
    Show a claimed message in the app: intent and arrival are one commit, so it arrives exactly once.

    Raises FactsChanged, LeaseLost, BudgetIsFull.
    """
    require_unchanged(delivery)
    spent_on = spend(delivery, day=day, is_alone=is_alone)
    _sent(
        delivery,
        (DeliveryState.CLAIMED,),
        now,
        spent_on=spent_on,
        target=target,
        attempts=delivery.attempts + 1,
    )


@transaction.atomic
def mark_sent(delivery: NudgeDelivery, *, message_id: str, provider_id: str, target: str, now: datetime) -> None:
    """
    Note that the channel took the message.

    A worker that was given up for dead meanwhile still holds the token, so its late word turns `unknown`, or a retry
    that nobody has begun, into what it is: sent. Raises LeaseLost when another worker has taken the message over.
    """
    marks = {"message_id": message_id, "provider_id": provider_id, "target": target}
    try:
        _sent(delivery, (DeliveryState.SENDING,), now, **marks)
    except LeaseLost:
        _sent(delivery, (DeliveryState.UNKNOWN, DeliveryState.RETRY), now, **marks)
        _note(delivery, DeliveryEventKind.LATE, "late", "Its worker had been given up, and had sent it", now)


@transaction.atomic
def try_later(
    delivery: NudgeDelivery, *, was: str, after: timedelta, detail: str, count_attempt: bool, now: datetime
) -> None:
    """Keep a message that its channel did not take for another try. Raises LeaseLost."""
    if was == DeliveryState.SENDING:
        give_back(delivery)
    _change(
        delivery,
        (was,),
        state=DeliveryState.RETRY,
        attempts=delivery.attempts + (1 if count_attempt else 0),
        send_after=now + after,
        reason="channel",
        detail=detail[:400],
        **_FREE,
    )
    _note(delivery, DeliveryEventKind.TRIED, "channel", detail, now)


@transaction.atomic
def wait_for_channel(delivery: NudgeDelivery, *, after: timedelta, detail: str, now: datetime) -> None:
    """Put a claimed message back untried, because its channel is away just now. Raises LeaseLost."""
    _change(
        delivery,
        (DeliveryState.CLAIMED,),
        state=DeliveryState.RETRY if delivery.attempts else DeliveryState.PLANNED,
        send_after=now + after,
        reason="channel",
        detail=detail[:400],
        **_FREE,
    )


@transaction.atomic
def fail(delivery: NudgeDelivery, *, was: str, reason: str, detail: str, now: datetime) -> None:
    """End a message that can never be sent, and give its budget back. Raises LeaseLost."""
    if was == DeliveryState.SENDING:
        give_back(delivery)
    _end(delivery, DeliveryState.FAILED, reason, detail, now, was=(was,))
    _note(delivery, DeliveryEventKind.REFUSED, reason, detail, now)


@transaction.atomic
def leave_unknown(delivery: NudgeDelivery, *, reason: str, detail: str, now: datetime) -> None:
    """End a message of which nobody can tell whether it left; the budget stays spent. Raises LeaseLost."""
    _end(delivery, DeliveryState.UNKNOWN, reason, detail, now, was=(DeliveryState.SENDING,), keep_token=True)


@transaction.atomic
def retry_unsure(delivery: NudgeDelivery, *, after: timedelta, detail: str, now: datetime) -> None:
    """Send a message again of which nobody can tell whether it left: its category prefers two to none."""
    _change(
        delivery,
        (DeliveryState.SENDING,),
        state=DeliveryState.RETRY,
        send_after=now + after,
        reason="channel",
        detail=detail[:400],
        lease_until=None,
    )
    _note(delivery, DeliveryEventKind.TRIED, "no_answer", detail, now)


def _sent(delivery: NudgeDelivery, was: Collection[str], now: datetime, **marks: Any) -> None:
    _change(
        delivery,
        was,
        state=DeliveryState.SENT,
        sent_at=now,
        ended_at=now,
        reason="",
        detail="",
        **_FREE,
        **marks,
    )
    _tell(delivery, now)


def _end(
    delivery: NudgeDelivery,
    state: str,
    reason: str,
    detail: str,
    now: datetime,
    *,
    was: Collection[str],
    keep_token: bool = False,
) -> None:
    free = {"lease_until": None} if keep_token else _FREE
    _change(delivery, was, state=state, reason=reason, detail=detail[:400], ended_at=now, **free)
    _tell(delivery, now)


def _change(delivery: NudgeDelivery, was: Collection[str], **values: Any) -> None:
    """Write values if the row is still in one of these states under this token, and onto the object too."""
    rows = NudgeDelivery.objects.filter(pk=delivery.pk, lease_token=delivery.lease_token, state__in=was)
    if rows.update(**values) != 1:
        raise LeaseLost
    token = delivery.lease_token
    for name, value in values.items():
        setattr(delivery, name, value)
    # The object keeps its token, so that a later word of the same worker still names it.
    delivery.lease_token = token


def _tell(delivery: NudgeDelivery, now: datetime) -> None:
    enrollment = delivery.enrollment
    cohort_uuid = enrollment.cohort.uuid if enrollment is not None else None
    ActivityEvent.objects.bulk_create([event_of_fate(delivery, cohort_uuid=cohort_uuid, now=now)])


def _note(delivery: NudgeDelivery, kind: str, reason: str, detail: str, now: datetime) -> None:
    DeliveryEvent.objects.create(delivery_id=delivery.pk, kind=kind, at=now, reason=reason, detail=detail[:400])


def is_in_app(delivery: NudgeDelivery) -> bool:
    """Tell whether the message is shown in the app and leaves no house."""
    return delivery.channel == Channel.IN_APP

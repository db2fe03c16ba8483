"""One claimed message: guards once more, intent, commit, send, mark."""

import logging
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import DatabaseError

from learners.nudges.actions import fates
from learners.nudges.actions.ahead import Ahead, Look
from learners.nudges.actions.budget import BudgetIsFull
from learners.nudges.actions.engine import note_fault
from learners.nudges.actions.fence import FactsChanged
from learners.nudges.actions.suppress import suppress_address
from learners.nudges.channels.contract import ChannelError, Refusal
from learners.nudges.channels.email import MailPost
from learners.nudges.letters.orders import letter_for, target_step
from learners.nudges.models import DeliveryState, NudgeDelivery
from learners.nudges.queries.orders import Order
from learners.nudges.rules.categories import AT_LEAST_ONCE
from learners.nudges.rules.guards import EXPIRED, Message, Verdict, after_cap, day_of, judge
from learners.nudges.rules.identity import retry_after

logger = logging.getLogger(__name__)

# While a mail server is away each batch asks it once; the others wait this long without counting a try.
SERVER_AWAY: Final = timedelta(minutes=1)
# Facts rarely change twice within one message; a message that still finds no rest waits for its lease to end.
_MOST_LOOKS: Final = 4
GAVE_UP: Final = Verdict("stop", "gave_up", "Its channel did not take it before it was of no use any more")


def deliver(pk: int, token: UUID, post: MailPost, ahead: Ahead, *, now: datetime) -> str:
    """
    Bring one claimed message to its next state and return that state; "" when it is in other hands.

    Every outcome is a row: a template that raises fails this message and no other. Network traffic happens between the
    commit of the intent and that of the mark, never inside a transaction. Facts that change between the guards and the
    intent have the guards asked again.
    """
    look = None
    for _ in range(_MOST_LOOKS):
        try:
            look = ahead.look(pk, now=now)
            return "" if look is None else _carry_out(look, post, now=now)
        except FactsChanged:
            ahead.forget()
        except fates.LeaseLost:
            return ""
        except DatabaseError:
            raise
        except Exception as error:
            logger.exception("Message %d cannot be prepared", pk)
            return _give_up(pk, token, error, now=now)
        finally:
            if look is not None:
                ahead.forget(look.order.delivery.recipient_id)
    return ""


def _carry_out(look: Look, post: MailPost, *, now: datetime) -> str:
    delivery = look.order.delivery
    if look.order.fault is not None:
        raise look.order.fault
    message = Message(delivery.category, delivery.channel, delivery.occurrence, delivery.expires_at, delivery.arm)
    verdict = judge(message, look.situation, now=now)
    if verdict.act == "stop" and verdict.reason == EXPIRED and delivery.attempts:
        fates.fail(delivery, was=DeliveryState.CLAIMED, reason=GAVE_UP.reason, detail=GAVE_UP.detail, now=now)
    elif verdict.act == "stop":
        fates.stop(delivery, verdict, now=now)
    elif verdict.act == "wait":
        fates.hold_back(delivery, verdict, now=now)
    else:
        _send(look, message, post, now=now)
    return delivery.state


def _send(look: Look, message: Message, post: MailPost, *, now: datetime) -> None:
    delivery, situation = look.order.delivery, look.situation
    day = day_of(now, situation.contact, fallback_zone=situation.fallback_zone)
    step = target_step(look.order, now=now)
    target = step.key if step is not None else ""
    try:
        if fates.is_in_app(delivery):
            fates.put_in_app(delivery, day=day, target=target, is_alone=look.is_alone, now=now)
        else:
            _mail(look, post, day, target, now=now)
    except BudgetIsFull as full:
        verdict = after_cap(message, situation, now=now, week_is_full=full.week_is_full)
        if verdict.act == "stop":
            fates.stop(delivery, verdict, now=now)
        else:
            fates.hold_back(delivery, verdict, now=now)


def _mail(look: Look, post: MailPost, day: date, target: str, *, now: datetime) -> None:
    delivery = look.order.delivery
    letter = letter_for(look.order, now=now)
    if post.is_down:
        fates.wait_for_channel(delivery, after=SERVER_AWAY, detail="The mail server is away", now=now)
        return
    try:
        post.ready()
    except ChannelError as error:
        after = retry_after(delivery.uuid, delivery.attempts + 1)
        fates.try_later(
            delivery, was=DeliveryState.CLAIMED, after=after, detail=error.detail, count_attempt=True, now=now
        )
        return
    fates.intend(delivery, day=day, message_id=letter.message_id, is_alone=look.is_alone, now=now)
    try:
        provider_id = post.send(letter)
    except ChannelError as error:
        _refused(look.order, error, now=now)
    else:
        fates.mark_sent(delivery, message_id=letter.message_id, provider_id=provider_id, target=target, now=now)


def _refused(order: Order, error: ChannelError, *, now: datetime) -> None:
    delivery = order.delivery
    after = retry_after(delivery.uuid, delivery.attempts)
    if error.refusal is Refusal.PERMANENT:
        fates.fail(delivery, was=DeliveryState.SENDING, reason="refused", detail=error.detail, now=now)
        if error.address_is_dead:
            suppress_address(delivery.recipient.email, cause="refused", detail=error.detail, now=now)
    elif error.refusal is Refusal.TRANSIENT:
        fates.try_later(
            delivery, was=DeliveryState.SENDING, after=after, detail=error.detail, count_attempt=False, now=now
        )
    elif delivery.category in AT_LEAST_ONCE:
        fates.retry_unsure(delivery, after=after, detail=error.detail, now=now)
    else:
        fates.leave_unknown(delivery, reason="no_answer", detail=error.detail, now=now)


def _give_up(pk: int, token: UUID, error: Exception, *, now: datetime) -> str:
    """Fail a message that cannot be prepared; nothing of it has left, because it is still claimed."""
    held = NudgeDelivery.objects.filter(pk=pk, lease_token=token, state=DeliveryState.CLAIMED)
    delivery = held.select_related("enrollment__cohort").first()
    if delivery is None:
        return ""
    words = f"It cannot be prepared: {type(error).__name__}: {error}"
    try:
        fates.fail(delivery, was=DeliveryState.CLAIMED, reason="fault", detail=words, now=now)
    except fates.LeaseLost:
        return ""
    note_fault(f"Message {delivery.uuid}: {words}", now=now)
    return delivery.state

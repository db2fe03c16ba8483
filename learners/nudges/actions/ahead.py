"""Asking the guards for a few messages at a time, never on old news."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from learners.nudges.models import Channel, NudgeDelivery
from learners.nudges.queries.orders import Known, Order, fresh_orders
from learners.nudges.queries.situations import Addressee, read_situations
from learners.nudges.rules.guards import Situation
from learners.nudges.rules.identity import on_every_channel

MESSAGES: Final = 25
# What was read is used for so long at most; a slow mail server makes each message be read anew.
FRESH: Final = timedelta(seconds=1)
_CHANNELS: Final = tuple(Channel.values)


@dataclass(frozen=True, slots=True)
class Look:
    """A message and its recipient's situation. is_alone: it is planned on one channel only."""

    order: Order
    situation: Situation
    is_alone: bool


class Ahead:
    """
    The claimed messages of a batch, read a few at a time: 7 queries for 25 messages instead of 7 for each.

    The fence at intent catches what changes in between. What a sent message changes for its recipient (gap, budget) is
    forgotten with `forget`.
    """

    def __init__(self, pks: Sequence[int], token: UUID, known: Known) -> None:
        self._pks = list(pks)
        self._token = token
        self._known = known
        self._looks: dict[int, Look] = {}
        self._read_at: datetime | None = None

    def look(self, pk: int, *, now: datetime) -> Look | None:
        """Return one message as it is, None when it is in other hands."""
        is_old = self._read_at is None or now - self._read_at > FRESH
        if is_old or pk not in self._looks:
            place = self._pks.index(pk)
            self._looks = self._read(self._pks[place : place + MESSAGES], now)
            self._read_at = now
        return self._looks.get(pk)

    def forget(self, user_id: int | None = None) -> None:
        """Have the messages of one person, or all, read anew."""
        self._looks = {
            pk: look
            for pk, look in self._looks.items()
            if user_id is not None and look.order.delivery.recipient_id != user_id
        }

    def _read(self, pks: Iterable[int], now: datetime) -> dict[int, Look]:
        orders = fresh_orders(pks, self._token, self._known, now=now)
        if not orders:
            return {}
        itself = [tuple(on_every_channel(order.delivery.dedupe, _CHANNELS)) for order in orders]
        situations = read_situations(
            [_addressee(order, keys) for order, keys in zip(orders, itself, strict=True)], now=now
        )
        everywhere = NudgeDelivery.objects.filter(dedupe__in=[key for keys in itself for key in keys])
        spent = dict(everywhere.values_list("dedupe", "spent_on"))
        looks = {}
        for order, situation, keys in zip(orders, situations, itself, strict=True):
            if any(spent.get(key) is not None for key in keys):
                # The same message has used its budget up on another channel; it is not a second one.
                situation = replace(situation, day_used=0, week_used=0)
            is_alone = sum(key in spent for key in keys) == 1
            looks[order.delivery.pk] = Look(order, situation, is_alone)
        return looks


def _addressee(order: Order, itself: tuple[str, ...]) -> Addressee:
    delivery = order.delivery
    return Addressee(
        user_id=delivery.recipient_id,
        address=delivery.recipient.email,
        category=delivery.category,
        fallback_zone=delivery.organization.time_zone,
        not_needed=order.not_needed,
        itself=itself,
    )

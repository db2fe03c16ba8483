"""How much a person is told: spent at intent, given back when a channel refuses."""

from datetime import date
from typing import Final

from django.db import connection, transaction
from django.db.models import F

from learners.nudges.models import Channel, ContactBudget, NudgeDelivery
from learners.nudges.rules.categories import CAPPED, COUNTED, DAY_CAP, WEEK_CAP
from learners.nudges.rules.guards import periods_of
from learners.nudges.rules.identity import on_every_channel

# One statement decides, on both databases: of any number of racing workers exactly `cap` get a row back.
_SPEND: Final = """
INSERT INTO learners_contactbudget (user_id, period, used) VALUES (%s, %s, 1)
ON CONFLICT (user_id, period) DO UPDATE SET used = learners_contactbudget.used + 1
WHERE learners_contactbudget.used < %s
RETURNING used
"""
_NO_CAP: Final = 30_000


class BudgetIsFull(Exception):
    """The day's or the week's messages are used up; nothing was spent."""

    def __init__(self, *, week_is_full: bool) -> None:
        super().__init__("week" if week_is_full else "day")
        self.week_is_full = week_is_full


def spend(delivery: NudgeDelivery, *, day: date, is_alone: bool = False) -> date | None:
    """
    Use up one message of the recipient's local day and week, and return the day to note on the delivery.

    Runs in the caller's transaction, which is rolled back when it raises. A message on two channels is one message: the
    second one rides along and gets None, as does a category that does not count. Deadlines and live sessions count and
    are never refused. The channels of one message are locked in one order, so they cannot both think they are first.
    is_alone: it is known to be planned on one channel only. Raises BudgetIsFull.
    """
    if delivery.category not in COUNTED:
        return None
    if delivery.spent_on is not None:
        return delivery.spent_on
    if not is_alone and _is_spent_elsewhere(delivery):
        return None
    is_capped = delivery.category in CAPPED
    day_period, week_period = periods_of(day)
    # Always the week first: two workers that take the same two rows must take them in one order.
    for period, cap in ((week_period, WEEK_CAP), (day_period, DAY_CAP)):
        if not _take(delivery.recipient_id, period, cap if is_capped else _NO_CAP):
            raise BudgetIsFull(week_is_full=period == week_period)
    return day


def _is_spent_elsewhere(delivery: NudgeDelivery) -> bool:
    siblings = NudgeDelivery.objects.filter(dedupe__in=on_every_channel(delivery.dedupe, tuple(Channel.values)))
    return any(siblings.order_by("id").select_for_update().values_list("spent_on", flat=True))


@transaction.atomic
def give_back(delivery: NudgeDelivery) -> None:
    """
    Return what a delivery had spent, because its channel refused it.

    If the message did arrive on another channel, that one takes the expense over instead.
    """
    if delivery.spent_on is None:
        return
    siblings = NudgeDelivery.objects.filter(dedupe__in=on_every_channel(delivery.dedupe, tuple(Channel.values)))
    rows = list(siblings.order_by("id").select_for_update())
    mine = next((row for row in rows if row.pk == delivery.pk), None)
    if mine is None or mine.spent_on is None:
        return
    NudgeDelivery.objects.filter(pk=mine.pk).update(spent_on=None)
    heir = next((row for row in rows if row.pk != mine.pk and row.state == "sent" and row.spent_on is None), None)
    if heir is not None:
        NudgeDelivery.objects.filter(pk=heir.pk).update(spent_on=mine.spent_on)
        return
    for period in reversed(periods_of(mine.spent_on)):
        ContactBudget.objects.filter(user_id=mine.recipient_id, period=period, used__gt=0).update(used=F("used") - 1)


def _take(user_id: int, period: str, cap: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [user_id, period, cap])
        return cursor.fetchone() is not None

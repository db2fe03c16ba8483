"""How much a person is told: caps that hold under racing workers, and messages on two channels."""

import threading
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection, connections, transaction

from learners.nudges.actions.budget import BudgetIsFull, give_back, spend
from learners.nudges.actions.dispatch import dispatch
from learners.nudges.models import ContactBudget, NudgeDelivery
from tests.factories.nudges import NudgeDeliveryFactory
from tests.learners.nudges.world import THURSDAY, WEEKLY, learner_with

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

DAY = date(2027, 3, 4)


def used():
    return dict(ContactBudget.objects.values_list("period", "used"))


def spent(delivery, day=DAY):
    with transaction.atomic():
        day_spent = spend(delivery, day=day)
        NudgeDelivery.objects.filter(pk=delivery.pk).update(spent_on=day_spent)
    delivery.refresh_from_db()
    return day_spent


def test_spend_counts_day_and_week_and_stops_at_the_cap():
    enrollment = learner_with()
    first, second = (NudgeDeliveryFactory(enrollment=enrollment) for _ in range(2))

    assert spent(first) == DAY
    with pytest.raises(BudgetIsFull) as full:
        spent(second)

    assert full.value.week_is_full is False
    # What the week had taken for the second one was rolled back with it.
    assert used() == {"2027-03-04": 1, "2027-W09": 1}


def test_spend_stops_at_the_fourth_of_a_week():
    enrollment = learner_with()
    for offset in range(3):
        spent(NudgeDeliveryFactory(enrollment=enrollment), DAY - timedelta(days=offset))

    with pytest.raises(BudgetIsFull) as full:
        spent(NudgeDeliveryFactory(enrollment=enrollment), DAY + timedelta(days=1))

    assert full.value.week_is_full is True


@pytest.mark.parametrize(("category", "day"), [("service", None), ("due", DAY), ("live", DAY)])
def test_spend_never_refuses_service_and_deadlines(category, day):
    enrollment = learner_with()

    for _ in range(5):
        assert spent(NudgeDeliveryFactory(enrollment=enrollment, category=category)) == day

    assert used() == ({} if day is None else {"2027-03-04": 5, "2027-W09": 5})


def test_spend_counts_a_message_on_two_channels_once():
    mail = NudgeDeliveryFactory(rule_key="r")
    in_app = NudgeDeliveryFactory(rule_key="r", channel="in-app", enrollment=mail.enrollment)

    assert (spent(mail), spent(in_app)) == (DAY, None)

    assert used() == {"2027-03-04": 1, "2027-W09": 1}


def test_give_back_returns_the_message_to_day_and_week():
    delivery = NudgeDeliveryFactory()
    spent(delivery)

    give_back(delivery)
    delivery.refresh_from_db()
    give_back(delivery)

    assert used() == {"2027-03-04": 0, "2027-W09": 0}
    assert delivery.spent_on is None


def test_give_back_leaves_the_expense_to_the_channel_that_arrived():
    mail = NudgeDeliveryFactory(rule_key="r")
    spent(mail)
    in_app = NudgeDeliveryFactory(
        rule_key="r", channel="in-app", enrollment=mail.enrollment, state="sent", sent_at=THURSDAY
    )

    give_back(mail)

    in_app.refresh_from_db()
    assert in_app.spent_on == DAY
    assert used() == {"2027-03-04": 1, "2027-W09": 1}


def in_threads(count, act):
    """Run an act in so many threads at once, each with its own connection, and count the answers."""
    answers: Counter[object] = Counter()
    barrier = threading.Barrier(count)

    def run(number):
        try:
            barrier.wait(20)
            answers[act(number)] += 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="races of connections need a server")
def test_racing_workers_never_go_over_the_cap():
    enrollment = learner_with()
    deliveries = [NudgeDeliveryFactory(enrollment=enrollment) for _ in range(24)]

    def take(number):
        try:
            return spent(deliveries[number]) is not None
        except BudgetIsFull:
            return False

    assert in_threads(24, take) == {True: 1, False: 23}
    assert used() == {"2027-03-04": 1, "2027-W09": 1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="races of connections need a server")
def test_racing_channels_of_one_message_spend_once():
    enrollment = learner_with()
    pairs = []
    for number in range(12):
        pairs.append(NudgeDeliveryFactory(enrollment=enrollment, rule_key="r", subject=str(number), category="due"))
        pairs.append(
            NudgeDeliveryFactory(
                enrollment=enrollment, rule_key="r", subject=str(number), category="due", channel="in-app"
            )
        )

    answers = in_threads(24, lambda number: spent(pairs[number]) is not None)

    assert answers == {True: 12, False: 12}
    assert used() == {"2027-03-04": 12, "2027-W09": 12}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="races of connections need a server")
def test_racing_workers_send_every_message_once():
    enrollment = learner_with(WEEKLY)
    for number in range(40):
        NudgeDeliveryFactory(enrollment=enrollment, rule_key="weekly", subject=str(number), category="due")

    def work(number):
        sent = 0
        while batch := dispatch(now=THURSDAY, limit=5):
            sent += batch["sent"]
        return sent

    answers = in_threads(6, work)

    assert sum(sent * times for sent, times in answers.items()) == 40
    assert NudgeDelivery.objects.filter(state="sent", attempts=1).count() == 40

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from learners.nudges.actions import dispatch as dispatch_module
from learners.nudges.actions.arm import arm
from learners.nudges.actions.claim import CLAIM_LEASE
from learners.nudges.actions.dispatch import dispatch, dispatch_for
from learners.nudges.actions.plan import plan
from learners.nudges.models import NudgeDelivery
from learners.nudges.readiness import get_ready
from learners.nudges.rules.pace import next_batch
from tests.learners.nudges.smtp_sink import smtp_sink
from tests.learners.nudges.world import ENROLLED_AT, THURSDAY, WEEKLY, learner_with

ENDED_AND_SIZES = [
    (5, 0.05, 10),
    (10, 0.1, 20),
    (80, 1.0, 100),
    (100, 4.0, 50),
    (20, 20.0, 5),
    (1, 0.0, 5),
]


@pytest.mark.parametrize(("ended", "seconds", "size"), ENDED_AND_SIZES)
def test_batch_follows_the_speed_and_grows_to_twice_at_most(ended, seconds, size):
    assert next_batch(ended, seconds) == size


class Observant(EmailBackend):
    """Notes, at each mail, what the worker has in hand besides."""

    seen: list[list[NudgeDelivery]] = []

    def send_messages(self, messages):
        self.seen.append(list(NudgeDelivery.objects.filter(state="claimed")))
        return super().send_messages(messages)


@pytest.fixture
def in_hand(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Observant"
    Observant.seen.clear()
    return Observant.seen


def people(count):
    for number in range(count):
        learner_with(WEEKLY, email=f"person{number}@example.com")
    arm(now=ENROLLED_AT)
    plan(now=THURSDAY)


@pytest.mark.django_db
@pytest.mark.postgres
def test_worker_takes_little_in_hand_at_first_and_goes_on_until_nothing_is_left(in_hand):
    people(7)

    dispatch_for(seconds=40, now=THURSDAY)

    assert [len(rows) for rows in in_hand] == [4, 3, 2, 1, 0, 1, 0]
    assert len(mail.outbox) == 7


@pytest.mark.django_db
def test_worker_whose_time_is_over_takes_nothing_more_in_hand(in_hand):
    people(7)

    dispatch_for(seconds=0, now=THURSDAY)

    assert NudgeDelivery.objects.filter(state="planned").count() == 7


@pytest.mark.django_db
def test_batches_of_one_worker_share_a_mail_connection(settings):
    people(7)

    with smtp_sink(settings) as sink:
        dispatch_for(seconds=40, now=THURSDAY)

    assert (len(sink.accepted), sink.connections) == (7, 1)


@pytest.mark.django_db
@pytest.mark.postgres
def test_worker_with_a_slow_server_renews_what_it_holds(in_hand, monkeypatch):
    people(2)
    monkeypatch.setattr(dispatch_module, "RENEW_AFTER_SECONDS", 0)

    dispatch(now=THURSDAY)

    assert in_hand[0][0].lease_until > THURSDAY + CLAIM_LEASE


@pytest.mark.django_db
def test_getting_ready_asks_no_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        get_ready()

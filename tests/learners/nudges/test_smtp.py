"""Mail to a real server on loopback that takes, refuses, hangs up or is not there."""

from datetime import timedelta

import pytest

from learners.nudges.actions.arm import arm
from learners.nudges.actions.dispatch import dispatch
from learners.nudges.actions.plan import plan
from learners.nudges.models import ContactBudget, DeliveryEvent, NudgeDelivery, Suppression
from tests.factories.nudges import NudgeDeliveryFactory
from tests.learners.nudges.smtp_sink import free_port, smtp_sink, use_server
from tests.learners.nudges.world import DUE_SOON, ENROLLED_AT, THURSDAY, WEEKLY, learner_with

pytestmark = pytest.mark.django_db

TUESDAY = ENROLLED_AT.replace(day=9, hour=9)


@pytest.fixture
def sink(settings):
    with smtp_sink(settings) as server:
        yield server


def due(rule=WEEKLY, moment=THURSDAY):
    enrollment = learner_with(rule)
    arm(now=ENROLLED_AT)
    plan(now=moment)
    return enrollment


def only():
    return NudgeDelivery.objects.get()


def test_mail_arrives_with_both_parts_and_the_headers_of_one_click(sink):
    due()

    assert dispatch(now=THURSDAY) == {"sent": 1}

    (letter,) = sink.accepted
    assert letter["To"] == "learner@example.com"
    assert letter["Message-ID"] == only().message_id == f"<{only().uuid}@127.0.0.1>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"].strip().startswith("<http://127.0.0.1:8000/unsubscribe/")
    assert [part.get_content_type() for part in letter.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_one_connection_carries_a_batch(sink):
    enrollment = due()
    for number in range(5):
        NudgeDeliveryFactory(enrollment=enrollment, rule_key="weekly", subject=str(number), category="due")

    assert dispatch(now=THURSDAY)["sent"] == 6

    assert sink.connections == 1


def test_temporary_refusal_is_tried_again_later_with_the_same_message_id(sink):
    due()
    sink.to_recipient["learner@example.com"] = "450 4.2.1 learner@example.com is busy, try later"

    assert dispatch(now=THURSDAY) == {"retry": 1}

    row = only()
    assert (row.reason, row.attempts) == ("channel", 1)
    assert THURSDAY < row.send_after < THURSDAY + timedelta(minutes=2)
    assert "450" in row.detail
    assert "@" not in row.detail
    assert ContactBudget.objects.get(period="2027-03-04").used == 0
    assert DeliveryEvent.objects.get().kind == "tried"

    sink.to_recipient.clear()
    assert dispatch(now=THURSDAY + timedelta(minutes=2)) == {"sent": 1}
    assert sink.accepted[0]["Message-ID"] == only().message_id
    assert ContactBudget.objects.get(period="2027-03-04").used == 1


def test_temporary_refusal_until_it_is_too_late_ends_as_failed(sink):
    due()
    sink.to_recipient["learner@example.com"] = "450 4.2.1 busy"
    now = THURSDAY
    while only().state in ("planned", "retry"):
        dispatch(now=now)
        now += timedelta(minutes=30)

    assert (only().state, only().reason) == ("failed", "gave_up")
    assert only().attempts > 5
    assert sink.accepted == []


@pytest.mark.parametrize(
    ("answer", "is_dead"),
    [
        ("550 5.1.1 <learner@example.com> no such mailbox", True),
        ("550 no such user", True),
        ("550 5.7.1 we do not like your address", False),
        ("552 5.2.2 mailbox full", False),
    ],
)
def test_refusal_for_good_fails_gives_the_budget_back_and_knows_a_dead_mailbox(sink, answer, is_dead):
    due()
    sink.to_recipient["learner@example.com"] = answer

    assert dispatch(now=THURSDAY) == {"failed": 1}

    assert (only().state, only().reason) == ("failed", "refused")
    assert "learner@" not in only().detail
    assert ContactBudget.objects.get(period="2027-03-04").used == 0
    assert Suppression.objects.count() == is_dead


def test_dead_mailbox_gets_nothing_more(sink):
    due()
    sink.to_recipient["learner@example.com"] = "550 5.1.1 no such mailbox"
    dispatch(now=THURSDAY)
    sink.to_recipient.clear()

    plan(now=THURSDAY + timedelta(days=7))
    dispatch(now=THURSDAY + timedelta(days=7))

    assert sink.accepted == []
    assert NudgeDelivery.objects.order_by("-id")[0].reason == "suppressed"


def test_refused_content_fails_without_blaming_the_address(sink):
    due()
    sink.to_data = "554 5.6.0 we do not take this"

    assert dispatch(now=THURSDAY) == {"failed": 1}

    assert Suppression.objects.count() == 0


def test_one_refused_recipient_does_not_stop_the_others_of_its_connection(sink):
    enrollment = due()
    NudgeDeliveryFactory(enrollment=enrollment, rule_key="weekly", subject="a", category="due", priority=1)
    other = learner_with(email="other@example.com")
    NudgeDeliveryFactory(enrollment=other, rule_key="waymark:check-in", category="due", priority=1)
    sink.to_recipient["learner@example.com"] = "550 5.7.1 no"
    NudgeDeliveryFactory(enrollment=other, rule_key="waymark:welcome", category="service", priority=0)
    other.joined_at = None
    other.save()

    assert dispatch(now=THURSDAY) == {"failed": 2, "sent": 1, "suppressed": 1}

    assert [letter["To"] for letter in sink.accepted] == ["other@example.com"]
    assert sink.connections == 1


def test_connection_lost_after_the_server_took_a_prompt_is_unknown_and_not_doubled(sink):
    due()
    sink.hang_up_after_taking = True

    assert dispatch(now=THURSDAY) == {"unknown": 1}

    assert (only().state, only().reason) == ("unknown", "no_answer")
    assert dispatch(now=THURSDAY + timedelta(hours=1)) == {}
    assert len(sink.accepted) == 1


def test_connection_lost_after_the_server_took_a_deadline_tries_again(sink):
    due(DUE_SOON, TUESDAY)
    sink.hang_up_after_taking = True
    assert dispatch(now=TUESDAY) == {"retry": 1}

    sink.hang_up_after_taking = False
    assert dispatch(now=TUESDAY + timedelta(minutes=2)) == {"sent": 1}

    assert len({letter["Message-ID"] for letter in sink.accepted}) == 1
    assert ContactBudget.objects.get(period="2027-03-09").used == 1


def test_connection_lost_between_two_messages_is_opened_again_and_nothing_is_in_doubt(sink):
    enrollment = due()
    NudgeDelivery.objects.update(category="due")
    NudgeDeliveryFactory(enrollment=enrollment, rule_key="weekly", subject="a", category="due", priority=1)
    sink.hang_up_before_recipient = 1

    assert dispatch(now=THURSDAY) == {"sent": 2}

    assert (len(sink.accepted), sink.connections) == (2, 2)


def test_dead_server_keeps_every_message_and_is_asked_once_a_batch(settings):
    use_server(settings, free_port())
    enrollment = due()
    for number in range(3):
        NudgeDeliveryFactory(enrollment=enrollment, rule_key="weekly", subject=str(number), category="due")

    fates = dispatch(now=THURSDAY)

    assert sum(fates.values()) == 4
    assert sorted(row.attempts for row in NudgeDelivery.objects.all()) == [0, 0, 0, 1]
    assert all(row.send_after > THURSDAY for row in NudgeDelivery.objects.all())
    assert ContactBudget.objects.count() == 0
    assert {row.state for row in NudgeDelivery.objects.all()} == {"planned", "retry"}


def test_server_back_again_gets_what_waited(settings):
    use_server(settings, free_port())
    due()
    dispatch(now=THURSDAY)

    with smtp_sink(settings) as sink:
        assert dispatch(now=THURSDAY + timedelta(minutes=5)) == {"sent": 1}
        assert len(sink.accepted) == 1

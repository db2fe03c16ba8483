import uuid

import pytest

from learners.nudges.actions.inbox import mark_read
from learners.nudges.queries.inbox import unread_messages
from learners.reflections.models import Commitment
from tests.factories.nudges import NudgeDeliveryFactory
from tests.learners.nudges.world import AFTER_OPENING, ENROLLED_AT, THURSDAY, learner_with, run

pytestmark = pytest.mark.django_db


def test_message_in_the_app_leads_to_its_step_and_is_put_away_once():
    enrollment = learner_with(AFTER_OPENING)
    run(ENROLLED_AT)
    run(THURSDAY)

    (message,) = unread_messages(enrollment.user_id)

    assert message.text in AFTER_OPENING["texts"]
    assert (message.step_key, message.enrollment_uuid) == ("read", enrollment.uuid)
    assert mark_read(user_id=enrollment.user_id, message_uuid=message.uuid, now=THURSDAY) == 1
    assert mark_read(user_id=enrollment.user_id, message_uuid=message.uuid, now=THURSDAY) == 0
    assert unread_messages(enrollment.user_id) == []


def test_inbox_is_a_persons_own():
    mine = NudgeDeliveryFactory(channel="in-app", state="sent", sent_at=THURSDAY)
    colleague = NudgeDeliveryFactory(
        channel="in-app", state="sent", sent_at=THURSDAY, enrollment__cohort=mine.enrollment.cohort
    )
    stranger = NudgeDeliveryFactory(channel="in-app", state="sent", sent_at=THURSDAY)

    assert [message.uuid for message in unread_messages(mine.recipient_id)] == [mine.uuid]
    assert mark_read(user_id=mine.recipient_id, message_uuid=colleague.uuid, now=THURSDAY) == 0
    assert mark_read(user_id=mine.recipient_id, message_uuid=stranger.uuid, now=THURSDAY) == 0
    assert mark_read(user_id=mine.recipient_id, message_uuid=uuid.uuid4(), now=THURSDAY) == 0
    assert mark_read(user_id=mine.recipient_id, now=THURSDAY) == 1


def test_inbox_shows_what_was_sent_and_only_that_of_the_open_organization():
    mine = NudgeDeliveryFactory(channel="in-app", state="sent", sent_at=THURSDAY)
    NudgeDeliveryFactory(channel="in-app", enrollment=mine.enrollment)
    NudgeDeliveryFactory(channel="email", state="sent", sent_at=THURSDAY, enrollment=mine.enrollment)
    elsewhere = NudgeDeliveryFactory(channel="in-app", state="sent", sent_at=THURSDAY, enrollment__user=mine.recipient)

    here = unread_messages(mine.recipient_id, organization_id=mine.organization_id)

    assert [message.uuid for message in here] == [mine.uuid]
    assert {message.uuid for message in unread_messages(mine.recipient_id)} == {mine.uuid, elsewhere.uuid}


def test_check_in_shows_the_plan_and_goes_when_the_plan_goes():
    enrollment = learner_with()
    plan = Commitment.objects.create(
        enrollment=enrollment,
        step_key="plan",
        cue="Jo asks",
        response="ask back",
        made_at=ENROLLED_AT,
        changed_at=ENROLLED_AT,
        check_in_at=THURSDAY,
    )
    run(ENROLLED_AT)
    run(THURSDAY)

    (message,) = unread_messages(enrollment.user_id)
    assert message.text == "If Jo asks, then I will ask back"
    assert message.commitment_uuid == plan.uuid

    plan.delete()
    assert unread_messages(enrollment.user_id) == []


@pytest.mark.parametrize("messages", [1, 3])
def test_inbox_queries_do_not_grow(django_assert_num_queries, messages):
    first = NudgeDeliveryFactory(channel="in-app", state="sent", sent_at=THURSDAY)
    for _ in range(messages - 1):
        NudgeDeliveryFactory(channel="in-app", state="sent", sent_at=THURSDAY, enrollment=first.enrollment)

    with django_assert_num_queries(1):
        assert len(unread_messages(first.recipient_id)) == messages

import uuid
from datetime import timedelta

import pytest
from django.core import mail

from config.accounts.models import Membership, User
from config.events.models import ActivityEvent
from learners.cohorts.actions import withdraw
from learners.nudges.actions.arm import arm
from learners.nudges.actions.claim import claim
from learners.nudges.actions.dispatch import dispatch
from learners.nudges.actions.engine import pause_engine, resume_engine
from learners.nudges.actions.plan import plan
from learners.nudges.actions.suppress import suppress_address
from learners.nudges.letters.orders import letter_for
from learners.nudges.models import ContactBudget, DeliveryEvent, NudgeDelivery
from learners.nudges.queries.orders import held_messages
from learners.people.actions import pause_messages, save_preferences, set_channel_choice
from learners.progress.actions.adjusting import pause
from learners.progress.actions.completing import complete_step
from tests.factories.nudges import ContactBudgetFactory, NudgeDeliveryFactory
from tests.learners.nudges.world import (
    AFTER_OPENING,
    DUE_SOON,
    ENROLLED_AT,
    THURSDAY,
    WEEKLY,
    fates,
    learner_with,
    run,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def planned(*rules):
    """Enroll somebody and plan what is due on Thursday at 16:00, without sending it."""
    enrollment = learner_with(*(rules or (AFTER_OPENING,)))
    arm(now=ENROLLED_AT)
    plan(now=THURSDAY)
    return enrollment


def test_dispatch_sends_on_each_channel_and_counts_one_message():
    enrollment = planned()

    assert dispatch(now=THURSDAY) == {"sent": 2}

    assert len(mail.outbox) == 1
    periods = dict(ContactBudget.objects.filter(user=enrollment.user).values_list("period", "used"))
    assert periods == {"2027-03-04": 1, "2027-W09": 1}
    assert NudgeDelivery.objects.filter(state="sent", sent_at__isnull=False, lease_token=None).count() == 2
    assert {row.target for row in NudgeDelivery.objects.all()} == {"read"}


def test_dispatch_with_nothing_due_does_nothing(django_assert_num_queries):
    planned()

    # The pause switch, and one look at the queue.
    dispatch(now=THURSDAY - timedelta(hours=1))
    with django_assert_num_queries(2):
        assert dispatch(now=THURSDAY - timedelta(hours=1)) == {}


def test_dispatch_records_what_was_sent_without_its_words():
    planned(WEEKLY)

    dispatch(now=THURSDAY)

    event = ActivityEvent.objects.get(verb="nudge.sent")
    assert event.data == {
        "rule": "weekly",
        "subject": "",
        "category": "practice",
        "channel": "email",
        "reason": "",
    }
    assert event.actor_id is None


def finish(enrollment):
    for step in ("read", "try-it"):
        complete_step(enrollment_id=enrollment.pk, step_key=step, now=THURSDAY)


def withdrawn(enrollment):
    withdraw(enrollment_id=enrollment.pk, actor_id=None, now=THURSDAY)


def paused(enrollment):
    pause(enrollment_id=enrollment.pk, actor_id=None, now=THURSDAY)


def left(enrollment):
    Membership.objects.filter(user=enrollment.user).update(is_active=False)


def erased(enrollment):
    User.objects.filter(pk=enrollment.user_id).update(is_active=False)


def suppressed(enrollment):
    suppress_address(enrollment.user.email, cause="complained", now=THURSDAY)


def opted_out(enrollment):
    for channel in ("email", "in-app"):
        set_channel_choice(user_id=enrollment.user_id, category="practice", channel=channel, is_on=False, now=THURSDAY)


def snoozed(enrollment):
    pause_messages(user_id=enrollment.user_id, until=THURSDAY + timedelta(days=9), now=THURSDAY)


def rule_gone(enrollment):
    NudgeDelivery.objects.update(rule_key="gone")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (finish, "not_needed"),
        (withdrawn, "not_needed"),
        (paused, "not_needed"),
        (left, "not_needed"),
        (erased, "not_needed"),
        (rule_gone, "not_needed"),
        (suppressed, "suppressed"),
        (opted_out, "opted_out"),
        (snoozed, "snoozed"),
    ],
)
def test_dispatch_asks_every_guard_again_after_plan(change, reason):
    enrollment = planned()
    change(enrollment)

    dispatch(now=THURSDAY + timedelta(minutes=1))

    assert mail.outbox == []
    assert {(state, why) for _, _, state, why in fates()} == {("suppressed", reason)}
    assert ContactBudget.objects.count() == 0
    assert ActivityEvent.objects.filter(verb="nudge.suppressed").count() == 2


def test_dispatch_says_in_words_why_a_message_is_not_needed():
    finish(planned())

    dispatch(now=THURSDAY + timedelta(minutes=1))

    assert NudgeDelivery.objects.all()[0].detail == "You have finished Try it"


def test_dispatch_too_late_is_expired():
    planned()

    dispatch(now=THURSDAY + timedelta(hours=48))

    assert {(state, why) for _, _, state, why in fates()} == {("suppressed", "expired")}


def test_dispatch_in_quiet_hours_waits_for_the_morning():
    planned()

    # 22:30 in Paris.
    assert dispatch(now=THURSDAY + timedelta(hours=6, minutes=30)) == {"planned": 2}

    row = NudgeDelivery.objects.all()[0]
    assert (row.reason, row.send_after, row.lease_token) == ("quiet", THURSDAY + timedelta(hours=16), None)
    assert DeliveryEvent.objects.filter(kind="held", reason="quiet").count() == 2
    assert dispatch(now=THURSDAY + timedelta(hours=16)) == {"sent": 2}


def test_dispatch_of_a_second_message_on_one_day_waits_for_tomorrow():
    enrollment = planned(AFTER_OPENING, WEEKLY)

    dispatch(now=THURSDAY)

    assert len(mail.outbox) == 1
    waiting = NudgeDelivery.objects.get(state="planned")
    assert waiting.reason in ("gap", "cap")
    evening = THURSDAY + timedelta(hours=2, minutes=59)
    save_preferences(user_id=enrollment.user_id, quiet_from=evening.time(), quiet_until=evening.time())
    dispatch(now=THURSDAY + timedelta(hours=4))
    waiting.refresh_from_db()
    assert (waiting.reason, waiting.send_after) == ("cap", THURSDAY + timedelta(days=1))
    assert dispatch(now=THURSDAY + timedelta(days=1)) == {"sent": 1}


def test_dispatch_of_a_deadline_is_not_held_by_the_cap_and_uses_it_up():
    enrollment = learner_with(DUE_SOON)
    arm(now=ENROLLED_AT)
    tuesday = ENROLLED_AT.replace(day=9, hour=9)
    plan(now=tuesday)
    ContactBudgetFactory(user=enrollment.user, period="2027-03-09", used=1)

    assert dispatch(now=tuesday) == {"sent": 1}

    assert ContactBudget.objects.get(period="2027-03-09").used == 2


def test_dispatch_of_a_fourth_message_in_a_week_is_stopped():
    enrollment = planned(WEEKLY)
    ContactBudgetFactory(user=enrollment.user, period="2027-W09", used=3)

    assert dispatch(now=THURSDAY) == {"suppressed": 1}

    assert fates() == [("weekly", "email", "suppressed", "cap")]
    assert ContactBudget.objects.get().used == 3


def test_dispatch_of_the_second_channel_rides_along_when_the_first_used_the_day_up():
    planned()
    dispatch(now=THURSDAY, limit=1)

    assert dispatch(now=THURSDAY + timedelta(minutes=2)) == {"sent": 1}

    assert set(ContactBudget.objects.values_list("used", flat=True)) == {1}


def test_dispatch_while_paused_claims_nothing():
    planned()
    pause_engine(reason="A look first", user_id=None, now=THURSDAY)

    assert dispatch(now=THURSDAY) == {}
    assert NudgeDelivery.objects.filter(state="planned").count() == 2

    resume_engine()
    assert dispatch(now=THURSDAY) == {"sent": 2}


def test_dispatch_takes_what_somebody_waits_for_first():
    enrollment = planned(WEEKLY)
    late = NudgeDeliveryFactory(
        enrollment=enrollment, rule_key="waymark:welcome", category="service", priority=0, send_after=THURSDAY
    )
    token = uuid.uuid4()

    claim(token=token, now=THURSDAY, limit=1)

    assert NudgeDelivery.objects.get(lease_token=token).pk == late.pk


def test_dispatch_with_a_template_that_raises_fails_that_message_and_no_other(monkeypatch, caplog):
    planned()

    def broken(*args, **kwargs):
        raise KeyError("no such field")

    monkeypatch.setattr("learners.nudges.letters.nudge.write", broken)

    assert dispatch(now=THURSDAY) == {"failed": 1, "sent": 1}

    failed = NudgeDelivery.objects.get(state="failed")
    assert (failed.channel, failed.reason) == ("email", "fault")
    assert "no such field" in failed.detail
    assert ContactBudget.objects.get(period="2027-03-04").used == 1


def test_dispatch_of_a_lost_claim_leaves_the_row_alone(monkeypatch):
    planned(WEEKLY)
    other = uuid.uuid4()

    def stolen(token):
        found = held_messages(token)
        NudgeDelivery.objects.update(lease_token=other)
        return found

    monkeypatch.setattr("learners.nudges.actions.dispatch.held_messages", stolen)

    assert dispatch(now=THURSDAY) == {"": 1}
    assert mail.outbox == []
    assert NudgeDelivery.objects.get().lease_token == other


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (finish, "not_needed"),
        (withdrawn, "not_needed"),
        (erased, "not_needed"),
        (suppressed, "suppressed"),
        (opted_out, "opted_out"),
    ],
)
def test_dispatch_sees_what_was_committed_between_its_guards_and_the_intent(monkeypatch, change, reason):
    enrollment = planned({**AFTER_OPENING, "channels": ["email"]})

    def changed_meanwhile(order, *, now):
        monkeypatch.undo()
        change(enrollment)
        return letter_for(order, now=now)

    monkeypatch.setattr("learners.nudges.actions.deliver.letter_for", changed_meanwhile)

    assert dispatch(now=THURSDAY + timedelta(minutes=1)) == {"suppressed": 1}
    assert fates()[0][3] == reason
    assert mail.outbox == []


def test_dispatch_queries_of_a_batch(django_assert_max_num_queries, monkeypatch):
    """Looking is shared by a batch; what remains for each message is intent, mark and event, each in its commit."""
    monkeypatch.setattr("learners.nudges.actions.ahead.FRESH", timedelta(hours=1))
    first = learner_with(WEEKLY)
    for _ in range(20):
        delivery = NudgeDeliveryFactory(enrollment__cohort=first.cohort, rule_key="weekly", category="due")
        Membership.objects.create(user=delivery.recipient, organization=delivery.organization)

    with django_assert_max_num_queries(20 * 10 + 30):
        assert dispatch(now=THURSDAY) == {"sent": 20}


def test_dispatch_in_batches_sends_everything_once():
    first = learner_with(WEEKLY)
    for number in range(7):
        NudgeDeliveryFactory(enrollment=first, rule_key="weekly", subject=str(number), category="due", priority=2)

    assert dispatch(now=THURSDAY, limit=3) == {"sent": 3}
    assert dispatch(now=THURSDAY, limit=3) == {"sent": 3}
    assert dispatch(now=THURSDAY, limit=3) == {"sent": 1}
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == 7


def test_welcome_goes_out_at_once_whatever_the_hour():
    learner_with(welcomed=False)

    run(ENROLLED_AT.replace(hour=23))

    assert fates()[0] == ("waymark:welcome", "email", "sent", "")
    assert mail.outbox[0].subject == "Your journey: Ask first"

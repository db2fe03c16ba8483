from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from config.accounts.models import User
from config.events.models import ActivityEvent
from config.support import bell
from learners.cohorts.models import Enrollment
from learners.nudges.actions.tick import tick
from learners.nudges.models import EngineState, NudgeDelivery, NudgeTimer
from tests.learners.nudges.world import AFTER_OPENING, ENROLLED_AT, THURSDAY, WEEKLY, fates, learner_with, run

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_tick_carries_a_rule_from_the_journey_to_a_mail():
    learner_with(WEEKLY)
    run(ENROLLED_AT)

    report, sent = run(THURSDAY)

    assert (report.planned, sent) == (1, {"sent": 1})
    assert [letter.to for letter in mail.outbox] == [["learner@example.com"]]
    assert "What did you try this week?" in mail.outbox[0].body
    assert ActivityEvent.objects.filter(verb="nudge.sent").count() == 1


def test_tick_before_the_moment_plans_nothing():
    learner_with(WEEKLY)

    run(ENROLLED_AT)
    run(THURSDAY - timedelta(seconds=1))

    assert fates() == []
    assert mail.outbox == []


@pytest.mark.parametrize("times", [2, 10])
def test_tick_repeated_sends_once(times):
    learner_with(WEEKLY, AFTER_OPENING)

    for _ in range(times):
        run(THURSDAY)
        Enrollment.objects.update(needs_arming=True)

    assert len(mail.outbox) == 1
    assert NudgeDelivery.objects.filter(channel="email", rule_key="after-opening").count() == 1


def test_tick_after_days_of_silence_plans_what_was_missed_and_says_it_came_too_late():
    learner_with(WEEKLY)
    run(ENROLLED_AT)

    run(THURSDAY + timedelta(days=3))

    assert fates() == [("weekly", "email", "suppressed", "expired")]
    assert mail.outbox == []
    assert NudgeTimer.objects.get(rule_key="weekly").due_at == THURSDAY + timedelta(days=7)


def test_tick_while_another_engine_drives_does_nothing():
    learner_with(WEEKLY)
    EngineState.objects.create(pk=1, lease_holder="other", lease_until=THURSDAY + timedelta(seconds=30))

    assert tick(now=THURSDAY).ran is False
    assert NudgeTimer.objects.count() == 0


def test_tick_rings_for_what_waits_though_the_driver_has_died(monkeypatch, django_capture_on_commit_callbacks):
    learner_with(WEEKLY)
    tick(now=ENROLLED_AT)
    tick(now=THURSDAY)
    EngineState.objects.update(lease_holder="other", lease_until=THURSDAY + timedelta(seconds=30))
    rung = []
    monkeypatch.setattr(bell, "_ringer", rung.append)

    with django_capture_on_commit_callbacks(execute=True):
        assert tick(now=THURSDAY + timedelta(seconds=15)).ran is False

    assert rung == ["nudges.dispatch"]


def test_tick_takes_over_from_an_engine_that_died():
    learner_with(WEEKLY)
    EngineState.objects.create(pk=1, lease_holder="other", lease_until=THURSDAY - timedelta(seconds=1))

    assert tick(now=THURSDAY).ran is True
    state = EngineState.objects.get()
    assert (state.last_tick_at, state.lease_until) == (THURSDAY, None)


def test_tick_puts_events_in_order():
    learner_with(WEEKLY)

    run(THURSDAY)
    tick(now=THURSDAY + timedelta(seconds=15))

    assert not ActivityEvent.objects.filter(position__isnull=True).exists()


def test_tick_with_one_broken_journey_serves_the_others(caplog):
    broken = learner_with(WEEKLY, email="broken@example.com")
    learner_with(WEEKLY)
    User.objects.filter(pk=broken.user_id).update(time_zone="Mars/Olympus")

    run(ENROLLED_AT)
    run(THURSDAY)

    assert [letter.to for letter in mail.outbox] == [["learner@example.com"]]
    assert Enrollment.objects.get(pk=broken.pk).needs_arming is True
    assert "cannot be armed" in EngineState.objects.get().last_fault


def test_week_after_week_one_message_at_the_same_wall_time_over_the_clock_change():
    learner_with(WEEKLY)
    now = ENROLLED_AT
    while now < datetime(2027, 4, 9, tzinfo=UTC):
        run(now)
        now += timedelta(hours=1)
    sent_at = NudgeDelivery.objects.filter(state="sent").order_by("sent_at").values_list("sent_at", flat=True)

    # Paris goes forward on 28 March: 15:00 UTC before, 14:00 UTC after.
    assert [f"{at:%m-%d %H}" for at in sent_at] == [
        "03-04 15",
        "03-11 15",
        "03-18 15",
        "03-25 15",
        "04-01 14",
        "04-08 14",
    ]

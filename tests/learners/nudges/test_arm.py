from datetime import UTC, datetime, timedelta

import pytest

from learners.cohorts.actions import withdraw
from learners.cohorts.models import Enrollment
from learners.nudges.actions.arm import arm
from learners.nudges.actions.plan import plan
from learners.nudges.models import NudgeTimer
from learners.nudges.queries.arming import wanted_timers
from learners.progress.actions.adjusting import pause, resume
from learners.progress.actions.completing import complete_step
from learners.progress.actions.dates import change_time_zone
from learners.reflections.models import Commitment
from learners.reflections.models.commitment import CheckIn
from tests.factories.learners import AttemptFactory, SignOffFactory
from tests.learners.nudges.world import (
    AFTER_OPENING,
    DUE_SOON,
    ENROLLED_AT,
    INACTIVE,
    THURSDAY,
    WEEKLY,
    learner_with,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def armed(purpose="nudge"):
    rows = NudgeTimer.objects.filter(purpose=purpose, due_at__isnull=False).order_by("rule_key", "subject")
    return [(row.rule_key, row.subject, row.due_at) for row in rows]


def test_arm_gives_each_rule_its_timer_and_clears_the_flag():
    enrollment = learner_with(WEEKLY, AFTER_OPENING, DUE_SOON, INACTIVE)

    assert arm(now=ENROLLED_AT)[:2] == (1, 0)

    assert armed() == [
        ("after-opening", "first", datetime(2027, 3, 4, 15, tzinfo=UTC)),
        ("due-soon", "first", datetime(2027, 3, 9, 9, tzinfo=UTC)),
        ("quiet-for-days", "", datetime(2027, 3, 6, 9, tzinfo=UTC)),
        ("weekly", "", THURSDAY),
    ]
    timer = NudgeTimer.objects.get(rule_key="weekly")
    assert (timer.anchor, timer.occurrence, timer.zone) == ("2027-03-04", "2027-03-04T16:00", "Europe/Paris")
    assert (timer.scope, timer.recipient_id, timer.repeats_days) == (enrollment.uuid, enrollment.user_id, 7)
    assert Enrollment.objects.get(pk=enrollment.pk).needs_arming is False


def test_arm_gives_openings_and_deadlines_timers_that_send_nothing():
    learner_with()

    arm(now=ENROLLED_AT)

    assert armed("opens") == [("", "first", datetime(2027, 3, 3, 8, tzinfo=UTC))]
    assert armed("due") == [("", "first", datetime(2027, 3, 10, 17, tzinfo=UTC))]


def test_arm_again_writes_nothing_new():
    learner_with(WEEKLY, AFTER_OPENING)
    arm(now=ENROLLED_AT)
    before = list(NudgeTimer.objects.order_by("id").values())

    Enrollment.objects.update(needs_arming=True)
    arm(now=ENROLLED_AT + timedelta(hours=1))

    assert list(NudgeTimer.objects.order_by("id").values()) == before


def test_arm_after_completion_nulls_what_is_settled():
    enrollment = learner_with(DUE_SOON)
    arm(now=ENROLLED_AT)

    for step in ("read", "try-it"):
        complete_step(enrollment_id=enrollment.pk, step_key=step, now=ENROLLED_AT + timedelta(hours=1))
    arm(now=ENROLLED_AT + timedelta(hours=1))

    assert armed() == []


def test_arm_does_not_arm_again_what_was_planned():
    learner_with(AFTER_OPENING)
    arm(now=ENROLLED_AT)
    plan(now=THURSDAY)

    Enrollment.objects.update(needs_arming=True)
    arm(now=THURSDAY + timedelta(minutes=1))

    assert armed() == []
    assert NudgeTimer.objects.get(rule_key="after-opening").fired_at == THURSDAY


def test_arm_leaves_a_weekly_message_that_is_due_to_plan():
    learner_with(WEEKLY)
    arm(now=ENROLLED_AT)

    Enrollment.objects.update(needs_arming=True)
    arm(now=THURSDAY + timedelta(minutes=5))

    assert armed() == [("weekly", "", THURSDAY)]


def test_arm_while_paused_holds_everything_and_resume_brings_it_back_later():
    enrollment = learner_with(AFTER_OPENING)
    arm(now=ENROLLED_AT)

    pause(enrollment_id=enrollment.pk, actor_id=None, now=ENROLLED_AT + timedelta(hours=1))
    arm(now=ENROLLED_AT + timedelta(hours=1))
    assert armed() == []

    resume(enrollment_id=enrollment.pk, actor_id=None, now=ENROLLED_AT + timedelta(days=7, hours=1))
    arm(now=ENROLLED_AT + timedelta(days=7, hours=1))
    ((_, _, due_at),) = armed()
    assert due_at > THURSDAY


def test_arm_after_withdrawal_leaves_nothing_armed():
    enrollment = learner_with(WEEKLY, AFTER_OPENING)
    arm(now=ENROLLED_AT)

    withdraw(enrollment_id=enrollment.pk, actor_id=None, now=ENROLLED_AT + timedelta(hours=1))
    arm(now=ENROLLED_AT + timedelta(hours=1))

    assert not NudgeTimer.objects.filter(due_at__isnull=False).exists()


def test_arm_of_a_row_that_was_written_meanwhile_keeps_its_flag(monkeypatch):
    enrollment = learner_with(WEEKLY)
    from_outside = Enrollment.objects.filter(pk=enrollment.pk)

    def written_meanwhile(enrollments, *, now):
        batch = wanted_timers(enrollments, now=now)
        from_outside.update(revision=enrollment.revision + 1)
        return batch

    monkeypatch.setattr("learners.nudges.actions.arm.wanted_timers", written_meanwhile)
    arm(now=ENROLLED_AT)

    assert Enrollment.objects.get(pk=enrollment.pk).needs_arming is True
    assert NudgeTimer.objects.count() == 0


def test_welcome_is_armed_until_the_journey_is_opened():
    enrollment = learner_with(welcomed=False)
    arm(now=ENROLLED_AT)
    assert armed() == [("waymark:welcome", "", ENROLLED_AT)]

    Enrollment.objects.filter(pk=enrollment.pk).update(joined_at=ENROLLED_AT, needs_arming=True)
    arm(now=ENROLLED_AT)
    assert armed() == []


def test_welcome_of_somebody_enrolled_long_ago_is_not_armed():
    learner_with(welcomed=False)

    arm(now=ENROLLED_AT + timedelta(days=4))

    assert armed() == []


def test_request_to_confirm_a_practice_is_armed_for_the_person_who_was_asked():
    enrollment = learner_with()
    sign_off = SignOffFactory(
        attempt=AttemptFactory(enrollment=enrollment),
        asked_at=ENROLLED_AT,
        expires_at=ENROLLED_AT + timedelta(days=30),
    )

    arm(now=ENROLLED_AT)

    timer = NudgeTimer.objects.get(rule_key="waymark:sign-off")
    assert (timer.recipient_id, timer.subject, timer.anchor) == (sign_off.signer_id, "try-it", str(sign_off.uuid))


def test_check_in_is_armed_until_it_is_answered():
    enrollment = learner_with()
    plan_made = Commitment.objects.create(
        enrollment=enrollment,
        step_key="plan",
        cue="Jo asks",
        response="ask back",
        made_at=ENROLLED_AT,
        changed_at=ENROLLED_AT,
        check_in_at=THURSDAY,
    )
    arm(now=ENROLLED_AT)
    assert armed() == [("waymark:check-in", "plan", THURSDAY)]

    CheckIn.objects.create(commitment=plan_made, answer="happened", answered_at=ENROLLED_AT + timedelta(hours=3))
    Enrollment.objects.update(needs_arming=True)
    arm(now=ENROLLED_AT + timedelta(hours=3))
    assert armed() == []


def test_arm_after_a_change_of_zone_moves_timers_into_the_new_one():
    enrollment = learner_with(WEEKLY)
    arm(now=ENROLLED_AT)

    change_time_zone(user_id=enrollment.user_id, time_zone="America/New_York", now=ENROLLED_AT)
    arm(now=ENROLLED_AT)

    assert armed() == [("weekly", "", datetime(2027, 3, 4, 21, tzinfo=UTC))]


def test_arm_queries_do_not_grow_with_people(django_assert_num_queries):
    for number in (1, 3):
        for person in range(number):
            learner_with(WEEKLY, email=f"person{number}{person}@example.com")
        with django_assert_num_queries(14):
            arm(now=ENROLLED_AT)

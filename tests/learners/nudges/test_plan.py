from datetime import timedelta

import pytest

from config.accounts.models import Membership, User
from config.events.models import ActivityEvent
from learners.cohorts.models import Enrollment
from learners.nudges.actions.arm import arm
from learners.nudges.actions.plan import plan
from learners.nudges.actions.suppress import suppress_address
from learners.nudges.models import NudgeDelivery, NudgeTimer
from learners.nudges.rules.identity import dedupe_key, delivery_uuid, trial_arm
from learners.people.actions import pause_messages, save_preferences, set_channel_choice
from tests.factories.nudges import ContactBudgetFactory, NudgeDeliveryFactory, NudgeTimerFactory
from tests.learners.nudges.world import (
    AFTER_OPENING,
    ENROLLED_AT,
    INACTIVE,
    THURSDAY,
    WEEKLY,
    fates,
    learner_with,
)
from tests.learners.running import enrolled

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def learner():
    enrollment = learner_with(WEEKLY)
    arm(now=ENROLLED_AT)
    return enrollment


def only():
    return NudgeDelivery.objects.get()


def test_plan_writes_one_row_a_channel_with_one_wording(learner):
    both = learner_with(AFTER_OPENING, email="both@example.com")
    arm(now=ENROLLED_AT)

    assert plan(now=THURSDAY) == (2, 3)

    rows = NudgeDelivery.objects.filter(recipient=both.user)
    assert sorted(row.channel for row in rows) == ["email", "in-app"]
    assert len({row.text for row in rows}) == 1
    assert all(row.state == "planned" and row.send_after == THURSDAY for row in rows)
    assert rows[0].why == "1 working day after Module 1 opens, at 16:00"


@pytest.mark.parametrize("text", ["Is 100 % enough? It's %s or %(x)s.", 'A "quote", a \\ and é', "نعم؟"])
def test_plan_keeps_every_character_of_a_wording(text):
    learner_with({**WEEKLY, "texts": [text]})
    arm(now=ENROLLED_AT)

    plan(now=THURSDAY)

    assert only().text == text


def test_plan_keeps_keys_and_never_ids_in_the_dedupe_key(learner):
    plan(now=THURSDAY)

    assert only().dedupe == (f"{learner.uuid}|{learner.user.uuid}|weekly||2027-03-04|2027-03-04T16:00|email")


def test_plan_names_a_message_after_its_key(learner):
    """The statement computes key and uuid; both databases arrive at what the rules say."""
    learner_with(AFTER_OPENING, email="both@example.com")
    arm(now=ENROLLED_AT)

    plan(now=THURSDAY)

    for row in NudgeDelivery.objects.select_related("recipient"):
        assert row.uuid == delivery_uuid(row.dedupe)
        assert row.dedupe == dedupe_key(
            scope=row.scope,
            recipient=row.recipient.uuid,
            rule_key=row.rule_key,
            subject=row.subject,
            anchor=row.anchor,
            occurrence=row.occurrence,
            channel=row.channel,
        )
    assert NudgeDelivery.objects.count() == 3


def test_plan_writes_a_whole_row(learner):
    plan(now=THURSDAY)

    row, timer = only(), NudgeTimer.objects.get(rule_key="weekly")
    assert (row.recipient_id, row.enrollment_id, row.cohort_id) == (learner.user_id, learner.pk, learner.cohort_id)
    assert (row.organization_id, row.scope) == (learner.cohort.organization_id, learner.uuid)
    assert (row.anchor, row.occurrence, row.due_at) == ("2027-03-04", "2027-03-04T16:00", THURSDAY)
    assert (row.category, row.priority, row.why) == ("practice", 4, timer.why)
    assert (row.planned_at, row.send_after, row.ended_at) == (THURSDAY, THURSDAY, None)
    assert row.expires_at == THURSDAY + timedelta(hours=48)
    assert (row.attempts, row.arm, row.target, row.message_id, row.provider_id) == (0, "", "", "", "")
    assert (row.lease_until, row.lease_token, row.spent_on, row.sent_at, row.read_at) == (None,) * 5


def test_plan_parts_people_who_share_a_moment_by_what_the_guards_say_of_each():
    """One batch, one moment, nine people: whoever is nobody special must not get somebody else's verdict."""
    changes = {
        "withdrawn": withdraw,
        "paused-journey": pause_journey,
        "left": leave_organization,
        "closed": close_account,
        "dead": dead_mailbox,
        "off": opt_out,
        "on-leave": snooze_for_long,
    }
    names = [*changes, "plain", "plain-too"]
    first = learner_with(WEEKLY, email="plain@example.com")
    people = {"plain": first}
    for name in names:
        if name != "plain":
            people[name] = enrolled(first.cohort, email=f"{name}@example.com", now=ENROLLED_AT)
            Enrollment.objects.filter(pk=people[name].pk).update(joined_at=ENROLLED_AT, status="active")
    arm(now=ENROLLED_AT)
    for name, change in changes.items():
        change(people[name])

    plan(now=THURSDAY)

    found = dict(NudgeDelivery.objects.values_list("recipient__email", "reason"))
    assert found == {
        "withdrawn@example.com": "not_needed",
        "paused-journey@example.com": "not_needed",
        "left@example.com": "not_needed",
        "closed@example.com": "not_needed",
        "dead@example.com": "suppressed",
        "off@example.com": "opted_out",
        "on-leave@example.com": "snoozed",
        "plain@example.com": "",
        "plain-too@example.com": "",
    }
    assert ActivityEvent.objects.filter(verb="nudge.suppressed").count() == 7


def test_plan_draws_the_trial_arm_of_each_person(learner, monkeypatch):
    monkeypatch.setattr("learners.nudges.actions.drafting.HELD_OUT_SHARE", {"practice": 5000})
    for number in range(12):
        one = enrolled(learner.cohort, email=f"person{number}@example.com", now=ENROLLED_AT)
        Enrollment.objects.filter(pk=one.pk).update(joined_at=ENROLLED_AT, status="active")
    arm(now=ENROLLED_AT)

    plan(now=THURSDAY)

    rows = NudgeDelivery.objects.select_related("recipient", "organization")
    for row in rows:
        drawn = trial_arm(salt=row.organization.salt, rule_key="weekly", recipient=row.recipient.uuid, share=5000)
        assert row.arm == drawn
        assert (row.state, row.reason) == (("suppressed", "held_out") if drawn == "held_out" else ("planned", ""))
    assert {row.arm for row in rows} == {"held_out", "treated"}


def test_plan_of_a_message_that_exists_adds_nothing(learner):
    plan(now=THURSDAY)
    NudgeTimer.objects.update(due_at=THURSDAY, occurrence="2027-03-04T16:00", anchor="2027-03-04")

    assert plan(now=THURSDAY) == (1, 0)
    assert NudgeDelivery.objects.count() == 1


def test_plan_moves_a_weekly_timer_by_a_local_week(learner):
    plan(now=THURSDAY)

    timer = NudgeTimer.objects.get(rule_key="weekly")
    assert (timer.due_at, timer.occurrence) == (THURSDAY + timedelta(days=7), "2027-03-11T16:00")


def withdraw(enrollment):
    Enrollment.objects.filter(pk=enrollment.pk).update(status="withdrawn")


def pause_journey(enrollment):
    Enrollment.objects.filter(pk=enrollment.pk).update(status="paused")


def leave_organization(enrollment):
    Membership.objects.filter(user=enrollment.user).update(is_active=False)


def close_account(enrollment):
    User.objects.filter(pk=enrollment.user_id).update(is_active=False)


def dead_mailbox(enrollment):
    suppress_address(enrollment.user.email.upper(), cause="refused", now=ENROLLED_AT)


def opt_out(enrollment):
    set_channel_choice(user_id=enrollment.user_id, category="practice", channel="email", is_on=False, now=ENROLLED_AT)


def snooze_for_long(enrollment):
    pause_messages(user_id=enrollment.user_id, until=THURSDAY + timedelta(days=9), now=ENROLLED_AT)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (withdraw, "not_needed"),
        (pause_journey, "not_needed"),
        (leave_organization, "not_needed"),
        (close_account, "not_needed"),
        (dead_mailbox, "suppressed"),
        (opt_out, "opted_out"),
        (snooze_for_long, "snoozed"),
    ],
)
def test_plan_writes_what_a_guard_refuses_as_a_row_with_its_reason(learner, change, reason):
    change(learner)

    plan(now=THURSDAY)

    row = only()
    assert (row.state, row.reason) == ("suppressed", reason)
    assert row.detail
    event = ActivityEvent.objects.get(verb="nudge.suppressed")
    assert (event.object_uuid, event.data["reason"], event.enrollment_uuid) == (row.uuid, reason, learner.uuid)


def test_plan_waits_for_the_end_of_a_pause(learner):
    until = THURSDAY + timedelta(hours=20)
    pause_messages(user_id=learner.user_id, until=until, now=ENROLLED_AT)

    plan(now=THURSDAY)

    assert (only().state, only().reason, only().send_after) == ("planned", "snoozed", until)


def test_plan_waits_for_the_end_of_quiet_hours_in_the_learners_zone(learner):
    eight, noon = (THURSDAY.time().replace(hour=hour) for hour in (8, 12))
    save_preferences(user_id=learner.user_id, quiet_from=noon, quiet_until=eight)

    plan(now=THURSDAY)

    # 08:00 in Paris on Friday.
    assert (only().reason, only().send_after) == ("quiet", THURSDAY + timedelta(hours=16))


def test_plan_too_late_is_expired(learner):
    plan(now=THURSDAY + timedelta(hours=48))

    assert (only().state, only().reason) == ("suppressed", "expired")


def test_plan_with_a_used_up_day_waits_for_the_next_and_spends_nothing(learner):
    budget = ContactBudgetFactory(user=learner.user, period="2027-03-04", used=1)

    plan(now=THURSDAY)

    assert (only().reason, only().send_after) == ("cap", THURSDAY + timedelta(days=1))
    budget.refresh_from_db()
    assert budget.used == 1


def test_plan_with_a_used_up_week_is_stopped_when_monday_is_too_late(learner):
    ContactBudgetFactory(user=learner.user, period="2027-W09", used=3)

    plan(now=THURSDAY)

    assert (only().state, only().reason) == ("suppressed", "cap")


def test_plan_soon_after_another_message_keeps_the_gap(learner):
    NudgeDeliveryFactory(
        enrollment=learner, state="sent", sent_at=THURSDAY - timedelta(hours=1), category="due", rule_key="other"
    )

    plan(now=THURSDAY)

    row = NudgeDelivery.objects.get(rule_key="weekly")
    assert (row.reason, row.send_after) == ("gap", THURSDAY + timedelta(hours=2))


def test_plan_takes_wordings_in_turn_and_gives_an_unread_turn_back():
    texts = ["one", "two", "three"]
    enrollment = learner_with({**WEEKLY, "texts": texts})
    arm(now=ENROLLED_AT)
    said = []
    for week in range(4):
        now = THURSDAY + timedelta(days=7 * week)
        plan(now=now)
        row = NudgeDelivery.objects.order_by("-id")[0]
        said.append(row.text)
        NudgeDelivery.objects.filter(pk=row.pk).update(
            state="suppressed" if week == 2 else "sent", reason="cap" if week == 2 else "", sent_at=now
        )

    assert sorted(said[:3]) == sorted(texts)
    assert said[3] == said[2]
    assert said[3] != said[1]
    assert enrollment.user.uuid


def test_plan_of_a_timer_armed_in_another_zone_asks_for_it_to_be_armed_anew(learner):
    User.objects.filter(pk=learner.user_id).update(time_zone="America/New_York")

    plan(now=THURSDAY)

    assert NudgeDelivery.objects.count() == 0
    assert Enrollment.objects.get(pk=learner.pk).needs_arming is True
    arm(now=THURSDAY)
    assert NudgeTimer.objects.get(rule_key="weekly").due_at == THURSDAY + timedelta(hours=6)


def test_plan_of_a_rule_that_is_gone_is_not_needed(learner):
    NudgeTimer.objects.update(rule_key="gone")

    plan(now=THURSDAY)

    assert fates() == [("gone", "email", "suppressed", "not_needed")]


def test_inactivity_message_comes_once_and_again_after_a_new_quiet_stretch():
    enrollment = learner_with(INACTIVE)
    saturday = ENROLLED_AT.replace(day=6, hour=9)
    arm(now=ENROLLED_AT)
    for day in range(10):
        plan(now=saturday + timedelta(days=day))
        arm(now=saturday + timedelta(days=day))
    assert fates() == [("quiet-for-days", "email", "planned", "")]

    # A small activity, which touches no timer.
    Enrollment.objects.filter(pk=enrollment.pk).update(last_activity_at=saturday + timedelta(days=10))
    for day in range(10, 20):
        plan(now=saturday + timedelta(days=day))
        arm(now=saturday + timedelta(days=day))

    rows = NudgeDelivery.objects.order_by("id")
    assert [row.occurrence for row in rows] == ["2027-03-06T10:00", "2027-03-19T10:00"]


def test_inactivity_message_is_not_planned_when_there_was_activity():
    enrollment = learner_with(INACTIVE)
    arm(now=ENROLLED_AT)
    Enrollment.objects.filter(pk=enrollment.pk).update(last_activity_at=ENROLLED_AT + timedelta(days=2))

    plan(now=ENROLLED_AT + timedelta(days=4))

    assert NudgeDelivery.objects.count() == 0
    arm(now=ENROLLED_AT + timedelta(days=4))
    assert NudgeTimer.objects.get(rule_key="quiet-for-days").occurrence == "2027-03-08T10:00"


def test_plan_spreads_a_herd_over_ten_minutes(monkeypatch):
    enrollment = learner_with(WEEKLY)
    monkeypatch.setattr("learners.nudges.actions.inserting.HERD", 3)
    for number in range(6):
        NudgeTimerFactory(enrollment=enrollment, rule_key="weekly", subject=str(number), due_at=THURSDAY)
    other = learner_with(WEEKLY, email="other@example.com")
    NudgeTimerFactory(enrollment=other, rule_key="weekly", due_at=THURSDAY)

    plan(now=THURSDAY)

    after = set(NudgeDelivery.objects.values_list("recipient_id", "send_after"))
    assert all(THURSDAY <= at <= THURSDAY + timedelta(minutes=10) for _, at in after)
    # One person and rule always get the same delay, and another person another one.
    assert len(after) == len({at for _, at in after}) == 2


@pytest.mark.parametrize("people", [1, 3])
def test_plan_queries_do_not_grow_with_people(django_assert_num_queries, people):
    first = learner_with(WEEKLY)
    for _ in range(people):
        timer = NudgeTimerFactory(enrollment__cohort=first.cohort, rule_key="weekly", due_at=THURSDAY)
        Membership.objects.create(user=timer.recipient, organization=timer.organization)

    with django_assert_num_queries(9):
        plan(now=THURSDAY)

    assert NudgeDelivery.objects.count() == people

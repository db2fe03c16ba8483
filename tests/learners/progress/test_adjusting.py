"""Adjustments for one person, and what the schedule makes of them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from config.events.models import ActivityEvent
from config.support.errors import InvalidInput
from learners.cohorts.actions import withdraw
from learners.cohorts.errors import EnrollmentClosed, NothingToDo, UnknownEnrollment, UnknownKey
from learners.cohorts.models import Enrollment, EnrollmentAdjustment
from learners.progress.actions import (
    complete_step,
    exempt_step,
    extend_due,
    pause,
    rebuild_progress,
    reinstate,
    release,
    resume,
    shift_dates,
)
from learners.progress.queries import load_facts, timeline_of
from tests.factories.accounts import UserFactory
from tests.learners.running import NOW, enrolled

pytestmark = pytest.mark.django_db

SECOND_OPENS = datetime(2027, 3, 10, 8, tzinfo=UTC)
FIRST_DUE = datetime(2027, 3, 10, 17, tzinfo=UTC)


@pytest.fixture
def enrollment():
    made = enrolled()
    for key in ("read", "try-it"):
        complete_step(enrollment_id=made.pk, step_key=key, now=NOW, recorded_by_id=made.user_id)
    made.refresh_from_db()
    return made


def again(enrollment):
    return Enrollment.objects.select_related("cohort__organization", "user", "version__journey").get(pk=enrollment.pk)


def test_a_pause_stops_everything_and_a_resume_moves_it(enrollment):
    assert enrollment.next_opens_at == SECOND_OPENS

    paused = pause(enrollment_id=enrollment.pk, reason=" leave ", actor_id=None, now=NOW)
    assert (paused.status, paused.next_opens_at, paused.next_due_at) == ("paused", None, None)
    assert timeline_of(paused).timeline.modules["second"].opens_at is None

    resumed = resume(enrollment_id=enrollment.pk, actor_id=None, now=NOW + timedelta(days=10))
    assert (resumed.status, resumed.next_opens_at) == ("active", SECOND_OPENS + timedelta(days=10))
    assert [(p.from_at, p.until_at) for p in load_facts(resumed).pauses] == [(NOW, NOW + timedelta(days=10))]
    assert EnrollmentAdjustment.objects.filter(kind="pause").get().reason == "leave"
    told = ActivityEvent.objects.filter(verb__in=["enrollment.paused", "enrollment.resumed"])
    assert told.count() == 2


def test_a_second_pause_and_a_resume_of_a_running_person_are_refused(enrollment):
    with pytest.raises(NothingToDo):
        resume(enrollment_id=enrollment.pk, actor_id=None, now=NOW)
    pause(enrollment_id=enrollment.pk, actor_id=None, now=NOW)
    with pytest.raises(NothingToDo):
        pause(enrollment_id=enrollment.pk, actor_id=None, now=NOW)
    assert EnrollmentAdjustment.objects.count() == 1


def test_somebody_who_was_only_invited_is_invited_again_after_a_pause():
    enrollment = enrolled()

    pause(enrollment_id=enrollment.pk, actor_id=None, now=NOW)

    assert resume(enrollment_id=enrollment.pk, actor_id=None, now=NOW).status == "invited"


def test_a_shift_moves_what_is_still_to_come_and_shifts_add_up(enrollment):
    shift_dates(enrollment_id=enrollment.pk, days=7, actor_id=None, now=NOW)
    shifted = shift_dates(enrollment_id=enrollment.pk, days=-2, actor_id=None, now=NOW + timedelta(minutes=1))

    assert shifted.next_opens_at == SECOND_OPENS + timedelta(days=5)
    assert [shift.days for shift in load_facts(shifted).shifts] == [7, -2]
    assert shifted.needs_arming


@pytest.mark.parametrize("days", [0, 366, -366])
def test_a_shift_by_nothing_or_by_years_is_refused(enrollment, days):
    with pytest.raises(InvalidInput) as refusal:
        shift_dates(enrollment_id=enrollment.pk, days=days, actor_id=None, now=NOW)
    assert refusal.value.faults[0].pointer == "/days"


def test_an_extension_gives_a_later_last_day():
    enrollment = enrolled()
    assert enrollment.next_due_at == FIRST_DUE

    extended = extend_due(enrollment_id=enrollment.pk, key="first", until_on=date(2027, 3, 20), actor_id=None, now=NOW)

    assert extended.next_due_at is not None
    assert extended.next_due_at.date() == date(2027, 3, 20)
    assert load_facts(extended).extensions == {"first": date(2027, 3, 20)}


def test_an_extension_into_the_past_or_of_nothing_known_is_refused(enrollment):
    with pytest.raises(InvalidInput):
        extend_due(enrollment_id=enrollment.pk, key="", until_on=date(2027, 3, 2), actor_id=None, now=NOW)
    with pytest.raises(UnknownKey):
        extend_due(enrollment_id=enrollment.pk, key="third", until_on=date(2027, 4, 2), actor_id=None, now=NOW)


def test_an_exempted_step_counts_no_more_and_may_finish_the_module_and_the_journey(enrollment):
    for key in ("plan", "look-back"):
        complete_step(enrollment_id=enrollment.pk, step_key=key, now=SECOND_OPENS)

    exempted = exempt_step(enrollment_id=enrollment.pk, key="meet", reason="abroad", actor_id=None, now=SECOND_OPENS)

    assert (exempted.required, exempted.completed, exempted.status) == (4, 4, "completed")
    assert exempted.completed_at == SECOND_OPENS
    assert load_facts(exempted).exempted == {"meet"}
    assert EnrollmentAdjustment.objects.get().key == "second/meet"
    assert ActivityEvent.objects.filter(verb="enrollment.completed").count() == 1
    assert ActivityEvent.objects.filter(verb="module.completed", data__module="second").count() == 1


@pytest.mark.parametrize("key", ["second", "first/meet", "nothing", ""])
def test_an_exemption_from_what_is_no_step_is_refused(enrollment, key):
    with pytest.raises(UnknownKey):
        exempt_step(enrollment_id=enrollment.pk, key=key, actor_id=None, now=NOW)


@pytest.mark.parametrize("key", ["first/read", "meet"])
def test_an_exemption_from_what_is_done_or_exempted_is_refused(enrollment, key):
    exempt_step(enrollment_id=enrollment.pk, key="second/meet", actor_id=None, now=NOW)

    with pytest.raises(NothingToDo):
        exempt_step(enrollment_id=enrollment.pk, key=key, actor_id=None, now=NOW)


def test_a_release_opens_a_module_now_and_once(enrollment):
    released = release(enrollment_id=enrollment.pk, key="second", actor_id=None, now=NOW)

    assert released.module_states["second"] == "open"
    assert timeline_of(released).timeline.is_open("second", NOW)
    assert ActivityEvent.objects.filter(verb="module.opened", data__module="second").count() == 1
    with pytest.raises(NothingToDo):
        release(enrollment_id=enrollment.pk, key="second", actor_id=None, now=NOW)


def test_a_release_of_a_step_keeps_module_and_step():
    enrollment = enrolled()

    release(enrollment_id=enrollment.pk, key="try-it", actor_id=None, now=NOW)

    assert load_facts(enrollment).released == {"first/try-it": NOW}


def test_a_withdrawn_person_takes_no_adjustment_until_reinstated(enrollment):
    gone = withdraw(enrollment_id=enrollment.pk, actor_id=None, now=NOW)
    assert (gone.status, gone.next_opens_at, gone.withdrawn_at) == ("withdrawn", None, NOW)

    with pytest.raises(EnrollmentClosed):
        shift_dates(enrollment_id=enrollment.pk, days=1, actor_id=None, now=NOW)
    with pytest.raises(NothingToDo):
        withdraw(enrollment_id=enrollment.pk, actor_id=None, now=NOW)

    back = reinstate(enrollment_id=enrollment.pk, actor_id=None, now=NOW)
    assert (back.status, back.withdrawn_at, back.next_opens_at) == ("active", None, SECOND_OPENS)
    assert again(enrollment).completed == 2
    with pytest.raises(NothingToDo):
        reinstate(enrollment_id=enrollment.pk, actor_id=None, now=NOW)


def test_somebody_paused_who_withdrew_comes_back_paused(enrollment):
    pause(enrollment_id=enrollment.pk, actor_id=None, now=NOW)
    withdraw(enrollment_id=enrollment.pk, actor_id=None, now=NOW)

    assert reinstate(enrollment_id=enrollment.pk, actor_id=None, now=NOW).status == "paused"


@pytest.mark.parametrize("act", [pause, resume, reinstate, withdraw])
def test_an_unknown_enrollment_is_refused(act):
    with pytest.raises(UnknownEnrollment):
        act(enrollment_id=0, actor_id=None, now=NOW)


def test_every_adjustment_bumps_the_revision_and_says_who_did_it(enrollment):
    actor = enrollment.user

    shift_dates(enrollment_id=enrollment.pk, days=1, actor_id=actor.pk, now=NOW)

    assert again(enrollment).revision == enrollment.revision + 1
    event = ActivityEvent.objects.get(verb="enrollment.adjusted")
    assert (event.actor_id, event.data["kind"], event.data["days"]) == (actor.pk, "shift", 1)


def test_the_reasons_of_leaving_and_coming_back_are_kept_with_who_gave_them():
    enrollment = enrolled()
    staff = UserFactory()

    withdraw(enrollment_id=enrollment.pk, reason="  left the\ncompany ", actor_id=staff.pk, now=NOW)
    reinstate(enrollment_id=enrollment.pk, reason="came back", actor_id=staff.pk, now=NOW)

    rows = EnrollmentAdjustment.objects.filter(enrollment=enrollment).order_by("id")
    assert [(row.kind, row.reason, row.recorded_by) for row in rows] == [
        ("withdraw", "left the company", staff),
        ("reinstate", "came back", staff),
    ]
    assert rebuild_progress(check=True, now=NOW).differences == ()

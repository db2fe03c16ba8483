"""Completing steps."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from config.events.models import ActivityEvent
from config.support.errors import InvalidInput
from learners.cohorts.actions import withdraw
from learners.cohorts.errors import EnrollmentClosed, UnknownEnrollment
from learners.progress.actions import Answer, complete_step, release, save_attempt, shift_dates
from learners.progress.errors import FutureCompletion, StepLocked, UnknownStep
from learners.progress.models import Attempt, Completion, ModuleOpening
from learners.progress.queries import completions_of, timeline_of
from tests.learners.running import NOW, enrolled

pytestmark = pytest.mark.django_db

NEXT_WEEK = datetime(2027, 3, 10, 8, tzinfo=UTC)


def complete(enrollment, *keys, now=NOW, **values):
    """Complete these steps as the learner."""
    return [
        complete_step(enrollment_id=enrollment.pk, step_key=key, now=now, recorded_by_id=enrollment.user_id, **values)
        for key in keys
    ][-1]


def verbs(enrollment):
    told = ActivityEvent.objects.filter(enrollment_uuid=enrollment.uuid).order_by("id")
    return list(told.values_list("verb", flat=True))


def test_completing_a_step_writes_the_completion_and_the_roll_up():
    enrollment = enrolled()

    made = complete(enrollment, "read")

    enrollment.refresh_from_db()
    assert (made.completed_at, made.passed_at, made.how, made.recorded_by_id) == (NOW, None, "done", enrollment.user_id)
    assert made.step.key == "read"
    assert (enrollment.required, enrollment.completed, enrollment.practiced) == (5, 1, 0)
    assert (enrollment.status, enrollment.last_activity_at, enrollment.joined_at) == ("active", NOW, NOW)
    assert enrollment.module_states == {"first": "started", "second": "locked"}
    assert (enrollment.current_module, enrollment.current_position) == ("first", 1)
    assert enrollment.needs_arming
    assert verbs(enrollment) == ["enrollment.created", "step.completed", "module.opened"]


def test_completing_a_step_twice_leaves_one_row_with_the_first_date():
    enrollment = enrolled()
    first = complete(enrollment, "read")
    before = verbs(enrollment)
    enrollment.refresh_from_db()
    revision = enrollment.revision

    again = complete(enrollment, "read", now=NOW + timedelta(days=1))

    enrollment.refresh_from_db()
    assert (again.pk, again.completed_at) == (first.pk, NOW)
    assert Completion.objects.count() == 1
    assert verbs(enrollment) == before
    assert enrollment.revision == revision


def test_a_later_pass_and_a_better_score_are_added_to_the_first_completion():
    enrollment = enrolled()
    complete(enrollment, "read", passed=False, score_scaled=0.4)

    complete(enrollment, "read", now=NOW + timedelta(hours=1), passed=True, score_scaled=0.9)
    complete(enrollment, "read", now=NOW + timedelta(hours=2), passed=False, score_scaled=0.1)

    row = Completion.objects.get()
    assert (row.completed_at, row.passed_at) == (NOW, NOW + timedelta(hours=1))
    assert row.score_scaled == Decimal("0.9")
    assert verbs(enrollment).count("step.passed") == 1


def test_completing_everything_completes_modules_and_the_enrollment_once():
    enrollment = enrolled()
    complete(enrollment, "read", "try-it")
    complete(enrollment, "plan", "look-back", "meet", now=NEXT_WEEK)
    complete(enrollment, "extra", now=NEXT_WEEK + timedelta(days=1))

    enrollment.refresh_from_db()
    assert (enrollment.status, enrollment.completed_at) == ("completed", NEXT_WEEK)
    assert (enrollment.completed, enrollment.required, enrollment.practiced) == (5, 5, 3)
    assert (enrollment.next_opens_at, enrollment.next_due_at) == (None, None)
    assert set(enrollment.module_states.values()) == {"completed"}
    assert verbs(enrollment).count("module.completed") == 2
    assert verbs(enrollment).count("module.opened") == 2
    assert verbs(enrollment).count("enrollment.completed") == 1


def test_a_module_that_opens_is_recorded_with_the_moment_of_the_schedule():
    enrollment = enrolled()
    complete(enrollment, "read", "try-it")

    complete(enrollment, "plan", now=NEXT_WEEK + timedelta(days=1))

    opened = dict(ModuleOpening.objects.values_list("module_key", "opened_at"))
    assert opened == {"first": datetime(2027, 3, 3, 8, tzinfo=UTC), "second": NEXT_WEEK}


def test_a_locked_step_is_refused_with_reason_and_moment():
    enrollment = enrolled()

    with pytest.raises(StepLocked) as refusal:
        complete(enrollment, "plan")

    assert str(refusal.value) == "“Plan” opens with Module 2, and Module 2 opens after you finish Module 1."
    assert refusal.value.opens_at is None
    assert Completion.objects.count() == 0
    assert ActivityEvent.objects.filter(verb="step.completed").count() == 0

    complete(enrollment, "read", "try-it")
    with pytest.raises(StepLocked) as refusal:
        complete(enrollment, "plan")

    assert str(refusal.value) == (
        "“Plan” opens on Wednesday 10 March 2027 at 09:00: with Module 2, 1 week after the start, at 09:00."
    )
    assert refusal.value.opens_at == NEXT_WEEK
    assert refusal.value.code == "step_locked"


def test_a_withdrawn_person_adds_nothing_and_keeps_what_they_did():
    enrollment = enrolled()
    first = complete(enrollment, "read")
    withdraw(enrollment_id=enrollment.pk, actor_id=None, now=NOW)

    with pytest.raises(EnrollmentClosed):
        complete(enrollment, "extra")

    assert complete(enrollment, "read") == first
    with pytest.raises(EnrollmentClosed):
        save_attempt(enrollment_id=enrollment.pk, step_key="extra", response={}, now=NOW)


def test_an_unknown_step_and_an_unknown_enrollment_are_refused():
    enrollment = enrolled()

    with pytest.raises(UnknownStep):
        complete(enrollment, "nowhere")
    with pytest.raises(UnknownEnrollment):
        complete_step(enrollment_id=0, step_key="read", now=NOW)


def test_a_completion_in_the_future_is_refused_and_one_in_the_past_is_kept():
    enrollment = enrolled()

    with pytest.raises(FutureCompletion) as refusal:
        complete(enrollment, "read", completed_at=NOW + timedelta(seconds=1))
    assert refusal.value.faults[0].pointer == "/completed_at"

    made = complete(enrollment, "read", completed_at=NOW - timedelta(hours=1), passed=True)
    assert (made.completed_at, made.passed_at, made.recorded_at) == (
        NOW - timedelta(hours=1),
        NOW - timedelta(hours=1),
        NOW,
    )


def test_a_score_out_of_range_is_refused():
    with pytest.raises(InvalidInput):
        complete(enrolled(), "read", score_scaled=1.5)


def test_a_tool_that_completes_is_not_taken_for_a_person():
    enrollment = enrolled()

    complete_step(enrollment_id=enrollment.pk, step_key="read", now=NOW, how="reported")

    assert ActivityEvent.objects.get(verb="step.completed").actor_id is None


def test_an_answer_is_kept_with_the_completion_and_a_replay_is_a_new_attempt():
    enrollment = enrolled()
    save_attempt(enrollment_id=enrollment.pk, step_key="read", response={"half": 1}, now=NOW)

    complete(enrollment, "read", answer=Answer({"whole": 1}))
    complete(enrollment, "read", answer=Answer({"again": 1}))

    kept = list(Attempt.objects.order_by("number").values_list("number", "response", "state"))
    assert kept == [(1, {"whole": 1}, "judged"), (2, {"again": 1}, "judged")]


def test_saving_an_attempt_makes_an_invited_person_active_and_spares_the_row():
    enrollment = enrolled()
    assert enrollment.status == "invited"

    for minute in (0, 1, 6):
        save_attempt(
            enrollment_id=enrollment.pk, step_key="read", response={"n": minute}, now=NOW + timedelta(minutes=minute)
        )

    enrollment.refresh_from_db()
    assert (enrollment.status, enrollment.revision) == ("active", 2)
    assert enrollment.last_activity_at == NOW + timedelta(minutes=6)
    assert Attempt.objects.get().response == {"n": 6}


def test_an_attempt_at_a_locked_step_is_refused():
    enrollment = enrolled()

    with pytest.raises(StepLocked):
        save_attempt(enrollment_id=enrollment.pk, step_key="plan", response={}, now=NOW)


def test_completions_are_found_by_step_key():
    enrollment = enrolled()
    complete(enrollment, "read")

    assert set(completions_of(enrollment.pk)) == {"read"}


def own_queries(captured):
    return [q["sql"] for q in captured if not q["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]


def test_completing_a_step_takes_6_queries(django_assert_max_num_queries):
    enrollment = enrolled()
    complete(enrollment, "read")

    with django_assert_max_num_queries(100) as captured:
        complete(enrollment, "try-it")

    assert len(own_queries(captured)) == 6


def test_the_costliest_completion_takes_10_queries(django_assert_max_num_queries):
    enrollment = enrolled()
    shift_dates(enrollment_id=enrollment.pk, days=1, actor_id=None, now=NOW - timedelta(days=3))
    release(enrollment_id=enrollment.pk, key="second", actor_id=None, now=NOW)
    ModuleOpening.objects.all().delete()

    with django_assert_max_num_queries(100) as captured:
        complete(enrollment, "plan", answer=Answer({"whole": 1}))

    queries = own_queries(captured)
    assert len(queries) == 10, "\n".join(queries)


def test_the_first_completion_of_a_process_also_reads_the_version(django_assert_max_num_queries):
    enrollment = enrolled()
    timeline_of(enrollment)

    with django_assert_max_num_queries(100) as captured:
        complete(enrollment, "read")

    assert len(own_queries(captured)) <= 10

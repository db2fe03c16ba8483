"""Roll-ups are what completions say, at every point, and can be rebuilt."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from learners.cohorts.models import Enrollment
from learners.progress.actions import complete_step, pause, rebuild_progress, record_opening, refresh_roll_up
from learners.progress.models import Completion, ModuleOpening
from tests.learners.running import NOW, enrolled, running_cohort

pytestmark = pytest.mark.django_db

SECOND_OPENS = datetime(2027, 3, 10, 8, tzinfo=UTC)


def wrong(now):
    return rebuild_progress(check=True, now=now).differences


def test_roll_ups_agree_with_completions_after_each_act():
    enrollment = enrolled()
    assert wrong(NOW) == ()

    for key in ("read", "try-it"):
        complete_step(enrollment_id=enrollment.pk, step_key=key, now=NOW)
        assert wrong(NOW) == ()
    for key in ("plan", "look-back", "meet"):
        complete_step(enrollment_id=enrollment.pk, step_key=key, now=SECOND_OPENS)
        assert wrong(SECOND_OPENS) == ()


def test_an_opening_that_the_next_tick_will_bring_is_no_difference():
    enrollment = enrolled()
    complete_step(enrollment_id=enrollment.pk, step_key="read", now=NOW)
    complete_step(enrollment_id=enrollment.pk, step_key="try-it", now=NOW)

    assert wrong(SECOND_OPENS + timedelta(hours=1)) == ()
    assert refresh_roll_up(enrollment_id=enrollment.pk, now=SECOND_OPENS)
    assert wrong(SECOND_OPENS + timedelta(hours=1)) == ()


def test_a_deadline_that_passed_is_no_difference():
    enrolled()

    assert wrong(NOW + timedelta(days=30)) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"completed": 0},
        {"required": 9},
        {"practiced": 3},
        {"module_states": {}},
        {"current_module": "first"},
        {"next_opens_at": None},
        {"last_activity_at": None},
    ],
)
def test_a_row_that_lies_is_found_and_mended(change):
    enrollment = enrolled()
    complete_step(enrollment_id=enrollment.pk, step_key="read", now=NOW)
    complete_step(enrollment_id=enrollment.pk, step_key="try-it", now=NOW)
    Enrollment.objects.filter(pk=enrollment.pk).update(**change)

    (found,) = wrong(NOW)
    assert found.enrollment_uuid == enrollment.uuid
    assert set(change) <= set(found.fields)

    rebuild_progress(check=False, now=NOW)
    assert wrong(NOW) == ()


def test_a_missing_finish_is_mended_and_a_finish_is_never_taken_back():
    enrollment = enrolled()
    for key in ("read", "try-it"):
        complete_step(enrollment_id=enrollment.pk, step_key=key, now=NOW)
    for key in ("plan", "look-back", "meet"):
        complete_step(enrollment_id=enrollment.pk, step_key=key, now=SECOND_OPENS)
    Enrollment.objects.update(status="active", completed_at=None)

    rebuild_progress(check=False, now=SECOND_OPENS)
    enrollment.refresh_from_db()
    assert (enrollment.status, enrollment.completed_at) == ("completed", SECOND_OPENS)

    Completion.objects.filter(step_key="meet").delete()
    rebuild_progress(check=False, now=SECOND_OPENS)
    enrollment.refresh_from_db()
    assert (enrollment.status, enrollment.completed_at, enrollment.completed) == ("completed", SECOND_OPENS, 4)


def test_the_command_exits_1_on_any_difference_and_mends_without_check(capsys):
    enrollment = enrolled(now=datetime(2020, 1, 1, tzinfo=UTC))
    call_command("rebuild_progress", "--check")
    assert "1 enrollments looked at, 0 differ." in capsys.readouterr().out

    Enrollment.objects.update(required=1)
    with pytest.raises(CommandError) as refusal:
        call_command("rebuild_progress", "--check")
    assert refusal.value.returncode == 1
    assert str(enrollment.uuid) in capsys.readouterr().out

    call_command("rebuild_progress")
    call_command("rebuild_progress", "--check")


@pytest.mark.parametrize("people", [1, 3])
def test_checking_costs_the_same_for_one_and_for_three(people, django_assert_num_queries):
    cohort = running_cohort()
    for number in range(people):
        enrolled(cohort, f"p{number}@example.com")
    wrong(NOW)

    # Two for the batches, one for the rows, one each for completions, openings and adjustments.
    with django_assert_num_queries(6):
        wrong(NOW)


def test_an_opening_is_recorded_once_and_with_the_moment_of_the_schedule():
    enrollment = enrolled()

    assert not record_opening(enrollment_id=enrollment.pk, module_key="second", now=NOW)
    assert record_opening(enrollment_id=enrollment.pk, module_key="first", now=NOW)
    assert not record_opening(enrollment_id=enrollment.pk, module_key="first", now=NOW)

    assert ModuleOpening.objects.get().opened_at == datetime(2027, 3, 3, 8, tzinfo=UTC)


def test_nothing_opens_for_somebody_who_is_paused():
    enrollment = enrolled()
    pause(enrollment_id=enrollment.pk, actor_id=None, now=NOW)

    assert not record_opening(enrollment_id=enrollment.pk, module_key="first", now=NOW + timedelta(days=1))
    assert ModuleOpening.objects.count() == 0


def test_what_somebody_paused_worked_in_is_recorded_as_opened():
    enrollment = enrolled()
    pause(enrollment_id=enrollment.pk, actor_id=None, now=NOW)

    complete_step(enrollment_id=enrollment.pk, step_key="read", now=NOW + timedelta(days=1))

    opening = ModuleOpening.objects.get()
    assert (opening.module_key, opening.opened_at) == ("first", datetime(2027, 3, 3, 8, tzinfo=UTC))


def test_a_refresh_that_finds_nothing_new_writes_nothing():
    enrollment = enrolled()
    record_opening(enrollment_id=enrollment.pk, module_key="first", now=NOW)
    Enrollment.objects.update(needs_arming=False)
    enrollment.refresh_from_db()

    assert not refresh_roll_up(enrollment_id=enrollment.pk, now=NOW)

    before = enrollment.revision
    enrollment.refresh_from_db()
    assert (enrollment.revision, enrollment.needs_arming) == (before, False)

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from config.accounts.models import User
from config.events.models import ActivityEvent
from learners.cohorts.models import Enrollment
from learners.nudges.actions.arm import arm
from learners.nudges.actions.fire import fire
from learners.nudges.models import NudgeTimer
from learners.progress.actions.completing import complete_step
from learners.progress.models import ModuleOpening
from tests.learners.nudges.world import ENROLLED_AT, learner_with, run
from tests.learners.running import enrolled, published_version, running_cohort

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

DUE_AT = datetime(2027, 3, 10, 17, tzinfo=UTC)
SECOND_OPENS_AT = datetime(2027, 3, 10, 8, tzinfo=UTC)


def test_opening_is_recorded_at_the_instant_of_the_schedule_and_sends_nothing():
    enrollment = learner_with()
    arm(now=ENROLLED_AT)

    assert fire(now=ENROLLED_AT) == 1

    opening = ModuleOpening.objects.get()
    assert (opening.module_key, opening.opened_at) == ("first", datetime(2027, 3, 3, 8, tzinfo=UTC))
    event = ActivityEvent.objects.get(verb="module.opened")
    assert (event.occurred_at, event.enrollment_uuid) == (opening.opened_at, enrollment.uuid)
    assert mail.outbox == []


def test_module_that_opens_by_date_opens_when_its_hour_comes_and_not_before():
    enrollment = learner_with()
    for step in ("read", "try-it"):
        complete_step(enrollment_id=enrollment.pk, step_key=step, now=ENROLLED_AT)
    run(ENROLLED_AT)
    assert Enrollment.objects.get().next_opens_at == SECOND_OPENS_AT

    run(SECOND_OPENS_AT - timedelta(seconds=1))
    assert not ModuleOpening.objects.filter(module_key="second").exists()
    run(SECOND_OPENS_AT + timedelta(minutes=20))

    assert ModuleOpening.objects.get(module_key="second").opened_at == SECOND_OPENS_AT
    assert Enrollment.objects.get().current_module == "second"
    assert ActivityEvent.objects.filter(verb="module.opened", data__module="second").count() == 1


def test_deadline_that_passes_is_told_once_and_sends_nothing():
    learner_with()
    run(ENROLLED_AT)

    for minutes in range(5):
        run(DUE_AT + timedelta(minutes=minutes))

    event = ActivityEvent.objects.get(verb="module.due")
    assert (event.occurred_at, event.data["module"]) == (DUE_AT, "first")
    assert mail.outbox == []


def test_deadlines_that_passed_while_nothing_ran_are_all_told():
    version = published_version()
    version.steps.filter(key="read").update(due={"from": "opens", "working_days": 6, "at": "18:00"})
    enrolled(running_cohort(version))
    run(ENROLLED_AT)

    run(DUE_AT + timedelta(days=5))
    run(DUE_AT + timedelta(days=5))
    run(DUE_AT + timedelta(days=5))

    told = ActivityEvent.objects.filter(verb__endswith=".due").order_by("occurred_at")
    assert [(event.verb, event.occurred_at) for event in told] == [
        ("module.due", DUE_AT),
        ("step.due", DUE_AT + timedelta(days=1)),
    ]


def test_step_that_a_completion_opens_is_told_once_however_soon_and_often_the_engine_looks():
    enrollment = enrolled(running_cohort(published_version()))
    run(ENROLLED_AT)
    read_at = ENROLLED_AT + timedelta(hours=1, microseconds=500)
    complete_step(enrollment_id=enrollment.pk, step_key="read", now=read_at)

    for seconds in (2, 4, 6):
        run(read_at + timedelta(seconds=seconds))

    told = ActivityEvent.objects.filter(verb="step.opened")
    assert [(event.data["step"], event.occurred_at) for event in told] == [("try-it", read_at)]


def test_module_that_opens_for_somebody_who_is_through_is_recorded_and_told():
    version = published_version()
    version.steps.filter(module__key="second").update(required=False)
    enrollment = enrolled(running_cohort(version))
    for step in ("read", "try-it"):
        complete_step(enrollment_id=enrollment.pk, step_key=step, now=ENROLLED_AT)
    run(ENROLLED_AT)
    enrollment.refresh_from_db()
    assert (enrollment.status, enrollment.module_states["second"]) == ("completed", "locked")

    run(SECOND_OPENS_AT)
    run(SECOND_OPENS_AT)

    enrollment.refresh_from_db()
    assert (enrollment.status, enrollment.module_states["second"]) == ("completed", "open")
    assert ModuleOpening.objects.get(module_key="second").opened_at == SECOND_OPENS_AT
    assert ActivityEvent.objects.filter(verb="module.opened", data__module="second").count() == 1
    assert not ActivityEvent.objects.filter(verb__endswith=".due").exists()


def test_deadline_of_what_is_still_closed_is_told_when_it_opens_and_not_before():
    version = published_version()
    version.steps.filter(key="try-it").update(
        opens={"completed": "first/read"}, due={"from": "module-opened:first", "days": 2, "at": "18:00"}
    )
    enrollment = enrolled(running_cohort(version))
    run(ENROLLED_AT)

    run(ENROLLED_AT + timedelta(days=3))
    assert not ActivityEvent.objects.filter(verb="step.due").exists()
    read_at = ENROLLED_AT + timedelta(days=3)
    complete_step(enrollment_id=enrollment.pk, step_key="read", now=read_at)
    run(read_at)

    assert ActivityEvent.objects.get(verb="step.due").occurred_at == read_at


def test_person_who_cannot_be_computed_is_set_aside_and_holds_up_nobody(caplog):
    broken = learner_with(email="broken@example.com")
    fine = learner_with()
    arm(now=ENROLLED_AT)
    User.objects.filter(pk=broken.user_id).update(time_zone="Mars/Olympus")

    assert fire(now=ENROLLED_AT) == 2

    assert list(ModuleOpening.objects.values_list("enrollment", flat=True)) == [fine.pk]
    timer = NudgeTimer.objects.get(enrollment=broken, purpose="opens")
    assert timer.due_at == ENROLLED_AT + timedelta(hours=1)
    assert "cannot be fired" in timer.fault

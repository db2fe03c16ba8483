"""A timer that cannot be planned is set aside with its reason and holds up no other."""

import pytest

from journeys.authoring.queries import outline_for
from learners.nudges.actions.arm import arm
from learners.nudges.actions.plan import plan
from learners.nudges.models import NudgeDelivery, NudgeTimer
from tests.factories.nudges import NudgeTimerFactory
from tests.learners.nudges.world import ENROLLED_AT, THURSDAY, WEEKLY, learner_with

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def learner():
    enrollment = learner_with(WEEKLY)
    arm(now=ENROLLED_AT)
    return enrollment


def test_plan_sets_a_timer_that_cannot_be_planned_aside_and_goes_on(learner, caplog):
    broken = NudgeTimerFactory(enrollment=learner, rule_key="weekly", subject="x", occurrence="?", repeats_days=7)

    assert plan(now=THURSDAY) == (2, 1)

    (aside,) = NudgeTimer.objects.filter(pk=broken.pk, due_at=None)
    assert "cannot be planned" in aside.fault


def test_plan_sets_a_row_that_nobody_understands_aside_and_goes_on(learner):
    broken = NudgeTimerFactory(enrollment=learner, rule_key="weekly", subject="x", channels=5)

    assert plan(now=THURSDAY) == (2, 1)

    assert "cannot be planned" in NudgeTimer.objects.get(pk=broken.pk, due_at=None).fault


def test_plan_sets_timers_of_an_outline_that_cannot_be_read_aside_and_goes_on(learner, monkeypatch, caplog):
    other = learner_with(WEEKLY, email="other@example.com")
    arm(now=ENROLLED_AT)

    def outline(version):
        if version.pk == other.version_id:
            raise ValueError("broken")
        return outline_for(version)

    monkeypatch.setattr("learners.nudges.queries.due.outline_for", outline)

    assert plan(now=THURSDAY) == (2, 1)

    assert NudgeDelivery.objects.get().recipient_id == learner.user_id
    assert "cannot be read" in NudgeTimer.objects.get(enrollment=other, rule_key="weekly", due_at=None).fault

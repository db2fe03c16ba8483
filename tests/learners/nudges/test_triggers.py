"""Messages after a missed deadline and so long after a moment, from the rule to what was sent, on real rows."""

from datetime import UTC, date, datetime, timedelta

import pytest

from learners.cohorts.models import Enrollment
from learners.nudges.models import NudgeTimer
from learners.progress.actions.adjusting import extend_due
from learners.progress.actions.completing import complete_step
from tests.learners.nudges.world import ENROLLED_AT, fates, learner_with, run

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

LATE = {
    "key": "late",
    "category": "due",
    "trigger": {"event": "overdue", "after": {"working_days": 1, "at": "10:00"}},
    "channels": ["in-app"],
    "texts": ["The first module is still open for you."],
}
BOOSTER = {
    "key": "booster",
    "category": "practice",
    "trigger": {"event": "moment", "from": "finished", "days": 2, "at": "10:00"},
    "channels": ["in-app"],
    "texts": ["What of it do you still do?"],
}
# The first module is due on Wednesday 10 March, 18:00 in Paris.
OVERDUE_AT = datetime(2027, 3, 11, 9, tzinfo=UTC)


def timers():
    rows = NudgeTimer.objects.filter(purpose="nudge", due_at__isnull=False).order_by("rule_key", "subject")
    return [(row.rule_key, row.subject, row.due_at) for row in rows]


def finish(enrollment, *, at):
    for step in enrollment.version.steps.order_by("module__position", "position").values_list("key", flat=True):
        complete_step(enrollment_id=enrollment.pk, step_key=step, now=at)


def test_whoever_misses_a_deadline_hears_of_it_once():
    learner_with(LATE)
    run(ENROLLED_AT)
    assert timers() == [("late", "first", OVERDUE_AT)]

    run(OVERDUE_AT)
    run(OVERDUE_AT + timedelta(days=1))

    assert fates() == [("late", "in-app", "sent", "")]


def test_whoever_has_more_time_hears_of_it_after_that():
    enrollment = learner_with(LATE)
    run(ENROLLED_AT)

    extend_due(
        enrollment_id=enrollment.pk,
        key="first",
        until_on=date(2027, 3, 17),
        actor_id=None,
        now=ENROLLED_AT + timedelta(hours=1),
    )
    run(OVERDUE_AT)

    assert fates() == []
    assert [due for _rule, _subject, due in timers()] == [datetime(2027, 3, 18, 9, tzinfo=UTC)]


def test_whoever_is_done_in_time_hears_nothing():
    enrollment = learner_with(LATE)
    run(ENROLLED_AT)

    for step in ("read", "try-it"):
        complete_step(enrollment_id=enrollment.pk, step_key=step, now=ENROLLED_AT + timedelta(hours=1))
    run(OVERDUE_AT)

    assert (timers(), fates()) == ([], [])


def test_whoever_is_through_is_still_asked_after_days():
    enrollment = learner_with(BOOSTER)
    run(ENROLLED_AT)
    assert timers() == []
    later = datetime(2027, 3, 20, 9, tzinfo=UTC)

    finish(enrollment, at=later)
    assert Enrollment.objects.get(pk=enrollment.pk).status == "completed"
    run(later)
    assert timers() == [("booster", "", datetime(2027, 3, 22, 9, tzinfo=UTC))]
    run(datetime(2027, 3, 22, 9, tzinfo=UTC))
    run(datetime(2027, 3, 23, 9, tzinfo=UTC))

    assert fates() == [("booster", "in-app", "sent", "")]

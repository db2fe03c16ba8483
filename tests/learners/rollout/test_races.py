"""People go on while others move them."""

from datetime import timedelta

from learners.cohorts.models import Enrollment
from learners.progress.actions import complete_step, rebuild_progress
from learners.progress.models import Completion
from learners.rollout.actions import move_next, start_rollout
from learners.rollout.models import EnrollmentMove
from tests.learners.rollout import story
from tests.learners.running import NOW, enrolled, running_cohort
from tests.races import RACES, at_once, need_postgresql

pytestmark = RACES
PEOPLE = 6


def test_steps_completed_during_a_move_count_and_nobody_is_moved_twice():
    need_postgresql()
    first = story.first_version()
    cohort = running_cohort(first)
    people = [enrolled(cohort, f"p{number}@example.com") for number in range(PEOPLE)]
    draft = story.draft_of(first)
    story.with_step(draft, key="more")
    second = story.published(draft)
    rollout = start_rollout(version_id=second.pk, policy="everyone", cohort_ids=[cohort.pk], actor_id=None, now=NOW)

    def move():
        while move_next(rollout_id=rollout.pk, now=NOW, limit=2):
            pass

    def learn(enrollment):
        return lambda: complete_step(enrollment_id=enrollment.pk, step_key="read", now=NOW)

    results = at_once(move, move, *(learn(one) for one in people))

    assert [one for one in results if isinstance(one, Exception)] == []
    rollout.refresh_from_db()
    assert (rollout.moved, rollout.stayed) == (PEOPLE, 0)
    assert EnrollmentMove.objects.count() == PEOPLE
    assert set(Enrollment.objects.values_list("version_id", "completed", "required")) == {(second.pk, 1, 5)}
    assert Completion.objects.count() == PEOPLE
    assert rebuild_progress(check=True, now=NOW + timedelta(hours=1)).differences == ()

"""People go on while others move them."""

from datetime import timedelta

from django.db import transaction

from learners.cohorts.actions.presence import lock_enrollment
from learners.cohorts.models import Cohort, Enrollment
from learners.progress.actions import complete_step, rebuild_progress
from learners.progress.actions.dates import update_cohort
from learners.progress.actions.locking import lock_standings
from learners.progress.models import Completion
from learners.rollout.actions import move_next, start_rollout
from learners.rollout.models import EnrollmentMove
from tests.learners.rollout import story
from tests.learners.running import NOW, enrolled, running_cohort
from tests.races import RACES, at_once, need_postgresql, while_waiting

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


def test_whoever_is_moved_while_something_waits_for_them_is_found_on_their_new_version():
    need_postgresql()
    first = story.first_version()
    cohort = running_cohort(first)
    one, other = (enrolled(cohort, f"p{number}@example.com") for number in range(2))
    draft = story.draft_of(first)
    story.with_step(draft, key="more")
    second = story.published(draft)

    def held_by(act):
        Enrollment.objects.update(version=first)
        return while_waiting(lambda: Enrollment.objects.update(version=second), act)

    @transaction.atomic
    def locked(ids):
        return [enrollment.version_id for enrollment, _ in lock_standings(ids)]

    completion = held_by(lambda: complete_step(enrollment_id=one.pk, step_key="read", now=NOW))

    assert (completion.step_key, completion.step.version_id) == ("read", second.pk)
    assert held_by(lambda: locked([one.pk])) == [second.pk]
    assert held_by(lambda: locked([one.pk, other.pk])) == [second.pk, second.pk]
    assert held_by(lambda: transaction.atomic(lock_enrollment)(one.pk)).version_id == second.pk


def test_a_cohort_whose_version_changes_while_it_is_edited_is_found():
    need_postgresql()
    first = story.first_version()
    cohort = running_cohort(first)
    draft = story.draft_of(first)
    story.with_step(draft, key="more")
    second = story.published(draft)

    edited = while_waiting(
        lambda: Cohort.objects.filter(pk=cohort.pk).update(version=second),
        lambda: update_cohort(cohort_id=cohort.pk, actor_id=None, now=NOW, name="Renamed"),
    )

    assert (edited.name, edited.version_id) == ("Renamed", second.pk)

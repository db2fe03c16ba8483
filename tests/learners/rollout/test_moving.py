"""Bringing a new version to people under way: who moves, what stays, and the way back."""

from datetime import timedelta
from hashlib import sha256

import pytest

from config.events.models import ActivityEvent
from journeys.authoring.actions.nudge_rules import add_nudge_rule, update_nudge_rule
from journeys.authoring.models import NudgeRule
from learners.cohorts.models import Cohort, Enrollment
from learners.cohorts.queries import WITH_TERMS
from learners.nudges.actions.tick import tick
from learners.nudges.models import NudgeDelivery, NudgeTimer
from learners.progress.actions import rebuild_progress
from learners.progress.actions.adjusting import exempt_step, extend_due, pause, shift_dates
from learners.progress.models import Completion, ModuleOpening
from learners.progress.queries import timeline_of
from learners.rollout.actions import move_next, start_rollout, undo_rollout
from learners.rollout.errors import NothingToUndo, NotLive, StillMoving, UnknownPolicy
from learners.rollout.models import EnrollmentMove, Rollout
from tests.learners.rollout import story
from tests.learners.running import NOW, enrolled, running_cohort

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
LATER = NOW + timedelta(days=1)


@pytest.fixture
def first():
    return story.first_version()


@pytest.fixture
def cohort(first):
    return running_cohort(first)


@pytest.fixture
def second(first):
    """The next version: one more required step in the first module."""
    draft = story.draft_of(first)
    story.with_step(draft, required=True)
    return story.published(draft)


def again(enrollment):
    return Enrollment.objects.select_related("version").get(pk=enrollment.pk)


def finish(enrollment):
    """Let somebody complete everything, as time passes."""
    story.done(enrollment, "read", "try-it")
    story.done(enrollment, "plan", "look-back", now=NOW + timedelta(days=8))


def test_everybody_under_way_moves_and_keeps_what_is_done(cohort, second):
    ada = enrolled(cohort, "ada@example.com")
    story.done(ada, "read")
    before = Completion.objects.get(enrollment=ada)

    rollout = story.moved(second, ada)

    ada = again(ada)
    after = Completion.objects.get(enrollment=ada)
    assert ada.version == second
    assert (ada.completed, ada.required) == (1, 5)
    assert (after.pk, after.completed_at, after.step_id) == (before.pk, before.completed_at, before.step_id)
    assert (rollout.expected, rollout.moved, rollout.stayed) == (1, 1, 0)
    assert rollout.finished_at is not None
    assert rebuild_progress(check=True, now=NOW).differences == ()


def test_those_who_have_not_started_move_and_the_others_stay(cohort, first, second):
    ada, ben = enrolled(cohort, "ada@example.com"), enrolled(cohort, "ben@example.com")
    story.done(ada, "read")

    rollout = story.moved(second, ada, ben, policy="not_started")

    assert (again(ada).version, again(ben).version) == (first, second)
    assert (rollout.moved, rollout.stayed) == (1, 1)


def test_a_finisher_stays_finished_on_the_version_that_was_finished(cohort, first, second):
    ada = enrolled(cohort, "ada@example.com")
    finish(ada)
    assert again(ada).status == "completed"

    story.moved(second, ada, now=NOW + timedelta(days=9))

    assert again(ada).version == first
    assert (again(ada).status, again(ada).completed, again(ada).required) == ("completed", 4, 4)


def test_a_version_that_asks_less_finishes_nobody_by_itself(cohort, first):
    ada = enrolled(cohort, "ada@example.com")
    story.done(ada, "read", "try-it")
    draft = story.draft_of(first)
    story.without_module(draft, "second")
    shorter = story.published(draft)

    rollout = story.moved(shorter, ada)

    assert (again(ada).version, again(ada).status, rollout.stayed) == (first, "active", 1)


def test_steps_that_somebody_need_not_do_do_not_count_as_left(cohort, first):
    ada = enrolled(cohort, "ada@example.com")
    story.done(ada, "read")
    exempt_step(enrollment_id=ada.pk, key="first/try-it", actor_id=None, now=NOW)
    draft = story.draft_of(first)
    story.without_module(draft, "second")

    rollout = story.moved(story.published(draft), ada)

    assert (again(ada).status, rollout.stayed) == ("active", 1)


def test_whoever_has_left_stays(cohort, first, second):
    ada = enrolled(cohort, "ada@example.com")
    Enrollment.objects.filter(pk=ada.pk).update(status="withdrawn", withdrawn_at=NOW)

    assert story.moved(second, ada).moved == 0
    assert again(ada).version == first


def test_new_people_begin_with_the_new_version_unless_nobody_moves(cohort, first, second):
    ada = enrolled(cohort, "ada@example.com")

    kept = story.moved(second, ada, policy="keep")
    assert Cohort.objects.get(pk=cohort.pk).version == first
    assert (kept.moved, kept.stayed, kept.finished_at) == (0, 1, NOW)

    story.moved(second, ada, policy="not_started")
    assert Cohort.objects.get(pk=cohort.pk).version == second
    assert enrolled(Cohort.objects.get(pk=cohort.pk), "new@example.com").version == second


def test_cohorts_that_were_not_chosen_and_those_of_others_are_left_alone(cohort, first, second):
    other, foreign = running_cohort(first), running_cohort()
    ada, ben, cleo = enrolled(cohort, "ada@example.com"), enrolled(other, "ben@example.com"), enrolled(foreign)

    rollout = start_rollout(
        version_id=second.pk, policy="everyone", cohort_ids=[cohort.pk, foreign.pk], actor_id=None, now=NOW
    )
    while move_next(rollout_id=rollout.pk, now=NOW, limit=1):
        pass

    assert [again(one).version_id == second.pk for one in (ada, ben, cleo)] == [True, False, False]


def test_what_was_open_stays_open_and_is_told_once(cohort, first):
    ada = enrolled(cohort, "ada@example.com")
    tick(now=NOW)
    draft = story.draft_of(first)
    story.with_rules(draft, "first", opens={"date": "2027-06-01", "at": "09:00"})
    later = story.published(draft)

    story.moved(later, ada)

    assert again(ada).module_states["first"] == "open"
    assert ModuleOpening.objects.filter(enrollment=ada, module_key="first").count() == 1
    assert ActivityEvent.objects.filter(verb="module.opened", enrollment_uuid=ada.uuid).count() == 1


def test_steps_that_the_new_version_lacks_stay_on_record(cohort, first):
    ada = enrolled(cohort, "ada@example.com")
    story.done(ada, "read")
    draft = story.draft_of(first)
    story.without_step(draft, "read")
    shorter = story.published(draft)

    story.moved(shorter, ada)

    assert Completion.objects.get(enrollment=ada).step_key == "read"
    assert again(ada).completed == 0


def state_of(enrollment):
    """Return what must be as it was: version, roll-up, openings, adjustments, armed timers, steps, completions."""
    row = Enrollment.objects.select_related(*WITH_TERMS).get(pk=enrollment.pk)
    names = ("version_id", "status", "required", "completed", "practiced", "current_module", "module_states")
    names += ("next_opens_at", "next_due_at", "completed_at", "starts_on")
    timers = NudgeTimer.objects.filter(enrollment=row, due_at__isnull=False).order_by("purpose", "rule_key", "subject")
    columns = ("purpose", "rule_key", "subject", "anchor", "occurrence", "due_at", "expires_at", "until_at", "why")
    return (
        {name: getattr(row, name) for name in names},
        list(row.openings.order_by("module_key").values_list("module_key", "opened_at")),
        list(row.adjustments.order_by("pk").values_list("kind", "key", "days", "until_on")),
        list(timers.values_list(*columns)),
        [(one.reference, one.opens_at, one.due_at, one.done_at) for one in timeline_of(row).timeline.placements],
        list(row.completions.order_by("pk").values_list("step_key", "completed_at", "step_id")),
    )


def hash_of(*people):
    """Return one hash of everything in state_of, for these people together."""
    return sha256(repr([state_of(person) for person in people]).encode()).hexdigest()


def test_the_hash_of_everybody_s_state_is_the_same_after_there_and_back(cohort, first):
    """Whatever staff had adjusted before: nobody acted in between, so nothing may tell that they were away."""
    people = [enrolled(cohort, f"p{number}@example.com") for number in range(5)]
    story.done(people[0], "read", "try-it")
    adjusted = {"actor_id": None, "now": NOW}
    shift_dates(enrollment_id=people[1].pk, days=3, **adjusted)
    extend_due(enrollment_id=people[2].pk, key="first", until_on=NOW.date() + timedelta(days=20), **adjusted)
    exempt_step(enrollment_id=people[3].pk, key="first/read", **adjusted)
    pause(enrollment_id=people[4].pk, **adjusted)
    story.come_to_rest(LATER)
    before = hash_of(*people)
    draft = story.draft_of(first)
    story.with_rules(draft, "first", due={"from": "opens", "days": 2})
    story.without_step(draft, "look-back")
    story.with_step(draft, required=True)
    rollout = story.moved(story.published(draft), *people, now=LATER)
    story.come_to_rest(LATER)
    assert rollout.moved == 5
    assert hash_of(*people) != before

    story.taken_back(rollout, now=LATER)
    story.come_to_rest(LATER)

    assert hash_of(*people) == before


def test_taking_it_back_at_once_restores_everything(cohort, first):
    ada, ben = enrolled(cohort, "ada@example.com"), enrolled(cohort, "ben@example.com")
    story.done(ada, "read")
    tick(now=NOW)
    before = state_of(ada), state_of(ben)
    draft = story.draft_of(first)
    story.with_rules(draft, "second", opens={"from": "start", "days": -3})
    story.with_step(draft, required=True)
    story.with_module(draft, "Third", opens={"from": "start", "days": 0})
    story.with_step(draft, "third", title="Added")
    rollout = story.moved(story.published(draft), ada, ben)
    tick(now=NOW)
    assert state_of(ada) != before[0]

    undone = story.taken_back(rollout)
    tick(now=NOW)

    assert (state_of(ada), state_of(ben)) == before
    assert (undone.moved, undone.undoes) == (2, rollout)
    assert Cohort.objects.get(pk=cohort.pk).version == first
    assert EnrollmentMove.objects.filter(enrollment=ada).count() == 2


def test_taking_it_back_keeps_what_was_done_since(cohort, first):
    ada = enrolled(cohort, "ada@example.com")
    draft = story.draft_of(first)
    story.with_module(draft, "Third", opens={"from": "start", "days": 0})
    story.with_step(draft, "third", title="Added", required=True)
    rollout = story.moved(story.published(draft), ada)
    story.done(ada, "added", now=LATER)

    story.taken_back(rollout, now=LATER)

    assert again(ada).version == first
    assert Completion.objects.filter(enrollment=ada, step_key="added").exists()
    assert ModuleOpening.objects.filter(enrollment=ada, module_key="third").exists()
    assert rebuild_progress(check=True, now=LATER).differences == ()


def test_whoever_has_finished_since_stays_where_they_finished(cohort, first):
    ada = enrolled(cohort, "ada@example.com")
    story.done(ada, "read")
    draft = story.draft_of(first)
    story.without_module(draft, "second")
    shorter = story.published(draft)
    rollout = story.moved(shorter, ada)
    story.done(ada, "try-it", now=LATER)
    assert again(ada).status == "completed"

    undone = story.taken_back(rollout, now=LATER)

    assert (again(ada).version, again(ada).status, undone.stayed) == (shorter, "completed", 1)


def test_whom_a_later_move_brought_further_is_not_taken_back(cohort, second):
    ada = enrolled(cohort, "ada@example.com")
    rollout = story.moved(second, ada)
    draft = story.draft_of(second)
    story.with_step(draft, title="Third thing")
    third = story.published(draft)
    story.moved(third, ada)

    undone = story.taken_back(rollout)

    assert (again(ada).version, undone.moved, undone.stayed) == (third, 0, 1)
    assert Cohort.objects.get(pk=cohort.pk).version == third


def test_modules_that_are_completed_again_are_told_once(cohort, second):
    ada = enrolled(cohort, "ada@example.com")
    story.done(ada, "read", "try-it")
    rollout = story.moved(second, ada)
    assert again(ada).module_states["first"] == "started"

    story.taken_back(rollout)

    assert again(ada).module_states["first"] == "completed"
    assert ActivityEvent.objects.filter(verb="module.completed", enrollment_uuid=ada.uuid).count() == 1


def test_every_move_is_an_event(cohort, first, second):
    ada = enrolled(cohort, "ada@example.com")

    story.taken_back(story.moved(second, ada))

    told = ActivityEvent.objects.filter(verb="enrollment.moved", object_uuid=ada.uuid).order_by("pk")
    assert [(event.data["from_version"], event.data["to_version"]) for event in told] == [
        (first.number, second.number),
        (second.number, first.number),
    ]


def test_a_batch_that_dies_is_begun_again_and_nobody_is_moved_twice(cohort, second, monkeypatch):
    people = [enrolled(cohort, f"p{n}@example.com") for n in range(5)]
    rollout = start_rollout(version_id=second.pk, policy="everyone", cohort_ids=[cohort.pk], actor_id=None, now=NOW)
    assert move_next(rollout_id=rollout.pk, now=NOW, limit=2)
    monkeypatch.setattr("learners.rollout.actions.settle", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        move_next(rollout_id=rollout.pk, now=NOW, limit=2)
    monkeypatch.undo()

    while move_next(rollout_id=rollout.pk, now=NOW, limit=2):
        pass

    rollout.refresh_from_db()
    assert (rollout.moved, rollout.stayed) == (5, 0)
    assert {again(one).version_id for one in people} == {second.pk}
    assert not move_next(rollout_id=rollout.pk, now=NOW)


def test_refusals(cohort, first, second):
    ada = enrolled(cohort, "ada@example.com")
    everyone = {"policy": "everyone", "cohort_ids": [cohort.pk], "actor_id": None, "now": NOW}
    with pytest.raises(UnknownPolicy):
        start_rollout(**(everyone | {"version_id": second.pk, "policy": "some"}))
    with pytest.raises(NotLive):
        start_rollout(version_id=first.pk, **everyone)
    with pytest.raises(NotLive):
        start_rollout(version_id=story.draft_of(second).pk, **everyone)

    rollout = start_rollout(version_id=second.pk, **everyone)
    with pytest.raises(StillMoving):
        start_rollout(version_id=second.pk, **everyone)
    with pytest.raises(StillMoving):
        undo_rollout(rollout_id=rollout.pk, actor_id=None, now=NOW)
    move_next(rollout_id=rollout.pk, now=NOW)
    undone = story.taken_back(rollout)
    for one in (rollout, undone, story.moved(second, ada, policy="keep")):
        with pytest.raises(NothingToUndo):
            undo_rollout(rollout_id=one.pk, actor_id=None, now=NOW)
    assert Rollout.objects.count() == 3


@pytest.mark.parametrize("people", [1, 3])
def test_a_batch_costs_the_same_for_one_and_for_three(cohort, second, django_assert_num_queries, people):
    for number in range(people):
        enrolled(cohort, f"p{number}@example.com")
    rollout = start_rollout(version_id=second.pk, policy="everyone", cohort_ids=[cohort.pk], actor_id=None, now=NOW)

    with django_assert_num_queries(19):
        move_next(rollout_id=rollout.pk, now=NOW)


def test_a_message_is_planned_once_although_its_rule_waits_longer_now(cohort, first):
    nudge = {"key": "well", "category": "practice", "channels": ["in-app"], "texts": ["How is it going?"]}
    trigger = {"event": "module-opened", "module": "first"}
    draft = story.draft_of(first)
    add_nudge_rule(version_id=draft.pk, trigger=trigger, wait={"hours": 6}, **nudge)
    second = story.published(draft)
    ada = enrolled(cohort, "ada@example.com")
    story.moved(second, ada)
    tick(now=NOW)
    tick(now=NOW + timedelta(hours=3))
    draft = story.draft_of(second)
    rule = NudgeRule.objects.get(version=draft)
    update_nudge_rule(
        nudge_rule_id=rule.pk,
        **{name: value for name, value in nudge.items() if name != "key"},
        trigger=trigger,
        wait={"hours": 30},
        unless=[],
    )

    story.moved(story.published(draft), ada, now=NOW + timedelta(hours=4))
    for hours in (4, 29, 32, 60):
        tick(now=NOW + timedelta(hours=hours))

    assert NudgeDelivery.objects.filter(recipient=ada.user, rule_key="well").count() == 1

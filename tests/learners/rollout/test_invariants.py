"""
Random designers edit, publish, move people and take it back, while random learners go on; nobody is ever hurt by it.

What is hurt: a completion or its date is lost, a finisher falls, a module closes that somebody worked in, a message is
planned twice for one occasion, a roll-up says something else than the completions, or a move that is taken back at once
leaves a trace.
"""

import os
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from config.support.errors import DomainError
from journeys.authoring.actions.journeys import discard_draft
from journeys.authoring.actions.modules import move_module
from journeys.authoring.actions.nudge_rules import add_nudge_rule, update_nudge_rule
from journeys.authoring.actions.steps import move_step, update_step
from journeys.authoring.models import JourneyVersion, Module, NudgeRule, Step
from learners.cohorts.models import Enrollment
from learners.nudges.actions.tick import tick
from learners.nudges.models import NudgeDelivery
from learners.progress.actions import rebuild_progress
from learners.progress.actions.adjusting import pause, resume, shift_dates
from learners.progress.models import Completion, ModuleOpening
from learners.progress.queries import timeline_of
from learners.rollout.models import Rollout
from tests.learners.rollout import story
from tests.learners.rollout.test_moving import state_of
from tests.learners.running import NOW, enrolled, running_cohort

PEOPLE = 3
STEPS_A_SEQUENCE = 8
SLICE = 15
# `make proof` runs all of them; PROOF_SEQUENCES makes a first look quicker.
SEQUENCES = int(os.environ.get("PROOF_SEQUENCES", "10000"))
CHUNKS = 8
RULES = (
    None,
    {"from": "start", "days": 0},
    {"from": "start", "working_days": 2, "at": "09:00"},
    {"from": "start", "weeks": 1, "at": "09:00"},
    {"date": "2027-03-20", "at": "09:00"},
    {"date": "2027-06-01"},
)
TRIGGER = {"event": "module-opened", "module": "first"}
NUDGE = {"key": "well", "category": "practice", "channels": ["in-app"], "texts": ["How is it going?"]}
index = st.integers(min_value=0, max_value=5)


EDITS = st.one_of(
    st.tuples(st.just("add_step"), index, st.booleans(), st.none()),
    st.tuples(st.just("remove_step"), index, st.none(), st.none()),
    st.tuples(st.just("place_step"), index, st.booleans(), st.sampled_from(RULES)),
    st.tuples(st.just("add_module"), index, st.none(), st.sampled_from(RULES)),
    st.tuples(st.just("remove_module"), index, st.none(), st.none()),
    st.tuples(st.just("place_module"), index, st.none(), st.sampled_from(RULES)),
    st.tuples(st.just("change_nudge"), st.sampled_from((2, 6, 30, 60)), st.none(), st.none()),
)


@dataclass(frozen=True)
class World:
    """Where every sequence begins: built once by the actions, and gone back to by a savepoint. It costs a third."""

    now: datetime
    live: JourneyVersion
    people: tuple[Enrollment, ...]
    worked_in: frozenset[tuple[int, str]]


def found_world():
    """Publish a journey and let three people run it for eight days; one of them has nearly finished."""
    draft = story.draft_of(story.first_version())
    add_nudge_rule(version_id=draft.pk, trigger=TRIGGER, wait={"hours": 30}, **NUDGE)
    live = story.published(draft)
    cohort = running_cohort(live)
    people = tuple(enrolled(cohort, f"p{number}@example.com") for number in range(PEOPLE))
    later = NOW + timedelta(days=8)
    tick(now=NOW)
    worked_in = go_on(people[0].pk, 3, NOW)
    tick(now=later)
    worked_in |= go_on(people[0].pk, 1, later) | go_on(people[1].pk, 1, later)
    return World(later, live, people, frozenset(worked_in))


def person(enrollment_id):
    return Enrollment.objects.select_related("cohort__organization", "user", "version__journey").get(pk=enrollment_id)


def go_on(enrollment_id, steps, now):
    """Let one person do the next steps that are open, and return where they worked."""
    worked_in = set()
    for _step in range(steps):
        enrollment = person(enrollment_id)
        if enrollment.status in ("completed", "withdrawn"):
            break
        line = timeline_of(enrollment).timeline
        steps_left = (placed for placed in line.placements if placed.module_key and not placed.done_at)
        ready = next((placed for placed in steps_left if line.is_open(placed.reference, now)), None)
        if ready is None:
            break
        story.done(enrollment, ready.key, now=now)
        worked_in.add((enrollment_id, ready.module_key))
    return worked_in


class Rollouts(RuleBasedStateMachine):
    """One journey and three people, of whom one has nearly finished; every rule is one act of somebody."""

    world: World

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now, self.live, self.people = self.world.now, self.world.live, self.world.people
        self.worked_in = set(self.world.worked_in)
        self.completions = {}
        self.finishers = {}

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def _try(self, act, *args, **values):
        """Do what a rule of the domain may refuse: then nothing has changed, and that is well."""
        try:
            with transaction.atomic():
                return act(*args, **values)
        except DomainError:
            return None

    def _edit(self, draft, what, at, required, opens):
        modules = list(Module.objects.filter(version=draft).order_by("position"))
        steps = list(Step.objects.filter(version=draft).order_by("module__position", "position"))
        if not modules or not steps:
            return
        module, step = modules[at % len(modules)], steps[at % len(steps)]
        if what == "add_step":
            made = story.with_step(draft, module.key, required=required)
            move_step(step_id=made.pk, to=at + 1)
        elif what == "remove_step":
            story.without_step(draft, step.key)
        elif what == "place_step":
            update_step(step_id=step.pk, serves="knows", required=required, opens=opens, due=None)
        elif what == "add_module":
            made = story.with_module(draft, "More", opens=opens)
            story.with_step(draft, made.key)
            move_module(module_id=made.pk, to=at + 1)
        elif what == "remove_module":
            story.without_module(draft, module.key)
        elif what == "place_module":
            story.with_rules(draft, module.key, opens=opens, due={"from": "opens", "days": at})
            move_module(module_id=module.pk, to=at + 1)
        else:
            rule_id = NudgeRule.objects.get(version=draft).pk
            rest = {name: value for name, value in NUDGE.items() if name != "key"}
            update_nudge_rule(nudge_rule_id=rule_id, trigger=TRIGGER, wait={"hours": at}, unless=[], **rest)

    @rule(edits=st.lists(EDITS, min_size=1, max_size=4), policy=st.sampled_from(("not_started", "everyone", "")))
    def change(self, edits, policy):
        """Edit a draft, publish it if it can be, and move people, or take a move back at once."""
        draft = story.draft_of(self.live)
        for edit in edits:
            self._try(self._edit, draft, *edit)
        version = self._try(story.published, draft)
        if version is None:
            discard_draft(version_id=draft.pk, expected_edits=None)
            return
        self.live = version
        if policy:
            self._try(story.moved, self.live, *self.people, policy=policy, now=self.now)
        else:
            self._move_and_take_back_at_once()

    def _move_and_take_back_at_once(self):
        story.come_to_rest(self.now)
        before = [state_of(person) for person in self.people]
        rollout = self._try(story.moved, self.live, *self.people, now=self.now)
        if rollout is not None:
            story.come_to_rest(self.now)
            story.taken_back(rollout, now=self.now)
            story.come_to_rest(self.now)
            assert [state_of(person) for person in self.people] == before

    @rule()
    def take_back(self):
        last = Rollout.objects.exclude(policy="keep").filter(undoes=None).order_by("-pk").first()
        if last is not None:
            self._try(story.taken_back, last, now=self.now)

    @rule(who=st.integers(min_value=0, max_value=PEOPLE - 1), steps=st.integers(min_value=1, max_value=4))
    def learn(self, who, steps):
        self.worked_in |= go_on(self.people[who].pk, steps, self.now)

    @rule(hours=st.sampled_from((1, 26, 24 * 8)))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)
        tick(now=self.now)

    @rule(who=st.integers(min_value=0, max_value=PEOPLE - 1), days=st.sampled_from((-3, 4)))
    def adjust(self, who, days):
        enrollment = person(self.people[who].pk)
        self._try(shift_dates, enrollment_id=enrollment.pk, days=days, actor_id=None, now=self.now)
        act = resume if enrollment.status == "paused" else pause
        self._try(act, enrollment_id=enrollment.pk, actor_id=None, now=self.now)

    @invariant()
    def no_completion_is_lost_or_changed(self):
        rows = Completion.objects.values_list("enrollment_id", "step_key", "completed_at", "step_id", "how")
        found = {row[:2]: row[2:] for row in rows}
        assert self.completions.items() <= found.items()
        self.completions = found

    @invariant()
    def a_finisher_never_falls(self):
        columns = ("version_id", "completed_at", "required", "completed", "status")
        now = {pk: rest for pk, *rest in Enrollment.objects.filter(status="completed").values_list("pk", *columns)}
        assert self.finishers.items() <= now.items()
        assert all(required == completed for _, _, required, completed, _ in now.values())
        self.finishers = now

    @invariant()
    def a_module_in_which_somebody_worked_stays_open(self):
        opened = set(ModuleOpening.objects.values_list("enrollment_id", "module_key"))
        assert self.worked_in <= opened

    @invariant()
    def no_message_is_planned_twice(self):
        keys = NudgeDelivery.objects.values_list("recipient_id", "rule_key", "subject", "anchor", "channel")
        assert [key for key, count in Counter(keys).items() if count > 1] == []

    @invariant()
    def every_roll_up_is_what_the_completions_say(self):
        assert rebuild_progress(check=True, now=self.now).differences == ()


def run(sequences, *, is_fixed):
    Rollouts.world = found_world()
    run_state_machine_as_test(
        Rollouts,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=STEPS_A_SEQUENCE,
            deadline=None,
            database=None,
            derandomize=is_fixed,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_no_sequence_hurts_anybody():
    run(SLICE, is_fixed=True)


@pytest.mark.proof
@pytest.mark.django_db
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_many_sequences_hurt_nobody(chunk):
    run(SEQUENCES // CHUNKS, is_fixed=False)

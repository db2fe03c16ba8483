"""What a learner meets where: the trail, the next step, the week's rhythm. Plain values in, plain values out."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from journeys.schedule.facts import Facts
from journeys.schedule.outline import ModuleOutline, Outline, StepOutline
from journeys.schedule.timeline import Placement, Timeline

RHYTHM = 3
AWAY_AFTER = timedelta(days=10)
SHORT_WHY = 12
T = TypeVar("T")


class State(StrEnum):
    """How far a step or a module is; the value names its shape."""

    DONE = "done"
    STARTED = "in_progress"
    OPEN = "open"
    LATER = "later"


@dataclass(frozen=True)
class StepPlace:
    """One step as a learner meets it. number counts from 1 inside its module; is_exempt: need not be done."""

    outline: StepOutline
    number: int
    state: State
    placement: Placement
    is_exempt: bool = False

    @property
    def key(self) -> str:
        return self.outline.key

    @property
    def is_reachable(self) -> bool:
        """Whether its page can be worked on."""
        return self.state is not State.LATER

    @property
    def is_meeting(self) -> bool:
        return self.outline.kind == "live_session"


@dataclass(frozen=True)
class ModulePlace:
    """One module as a learner meets it. number counts from 1; is_here: the next step lies in it."""

    outline: ModuleOutline
    number: int
    state: State
    placement: Placement
    steps: tuple[StepPlace, ...]
    is_here: bool = False

    @property
    def key(self) -> str:
        return self.outline.key

    @cached_property
    def done(self) -> int:
        """How many of its steps are done."""
        return sum(step.state is State.DONE for step in self.steps)

    @cached_property
    def minutes(self) -> int:
        """The minutes of its self-paced steps; meetings come on top."""
        return sum(step.outline.minutes for step in self.steps if not step.is_meeting)


@dataclass(frozen=True)
class Trail:
    """A whole journey as a learner meets it. next: the one step to do now; None when nothing can be done now."""

    modules: tuple[ModulePlace, ...]
    next: StepPlace | None

    @cached_property
    def steps(self) -> tuple[StepPlace, ...]:
        return tuple(step for module in self.modules for step in module.steps)

    @cached_property
    def done_modules(self) -> int:
        return sum(module.state is State.DONE for module in self.modules)

    @cached_property
    def stones(self) -> tuple[str, ...]:
        """One word a module for the cairn: laid, here or ahead. Laid ones lie below, whatever was done first."""
        here = any(module.is_here for module in self.modules)
        laid = self.done_modules
        ahead = len(self.modules) - laid - here
        return ("laid",) * laid + ("here",) * here + ("ahead",) * ahead

    def module(self, key: str) -> ModulePlace | None:
        """This function will return the module of this key, or None."""
        return next_of(module for module in self.modules if module.key == key)

    def step(self, key: str) -> StepPlace | None:
        """This function will return the step of this key, or None."""
        return next_of(step for step in self.steps if step.key == key)

    def module_of(self, step: StepPlace) -> ModulePlace:
        """This function will return the module that a step lies in."""
        return self.modules[[module.key for module in self.modules].index(step.outline.module_key)]

    def before(self, step: StepPlace) -> StepPlace | None:
        """This function will return the step before this one in its module, None for the first."""
        return self.module_of(step).steps[step.number - 2] if step.number > 1 else None

    def after(self, step: StepPlace) -> StepPlace | None:
        """This function will return the next step of the same module that can be worked on, None after the last."""
        rest = self.module_of(step).steps[step.number :]
        return next_of(later for later in rest if later.is_reachable)


def walk(outline: Outline, facts: Facts, timeline: Timeline, *, started: Collection[str], now: datetime) -> Trail:
    """
    Lay out a journey for one person. This function will return every module and step with its state.

    started: keys of steps with an unfinished answer.
    """
    places: list[tuple[ModuleOutline, tuple[StepPlace, ...]]] = []
    for module in outline.modules:
        steps = tuple(
            _step_place(step, number, facts=facts, timeline=timeline, started=started, now=now)
            for number, step in enumerate(module.steps, start=1)
        )
        places.append((module, steps))
    following = _next_step([steps for _module, steps in places])
    modules = tuple(
        _module_place(module, number, steps, following, timeline=timeline, now=now)
        for number, (module, steps) in enumerate(places, start=1)
    )
    return Trail(modules=modules, next=following)


def _step_place(
    step: StepOutline, number: int, *, facts: Facts, timeline: Timeline, started: Collection[str], now: datetime
) -> StepPlace:
    placement = timeline.steps[step.key]
    exempt = step.key in facts.exempted
    if step.key in facts.completed:
        state = State.DONE
    elif not timeline.is_open(str(step.reference), now):
        state = State.LATER
    elif step.key in started:
        state = State.STARTED
    else:
        state = State.OPEN
    return StepPlace(step, number, state, placement, is_exempt=exempt)


def _module_place(
    module: ModuleOutline,
    number: int,
    steps: tuple[StepPlace, ...],
    following: StepPlace | None,
    *,
    timeline: Timeline,
    now: datetime,
) -> ModulePlace:
    placement = timeline.modules[module.key]
    has_ended = placement.done_at is not None and placement.done_at <= now
    if has_ended or (steps and not placement.required and all(step.state is State.DONE for step in steps)):
        state = State.DONE
    elif placement.opens_at is None or placement.opens_at > now:
        state = State.LATER
    elif any(step.state in (State.DONE, State.STARTED) for step in steps):
        state = State.STARTED
    else:
        state = State.OPEN
    is_here = following is not None and following.outline.module_key == module.key
    # A module whose required steps are done, with an optional one left, is done: the reader may go on from it.
    return ModulePlace(module, number, state, placement, steps, is_here=is_here and state is not State.DONE)


def _next_step(modules: Iterable[tuple[StepPlace, ...]]) -> StepPlace | None:
    """The first open step that must be done, meetings apart; else the first open one that may be done."""
    waiting = [
        step
        for steps in modules
        for step in steps
        if step.state in (State.OPEN, State.STARTED) and not step.is_exempt and not step.is_meeting
    ]
    required = (step for step in waiting if step.outline.required)
    return next_of(required) or next_of(waiting)


def next_of(items: Iterable[T]) -> T | None:
    """This function will return the first item, or None when there is none."""
    return next(iter(items), None)


def minutes_left(module: ModulePlace, step: StepPlace) -> int:
    """
    This function will return the minutes from this step to the end of its module, what is done left out.

    The step itself always counts: the reader is on it.
    """
    rest = (later for later in module.steps[step.number :] if later.state is not State.DONE and not later.is_meeting)
    return step.outline.minutes + sum(later.outline.minutes for later in rest)


def week_of(now: datetime, zone: str) -> tuple[date, date]:
    """This function will return Monday and Sunday of the week that `now` falls in, in the person's zone."""
    today = now.astimezone(ZoneInfo(zone)).date()
    monday = today - timedelta(days=today.weekday())
    return monday, monday + timedelta(days=6)


def moments_this_week(moments: Iterable[datetime], *, zone: str, now: datetime) -> int:
    """
    Count the week's moments. This function will return on how many local days of this week something was done.

    A day counts once: the rhythm rewards coming back, and cannot be filled in one sitting.
    """
    first, last = week_of(now, zone)
    days = {moment.astimezone(ZoneInfo(zone)).date() for moment in moments if moment <= now}
    return sum(first <= day <= last for day in days)


def city_of(zone: str) -> str:
    """This function will return the place that a zone is named after, such as Buenos Aires."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def part_of_day(now: datetime, zone: str) -> str:
    """This function will return night, morning, afternoon or evening in the person's zone."""
    hour = now.astimezone(ZoneInfo(zone)).hour
    if hour < 5:
        return "night"
    if hour < 12:
        return "morning"
    return "afternoon" if hour < 18 else "evening"


def was_away(last_activity_at: datetime | None, now: datetime) -> bool:
    """This function will say whether someone who had begun comes back after ten days or more."""
    return last_activity_at is not None and now - last_activity_at >= AWAY_AFTER


def why_in_short(*texts: str) -> str:
    """
    Find one reason in twelve words or fewer. This function will return the first sentence short enough, else "".

    texts: what a designer wrote, best first. Nothing is cut in the middle: half a reason is none.
    """
    for text in texts:
        for sentence in _sentences(text):
            if len(sentence.split()) <= SHORT_WHY:
                return sentence
    return ""


def _sentences(text: str) -> Iterator[str]:
    for part in re.split(r"(?<=[.?!…])\s+", text.strip()):
        if part:
            yield part


def urgency(trail: Trail, last_activity_at: datetime | None) -> tuple[bool, bool, float, float]:
    """
    Order someone's journeys for Today. This function will return a key to sort by, the most pressing first.

    Something to do comes first, then what has a deadline, the nearest first, then what was touched last.
    """
    due = trail.next.placement.due_at if trail.next else None
    touched = last_activity_at.timestamp() if last_activity_at else 0.0
    return (trail.next is None, due is None, due.timestamp() if due else 0.0, -touched)


def continued(text: str) -> str:
    """This function will let a text continue a sentence: first letter small, unless a name or AI begins it."""
    first, rest = text[:1], text[1:]
    return text if rest[:1].isupper() or first == "I" and not rest[:1].isalpha() else first.lower() + rest


def words_by_step(trail: Trail, words: Mapping[str, T]) -> tuple[tuple[StepPlace, T], ...]:
    """This function will put what someone wrote in the order of the steps it was written in."""
    return tuple((step, words[step.key]) for step in trail.steps if step.key in words)

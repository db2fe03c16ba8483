"""
Whether a mutant can be told from its journey at all: decided by computation, not by opinion.

`same_plan` compares the rules with their defaults filled in, which are all that the scheduler reads, so equal plans are
equal calendars for everybody. `first_difference` asks the scheduler itself: somebody who starts on each day of a year
in four zones, each run at a pace drawn from all paces, and people with real facts (things done in any order, at any
hour, optional ones too; releases by hand, late joiners, exemptions).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import chain
from random import Random
from typing import Any, Final

from journeys.schedule.calendar import calendar_for, to_instant
from journeys.schedule.facts import Facts
from journeys.schedule.nudges import nudge_moments, still_needed
from journeys.schedule.outline import Outline
from journeys.schedule.pace import Pace, pace_named
from journeys.schedule.plan import plan_of
from journeys.schedule.simulate import Simulation
from journeys.schedule.timeline import timeline

ZONES: Final = ("Asia/Tokyo", "America/New_York", "Europe/Paris", "Asia/Riyadh")
YEAR: Final = 365
FIRST_DAY: Final = date(2027, 1, 1)
PEOPLE: Final = 200
SEED: Final = 2027


def same_plan(first: Outline, second: Outline) -> bool:
    """Tell whether two outlines ask the same of everybody: the same filled-in rules, requirements and messages."""
    return _rules(first) == _rules(second) and first.nudges == second.nudges


def _rules(outline: Outline) -> list[tuple[Any, ...]]:
    nodes = plan_of(outline).nodes.values()
    return [
        (one.key, one.opens, one.due, one.monotone, one.names_release, one.step is None or one.step.required)
        for one in nodes
    ]


def first_difference(first: Outline, second: Outline, *, days: int = YEAR, people: int = PEOPLE) -> str | None:
    """Return for whom two outlines differ, None when for nobody. The people with real facts are asked first."""
    asked = chain(_people(first, people), _imagined(first, days))
    return next((who for who, facts, pace in asked if _said(first, facts, pace) != _said(second, facts, pace)), None)


def paces(outline: Outline) -> list[str]:
    """Return every pace that is asked: on time, late, stopped after each module, away from each of twelve weeks."""
    late = [f"{days}-days-late" for days in (1, 2, 3, 5, 7, 14)]
    stops = [f"stops-after:{module.key}" for module in outline.modules]
    return ["on-time", *late, *stops, *(f"absent:{week}" for week in range(1, 13))]


def _imagined(outline: Outline, days: int) -> Iterator[tuple[str, Facts, Pace]]:
    random, every = Random(SEED), paces(outline)
    for number in range(days):
        start_on = FIRST_DAY + timedelta(days=number)
        for zone in ZONES:
            facts = Facts(start_on=start_on, zone=zone, enrolled_at=to_instant(start_on, datetime.min.time(), zone))
            pace = random.choice(every)
            who = f"a start on {start_on} in {zone}, {pace}"
            yield who, facts, pace_named(pace, tuple(outline.modules_by_key), start_on=start_on)


def _people(outline: Outline, number: int) -> Iterator[tuple[str, Facts, None]]:
    random = Random(SEED)
    steps = list(outline.steps_by_key.values())
    for person in range(number):
        start_on = FIRST_DAY + timedelta(days=random.randrange(YEAR))
        zone = random.choice(ZONES)
        begins = to_instant(start_on, datetime.min.time(), zone)
        share = random.random()
        completed = {
            step.key: begins + timedelta(minutes=random.randrange(10 * 7 * 24 * 60))
            for step in steps
            if random.random() < share
        }
        ratios = {key: random.random() for key in completed}
        named = [*outline.modules_by_key, *(str(step.reference) for step in steps)]
        facts = Facts(
            start_on=start_on,
            zone=zone,
            enrolled_at=begins + random.choice([timedelta(), timedelta(hours=random.randrange(1_000))]),
            completed=completed,
            passed={key: at for key, at in completed.items() if ratios[key] > 0.5},
            ratios=ratios,
            released={
                key: begins + timedelta(minutes=random.randrange(10 * 7 * 24 * 60))
                for key in named
                if random.random() < 0.1
            },
            exempted=frozenset(step.key for step in steps if random.random() < 0.05),
        )
        yield f"person {person} of seed {SEED}", facts, None


def _said(outline: Outline, facts: Facts, pace: Pace | None) -> tuple[Any, ...]:
    """Everything that a person would notice."""
    calendar = calendar_for(None, facts.zone)
    if pace is not None:
        run = Simulation(outline, facts, calendar, pace)
        messages = [(one.rule_key, one.subject, one.due_at, run.spared(one) is None) for one in run.messages]
        return _placed(run.timeline.placements), sorted(messages)
    found = timeline(outline, facts, calendar)
    rules = {nudge.key: nudge for nudge in outline.nudges}
    moments = nudge_moments(outline, facts, found, calendar, after=facts.enrolled_at)
    sent = [
        (one.rule_key, one.subject, one.due_at)
        for one in moments
        if still_needed(rules[one.rule_key], outline, facts, found, subject=one.subject, now=one.due_at) is None
    ]
    return _placed(found.placements), sorted(sent)


def _placed(placements: Any) -> list[tuple[Any, ...]]:
    return [(one.reference, one.opens_at, one.due_at, one.done_at) for one in placements]

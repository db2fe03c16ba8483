"""
Whether a mutant can be told from its journey: decided by computation, not by opinion.

`same_plan` compares the rules with their defaults filled in, which are all that the scheduler reads, so equal plans
are equal calendars for everybody, whatever happens. `imagined_difference` asks every run that the simulator can
imagine: each start day of a year, in four zones, at every pace. Expectations are about such runs, so what none of them
shows can be expected by nobody; `people_difference` may still find somebody in real life who notices (things done in
any order and at any hour, optional ones too, releases by hand, late joiners, exemptions).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import product
from random import Random
from typing import Any, Final, TypeAlias

from journeys.schedule.calendar import calendar_for, to_instant
from journeys.schedule.facts import Facts
from journeys.schedule.nudges import nudge_moments, still_needed
from journeys.schedule.outline import Outline
from journeys.schedule.pace import Pace, pace_named
from journeys.schedule.plan import plan_of
from journeys.schedule.simulate import Simulation
from journeys.schedule.timeline import timeline

Run: TypeAlias = tuple[Facts, Pace]

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


def people_difference(first: Outline, second: Outline, *, people: int = PEOPLE) -> str | None:
    """Return one of many people with real facts for whom two outlines differ, None when for nobody."""
    asked = _people(first, people)
    return next((who for who, facts in asked if _lived(first, facts) != _lived(second, facts)), None)


def imagined_difference(first: Outline, second: Outline) -> str | None:
    """
    Return an imagined run in which two outlines differ, None when there is none.

    Where the messages have the same rules, equal openings, deadlines and completions make equal messages.
    """
    tell = _placed_for if first.nudges == second.nudges else _told
    return next((who for who, run in _runs(first) if tell(first, run) != tell(second, run)), None)


def paces(outline: Outline) -> list[str]:
    """Return every pace that is asked: on time, late, stopped after each module, away from each of twelve weeks."""
    late = [f"{days}-days-late" for days in (1, 2, 3, 5, 7, 14)]
    stops = [f"stops-after:{module.key}" for module in outline.modules]
    return ["on-time", *late, *stops, *(f"absent:{week}" for week in range(1, 13))]


def _runs(outline: Outline) -> Iterator[tuple[str, Run]]:
    """Go through every run in a mixed order: what differs at all mostly differs soon."""
    days = [FIRST_DAY + timedelta(days=number) for number in range(YEAR)]
    every = list(product(days, ZONES, paces(outline)))
    Random(SEED).shuffle(every)
    modules = tuple(outline.modules_by_key)
    for start_on, zone, pace in every:
        facts = Facts(start_on=start_on, zone=zone, enrolled_at=to_instant(start_on, datetime.min.time(), zone))
        yield f"a start on {start_on} in {zone}, {pace}", (facts, pace_named(pace, modules, start_on=start_on))


def _placed_for(outline: Outline, run: Run) -> list[tuple[Any, ...]]:
    facts, pace = run
    return _placed(timeline(outline, facts, calendar_for(None, facts.zone), pace=pace).placements)


def _told(outline: Outline, run: Run) -> list[tuple[Any, ...]]:
    """The messages of an imagined run, and whether each goes out."""
    facts, pace = run
    found = Simulation(outline, facts, calendar_for(None, facts.zone), pace)
    return sorted((one.rule_key, one.subject, one.due_at, found.spared(one) is None) for one in found.messages)


def _people(outline: Outline, number: int) -> Iterator[tuple[str, Facts]]:
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
        yield f"person {person} of seed {SEED}", facts


def _lived(outline: Outline, facts: Facts) -> tuple[Any, ...]:
    """Everything that a person with these facts would notice."""
    calendar = calendar_for(None, facts.zone)
    found = timeline(outline, facts, calendar)
    rules = {nudge.key: nudge for nudge in outline.nudges}
    sent = [
        (one.rule_key, one.subject, one.due_at)
        for one in nudge_moments(outline, facts, found, calendar, after=facts.enrolled_at)
        if still_needed(rules[one.rule_key], outline, facts, found, subject=one.subject, now=one.due_at) is None
    ]
    return _placed(found.placements), sorted(sent)


def _placed(placements: Any) -> list[tuple[Any, ...]]:
    return [(one.reference, one.opens_at, one.due_at, one.done_at) for one in placements]

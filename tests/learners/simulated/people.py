"""Imagined people: who they are, when they join and how they go about it. All of it follows from one seed."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from random import Random

from journeys.schedule.calendar import WorkCalendar, calendar_for, to_instant, zone_named
from journeys.schedule.facts import Facts, Pause, Shift
from journeys.schedule.outline import Outline
from journeys.schedule.pace import Pace, pace_named
from journeys.schedule.simulate import Simulation
from tests.learners.simulated.journeys import KEYS, outline_of

DAYS = 90
# Two hemispheres, half and quarter hours, half an hour of summer time, a month of it taken back, and none at all.
ZONES = (
    "Asia/Tokyo",
    "America/New_York",
    "Europe/Paris",
    "Asia/Riyadh",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "America/Santiago",
    "Pacific/Auckland",
    "America/St_Johns",
    "UTC",
)
# Around the clock changes of the north in spring, of the south in April, and of both in autumn.
STARTS = (
    date(2027, 2, 22),
    date(2027, 3, 3),
    date(2027, 3, 13),
    date(2027, 3, 20),
    date(2027, 8, 30),
    date(2027, 9, 18),
)
PACES = ("on-time", "on-time", "1-days-late", "3-days-late", "9-days-late", "stops-after", "absent:1", "absent:3")


@dataclass(frozen=True)
class Group:
    """A cohort as its facilitator sets it up. zone: kept by openings and deadlines, None for each learner's own."""

    number: int
    journey: str
    is_shared: bool
    starts_on: date
    ends_on: date | None
    zone: str | None
    country: str
    days_off: tuple[date, ...]


@dataclass(frozen=True)
class Act:
    """What staff do for one person at a moment: pause, resume, shift, extend, exempt or release."""

    at: datetime
    kind: str
    key: str = ""
    days: int = 0
    until_on: date | None = None


@dataclass
class Person:
    """Somebody imagined. own_start: given to the cohort with them, on individual dates; done: acts that were taken."""

    number: int
    group: Group
    zone: str
    joins_at: datetime
    own_start: date | None
    pace_text: str
    acts: tuple[Act, ...] = ()
    done: list[Act] = field(default_factory=list)

    @property
    def email(self) -> str:
        return f"p{self.number}@example.com"

    @property
    def start_on(self) -> date:
        if self.group.is_shared:
            return self.group.starts_on
        return self.own_start or self.joins_at.astimezone(zone_named(self.zone)).date()

    @property
    def ends_at(self) -> datetime:
        """The end of the days that are looked at, from their start or from when they joined."""
        return max(self.joins_at, to_instant(self.start_on, time(0), self.zone)) + timedelta(days=DAYS)

    @property
    def placing_zone(self) -> str:
        return self.group.zone or self.zone

    def __str__(self) -> str:
        dates = f"from {self.start_on}" if self.group.is_shared else f"on their own from {self.start_on}"
        return f"person {self.number} ({self.group.journey}, {self.pace_text}, {self.zone}, {dates})"

    def pace(self) -> Pace:
        modules = tuple(outline_of(self.group.journey).modules_by_key)
        return pace_named(self.pace_text, modules, start_on=self.start_on)

    def simulation(self) -> Simulation:
        """Imagine this very person: what is known of them without looking at a single row."""
        calendar = self.calendar()
        acts = {kind: [act for act in self.done if act.kind == kind] for kind in {act.kind for act in self.done}}
        ends = [act.at for act in acts.get("resume", ())]
        begins = [act.at for act in acts.get("pause", ())]
        facts = Facts(
            start_on=self.start_on,
            zone=self.zone,
            enrolled_at=self.joins_at,
            anchor_zone=self.group.zone,
            end_on=self.group.ends_on,
            released={act.key: act.at for act in acts.get("release", ())},
            exempted=frozenset(act.key.partition("/")[2] for act in acts.get("exempt", ())),
            shifts=tuple(Shift(act.at, act.days) for act in acts.get("shift", ())),
            extensions={act.key: act.until_on for act in acts.get("extend", ()) if act.until_on is not None},
            pauses=tuple(Pause(begin, end) for begin, end in zip_longest(begins, ends)),
        )
        return Simulation(outline_of(self.group.journey), facts, calendar, self.pace())

    def calendar(self) -> WorkCalendar:
        extra = [(day, "day off") for day in self.group.days_off]
        return calendar_for(self.group.country or None, self.zone, days_off=extra)


def imagine(count: int, *, turn: int, a_group: int) -> list[Person]:
    """
    Imagine so many people, so many a group; the groups run the journeys in turn, every other on individual dates.

    turn: which people. Each turn has three zones and one season, so that many of them meet the same instants.
    """
    draw = Random(f"turn {turn}")
    zones = [ZONES[(3 * turn + number) % len(ZONES)] for number in range(3)]
    people: list[Person] = []
    for number in range(-(-count // a_group)):
        group = _group(draw, number, STARTS[turn % len(STARTS)])
        for _ in range(min(a_group, count - len(people))):
            people.append(_person(draw, len(people), group, draw.choice(zones)))
    return people


def _group(draw: Random, number: int, season: date) -> Group:
    starts_on = season + timedelta(days=draw.randrange(-2, 5))
    off = sorted({starts_on + timedelta(days=draw.randrange(60)) for _ in range(draw.choice((0, 0, 3)))})
    return Group(
        number=number,
        journey=KEYS[number % len(KEYS)],
        is_shared=number % 2 == 0,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=draw.randrange(50, 85)) if draw.random() < 0.6 else None,
        zone=draw.choice(ZONES) if draw.random() < 0.3 else None,
        country=draw.choice(("", "", "JP", "DE-BY")),
        days_off=tuple(off),
    )


def _person(draw: Random, number: int, group: Group, zone: str) -> Person:
    outline = outline_of(group.journey)
    pace = draw.choice(PACES)
    if pace == "stops-after":
        pace += f":{draw.choice(list(outline.modules_by_key)[:4])}"
    # Most are there before the first day, a third of them join while it runs; at any instant, as clocks have it.
    days = draw.randrange(1, 26) if draw.random() < 0.33 else draw.randrange(-6, 0)
    joins_at = to_instant(group.starts_on, time(0), zone) + timedelta(days=days, seconds=draw.uniform(0, 86_400))
    own = joins_at.date() + timedelta(days=draw.randrange(8)) if not group.is_shared and draw.random() < 0.5 else None
    return Person(number, group, zone, joins_at, own, pace, _acts(draw, joins_at, outline))


def _acts(draw: Random, joins_at: datetime, outline: Outline) -> tuple[Act, ...]:
    """Two in five are treated specially: each of them in one or two ways."""
    found: list[Act] = []
    if draw.random() < 0.6:
        return ()
    steps = [str(step.reference) for step in outline.steps_by_key.values()]
    for kind in draw.sample(("pause", "pause", "extend", "exempt", "release", "shift"), draw.choice((1, 1, 2))):
        at = joins_at + timedelta(seconds=draw.uniform(86_400, 50 * 86_400))
        if kind == "pause" and all(act.kind != "pause" for act in found):
            ends_at = at + timedelta(seconds=draw.uniform(600, 20 * 86_400))
            found += [Act(at, "pause"), Act(ends_at, "resume")]
        elif kind == "extend":
            key = draw.choice(("", *outline.modules_by_key))
            found.append(Act(joins_at, kind, key, until_on=joins_at.date() + timedelta(days=draw.randrange(5, 70))))
        elif kind == "exempt":
            found.append(Act(joins_at, kind, draw.choice(steps)))
        elif kind == "release":
            found.append(Act(at, kind, draw.choice((*outline.modules_by_key, *steps))))
        elif kind == "shift":
            found.append(Act(at, kind, days=draw.choice((-4, -1, 3, 7))))
    return tuple(sorted(found, key=lambda act: act.at))

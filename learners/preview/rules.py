"""Somebody imagined on a day of their journey, and what would be true of them then. Plain values, no clock."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Final

from journeys.schedule.calendar import WorkCalendar
from journeys.schedule.facts import Facts, Try
from journeys.schedule.outline import Outline
from journeys.schedule.outside import NOBODY_ACTS, Outside
from journeys.schedule.pace import Pace, pace_named
from journeys.schedule.timeline import timeline
from journeys.schedule.zones import to_instant, zone_named
from learners.player.rules import city_of

# Has come in and has done nothing, however long ago that was. Every other pace is one of the simulator's.
BRAND_NEW: Final = "new"
EARLIEST_DAY: Final = -60
LATEST_DAY: Final = 800
_MIDNIGHT: Final = time(0, 0)
_TRIED: Final = re.compile(r"([A-Za-z0-9_-]{1,64})(?::([01])(?::([01](?:\.[0-9]{1,4})?))?)?")
# As many as the longest journey has steps, several times over.
_MOST_TRIED: Final = 200


@dataclass(frozen=True, slots=True)
class Tried:
    """A step that was answered in the preview. passed, ratio: what the answer amounted to, None where nothing is."""

    key: str
    passed: bool | None = None
    ratio: float | None = None

    def __str__(self) -> str:
        """Write it as addresses carry it: read, recall:1:0.5."""
        if self.passed is None:
            return self.key
        judged = f"{self.key}:{int(self.passed)}"
        return judged if self.ratio is None else f"{judged}:{round(min(1.0, max(0.0, self.ratio)), 4):g}"


@dataclass(frozen=True)
class Persona:
    """
    Somebody imagined, at one hour of one day.

    day: 1 is the day of the start. at: the hour on their own clock. direction: ltr or rtl. is_narrow: on a phone of
    320 px. outside: the days on which others act. tried: what was answered here since the day began. is_put_away: the
    messages of Today are.
    """

    start_on: date
    day: int
    at: time
    zone: str
    pace: str
    direction: str = "ltr"
    is_narrow: bool = False
    outside: Outside = NOBODY_ACTS
    tried: tuple[Tried, ...] = ()
    is_put_away: bool = False

    @cached_property
    def on(self) -> date:
        """The local day that is previewed."""
        return self.start_on + timedelta(days=self.day - 1)

    @cached_property
    def now(self) -> datetime:
        """The previewed instant, aware UTC."""
        return to_instant(self.on, self.at, self.zone)

    @property
    def city(self) -> str:
        """The place that their zone is named after."""
        return city_of(self.zone)

    def having_tried(self, tried: Tried) -> "Persona":
        """This function will return the same person after one more try; a step may be tried more than once."""
        return replace(self, tried=(*self.tried, tried)[-_MOST_TRIED:])

    def on_day(self, day: int) -> "Persona":
        """This function will return the same person in the morning of another day: what was tried here is forgotten."""
        return replace(self, day=day, tried=(), is_put_away=False)


def read_tried(text: str) -> tuple[Tried, ...]:
    """This function will read what an address says was tried; what cannot be read is left out."""
    matches = (_TRIED.fullmatch(part) for part in text.split(",")[:_MOST_TRIED])
    return tuple(
        Tried(found[1], None if found[2] is None else found[2] == "1", None if found[3] is None else float(found[3]))
        for found in matches
        if found is not None
    )


def write_tried(tried: Iterable[Tried]) -> str:
    """This function will write what was tried as read_tried reads it."""
    return ",".join(str(one) for one in tried)


def params_of(persona: Persona) -> Iterator[tuple[str, str]]:
    """This function will yield everything that makes the person, as names and values of an address."""
    yield "start", persona.start_on.isoformat()
    yield "day", str(persona.day)
    yield "at", persona.at.strftime("%H:%M")
    yield "zone", persona.zone
    yield "pace", persona.pace
    if persona.direction != "ltr":
        yield "direction", persona.direction
    if persona.is_narrow:
        yield "width", "narrow"
    if persona.outside.ends_on is not None:
        yield "end", persona.outside.ends_on.isoformat()
    yield from ((f"event:{key}", day.isoformat()) for key, day in persona.outside.events)
    yield from ((f"released:{key}", day.isoformat()) for key, day in persona.outside.released)
    if persona.tried:
        yield "tried", write_tried(persona.tried)
    if persona.is_put_away:
        yield "away", "1"


def imagined_facts(outline: Outline, persona: Persona, calendar: WorkCalendar) -> Facts:
    """
    Imagine what is true of somebody who has not sat down yet on the previewed day.

    This function will return the facts as rows would tell them: what their pace did on the days before, at the instants
    that the simulator gives, what others have done by now, and what was tried in the preview. What opened today is
    still to be done, or a preview of somebody on time would never show anything to do.
    """
    begun = Facts(
        start_on=persona.start_on,
        zone=persona.zone,
        enrolled_at=to_instant(persona.start_on, _MIDNIGHT, persona.zone),
        **persona.outside.facts(persona.zone, until=persona.now),
    )
    pace = _pace(outline, persona)
    steps = timeline(outline, begun, calendar, pace=pace).steps
    zone = zone_named(persona.zone)
    completed = {
        key: one.done_at
        for key, one in steps.items()
        if one.done_at is not None and one.done_at.astimezone(zone).date() < persona.on
    }
    before = frozenset(completed)
    passed = dict(completed)
    ratios: dict[str, float] = {}
    tries: dict[str, tuple[Try, ...]] = {}
    for one in persona.tried:
        if one.key not in steps or one.key in before:
            continue
        completed[one.key] = persona.now
        tries[one.key] = (*tries.get(one.key, ()), Try(persona.now, one.passed, one.ratio))
        if one.passed:
            passed[one.key] = persona.now
        if one.ratio is not None:
            ratios[one.key] = one.ratio
    levels = {
        key: pace.rates_at(outline.steps_by_key[key], outline.behaviors, at)
        for key, at in completed.items()
        if outline.steps_by_key[key].rates
    }
    done = replace(begun, completed=completed, passed=passed, ratios=ratios, tries=tries, levels=levels)
    return replace(done, last_activity_at=max(completed.values(), default=None))


def _pace(outline: Outline, persona: Persona) -> Pace:
    if persona.pace == BRAND_NEW:
        return Pace(modules=frozenset())
    return pace_named(persona.pace, tuple(outline.modules_by_key), start_on=persona.start_on)

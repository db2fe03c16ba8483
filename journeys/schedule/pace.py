"""The imagined learners of the simulator: how soon after its opening each of them completes a step."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from journeys.schedule.calendar import to_instant
from journeys.schedule.facts import Level
from journeys.schedule.fields import MAX_LEVEL
from journeys.schedule.outline import BehaviorOutline, StepOutline

_LATE: Final = re.compile(r"([0-9]{1,3})-days?-late")
_STOPS: Final = re.compile(r"stops-after:([A-Za-z0-9_-]+)")
_ABSENT: Final = re.compile(r"absent:([1-9][0-9]{0,2})")
_FAILS: Final = re.compile(r"fails:([A-Za-z0-9_-]+/[A-Za-z0-9_-]+)")
_DAYS_A_WEEK: Final = 7
_RATES: Final = re.compile(rf"rates:([1-{MAX_LEVEL}])")
DAYS_AWAY: Final = 14
# What pages and the API take: beyond it, a journey of many steps would last for decades.
MOST_DAYS_LATE: Final = 60


class UnknownPace(ValueError):
    """A pace that nobody has."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"“{text}” is not a pace. "
            "Write on-time, 3-days-late, stops-after:MODULE, absent:3 for somebody who is away in weeks 3 and 4, "
            "fails:MODULE/STEP for somebody who never passes it, "
            "or rates:2 for somebody who gives themselves that level."
        )
        self.text = text


@dataclass(frozen=True, slots=True)
class Pace:
    """
    How somebody imagined goes about it: each required step so many days after it opens, up to one module.

    away: the first day of an absence and the day after its last. What would be done then is done on the day of return.
    fails: MODULE/STEP that is done and never passed, however often it is tried; every try is in the moment of doing it.
    rates: the level given on every behavior, or its highest where it has fewer; None for the middle one.
    """

    days_late: int = 0
    modules: frozenset[str] | None = None
    away: tuple[date, date] | None = None
    fails: str | None = None
    rates: int | None = None

    def completes_at(self, step: StepOutline, opened: datetime, zone: ZoneInfo) -> datetime | None:
        """Say when a required step is completed; None for never. opened: aware UTC."""
        if self.modules is not None and step.module_key not in self.modules:
            return None
        local = opened.astimezone(zone)
        day = local.date() + timedelta(days=self.days_late)
        if self.away is not None and self.away[0] <= day < self.away[1]:
            day = self.away[1]
        return opened if day == local.date() else max(to_instant(day, local.time(), zone), opened)

    def rates_at(self, step: StepOutline, behaviors: Mapping[str, BehaviorOutline], at: datetime) -> tuple[Level, ...]:
        """Say how a self-rating is answered; where there is no level in the middle, the lower of the two is given."""
        known = [(key, behaviors[key].levels) for key in step.rates if key in behaviors]
        return tuple(Level(key, min(self.rates or (levels + 1) // 2, levels), at) for key, levels in known)


def pace_named(text: str, modules: tuple[str, ...], *, start_on: date) -> Pace:
    """
    Read a pace, one of six.

    "on-time"; "N-days-late"; "stops-after:MODULE" (on time up to and including that module); "absent:WEEK" (away for
    the two weeks that begin with that week of the run, the first being 1, and on time before and after);
    "fails:MODULE/STEP" (on time, and never passes that step; whether there is one is not asked here); "rates:2" (on
    time, and gives that level in every self-rating).
    modules: the journey's module keys in order. start_on: the day from which weeks are counted. Raises UnknownPace.
    """
    if text == "on-time":
        return Pace()
    if match := _LATE.fullmatch(text):
        return Pace(days_late=int(match[1]))
    if (match := _STOPS.fullmatch(text)) and match[1] in modules:
        return Pace(modules=frozenset(modules[: modules.index(match[1]) + 1]))
    if match := _ABSENT.fullmatch(text):
        leaves_on = start_on + timedelta(days=_DAYS_A_WEEK * (int(match[1]) - 1))
        return Pace(away=(leaves_on, leaves_on + timedelta(days=DAYS_AWAY)))
    if match := _FAILS.fullmatch(text):
        return Pace(fails=match[1])
    if match := _RATES.fullmatch(text):
        return Pace(rates=int(match[1]))
    raise UnknownPace(text)

"""The schedule simulator: one ten-week journey, and a thousand imagined people for ninety days; no database."""

import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from journeys.bundle.queries import read_bundle
from journeys.bundle.queries.samples import sample_paths
from journeys.schedule.calendar import calendar_for
from journeys.schedule.entries import Entry
from journeys.schedule.outline import Outline
from journeys.schedule.simulate import simulate
from tests.benchmarks.measuring import Figure, median, spending, times
from tests.benchmarks.rows import ZONES

PEOPLE = int(os.environ.get("BENCH_IMAGINED", "1000"))
TEN_WEEKS = "leading-through-ambiguity"
FIRST_DAY = date(2027, 2, 22)
LAST_DAY = timedelta(days=90)
PACES = ("on-time", "3-days-late", "absent:3")


def measure() -> Iterator[Figure]:
    """Simulate, and hold it against placing the same rows by the calendar alone, without rules and reasons."""
    outlines = {key: read_bundle(path).content.outline for key, path in sample_paths().items()}
    with spending() as first:
        rows = _simulated(outlines[TEN_WEEKS], 0)
    again = median([one.client for one in times(lambda: _simulated(outlines[TEN_WEEKS], 0), repeats=40)])
    bare = median([one.client for one in times(lambda: _placed(rows), repeats=40)])
    yield Figure("simulate: ten weeks, in a fresh process", len(rows), first.client, "CPU s", floor=bare)
    yield Figure("simulate: ten weeks", len(rows), again * 1000, "CPU ms", floor=bare * 1000)
    journeys = list(outlines.values())
    with spending() as crowd:
        people = [_simulated(journeys[number % len(journeys)], number) for number in range(PEOPLE)]
    with spending() as floor:
        for found in people:
            _placed(found)
    name = f"simulate: people × {LAST_DAY.days} days"
    yield Figure(name, PEOPLE, crowd.client, "CPU s", floor=floor.client)
    yield Figure(f"{name}, on the wall", PEOPLE, crowd.wall, "s", floor=floor.wall)
    yield Figure(f"{name}: rows", PEOPLE, sum(map(len, people)), "rows")


def _simulated(outline: Outline, number: int) -> Sequence[Entry]:
    """Simulate the n-th of many: their zones, first days and paces differ, so that little can be remembered."""
    zone = ZONES[number % len(ZONES)]
    start_on = FIRST_DAY + timedelta(days=number % 61)
    pace = PACES[number // 7 % len(PACES)]
    entries = simulate(outline, start_on=start_on, zone=zone, calendar=calendar_for(None, zone), pace=pace)
    return [entry for entry in entries if entry.at_local.date() <= start_on + LAST_DAY]


def _placed(entries: Sequence[Entry]) -> list[datetime]:
    """Place every row once more from its local day and hour: what no scheduler can do without."""
    found = []
    for entry in entries:
        zone = ZoneInfo(str(entry.at_local.tzinfo))
        day = calendar_for(None, zone.key).next_working_day(entry.at_local.date())
        found.append(datetime.combine(day, entry.at_local.time(), zone).astimezone(entry.at_utc.tzinfo))
    return found

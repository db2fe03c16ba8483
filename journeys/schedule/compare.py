"""What a simulated run amounts to, week by week, and two runs side by side."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from journeys.schedule.entries import ORDER, Entry
from journeys.schedule.outline import Outline
from journeys.schedule.simulate import Simulation

_ONE_WEEK: Final = timedelta(weeks=1)
_LIVE: Final = "live_session"


@dataclass(frozen=True, slots=True)
class Week:
    """One ISO week in the learner's zone: self-paced minutes that open, messages planned, things that are due."""

    year: int
    number: int
    starts_on: date
    minutes: int = 0
    messages: int = 0
    due: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """The same event in the runs of two people, None where one of them never meets it. event: of whoever does."""

    event: Entry
    first: Entry | None
    second: Entry | None


def weeks(outline: Outline, entries: Sequence[Entry]) -> list[Week]:
    """Sum a run by ISO week from its first to its last entry, weeks in which nothing happens included."""
    opened = minutes_opened(outline, entries)
    minutes: Counter[date] = Counter()
    messages: Counter[date] = Counter()
    due: Counter[date] = Counter()
    for entry in entries:
        monday = _monday(entry.at_local.date())
        minutes[monday] += opened.get(entry.key, 0) if entry.kind == "opens" else 0
        messages[monday] += entry.kind == "nudge"
        due[monday] += entry.kind == "due"
    found: list[Week] = []
    monday, last = min(minutes, default=date.max), max(minutes, default=date.min)
    while monday <= last:
        year, number, _ = monday.isocalendar()
        found.append(Week(year, number, monday, minutes[monday], messages[monday], due[monday]))
        monday += _ONE_WEEK
    return found


def minutes_opened(outline: Outline, entries: Sequence[Entry]) -> dict[str, int]:
    """
    Say how many self-paced minutes each opening brings, by its key.

    A module brings those of its steps, without the ones that open apart from it: they bring their own. Live sessions
    are left out.
    """
    apart = {entry.key for entry in entries if entry.kind == "opens" and "/" in entry.key}
    found: Counter[str] = Counter()
    for step in outline.steps_by_key.values():
        if step.kind != _LIVE:
            reference = str(step.reference)
            found[reference if reference in apart else step.module_key] += step.minutes
    return dict(found)


def compare(first: Simulation, second: Simulation) -> list[Pair]:
    """
    Join the runs of two people of one journey, row by row, in the order in which either first meets an event.

    The same event is the same kind, key and subject; what comes again and again is counted off. A step that opens
    apart from its module for one of them only is told for both.
    """
    listed = _counted(second.entries()) | _counted(first.entries())
    ours, theirs = (_counted(run.entries(every_step=True)) for run in (first, second))
    pairs = [Pair(one, ours.get(event), theirs.get(event)) for event, one in listed.items()]
    return sorted(pairs, key=_first_met)


def _first_met(pair: Pair) -> tuple[datetime, int]:
    """Sort by the earlier of both instants, and at the same one as a single run does."""
    return min(one.at_utc for one in (pair.first, pair.second) if one is not None), ORDER[pair.event.kind]


def _counted(entries: Sequence[Entry]) -> dict[tuple[str, str, str, int], Entry]:
    seen: Counter[tuple[str, str, str]] = Counter()
    found: dict[tuple[str, str, str, int], Entry] = {}
    for entry in entries:
        event = (entry.kind, entry.key, entry.subject)
        found[*event, seen[event]] = entry
        seen[event] += 1
    return found


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())

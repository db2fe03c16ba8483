"""Which dates of a learner move between two versions."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from journeys.authoring.rules.content import VersionContent
from journeys.publishing.rules.timing import PLAIN_RUN
from journeys.schedule.calendar import calendar_for
from journeys.schedule.checks import outline_faults
from journeys.schedule.outline import Outline
from journeys.schedule.simulate import simulation


def moved_dates(old: VersionContent, new: VersionContent) -> Iterator[str]:
    """
    Say which modules open or are due earlier or later, for a learner on time who begins on a Monday.

    Days are days of the calendar. A version whose rules cannot hold has no dates to compare.
    """
    if old.outline == new.outline or outline_faults(old.outline) or outline_faults(new.outline):
        return
    before, after = _dates(old.outline), _dates(new.outline)
    places = {module.key: number for number, module in enumerate(new.modules, start=1)}
    for module in new.modules:
        for index, verb in ((0, "opens"), (1, "is due")):
            moved = _moved(before, after, module.key, index)
            if moved:
                yield f"Module {places[module.key]}, “{module.title}”, {verb} {moved}."


Dates = Mapping[str, tuple[datetime | None, datetime | None]]


def _dates(outline: Outline) -> Dates:
    run = PLAIN_RUN
    simulated = simulation(outline, start_on=run.start_on, zone=run.zone, calendar=calendar_for(None, run.zone))
    return {key: (placed.opens_at, placed.due_at) for key, placed in simulated.timeline.modules.items()}


def _moved(before: Dates, after: Dates, key: str, index: int) -> str:
    if key not in before or key not in after:
        return ""
    old, new = before[key][index], after[key][index]
    if old is None or new is None or old == new:
        return ""
    return f"{_length(abs(new - old))} {'later' if new > old else 'earlier'}"


def _length(difference: timedelta) -> str:
    days, rest = divmod(difference, timedelta(days=1))
    hours, seconds = divmod(int(rest.total_seconds()), 3600)
    parts = [(days, "day"), (hours, "hour"), (seconds // 60, "minute")]
    said = [f"{count} {noun}" if count == 1 else f"{count} {noun}s" for count, noun in parts if count]
    return " and ".join(said) or "a moment"

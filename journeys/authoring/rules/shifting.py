"""Fixed dates of a version, counted from another start. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from journeys.authoring.rules.content import ModuleContent, NudgeContent, StepContent, VersionContent
from journeys.schedule.calendar import WorkCalendar

# A day, and what may stand behind it in an expectation: its hour.
_DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?=$|[ T])")
_OF_AN_EXPECTATION: Final = ("start", "opens", "due", "sent")


@dataclass(frozen=True, slots=True)
class DateShift:
    """
    Every fixed date moves by the days between two starts.

    One that was a working day stays one: where it would fall on a day off, it moves on to the next working day.
    """

    old_start: date
    new_start: date
    calendar: WorkCalendar

    def of(self, day: date) -> date:
        """Return where a day moves to. Raises OverflowError beyond the calendar."""
        moved = day + (self.new_start - self.old_start)
        return self.calendar.next_working_day(moved) if self.calendar.is_working_day(day) else moved

    def day_off(self, day: date) -> str:
        """Return why a date did not land where it was counted to: the name of that day off, "" where it did."""
        counted = day + (self.new_start - self.old_start)
        return "" if self.of(day) == counted else self.calendar.name_of_day_off(counted) or ""


@dataclass(frozen=True, slots=True)
class FixedDate:
    """A date that stands in a rule: whose rule, which one (opens, due, unless), and the day."""

    name: str
    what: str
    day: date


def fixed_dates(content: VersionContent) -> list[FixedDate]:
    """Return the dates that rules name, in the order of the outline, each rule's once."""
    return list(dict.fromkeys(_fixed_dates(content)))


def likely_start(content: VersionContent) -> date | None:
    """Return the start that the fixed dates were made for: that of the first expectation, else the earliest of them."""
    imagined = (part["start"] for part in content.expectations if isinstance(part.get("start"), str))
    starts = [date.fromisoformat(start) for start in imagined]
    days = [one.day for one in fixed_dates(content)]
    return starts[0] if starts else min(days, default=None)


def shifted(content: VersionContent, shift: DateShift) -> VersionContent:
    """
    Return the content with every fixed date moved, and its expectations with them; the same where it has none.

    Expectations of a journey without fixed dates hold for the start they name, so they stay as they are.
    """
    if not fixed_dates(content):
        return content
    return replace(
        content,
        modules=tuple(_module(module, shift) for module in content.modules),
        nudges=tuple(_nudge(nudge, shift) for nudge in content.nudges),
        expectations=tuple(_expectation(part, shift) for part in content.expectations),
    )


def _fixed_dates(content: VersionContent) -> Iterator[FixedDate]:
    for module in content.modules:
        yield from _of_part(module.title, module)
        for step in module.steps:
            yield from _of_part(step.title, step)
    for nudge in content.nudges:
        yield from _of_nudge(nudge)


def _of_part(name: str, part: ModuleContent | StepContent) -> Iterator[FixedDate]:
    for what, rule in (("opens", part.opens), ("due", part.due)):
        yield from (FixedDate(name, what, day) for day in _days(rule))


def _of_nudge(nudge: NudgeContent) -> Iterator[FixedDate]:
    yield from (FixedDate(nudge.name, "unless", day) for day in _days(nudge.unless))


def _days(value: Any) -> Iterator[date]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key == "date" and isinstance(part, str):
                yield date.fromisoformat(part)
            else:
                yield from _days(part)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for part in value:
            yield from _days(part)


def _module(module: ModuleContent, shift: DateShift) -> ModuleContent:
    steps = tuple(replace(step, opens=_rule(step.opens, shift), due=_rule(step.due, shift)) for step in module.steps)
    return replace(module, opens=_rule(module.opens, shift), due=_rule(module.due, shift), steps=steps)


def _nudge(nudge: NudgeContent, shift: DateShift) -> NudgeContent:
    return replace(nudge, unless=tuple(_rule(part, shift) for part in nudge.unless))


def _rule(value: Any, shift: DateShift) -> Any:
    if isinstance(value, Mapping):
        return {
            key: shift.of(date.fromisoformat(part)).isoformat()
            if key == "date" and isinstance(part, str)
            else _rule(part, shift)
            for key, part in value.items()
        }
    return [_rule(part, shift) for part in value] if isinstance(value, list | tuple) else value


def _expectation(value: Any, shift: DateShift) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {
        key: _DAY.sub(lambda found: shift.of(date.fromisoformat(found[1])).isoformat(), part)
        if key in _OF_AN_EXPECTATION and isinstance(part, str)
        else _expectation(part, shift)
        for key, part in value.items()
    }

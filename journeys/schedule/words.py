"""Say rules, waits, triggers and moves in plain words. Titles are given by whoever asks."""

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Final

from journeys.schedule.placing import Placed
from journeys.schedule.tree import (
    After,
    AllOf,
    Anchor,
    AnyOf,
    AtLeast,
    AtMoment,
    Completed,
    DueSoon,
    Failed,
    Happened,
    Inactive,
    ModuleOpened,
    Not,
    Offset,
    OnDate,
    Overdue,
    Passed,
    Rated,
    Reference,
    Released,
    Rule,
    Trigger,
    Unit,
    Window,
)

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_UNITS: Final[dict[Unit, str]] = {
    "days": "day",
    "working_days": "working day",
    "weeks": "week",
    "hours": "hour",
    "minutes": "minute",
}
# Each anchor as a moment to count from ("after ..."), as a moment in time ("when ..."), and as something that has been.
_ANCHORS: Final[dict[str, tuple[str, str, str]]] = {
    "start": ("the start", "at the start", "the start"),
    "enrolled": ("you join", "when you join", "you joined"),
    "end": ("the end", "at the end", "the end"),
    "opens": ("it opens", "when it opens", "it opened"),
    "finished": ("you finish the journey", "when you finish the journey", "you finished the journey"),
    "module-opened": ("{} opens", "when {} opens", "{} opened"),
    "completed": ("you finish {}", "when you finish {}", "you finished {}"),
    "failed": (
        "you answer {} without passing",
        "when you answer {} without passing",
        "you answered {} without passing",
    ),
    "event": ("{} has taken place", "as soon as {} has taken place", "{} took place"),
}


def in_words(rule: Rule, titles: Mapping[str, str]) -> str:
    """
    Say when a rule holds, such as "5 working days after Module 2 opens, at 09:00".

    titles: what to call each module (by key) and step (by MODULE/STEP); a missing one is called by its key.
    """
    match rule:
        case AllOf(parts):
            return _joined(parts, titles, ", and ")
        case AnyOf(parts):
            return _joined(parts, titles, ", or ")
        case AtLeast(count, parts):
            return f"as soon as {count} of these hold: {'; '.join(as_condition(part, titles) for part in parts)}"
        case Not(part):
            return f"unless {as_condition(part, titles)}"
        case _:
            return _moment(rule, titles)


def _moment(leaf: Rule, titles: Mapping[str, str]) -> str:
    match leaf:
        case After(anchor, offset):
            return _counted(anchor, offset, titles)
        case OnDate(on, at):
            return f"on {day_in_words(on)} {on.year}{_at(at)}"
        case Completed(reference):
            return f"after you finish {_title(reference, titles)}"
        case Passed(reference, ratio, within):
            return f"after you pass {_title(reference, titles)}{_ratio(ratio)}{_within(within)}"
        case Failed(reference, attempts):
            return f"after you answer {_title(reference, titles)}{_attempts(attempts)} without passing"
        case Rated(reference):
            return f"once you rate yourself {_level(leaf)} on {_title(reference, titles)}{_for(leaf, titles)}"
        case Released(reference):
            return f"when a facilitator opens {_title(reference, titles)}"
        case Happened(event):
            return f"as soon as {_event(event, titles)} has taken place"
        case _:
            raise TypeError(f"{leaf!r} is not a single fact or date")


def as_condition(rule: Rule, titles: Mapping[str, str], *, negated: bool = False) -> str:
    """Say a rule as a state of affairs, such as "you have finished Ten tasks", or its opposite."""
    match rule:
        case AllOf(parts):
            return (" or " if negated else " and ").join(as_condition(part, titles, negated=negated) for part in parts)
        case AnyOf(parts):
            return (" and " if negated else " or ").join(as_condition(part, titles, negated=negated) for part in parts)
        case AtLeast(count, parts):
            conditions = "; ".join(as_condition(part, titles) for part in parts)
            return f"{'fewer than' if negated else 'at least'} {count} of these hold: {conditions}"
        case Not(part):
            return as_condition(part, titles, negated=not negated)
        case _:
            return _fact(rule, titles, negated=negated)


def _fact(leaf: Rule, titles: Mapping[str, str], *, negated: bool) -> str:
    no = " not" if negated else ""
    match leaf:
        case After(anchor, offset):
            since = _ANCHORS[anchor.kind][2].format(_anchor_title(anchor, titles))
            have = "has" if abs(offset.amount) == 1 else "have"
            return f"{_amount(offset)} {have}{no} passed since {since}"
        case OnDate(on, _):
            return f"{day_in_words(on)} {on.year} has{no} come"
        case Completed(reference):
            return f"you have{no} finished {_title(reference, titles)}"
        case Passed(reference, ratio, within):
            return f"you have{no} passed {_title(reference, titles)}{_ratio(ratio)}{_within(within)}"
        case Failed(reference, attempts):
            often = "fewer than " if negated else ""
            times = "once" if attempts == 1 else f"{attempts} times"
            return f"you have answered {_title(reference, titles)} {often}{times} without passing"
        case Rated(reference):
            return f"you have{no} rated yourself {_level(leaf)} on {_title(reference, titles)}{_for(leaf, titles)}"
        case Released(reference):
            return f"a facilitator has{no} opened {_title(reference, titles)}"
        case Happened(event):
            return f"{_event(event, titles)} has{no} taken place"
        case _:
            raise TypeError(f"{leaf!r} is not a single fact or date")


def wait_in_words(wait: Offset) -> str:
    """Say a wait, such as "2 working days later, at 16:00"."""
    if wait.amount == 0:
        return f"the same day{_weekday(wait)}{_at(wait.at)}{_in_window(wait)}"
    return f"{_amount(wait)} later{_weekday(wait)}{_at(wait.at)}{_in_window(wait)}"


def trigger_in_words(trigger: Trigger, titles: Mapping[str, str]) -> str:
    """Say what sets a nudge off, such as "when Module 2 opens"."""
    if isinstance(trigger, ModuleOpened):
        return f"when {_title(Reference(trigger.module), titles)} opens"
    if isinstance(trigger, DueSoon):
        what = _title(trigger.subject, titles) if trigger.subject else "anything required"
        return f"{_amount(trigger.before)} before {what} is due{_at(trigger.before.at)}"
    if isinstance(trigger, Overdue):
        what = _title(trigger.subject, titles) if trigger.subject else "anything required"
        return f"{_amount(trigger.after)} after {what} was due, if it is not done{_at(trigger.after.at)}"
    if isinstance(trigger, AtMoment):
        return in_words(trigger.moment, titles)
    if isinstance(trigger, Inactive):
        length = _amount(Offset(trigger.amount, trigger.unit))
        return f"after {length} without activity while something is open{_at(trigger.at)}"
    return f"every {DAYS[trigger.weekday]}{_at(trigger.at)}"


def moves_in_words(placed: Placed) -> str:
    """Say what moved a moment, such as "moved from Monday 22 March: substitute holiday"; "" when nothing did."""
    changed = placed.paused_days or placed.shifted_days or placed.held or placed.outside
    if placed.planned is None and not changed:
        return ""
    causes = [name for day, name in placed.days_off if day == placed.planned]
    between = [f"{day_in_words(day)} ({name})" for day, name in placed.days_off if day != placed.planned]
    if between:
        causes.append(f"{listed(between)} {'is a day off' if len(between) == 1 else 'are days off'}")
    causes += [f"{day_in_words(day)} is worked{f' ({name})' if name else ''}" for day, name in placed.worked]
    if placed.outside:
        local, window = placed.outside
        causes.append(f"{local:%H:%M} on {day_in_words(local.date())} lies outside {window_in_words(window)}")
    if placed.paused_days:
        causes.append(f"{_plural(placed.paused_days, 'day')} of pause")
    elif placed.held:
        causes.append("the end of a pause")
    if placed.shifted_days:
        later = "later" if placed.shifted_days > 0 else "earlier"
        causes.append(f"your dates were moved {_plural(abs(placed.shifted_days), 'day')} {later}")
    start = f"moved from {day_in_words(placed.planned)}" if placed.planned else "moved"
    return f"{start}: {', '.join(causes)}" if causes else start


def window_in_words(window: Window) -> str:
    """Say a window, such as "Monday to Wednesday, 09:00 to 17:00"."""
    hours = f"{window.from_at:%H:%M} to {window.to_at:%H:%M}" if window.from_at and window.to_at else ""
    days = list(window.weekdays)
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        named = f"{DAYS[days[0]]} to {DAYS[days[-1]]}"
    else:
        named = listed(DAYS[day] for day in days) if days else ""
    return ", ".join(part for part in (named, hours) if part)


def day_in_words(day: date) -> str:
    """Say a date, such as "Monday 22 March"; the year is the reader's."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def listed(texts: Iterable[str]) -> str:
    """Join texts as a list in a sentence."""
    *firsts, last = texts
    return f"{', '.join(firsts)} and {last}" if firsts else last


def _counted(anchor: Anchor, offset: Offset, titles: Mapping[str, str]) -> str:
    title = _anchor_title(anchor, titles)
    after, when, _ = _ANCHORS[anchor.kind]
    if offset.amount:
        order = "after" if offset.amount > 0 else "before"
        moment = f"{_amount(offset)} {order} {after.format(title)}"
    else:
        moment = when.format(title) + (", on a working day" if offset.unit == "working_days" else "")
    return f"{moment}{_weekday(offset)}{_at(offset.at)}{_in_window(offset)}"


def _joined(parts: tuple[Rule, ...], titles: Mapping[str, str], between: str) -> str:
    compound = (AllOf, AnyOf, AtLeast)
    said = [f"({in_words(part, titles)})" if isinstance(part, compound) else in_words(part, titles) for part in parts]
    return between.join(said)


def _amount(offset: Offset) -> str:
    return _plural(abs(offset.amount), _UNITS[offset.unit])


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _weekday(offset: Offset) -> str:
    return "" if offset.weekday is None else f", on the next {DAYS[offset.weekday]}"


def _at(at: time | None) -> str:
    return "" if at is None else f", at {at:%H:%M}"


def _in_window(offset: Offset) -> str:
    return "" if offset.window is None else f", within {window_in_words(offset.window)}"


def _within(attempts: int | None) -> str:
    if attempts is None:
        return ""
    return " at the first attempt" if attempts == 1 else f" within {attempts} attempts"


def _attempts(count: int) -> str:
    if count == 1:
        return ""
    return " twice" if count == 2 else f" {count} times"


def _level(rated: Rated) -> str:
    return f"{rated.at_least} or higher" if rated.at_most is None else f"{rated.at_most} or lower"


def _for(rated: Rated, titles: Mapping[str, str]) -> str:
    return f", for {titles.get(f'behavior:{rated.behavior}', f'“{rated.behavior}”')}" if rated.behavior else ""


def _event(key: str, titles: Mapping[str, str]) -> str:
    return titles.get(f"event:{key}", f"“{key}”")


def _anchor_title(anchor: Anchor, titles: Mapping[str, str]) -> str:
    if anchor.kind == "event":
        return _event(anchor.event, titles)
    return f"{_title(anchor.reference, titles)}{_attempts(anchor.attempts) if anchor.kind == 'failed' else ''}"


def _ratio(ratio: float | None) -> str:
    return "" if ratio is None else f" with at least {ratio:.0%}"


def _title(reference: Reference | None, titles: Mapping[str, str]) -> str:
    return "" if reference is None else titles.get(str(reference), str(reference))

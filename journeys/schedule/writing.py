"""Write rules, triggers and waits back as plain data, in the one form that every export and every row uses."""

from collections.abc import Iterator
from datetime import time
from typing import TypeAlias

from journeys.schedule.tree import (
    WEEKDAYS,
    After,
    AllOf,
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
    Window,
)

Data: TypeAlias = dict[str, object]


def to_data(rule: Rule) -> Data:
    """Write a rule as plain data that JSON and YAML can hold; reading it back gives an equal rule."""
    match rule:
        case AllOf(parts):
            return {"all": [to_data(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [to_data(part) for part in parts]}
        case AtLeast(count, parts):
            return {"at_least": count, "of": [to_data(part) for part in parts]}
        case Not(part):
            return {"not": to_data(part)}
        case _:
            return _leaf_to_data(rule)


def _leaf_to_data(leaf: Rule) -> Data:
    match leaf:
        case After(anchor, offset):
            return {"from": str(anchor), **_attempts(anchor.attempts), **wait_to_data(offset)}
        case OnDate(on, at):
            return {"date": on.isoformat(), **_hour(at)}
        case Completed(reference):
            return {"completed": str(reference)}
        case Passed(reference, ratio, within):
            return {"passed": str(reference), **_present(ratio=ratio, within_attempts=within)}
        case Failed(reference, attempts):
            return {"failed": str(reference), **_attempts(attempts)}
        case Rated(reference, least, most, behavior):
            return {"rated": str(reference), **_present(at_least=least, at_most=most, behavior=behavior or None)}
        case Released(reference):
            return {"released": str(reference)}
        case Happened(event):
            return {"event": event}
        case _:
            raise TypeError(f"{leaf!r} is not a single fact or date")


def wait_to_data(wait: Offset) -> Data:
    """Write a wait as plain data."""
    weekday: Data = {} if wait.weekday is None else {"weekday": WEEKDAYS[wait.weekday]}
    window: Data = {} if wait.window is None else {"window": _window(wait.window)}
    return {wait.unit: wait.amount, **weekday, **_hour(wait.at), **window}


def trigger_to_data(trigger: Trigger) -> Data:
    """Write a trigger as plain data."""
    if isinstance(trigger, ModuleOpened):
        return {"event": "module-opened", "module": trigger.module}
    if isinstance(trigger, DueSoon):
        return {"event": "step-due-soon", **_subject(trigger.subject), "before": wait_to_data(trigger.before)}
    if isinstance(trigger, Overdue):
        return {"event": "overdue", **_subject(trigger.subject), "after": wait_to_data(trigger.after)}
    if isinstance(trigger, AtMoment):
        return {"event": "moment", **_leaf_to_data(trigger.moment)}
    if isinstance(trigger, Inactive):
        return {"event": "inactive", trigger.unit: trigger.amount, **_hour(trigger.at)}
    return {"event": "weekly", "weekday": WEEKDAYS[trigger.weekday], **_hour(trigger.at)}


def _subject(subject: Reference | None) -> Data:
    return {} if subject is None else {"step" if subject.step else "module": str(subject)}


def references(rule: Rule) -> set[Reference]:
    """Gather every module and step that a rule names."""
    return set(_references(rule))


def events(rule: Rule) -> set[str]:
    """Gather the key of every event that a rule names."""
    return {event for leaf in leaves(rule) if (event := _event(leaf))}


def counts_attempts(rule: Rule) -> bool:
    """Tell whether a rule asks for single attempts at a step, and not only for what came of them."""
    return any(_counts(leaf) for leaf in leaves(rule))


def asks_ratings(rule: Rule) -> bool:
    """Tell whether a rule asks how somebody rated themselves."""
    return any(isinstance(leaf, Rated) for leaf in leaves(rule))


def leaves(rule: Rule) -> Iterator[Rule]:
    """Go through the single facts and dates of a rule, in reading order, also those that are negated."""
    match rule:
        case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield rule


def _event(leaf: Rule) -> str:
    if isinstance(leaf, Happened):
        return leaf.event
    return leaf.anchor.event if isinstance(leaf, After) else ""


def _counts(leaf: Rule) -> bool:
    if isinstance(leaf, After):
        return leaf.anchor.kind == "failed"
    return isinstance(leaf, Failed) or (isinstance(leaf, Passed) and leaf.within is not None)


def _references(rule: Rule) -> Iterator[Reference]:
    for leaf in leaves(rule):
        match leaf:
            case After(anchor, _):
                if anchor.reference is not None:
                    yield anchor.reference
            case Completed(reference) | Passed(reference, _) | Failed(reference, _) | Released(reference):
                yield reference
            case Rated(reference, _):
                yield reference
            case _:
                continue


def _window(window: Window) -> Data:
    weekdays: Data = {"weekdays": [WEEKDAYS[day] for day in window.weekdays]} if window.weekdays else {}
    if window.from_at is None or window.to_at is None:
        return weekdays
    return {**weekdays, "from": f"{window.from_at:%H:%M}", "to": f"{window.to_at:%H:%M}"}


def _attempts(count: int) -> Data:
    return {} if count == 1 else {"attempts": count}


def _present(**values: object) -> Data:
    return {name: value for name, value in values.items() if value is not None}


def _hour(at: time | None) -> Data:
    return {} if at is None else {"at": at.strftime("%H:%M")}

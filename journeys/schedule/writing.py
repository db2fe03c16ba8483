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
    Completed,
    DueSoon,
    Inactive,
    ModuleOpened,
    Not,
    Offset,
    OnDate,
    Passed,
    Reference,
    Released,
    Rule,
    Trigger,
)

Data: TypeAlias = dict[str, object]


def to_data(rule: Rule) -> Data:
    """Write a rule as plain data that JSON and YAML can hold; reading it back gives an equal rule."""
    match rule:
        case After(anchor, offset):
            return {"from": str(anchor), **wait_to_data(offset)}
        case OnDate(on, at):
            return {"date": on.isoformat(), **_hour(at)}
        case Completed(reference):
            return {"completed": str(reference)}
        case Passed(reference, ratio):
            return {"passed": str(reference), **({} if ratio is None else {"ratio": ratio})}
        case Released(reference):
            return {"released": str(reference)}
        case AllOf(parts):
            return {"all": [to_data(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [to_data(part) for part in parts]}
        case AtLeast(count, parts):
            return {"at_least": count, "of": [to_data(part) for part in parts]}
        case Not(part):
            return {"not": to_data(part)}


def wait_to_data(wait: Offset) -> Data:
    """Write a wait as plain data."""
    weekday: Data = {} if wait.weekday is None else {"weekday": WEEKDAYS[wait.weekday]}
    return {wait.unit: wait.amount, **weekday, **_hour(wait.at)}


def trigger_to_data(trigger: Trigger) -> Data:
    """Write a trigger as plain data."""
    if isinstance(trigger, ModuleOpened):
        return {"event": "module-opened", "module": trigger.module}
    if isinstance(trigger, DueSoon):
        subject: Data = {}
        if trigger.subject is not None:
            subject = {"step" if trigger.subject.step else "module": str(trigger.subject)}
        return {"event": "step-due-soon", **subject, "before": wait_to_data(trigger.before)}
    if isinstance(trigger, Inactive):
        return {"event": "inactive", trigger.unit: trigger.amount, **_hour(trigger.at)}
    return {"event": "weekly", "weekday": WEEKDAYS[trigger.weekday], **_hour(trigger.at)}


def references(rule: Rule) -> set[Reference]:
    """Gather every module and step that a rule names."""
    return set(_references(rule))


def _references(rule: Rule) -> Iterator[Reference]:
    match rule:
        case After(anchor, _):
            if anchor.reference is not None:
                yield anchor.reference
        case Completed(reference) | Passed(reference, _) | Released(reference):
            yield reference
        case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
            for part in parts:
                yield from _references(part)
        case Not(part):
            yield from _references(part)
        case OnDate():
            return


def _hour(at: time | None) -> Data:
    return {} if at is None else {"at": at.strftime("%H:%M")}

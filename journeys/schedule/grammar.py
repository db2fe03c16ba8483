"""Read rules, triggers and waits from plain data, with every fault named, and write them back in one canonical form."""

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Final, cast

from journeys.schedule.fields import MAX_ATTEMPTS, MAX_LEVEL, Fields, shown
from journeys.schedule.tree import (
    UNITS,
    After,
    AllOf,
    Anchor,
    AnchorKind,
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
    RuleError,
    RuleFault,
    Trigger,
    Unit,
    Weekly,
)
from journeys.schedule.writing import references, to_data, trigger_to_data, wait_to_data

__all__ = [
    "MAX_DEPTH",
    "MAX_PARTS",
    "Reference",
    "Rule",
    "RuleError",
    "RuleFault",
    "Trigger",
    "parse_due",
    "parse_opens",
    "parse_rule",
    "parse_trigger",
    "parse_unless",
    "parse_wait",
    "references",
    "to_data",
    "trigger_to_data",
    "wait_to_data",
]

MAX_DEPTH: Final = 8
# As many as the form in words has lines.
MAX_PARTS: Final = 100
EXAMPLE: Final = '{completed: MODULE/STEP} or {from: start, working_days: 5, at: "09:00"}'

PLAIN_ANCHORS: Final = ("start", "enrolled", "end", "opens")
NAMED_ANCHORS: Final = {
    "module-opened": ("module-opened:KEY",),
    "completed": ("completed:MODULE/STEP", "completed:MODULE"),
    "failed": ("failed:MODULE/STEP",),
    "event": ("event:KEY",),
}
# Messages alone count from the end of the whole journey: nothing in it could open after that.
FINISHED: Final = "finished"
EVENTS: Final = ("module-opened", "step-due-soon", "overdue", "moment", "inactive", "weekly")
FORMS: Final[dict[str, tuple[str, ...]]] = {
    "from": (*UNITS, "at", "weekday", "window", "attempts"),
    "date": ("at",),
    "completed": (),
    "passed": ("ratio", "within_attempts"),
    "failed": ("attempts",),
    "rated": ("at_least", "at_most", "behavior"),
    "released": (),
    "event": (),
    "all": (),
    "any": (),
    "not": (),
    "at_least": ("of",),
}


def parse_rule(value: object, *, pointer: str) -> Rule:
    """
    Read one rule of any place.

    pointer: JSON pointer of the value in its document, "" for the document itself.
    Raises RuleError with every fault, never only the first.
    """
    rules = _Rules(own_opening=True)
    rule = rules.rule(value, pointer, depth=1)
    if rule is None or rules.faults:
        raise rules.error()
    return rule


def parse_opens(value: object, *, pointer: str) -> Rule:
    """Read a rule that says when something opens; it cannot count from its own opening. Raises RuleError."""
    rules = _Rules(own_opening=False)
    rule = rules.rule(value, pointer, depth=1)
    if rule is None or rules.faults:
        raise rules.error()
    return rule


def parse_due(value: object, *, pointer: str) -> Rule:
    """Read a rule that says when something is due. Raises RuleError."""
    return parse_rule(value, pointer=pointer)


def parse_unless(value: object, *, pointer: str) -> tuple[Rule, ...]:
    """Read what stops a message: a list of rules, any of which is enough; empty means nothing. Raises RuleError."""
    rules = _Rules(own_opening=False)
    unless = rules.rules(value, pointer, depth=0, least=0)
    if unless is None or rules.faults:
        raise rules.error()
    return unless


def parse_wait(value: object, *, pointer: str) -> Offset:
    """Read how long to wait, such as {working_days: 2, at: "16:00"}. Raises RuleError."""
    fields = Fields()
    mapping = fields.mapping(value, pointer, '{working_days: 2, at: "16:00"}')
    wait: Offset | None = None
    if mapping is not None:
        fields.only(mapping, pointer, (*UNITS, "at", "weekday"))
        wait = fields.offset(mapping, pointer)
    if wait is None or fields.faults:
        raise fields.error()
    return wait


def parse_trigger(value: object, *, pointer: str) -> Trigger:
    """Read what sets a nudge off, such as {event: module-opened, module: KEY}. Raises RuleError."""
    fields = Fields()
    mapping = fields.mapping(value, pointer, "{event: module-opened, module: KEY}")
    trigger = None if mapping is None else _trigger(fields, mapping, pointer)
    if trigger is None or fields.faults:
        raise fields.error()
    return trigger


class _Rules(Fields):
    """Reads a rule tree; bounded in depth and in parts, so that no document can make it run for long."""

    def __init__(self, *, own_opening: bool, is_message: bool = False) -> None:
        super().__init__()
        self.own_opening = own_opening
        self.is_message = is_message
        self.parts = 0

    def moment(self, mapping: Mapping[object, object], pointer: str) -> Trigger | None:
        """Read a trigger that counts from a moment. Days from the start or the end need an hour to write at."""
        self.only(mapping, pointer, ("event", "from", *UNITS, "at", "weekday", "attempts"))
        if "from" not in mapping:
            known = [*PLAIN_ANCHORS[:3], FINISHED, *(form for forms in NAMED_ANCHORS.values() for form in forms)]
            self.fault(f"{pointer}/from", f"Say which moment counts. Write one of {', '.join(known)}.")
            return None
        after = self._after(mapping, pointer)
        if not isinstance(after, After):
            return None
        counts_days = after.offset.unit not in ("hours", "minutes")
        if counts_days and after.offset.at is None and after.anchor.kind in ("start", "end"):
            self.fault(pointer, 'Say at which hour to write: at: "HH:MM".')
            return None
        return AtMoment(after)

    def rule(self, value: object, pointer: str, *, depth: int) -> Rule | None:
        self.parts += 1
        if self.parts > MAX_PARTS:
            if self.parts == MAX_PARTS + 1:
                self.fault(pointer, f"A rule may have at most {MAX_PARTS} parts. Use fewer of them.")
            return None
        if depth > MAX_DEPTH:
            self.fault(pointer, f"Rules may be nested at most {MAX_DEPTH} deep. Join the inner ones into one list.")
            return None
        mapping = self.mapping(value, pointer, EXAMPLE)
        if mapping is None:
            return None
        # Beside rated, at_least is a level and counts no rules.
        forms = [form for form in FORMS if form in mapping and not (form == "at_least" and "rated" in mapping)]
        if len(forms) != 1:
            joined = f"{' and '.join(forms)} stand side by side. Join them with all or any." if forms else ""
            self.fault(pointer, joined or f"This says nothing to wait for. Use one of {', '.join(FORMS)}.")
            return None
        self.only(mapping, pointer, (forms[0], *FORMS[forms[0]]))
        return self._form(forms[0], mapping, pointer, depth)

    def rules(self, value: object, pointer: str, *, depth: int, least: int = 1) -> tuple[Rule, ...] | None:
        """Read a list of rules; None when one of them, or the list, could not be read."""
        if not isinstance(value, list | tuple):
            self.fault(pointer, f"Write a list of rules, such as [{EXAMPLE.split(' or ', maxsplit=1)[0]}].")
            return None
        if len(value) < least:
            self.fault(pointer, "The list is empty. Put at least one rule into it.")
            return None
        read = [self.rule(part, f"{pointer}/{index}", depth=depth + 1) for index, part in enumerate(value)]
        whole = tuple(part for part in read if part is not None)
        return whole if len(whole) == len(read) else None

    def _form(self, form: str, mapping: Mapping[object, object], pointer: str, depth: int) -> Rule | None:
        if form == "from":
            return self._after(mapping, pointer)
        if form == "date":
            return self._date(mapping, pointer)
        if form == "event":
            event = self.key(mapping[form], f"{pointer}/{form}")
            return Happened(event) if event else None
        if form in ("passed", "failed"):
            return self._result(form, mapping, pointer)
        if form == "rated":
            return self._rated(mapping, pointer)
        if form in ("completed", "released"):
            reference = self.reference(mapping[form], f"{pointer}/{form}", step="allowed")
            return None if reference is None else Completed(reference) if form == "completed" else Released(reference)
        return self._joined(form, mapping, pointer, depth)

    def _after(self, mapping: Mapping[object, object], pointer: str) -> Rule | None:
        anchor = self._anchor(mapping["from"], f"{pointer}/from")
        known_ahead = anchor is not None and anchor.kind in ("start", "end")
        offset = self.offset(mapping, pointer, least="negative" if known_ahead else "zero")
        if "attempts" in mapping and anchor is not None:
            count = self._attempts(mapping, pointer, "attempts")
            if anchor.kind != "failed":
                self.fault(f"{pointer}/attempts", "Only from: failed:MODULE/STEP counts attempts. Leave attempts out.")
            anchor = replace(anchor, attempts=count or 1)
        return After(anchor, offset) if anchor and offset else None

    def _anchor(self, value: object, pointer: str) -> Anchor | None:
        kind, colon, key = value.partition(":") if isinstance(value, str) else ("", "", "")
        if kind == "opens" and not colon and not self.own_opening:
            self.fault(pointer, "from: opens counts from the own opening, so it belongs to due only.")
            return None
        if (kind in PLAIN_ANCHORS or (kind == FINISHED and self.is_message)) and not colon:
            return Anchor(cast(AnchorKind, kind))
        if kind in NAMED_ANCHORS and colon:
            return self._named_anchor(kind, key, pointer)
        known = [*PLAIN_ANCHORS, *(form for forms in NAMED_ANCHORS.values() for form in forms)]
        near = get_close_matches(str(value), known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Write one of {', '.join(known)}."
        self.fault(pointer, f"{shown(value)} is not a moment to count from. {hint}")
        return None

    def _named_anchor(self, kind: str, key: str, pointer: str) -> Anchor | None:
        if kind == "event":
            event = self.key(key, pointer)
            return Anchor("event", event=event) if event else None
        if kind == "module-opened":
            module = self.key(key, pointer)
            return Anchor("module-opened", Reference(module)) if module else None
        reference = self.reference(key, pointer, step="needed" if kind == "failed" else "allowed")
        return Anchor(cast(AnchorKind, kind), reference) if reference else None

    def _date(self, mapping: Mapping[object, object], pointer: str) -> Rule | None:
        on = self.day(mapping["date"], f"{pointer}/date")
        at = self.hour(mapping["at"], f"{pointer}/at") if "at" in mapping else None
        return OnDate(on, at) if on and (at is not None or "at" not in mapping) else None

    def _result(self, form: str, mapping: Mapping[object, object], pointer: str) -> Rule | None:
        before = len(self.faults)
        reference = self.reference(mapping[form], f"{pointer}/{form}", step="needed")
        ratio = self.ratio(mapping["ratio"], f"{pointer}/ratio") if "ratio" in mapping else None
        counted = "attempts" if form == "failed" else "within_attempts"
        count = self._attempts(mapping, pointer, counted) if counted in mapping else None
        if reference is None or len(self.faults) > before:
            return None
        return Passed(reference, ratio, count) if form == "passed" else Failed(reference, count or 1)

    def _rated(self, mapping: Mapping[object, object], pointer: str) -> Rule | None:
        before = len(self.faults)
        reference = self.reference(mapping["rated"], f"{pointer}/rated", step="needed")
        behavior = self.key(mapping["behavior"], f"{pointer}/behavior") if "behavior" in mapping else ""
        bounds = [name for name in ("at_least", "at_most") if name in mapping]
        if len(bounds) != 1:
            self.fault(pointer, "Say which level counts, the lowest being 1: either at_least: 3 or at_most: 2.")
            return None
        level = self.whole(mapping[bounds[0]], f"{pointer}/{bounds[0]}", least=1, most=MAX_LEVEL)
        if reference is None or level is None or len(self.faults) > before:
            return None
        least, most = (level, None) if bounds == ["at_least"] else (None, level)
        return Rated(reference, least, most, behavior or "")

    def _attempts(self, mapping: Mapping[object, object], pointer: str, name: str) -> int | None:
        return self.whole(mapping[name], f"{pointer}/{name}", least=1, most=MAX_ATTEMPTS)

    def _joined(self, form: str, mapping: Mapping[object, object], pointer: str, depth: int) -> Rule | None:
        if form == "not":
            part = self.rule(mapping["not"], f"{pointer}/not", depth=depth + 1)
            return Not(part) if part else None
        if form == "at_least":
            return self._at_least(mapping, pointer, depth)
        parts = self.rules(mapping[form], f"{pointer}/{form}", depth=depth)
        if parts is None:
            return None
        return AllOf(parts) if form == "all" else AnyOf(parts)

    def _at_least(self, mapping: Mapping[object, object], pointer: str, depth: int) -> Rule | None:
        if "of" not in mapping:
            self.fault(pointer, "at_least needs the rules to count: add of: [...].")
            return None
        parts = self.rules(mapping["of"], f"{pointer}/of", depth=depth)
        count = self.whole(mapping["at_least"], f"{pointer}/at_least", least=1, most=MAX_PARTS)
        if parts is None or count is None:
            return None
        if count > len(parts):
            self.fault(f"{pointer}/at_least", f"{count} of {len(parts)} can never hold. Ask for {len(parts)} or fewer.")
            return None
        return AtLeast(count, parts)


def _trigger(fields: Fields, mapping: Mapping[object, object], pointer: str) -> Trigger | None:
    event = mapping.get("event")
    if event == "module-opened":
        return _module_opened(fields, mapping, pointer)
    if event == "step-due-soon":
        return _due_soon(fields, mapping, pointer)
    if event == "overdue":
        return _overdue(fields, mapping, pointer)
    if event == "moment":
        rules = _Rules(own_opening=False, is_message=True)
        trigger = rules.moment(mapping, pointer)
        fields.faults += rules.faults
        return trigger
    if event == "inactive":
        return _inactive(fields, mapping, pointer)
    if event == "weekly":
        return _weekly(fields, mapping, pointer)
    fields.fault(f"{pointer}/event", f"{shown(event)} is not an event. Write one of {', '.join(EVENTS)}.")
    return None


def _module_opened(fields: Fields, mapping: Mapping[object, object], pointer: str) -> Trigger | None:
    fields.only(mapping, pointer, ("event", "module"))
    module = fields.key(mapping.get("module"), f"{pointer}/module")
    return ModuleOpened(module) if module else None


def _due_soon(fields: Fields, mapping: Mapping[object, object], pointer: str) -> Trigger | None:
    read = _about_a_deadline(fields, mapping, pointer, "before")
    return None if read is None else DueSoon(*read)


def _overdue(fields: Fields, mapping: Mapping[object, object], pointer: str) -> Trigger | None:
    read = _about_a_deadline(fields, mapping, pointer, "after")
    return None if read is None else Overdue(*read)


def _about_a_deadline(
    fields: Fields, mapping: Mapping[object, object], pointer: str, length: str
) -> tuple[Offset, Reference | None] | None:
    """Read how long before or after a deadline, and of what; None as the latter for everything required."""
    fields.only(mapping, pointer, ("event", "step", "module", length))
    faults = len(fields.faults)
    subject: Reference | None = None
    if "step" in mapping and "module" in mapping:
        fields.fault(pointer, "Name a step or a module, not both.")
    elif "step" in mapping:
        subject = fields.reference(mapping["step"], f"{pointer}/step", step="needed")
    elif "module" in mapping:
        module = fields.key(mapping["module"], f"{pointer}/module")
        subject = Reference(module) if module else None
    example = '{working_days: 1, at: "09:00"}'
    said = fields.mapping(mapping.get(length), f"{pointer}/{length}", example)
    if said is None:
        return None
    units: tuple[Unit, ...] = ("working_days", "days", "hours")
    fields.only(said, f"{pointer}/{length}", (*units, "at"))
    offset = fields.offset(said, f"{pointer}/{length}", units=units, weekdays=False)
    return (offset, subject) if offset and len(fields.faults) == faults else None


def _inactive(fields: Fields, mapping: Mapping[object, object], pointer: str) -> Trigger | None:
    fields.only(mapping, pointer, ("event", "days", "working_days", "at"))
    if "at" not in mapping:
        fields.fault(pointer, 'Say at which hour to write: at: "HH:MM".')
    offset = fields.offset(mapping, pointer, units=("days", "working_days"), least="one", weekdays=False)
    if offset is None or offset.at is None:
        return None
    return Inactive(offset.amount, "days" if offset.unit == "days" else "working_days", offset.at)


def _weekly(fields: Fields, mapping: Mapping[object, object], pointer: str) -> Trigger | None:
    fields.only(mapping, pointer, ("event", "weekday", "at"))
    weekday = fields.weekday(mapping.get("weekday"), f"{pointer}/weekday")
    at = fields.hour(mapping.get("at"), f"{pointer}/at")
    return Weekly(weekday, at) if weekday is not None and at is not None else None

"""What rules name: modules and steps of the same version."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

from journeys.authoring.rules.content import VersionContent
from journeys.schedule.tree import RuleFault

NAMING: Final = ("completed", "passed", "failed", "rated", "released", "module", "step", "before")
EVENT: Final = "event:"
# Where expectations say on which days others act, the keys are the names.
DAYS_OF_OTHERS: Final = {"events": EVENT, "released": ""}


def references_in(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield each MODULE, MODULE/STEP or event:KEY that rule data or expectations name, with its JSON pointer."""
    if isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield from references_in(part, f"{pointer}/{index}")
    elif isinstance(value, Mapping):
        for key, part in value.items():
            here = f"{pointer}/{key}"
            named = _named_by(str(key), part, alone=len(value) == 1) if isinstance(part, str) else ""
            if named:
                yield here, named
            elif key in DAYS_OF_OTHERS and isinstance(part, Mapping):
                yield from ((f"{here}/{one}", f"{DAYS_OF_OTHERS[key]}{one}") for one in part)
            elif key != "window":
                # The from of a window is an hour.
                yield from references_in(part, here)


def _named_by(key: str, part: str, *, alone: bool) -> str:
    """Return what one entry of rule data names, "" for an entry that names nothing."""
    kind, colon, reference = part.partition(":")
    if key in NAMING:
        return part
    if key == "event" and alone:
        # A trigger says its event beside other keys; alone it is a rule that waits for an event.
        return f"{EVENT}{part}"
    if key == "pace":
        # absent:3 names a week.
        return "" if reference.isdecimal() else reference
    if key == "from" and colon:
        return part if kind == "event" else reference
    return ""


def attempts_in(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield each MODULE/STEP of which rule data count the attempts, with its JSON pointer."""
    if isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield from attempts_in(part, f"{pointer}/{index}")
    elif isinstance(value, Mapping):
        named = {"failed": value.get("failed"), "passed": value.get("passed") if "within_attempts" in value else None}
        yield from ((f"{pointer}/{key}", part) for key, part in named.items() if isinstance(part, str))
        kind, _colon, reference = str(value.get("from", "")).partition(":")
        if kind == "failed":
            yield f"{pointer}/from", reference
        for key, part in value.items():
            yield from attempts_in(part, f"{pointer}/{key}")


def ratings_in(value: Any, pointer: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each part of rule data that asks for a rating, with its JSON pointer."""
    if isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield from ratings_in(part, f"{pointer}/{index}")
    elif isinstance(value, Mapping):
        if "rated" in value:
            yield pointer, value
        for key, part in value.items():
            yield from ratings_in(part, f"{pointer}/{key}")


def rules_of(content: VersionContent) -> Iterator[tuple[str, Any]]:
    """Yield the data of every rule with its place: modules/KEY/opens, steps/KEY/due, nudges/KEY/unless and so on."""
    for module in content.modules:
        yield f"modules/{module.key}/opens", module.opens
        yield f"modules/{module.key}/due", module.due
    for step in content.steps:
        yield f"steps/{step.key}/opens", step.opens
        yield f"steps/{step.key}/due", step.due
    for nudge in content.nudges:
        yield f"nudges/{nudge.key}/trigger", nudge.trigger
        yield f"nudges/{nudge.key}/unless", list(nudge.unless)


def skills_named(content: VersionContent) -> Iterator[tuple[str, str]]:
    """Yield each skill that a content names, with its place."""
    for aim in content.skills:
        yield f"skills/{aim.skill}/skill", aim.skill
    for indicator in content.indicators:
        yield f"indicators/{indicator.key}/skill", indicator.skill
    for module in content.modules:
        for index, aim in enumerate(module.skills):
            yield f"modules/{module.key}/skills/{index}", aim.skill


def known_references(content: VersionContent) -> frozenset[str]:
    """Return what rules of this version may name: each MODULE, each MODULE/STEP and each event:KEY."""
    parts = frozenset(module.key for module in content.modules) | frozenset(step.reference for step in content.steps)
    return parts | frozenset(f"{EVENT}{event.key}" for event in content.events)


def unknown_references(value: Any, known: frozenset[str], pointer: str = "") -> Iterator[RuleFault]:
    """Yield a fault for each module, step or event that rule data name and the version does not have."""
    for here, reference in references_in(value, pointer):
        if reference not in known:
            yield RuleFault(here, in_words(reference, known))


def in_words(reference: str, known: frozenset[str]) -> str:
    """Say that a reference names nothing, and what may have been meant."""
    if reference.startswith(EVENT):
        return _event_in_words(reference, known)
    what = "step" if "/" in reference else "module"
    same_step = [other for other in known if "/" in reference and other.endswith(f"/{reference.rpartition('/')[2]}")]
    near = same_step[:1] or get_close_matches(reference, sorted(known), n=1)
    hint = f"Did you mean {near[0]}?" if near else "Name one that exists, or add it first."
    return f"This journey has no {what} “{reference}”. {hint}"


def _event_in_words(reference: str, known: frozenset[str]) -> str:
    events = sorted(name for name in known if name.startswith(EVENT))
    near = get_close_matches(reference, events, n=1)
    named = ", ".join(name.removeprefix(EVENT) for name in events)
    others = f"Name one of its events ({named}), or add this one to them." if events else "Add it to its events first."
    hint = f"Did you mean {near[0].removeprefix(EVENT)}?" if near else others
    return f"This journey has no event “{reference.removeprefix(EVENT)}”. {hint}"

"""What actions on parts of a draft share: refusing faults, choosing keys, renumbering, asking what names a part."""

from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

from config.support.errors import Fault
from journeys.authoring.errors import InvalidAuthoring, KeyTaken, StillNeeded
from journeys.authoring.models import JourneyVersion, Module, NudgeRule, Step
from journeys.authoring.queries.content import modules_of, nudges_of
from journeys.authoring.queries.parts import keys_ever
from journeys.authoring.rules.content import VersionContent
from journeys.authoring.rules.entries import Entries
from journeys.authoring.rules.keys import mint_key
from journeys.authoring.rules.order import positions
from journeys.authoring.rules.references import references_in, rules_of

Row = TypeVar("Row", Module, Step, NudgeRule)


def refuse(entries: Entries) -> None:
    """Raise InvalidAuthoring when the entries have faults."""
    if entries.faults:
        raise InvalidAuthoring(faults=[Fault(fault.pointer, fault.message) for fault in entries.faults])


def chosen_key(
    entries: Entries,
    model: type[Module] | type[Step] | type[NudgeRule],
    journey_id: int,
    *,
    key: str,
    title: str,
    fallback: str,
) -> str:
    """
    Return the key that was asked for, or one minted from the title; never one that any version of the journey had.

    One query. Raises KeyTaken.
    """
    taken = keys_ever(model, journey_id)
    if not key:
        return mint_key(title, taken=taken, fallback=fallback)
    if key in taken:
        detail = f"“{key}” is in use, or was in use in an earlier version. Choose another key."
        raise KeyTaken(faults=[Fault("/key", detail, "key_taken")])
    return entries.key(key, "/key")


def set_positions(model: type[Row], order: Sequence[int]) -> None:
    """Number rows anew in the given order, with gaps; two queries in the caller's transaction."""
    rows = model.objects.in_bulk(order)
    numbered = zip(order, positions(len(order)), strict=True)
    changed = [row for pk, position in numbered if (row := _numbered(rows[pk], position))]
    model.objects.bulk_update(changed, ["position"])


def _numbered(row: Row, position: int) -> Row:
    row.position = position
    return row


def still_named(version_id: int, gone: Collection[str]) -> None:
    """
    Raise StillNeeded when rules, reflections or expectations of other parts name what is to go.

    gone: MODULE, MODULE/STEP and event:KEY. Four queries.
    """
    version = JourneyVersion.objects.only("title", "expectations").get(pk=version_id)
    content = VersionContent(
        key="",
        title=version.title,
        modules=modules_of(version_id, whole=False),
        nudges=nudges_of(version_id),
        expectations=tuple(version.expectations),
    )
    named = list(dict.fromkeys(_namers(content, frozenset(gone))))
    if named:
        raise StillNeeded(f"{', '.join(named)} {'depends' if len(named) == 1 else 'depend'} on it. Change that first.")


def _namers(content: VersionContent, gone: frozenset[str]) -> Iterator[str]:
    names = dict(_names(content))
    own = {f"modules/{name}" for name in gone} | {f"steps/{name.rpartition('/')[2]}" for name in gone if "/" in name}
    for where, data in rules_of(content):
        part = "/".join(where.split("/")[:2])
        if part not in own and any(reference in gone for _pointer, reference in references_in(data)):
            yield names[part]
    for step in content.steps:
        if step.spec.get("after") in gone and f"steps/{step.key}" not in own:
            yield names[f"steps/{step.key}"]
    for number, expectation in enumerate(content.expectations, start=1):
        if any(reference in gone for _pointer, reference in references_in(expectation)):
            yield f"expectation {number}"


def _names(content: VersionContent) -> Iterator[tuple[str, str]]:
    for module in content.modules:
        yield f"modules/{module.key}", f"Module “{module.title}”"
    for step in content.steps:
        yield f"steps/{step.key}", f"“{step.title}”"
    for nudge in content.nudges:
        yield f"nudges/{nudge.key}", f"Nudge “{nudge.name}”"

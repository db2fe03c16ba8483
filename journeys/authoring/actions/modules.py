"""Modules of a draft: add, describe, move, copy, remove."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from journeys.authoring.actions.checked import chosen_key, refuse, set_positions, still_named
from journeys.authoring.actions.copying import copy_module
from journeys.authoring.actions.drafts import claim_draft
from journeys.authoring.models import Act, Module, ModuleSkill
from journeys.authoring.queries.parts import get_module, references_of, skills_by_id
from journeys.authoring.rules.content import Why
from journeys.authoring.rules.entries import LONGEST_OUTCOME, Entries
from journeys.authoring.rules.order import GAP, Place, moved, positions

NO_WHY: Final = Why()


@dataclass(frozen=True, slots=True)
class Aim:
    """A skill by its row, with its weight (1 to 3)."""

    skill_id: int
    weight: int = 1


def add_module(
    *,
    version_id: int,
    title: str,
    outcome: str,
    skills: Sequence[Aim] = (),
    why: Why = NO_WHY,
    opens: Any = None,
    due: Any = None,
    key: str = "",
    expected_edits: int | None = None,
) -> Module:
    """
    Add a module at the end of a draft.

    key: minted from the title when empty; it never changes. opens, due: rule data or None for the default.
    Raises KeyTaken, InvalidAuthoring with every fault, VersionFrozen, EditedMeanwhile, UnknownVersion.
    """
    with transaction.atomic():
        version = claim_draft(version_id=version_id, expected_edits=expected_edits, act=Act.MODULE_ADDED)
        entries = Entries(references_of(version_id))
        name = chosen_key(entries, Module, version.journey_id, key=key, title=title, fallback="module")
        module = Module(version=version, key=name, position=_end(version_id))
        _describe(module, entries, title=title, outcome=outcome, why=why, opens=opens, due=due)
        aims = _known_aims(module, entries, skills)
        refuse(entries)
        module.save(force_insert=True)
        _set_skills(module, aims)
    return module


def update_module(
    *,
    module_id: int,
    title: str,
    outcome: str,
    skills: Sequence[Aim],
    why: Why,
    opens: Any,
    due: Any,
    expected_edits: int | None = None,
) -> Module:
    """
    Describe a module anew, whole: what is left out is emptied.

    Raises InvalidAuthoring with every fault, VersionFrozen, EditedMeanwhile, UnknownStep.
    """
    with transaction.atomic():
        module = get_module(module_id)
        claim_draft(version_id=module.version_id, expected_edits=expected_edits, act=Act.MODULE_CHANGED)
        entries = Entries(references_of(module.version_id))
        _describe(module, entries, title=title, outcome=outcome, why=why, opens=opens, due=due)
        aims = _known_aims(module, entries, skills)
        refuse(entries)
        module.save()
        _set_skills(module, aims)
    return module


def move_module(*, module_id: int, to: Place, expected_edits: int | None = None) -> None:
    """
    Move a module: "up", "down", or to a place counted from 1. Beyond an end it stays at that end.

    Raises VersionFrozen, EditedMeanwhile, UnknownStep.
    """
    with transaction.atomic():
        module = get_module(module_id)
        claim_draft(version_id=module.version_id, expected_edits=expected_edits, act=Act.MODULE_MOVED)
        order = (
            Module.objects.filter(version_id=module.version_id).order_by("position", "id").values_list("pk", flat=True)
        )
        set_positions(Module, moved(list(order), module_id, to))


def duplicate_module(
    *, module_id: int, author_id: int | None, now: datetime, expected_edits: int | None = None
) -> Module:
    """
    Copy a module with its steps, right behind it; each copy gets a key and an activity of its own.

    Rules inside that name the module or its steps name the copies. Raises VersionFrozen, EditedMeanwhile, UnknownStep.
    """
    with transaction.atomic():
        module = get_module(module_id)
        claim_draft(version_id=module.version_id, expected_edits=expected_edits, act=Act.MODULE_COPIED)
        copy = copy_module(module, author_id=author_id, now=now)
        order = (
            Module.objects.filter(version_id=module.version_id).order_by("position", "id").values_list("pk", flat=True)
        )
        place = list(order).index(module_id) + 2
        set_positions(Module, moved(list(order), copy.pk, place))
    copy.refresh_from_db()
    return copy


def delete_module(*, module_id: int, expected_edits: int | None = None) -> None:
    """
    Remove a module with its steps; their activities stay in the library.

    Raises StillNeeded when rules elsewhere name it or a step of it, VersionFrozen, EditedMeanwhile, UnknownStep.
    """
    with transaction.atomic():
        module = get_module(module_id)
        claim_draft(version_id=module.version_id, expected_edits=expected_edits, act=Act.MODULE_REMOVED)
        gone = {module.key, *(f"{module.key}/{key}" for key in module.steps.values_list("key", flat=True))}
        still_named(module.version_id, gone)
        module.delete()


def _end(version_id: int) -> int:
    last = Module.objects.filter(version_id=version_id).order_by("-position").values_list("position", flat=True).first()
    return (last or 0) + GAP


def _describe(module: Module, entries: Entries, *, title: str, outcome: str, why: Why, opens: Any, due: Any) -> None:
    module.title = entries.line(title, "/title", name="a title")
    module.outcome = entries.line(outcome, "/outcome", name="what learners will be able to do", longest=LONGEST_OUTCOME)
    module.why_capability = why.capability
    module.why_opportunity = why.opportunity
    module.why_motivation = why.motivation
    # The module may name itself: a facilitator releases it by hand.
    own = Entries(entries.known | {module.key}, entries.faults)
    module.opens = own.opens(opens)
    module.due = own.due(due)


def _known_aims(module: Module, entries: Entries, skills: Sequence[Aim]) -> list[Aim]:
    known = skills_by_id(module.version.journey, [aim.skill_id for aim in skills])
    return checked_aims(entries, skills, known)


def checked_aims(entries: Entries, skills: Sequence[Aim], known: Any) -> list[Aim]:
    """Return the aims, each skill once; note those that the organization has not, and weights out of bounds."""
    for index, aim in enumerate(skills):
        if aim.skill_id not in known:
            entries.fault(f"/skills/{index}", "There is no such skill. Choose one of the list.")
        if not 1 <= aim.weight <= 3:
            entries.fault(f"/skills/{index}/weight", "Give a weight from 1 to 3.")
    return list({aim.skill_id: aim for aim in skills}.values())


def _set_skills(module: Module, aims: Sequence[Aim]) -> None:
    module.skills.all().delete()
    ModuleSkill.objects.bulk_create(
        ModuleSkill(module=module, skill_id=aim.skill_id, weight=aim.weight, position=position)
        for position, aim in zip(positions(len(aims)), aims, strict=True)
    )

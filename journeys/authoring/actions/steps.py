"""Steps of a draft: add, place, reword, move, copy, remove."""

from datetime import datetime
from typing import Any

from django.db import transaction

from config.support.errors import Fault
from content.activities.actions import create_activity, revise_activity
from content.activities.models import Activity
from journeys.authoring.actions.checked import chosen_key, refuse, set_positions, still_named
from journeys.authoring.actions.copying import copy_step, mint_step_keys
from journeys.authoring.actions.drafts import claim_draft
from journeys.authoring.errors import InvalidAuthoring
from journeys.authoring.models import Act, Module, Step
from journeys.authoring.queries.parts import get_module, get_step_row, references_of
from journeys.authoring.rules.entries import SERVES, Entries
from journeys.authoring.rules.order import GAP, Place, moved


def add_step(
    *,
    module_id: int,
    kind: str,
    title: str,
    minutes: int,
    serves: str,
    author_id: int | None,
    now: datetime,
    topic: str = "",
    body: str = "",
    spec: Any = None,
    required: bool = True,
    opens: Any = None,
    due: Any = None,
    key: str = "",
    expected_edits: int | None = None,
) -> Step:
    """
    Add a step with a new activity at the end of a module.

    key: minted from the title when empty; it never changes. spec: the kind's own data.
    Raises KeyTaken, InvalidAuthoring, SpecError, VersionFrozen, EditedMeanwhile, UnknownStep.
    """
    with transaction.atomic():
        module = get_module(module_id)
        claim_draft(version_id=module.version_id, expected_edits=expected_edits, act=Act.STEP_ADDED)
        step = _new_step(module, title=title, key=key, serves=serves, required=required, opens=opens, due=due)
        step.activity = create_activity(
            organization_id=module.version.journey.organization_id,
            kind=kind,
            title=title,
            minutes=minutes,
            topic=topic,
            body=body,
            spec=spec or {},
            author_id=author_id,
            now=now,
        )
        step.save(force_insert=True)
    return step


def add_step_from_library(
    *,
    module_id: int,
    activity_id: int,
    serves: str,
    required: bool = True,
    opens: Any = None,
    due: Any = None,
    key: str = "",
    expected_edits: int | None = None,
) -> Step:
    """
    Add a step that shows an activity of the library, at the end of a module.

    Raises InvalidAuthoring, also for an activity of another organization, KeyTaken, VersionFrozen, EditedMeanwhile.
    """
    with transaction.atomic():
        module = get_module(module_id)
        claim_draft(version_id=module.version_id, expected_edits=expected_edits, act=Act.STEP_ADDED)
        organization_id = module.version.journey.organization_id
        activity = (
            Activity.objects.filter(pk=activity_id, organization_id=organization_id).select_related("latest").first()
        )
        if activity is None or activity.latest is None:
            raise InvalidAuthoring(faults=[Fault("/activity", "Choose an activity of your library.", "unknown")])
        title = activity.latest.title
        step = _new_step(module, title=title, key=key, serves=serves, required=required, opens=opens, due=due)
        step.activity = activity
        step.save(force_insert=True)
    return step


def update_step(
    *,
    step_id: int,
    serves: str,
    required: bool,
    opens: Any,
    due: Any,
    expected_edits: int | None = None,
) -> Step:
    """
    Place a step anew: what it serves, whether it is required, when it opens and is due.

    Raises InvalidAuthoring with every fault, VersionFrozen, EditedMeanwhile, UnknownStep.
    """
    with transaction.atomic():
        step = get_step_row(step_id)
        claim_draft(version_id=step.version_id, expected_edits=expected_edits, act=Act.STEP_CHANGED)
        entries = Entries(references_of(step.version_id))
        step.serves = entries.choice(serves, "/serves", SERVES)
        step.required = required
        step.opens = entries.opens(opens)
        step.due = entries.due(due)
        refuse(entries)
        step.save(update_fields=["serves", "required", "opens", "due"])
    return step


def revise_step(
    *,
    step_id: int,
    title: str,
    minutes: int,
    topic: str,
    body: str,
    spec: Any,
    author_id: int | None,
    now: datetime,
    expected_edits: int | None = None,
) -> Step:
    """
    Reword a step's activity; every draft that shows the activity follows.

    Raises SpecError and what else the activity refuses, VersionFrozen, EditedMeanwhile, UnknownStep.
    """
    with transaction.atomic():
        step = get_step_row(step_id)
        claim_draft(version_id=step.version_id, expected_edits=expected_edits, act=Act.STEP_CHANGED)
        revise_activity(
            activity_id=step.activity_id,
            title=title,
            minutes=minutes,
            topic=topic,
            body=body,
            spec=spec,
            author_id=author_id,
            now=now,
        )
    return get_step_row(step_id)


def move_step(*, step_id: int, to: Place, expected_edits: int | None = None) -> None:
    """
    Move a step inside its module: "up", "down", or to a place counted from 1.

    Raises VersionFrozen, EditedMeanwhile, UnknownStep.
    """
    with transaction.atomic():
        step = get_step_row(step_id)
        claim_draft(version_id=step.version_id, expected_edits=expected_edits, act=Act.STEP_MOVED)
        set_positions(Step, moved(_order(step.module_id), step_id, to))


def duplicate_step(*, step_id: int, author_id: int | None, now: datetime, expected_edits: int | None = None) -> Step:
    """
    Copy a step with its activity, right behind it, under a key of its own.

    Raises VersionFrozen, EditedMeanwhile, UnknownStep.
    """
    with transaction.atomic():
        step = get_step_row(step_id)
        claim_draft(version_id=step.version_id, expected_edits=expected_edits, act=Act.STEP_COPIED)
        key = mint_step_keys([step], step.version.journey_id)[step.key]
        names = {f"{step.module.key}/{step.key}": f"{step.module.key}/{key}"}
        copy = copy_step(step, step.module, names=names, key=key, author_id=author_id, now=now)
        order = _order(step.module_id)
        set_positions(Step, moved(order, copy.pk, order.index(step_id) + 2))
    copy.refresh_from_db()
    return copy


def delete_step(*, step_id: int, expected_edits: int | None = None) -> None:
    """
    Remove a step; its activity stays in the library.

    Raises StillNeeded when rules elsewhere name it, VersionFrozen, EditedMeanwhile, UnknownStep.
    """
    with transaction.atomic():
        step = get_step_row(step_id)
        claim_draft(version_id=step.version_id, expected_edits=expected_edits, act=Act.STEP_REMOVED)
        still_named(step.version_id, {f"{step.module.key}/{step.key}"})
        step.delete()


def _new_step(module: Module, *, title: str, key: str, serves: str, required: bool, opens: Any, due: Any) -> Step:
    """Return an unsaved step without its activity. Raises KeyTaken, InvalidAuthoring."""
    entries = Entries(references_of(module.version_id))
    name = chosen_key(entries, Step, module.version.journey_id, key=key, title=title, fallback="step")
    # The step may name itself: a facilitator releases it by hand.
    own = Entries(entries.known | {f"{module.key}/{name}"}, entries.faults)
    step = Step(
        version_id=module.version_id,
        module=module,
        key=name,
        position=_end(module.pk),
        serves=entries.choice(serves, "/serves", SERVES),
        required=required,
        opens=own.opens(opens),
        due=own.due(due),
    )
    refuse(entries)
    return step


def _end(module_id: int) -> int:
    last = Step.objects.filter(module_id=module_id).order_by("-position").values_list("position", flat=True).first()
    return (last or 0) + GAP


def _order(module_id: int) -> list[int]:
    return list(Step.objects.filter(module_id=module_id).order_by("position", "id").values_list("pk", flat=True))

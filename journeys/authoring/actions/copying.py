"""Copies of modules and steps inside a draft, with keys and activities of their own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from content.activities.actions import create_activity
from content.activities.models import Activity, RevisionAsset
from journeys.authoring.models import Module, ModuleSkill, Step
from journeys.authoring.queries.parts import keys_ever
from journeys.authoring.queries.steps import effective_revision
from journeys.authoring.rules.keys import mint_key, renamed


def copy_step(
    step: Step, module: Module, *, names: Mapping[str, str], key: str, author_id: int | None, now: datetime
) -> Step:
    """Save a copy of a step in a module; names: how rules are to call what was copied along."""
    activity = copy_activity(step, author_id=author_id, now=now)
    return Step.objects.create(
        version_id=module.version_id,
        module=module,
        key=key,
        position=step.position,
        activity=activity,
        serves=step.serves,
        required=step.required,
        opens=_rule(step.opens, names),
        due=_rule(step.due, names),
    )


def copy_module(module: Module, *, author_id: int | None, now: datetime) -> Module:
    """Save a copy of a module with its skills and steps."""
    journey_id = module.version.journey_id
    key = mint_key(module.title, taken=keys_ever(Module, journey_id), fallback="module")
    steps = list(module.steps.select_related("activity__latest", "revision").order_by("position", "id"))
    keys = mint_step_keys(steps, journey_id)
    names = {module.key: key} | {f"{module.key}/{old}": f"{key}/{new}" for old, new in keys.items()}
    copy = Module.objects.create(
        version_id=module.version_id,
        key=key,
        position=module.position,
        title=module.title,
        outcome=module.outcome,
        why_capability=module.why_capability,
        why_opportunity=module.why_opportunity,
        why_motivation=module.why_motivation,
        opens=_rule(module.opens, names),
        due=_rule(module.due, names),
    )
    ModuleSkill.objects.bulk_create(
        ModuleSkill(module=copy, skill_id=aim.skill_id, weight=aim.weight, position=aim.position)
        for aim in module.skills.all()
    )
    for step in steps:
        copy_step(step, copy, names=names, key=keys[step.key], author_id=author_id, now=now)
    return copy


def copy_activity(step: Step, *, author_id: int | None, now: datetime) -> Activity:
    """Save a copy of what a step shows, as an activity of its own in the library."""
    revision = effective_revision(step)
    return create_activity(
        organization_id=step.activity.organization_id,
        kind=step.activity.kind,
        title=revision.title,
        minutes=revision.minutes,
        topic=revision.topic,
        body=revision.body,
        spec=revision.spec,
        author_id=author_id,
        now=now,
        assets=dict(RevisionAsset.objects.filter(revision=revision).values_list("path", "asset_id")),
    )


def mint_step_keys(steps: list[Step], journey_id: int) -> dict[str, str]:
    """Return a new key for each step, by its old one; one query."""
    taken = set(keys_ever(Step, journey_id))
    keys: dict[str, str] = {}
    for step in steps:
        keys[step.key] = mint_key(effective_revision(step).title, taken=taken, fallback="step")
        taken.add(keys[step.key])
    return keys


def _rule(data: Any, names: Mapping[str, str]) -> dict[str, Any] | None:
    return cast("dict[str, Any]", renamed(data, names)) if data else None

"""Several steps of a draft at once: one transaction, one edit, one entry of its history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from django.db import transaction

from config.support.errors import Fault
from content.activities.actions import revise_activity
from content.activities.errors import ActivityInvalid
from journeys.authoring.actions.checked import refuse, still_named
from journeys.authoring.actions.drafts import claim_draft
from journeys.authoring.errors import InvalidAuthoring, UnknownStep
from journeys.authoring.models import Act, JourneyVersion, Module, NudgeRule, Step
from journeys.authoring.queries.parts import references_of
from journeys.authoring.queries.steps import effective_revision
from journeys.authoring.rules.entries import SERVES, Entries
from journeys.authoring.rules.keys import renamed
from journeys.authoring.rules.order import GAP
from journeys.authoring.rules.references import references_in

# Where rules stand that may name a step.
RULES: Final[tuple[tuple[type[Any], tuple[str, ...]], ...]] = (
    (Module, ("opens", "due")),
    (Step, ("opens", "due")),
    (NudgeRule, ("trigger", "unless")),
)


@dataclass(frozen=True, slots=True)
class StepsChange:
    """
    What becomes of the chosen steps; None leaves it as each of them has it.

    topic: "" takes it away. opens_as, due_as: the key of the step whose rule is copied; "" takes the rule away.
    module: the key of the module that they move to the end of.
    """

    minutes: int | None = None
    required: bool | None = None
    serves: str | None = None
    topic: str | None = None
    opens_as: str | None = None
    due_as: str | None = None
    module: str | None = None

    @property
    def rewords(self) -> bool:
        return self.minutes is not None or self.topic is not None


def change_steps(
    *,
    version_id: int,
    keys: Sequence[str],
    change: StepsChange,
    author_id: int | None,
    now: datetime,
    expected_edits: int | None = None,
) -> list[Step]:
    """
    Change the steps of these keys alike, and return them in the order of the outline; all or none.

    A step that moves takes its references along: rules, reflections and expectations name it in its new module.
    Raises InvalidAuthoring with every fault, VersionFrozen, EditedMeanwhile, UnknownVersion, UnknownStep.
    """
    with transaction.atomic():
        version = claim_draft(version_id=version_id, expected_edits=expected_edits, act=Act.STEPS_CHANGED)
        every = _steps_of(version_id)
        steps = _chosen(every, keys)
        entries = Entries(references_of(version_id))
        for step in steps:
            _place(step, change, every, entries)
        if change.rewords:
            _reword(steps, change, entries, author_id, now)
        refuse(entries)
        Step.objects.bulk_update(steps, ["serves", "required", "opens", "due"])
        if change.module is not None:
            _move(version, steps, change.module, author_id, now)
    return steps


def remove_steps(*, version_id: int, keys: Sequence[str], expected_edits: int | None = None) -> int:
    """
    Remove the steps of these keys, and return how many they were; their activities stay in the library.

    Raises StillNeeded when rules elsewhere name one, InvalidAuthoring, VersionFrozen, EditedMeanwhile, UnknownStep.
    """
    with transaction.atomic():
        claim_draft(version_id=version_id, expected_edits=expected_edits, act=Act.STEPS_REMOVED)
        steps = _chosen(_steps_of(version_id), keys)
        still_named(version_id, {_reference(step) for step in steps})
        Step.objects.filter(pk__in=[step.pk for step in steps]).delete()
    return len(steps)


def _steps_of(version_id: int) -> list[Step]:
    rows = Step.objects.filter(version_id=version_id).select_related("module", "revision", "activity__latest")
    return list(rows.order_by("module__position", "module_id", "position", "id"))


def _chosen(steps: Iterable[Step], keys: Sequence[str]) -> list[Step]:
    wanted = set(keys)
    chosen = [step for step in steps if step.key in wanted]
    if not wanted:
        raise InvalidAuthoring(faults=[Fault("/steps", "Choose at least one step.", "missing")])
    if len(chosen) < len(wanted):
        raise UnknownStep("One of these steps is not there any more. Load the page again and choose anew.")
    return chosen


def _reference(step: Step) -> str:
    return f"{step.module.key}/{step.key}"


def _title(step: Step) -> str:
    return effective_revision(step).title


def _place(step: Step, change: StepsChange, every: Sequence[Step], entries: Entries) -> None:
    if change.serves is not None:
        step.serves = entries.choice(change.serves, "/serves", SERVES)
    if change.required is not None:
        step.required = change.required
    if change.opens_as is not None:
        step.opens = entries.opens(_rule_of("opens", change.opens_as, step, every, entries))
    if change.due_as is not None:
        step.due = entries.due(_rule_of("due", change.due_as, step, every, entries))


def _rule_of(name: str, key: str, step: Step, every: Sequence[Step], entries: Entries) -> Any:
    """The rule of the step of this key, where that names itself naming this step; not one that this step waits in."""
    if not key:
        return None
    source = next((other for other in every if other.key == key), None)
    if source is None:
        entries.fault(f"/{name}_as", "There is no such step to copy from. Choose one of the list.")
        return None
    rule = getattr(source, name)
    named = {reference for _pointer, reference in references_in(rule)}
    if source is not step and name == "opens" and _reference(step) in named:
        entries.fault(f"/{name}_as", f"“{_title(step)}” would wait for itself. Leave it out, or copy another rule.")
    return renamed(rule, {_reference(source): _reference(step)})


def _reword(steps: Sequence[Step], change: StepsChange, entries: Entries, author_id: int | None, now: datetime) -> None:
    for step in steps:
        revision = effective_revision(step)
        words: dict[str, Any] = {
            name: getattr(revision, name) for name in ("title", "minutes", "topic", "body", "spec")
        }
        chosen = {"minutes": change.minutes, "topic": change.topic}
        words |= {name: value for name, value in chosen.items() if value is not None}
        try:
            revise_activity(activity_id=step.activity_id, author_id=author_id, now=now, **words)
        except ActivityInvalid as refusal:
            for fault in refusal.faults:
                pointer = fault.pointer if fault.pointer in ("/minutes", "/topic") else "/minutes"
                entries.fault(pointer, f"“{revision.title}”: {fault.detail}")


def _move(version: JourneyVersion, steps: Sequence[Step], key: str, author_id: int | None, now: datetime) -> None:
    module = Module.objects.filter(version=version, key=key).first()
    if module is None:
        raise InvalidAuthoring(faults=[Fault("/module", "There is no such module. Choose one of the list.", "unknown")])
    names = {_reference(step): f"{key}/{step.key}" for step in steps if step.module_id != module.pk}
    last = Step.objects.filter(module=module).order_by("-position").values_list("position", flat=True).first() or 0
    for number, step in enumerate(steps, start=1):
        step.module, step.position = module, last + number * GAP
    Step.objects.bulk_update(steps, ["module", "position"])
    if names:
        _rename(version, names, author_id, now)


def _rename(version: JourneyVersion, names: Mapping[str, str], author_id: int | None, now: datetime) -> None:
    """Let everything in the draft that names these steps name them where they are now."""
    for model, fields in RULES:
        rows = [row for row in model._default_manager.filter(version=version) if _is_renamed(row, fields, names)]
        model._default_manager.bulk_update(rows, fields)
    version.expectations = cast("list[Any]", renamed(version.expectations, names))
    version.save(update_fields=["expectations"])
    for step in _steps_of(version.pk):
        revision = effective_revision(step)
        if revision.spec.get("after") in names:
            revise_activity(
                activity_id=step.activity_id,
                title=revision.title,
                minutes=revision.minutes,
                topic=revision.topic,
                body=revision.body,
                spec=revision.spec | {"after": names[revision.spec["after"]]},
                author_id=author_id,
                now=now,
            )


def _is_renamed(row: Any, fields: Sequence[str], names: Mapping[str, str]) -> bool:
    before = [getattr(row, name) for name in fields]
    for name, rule in zip(fields, before, strict=True):
        setattr(row, name, renamed(rule, names))
    return before != [getattr(row, name) for name in fields]

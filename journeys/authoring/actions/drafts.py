"""Taking hold of a draft, and filling one as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import F

from journeys.authoring.actions.history import write_down
from journeys.authoring.errors import EditedMeanwhile, UnknownVersion, VersionFrozen
from journeys.authoring.models import (
    JourneyVersion,
    Module,
    ModuleSkill,
    NudgeRule,
    Step,
    VersionIndicator,
    VersionSkill,
)
from journeys.authoring.models.journey import VersionStatus
from journeys.authoring.rules.content import SkillAim, VersionContent
from journeys.authoring.rules.order import positions


def claim_draft(*, version_id: int, expected_edits: int | None = None, act: str = "") -> JourneyVersion:
    """
    Count one more edit of a draft, write down in its history what it begins from, and return it, locked until the
    caller's transaction ends; 10 queries, 3 where the same click has claimed it before.

    expected_edits: how many edits the designer's page knew of; None skips the comparison. act: one of Act, for the
    history. Call it before anything changes.
    Raises VersionFrozen, EditedMeanwhile, UnknownVersion.
    """
    rows = JourneyVersion.objects.filter(pk=version_id, status=VersionStatus.DRAFT)
    if expected_edits is not None:
        rows = rows.filter(edits=expected_edits)
    # One conditional update, so that of two designers who hold the same page exactly one gets on.
    claimed = rows.update(edits=F("edits") + 1)
    version = JourneyVersion.objects.filter(pk=version_id).select_related("journey").first()
    if version is None:
        raise UnknownVersion
    if claimed:
        write_down(version, act)
        return version
    if version.status != VersionStatus.DRAFT:
        raise VersionFrozen
    raise EditedMeanwhile


@dataclass(frozen=True)
class Rows:
    """The rows that a content's keys mean: skills and indicators by key, activities by step key."""

    skills: Mapping[str, int] = field(default_factory=dict)
    indicators: Mapping[str, int] = field(default_factory=dict)
    activities: Mapping[str, int] = field(default_factory=dict)


def fill_version(version: JourneyVersion, content: VersionContent, rows: Rows) -> None:
    """
    Write everything of a content into a draft that holds nothing yet; 7 queries.

    The caller holds the transaction and has claimed the draft.
    """
    version.title = content.title
    version.summary = content.summary
    version.language = content.language
    version.license = content.license
    version.weeks = content.weeks
    version.events = [{"key": event.key, "title": event.title} for event in content.events]
    version.expectations = list(content.expectations)
    version.save(update_fields=["title", "summary", "language", "license", "weeks", "events", "expectations"])
    VersionSkill.objects.bulk_create(
        VersionSkill(version=version, skill_id=rows.skills[aim.skill], weight=aim.weight, position=position)
        for position, aim in _placed(content.skills)
    )
    VersionIndicator.objects.bulk_create(
        VersionIndicator(version=version, indicator_id=rows.indicators[indicator.key], position=position)
        for position, indicator in zip(positions(len(content.indicators)), content.indicators, strict=True)
    )
    _fill_modules(version, content, rows)
    NudgeRule.objects.bulk_create(
        NudgeRule(
            version=version,
            key=nudge.key,
            position=position,
            category=nudge.category,
            trigger=nudge.trigger,
            wait=nudge.wait,
            unless=list(nudge.unless),
            channels=list(nudge.channels),
            texts=list(nudge.texts),
        )
        for position, nudge in zip(positions(len(content.nudges)), content.nudges, strict=True)
    )


def empty_version(version: JourneyVersion) -> None:
    """Take everything out of a draft, so that it can be filled anew; the caller holds the transaction."""
    version.skills.all().delete()
    version.indicators.all().delete()
    version.modules.all().delete()
    version.nudge_rules.all().delete()


def _placed(aims: tuple[SkillAim, ...]) -> list[tuple[int, SkillAim]]:
    return list(zip(positions(len(aims)), aims, strict=True))


def _fill_modules(version: JourneyVersion, content: VersionContent, rows: Rows) -> None:
    modules = Module.objects.bulk_create(
        Module(
            version=version,
            key=module.key,
            position=position,
            title=module.title,
            outcome=module.outcome,
            why_capability=module.why.capability,
            why_opportunity=module.why.opportunity,
            why_motivation=module.why.motivation,
            opens=module.opens,
            due=module.due,
        )
        for position, module in zip(positions(len(content.modules)), content.modules, strict=True)
    )
    by_key = {module.key: module for module in modules}
    ModuleSkill.objects.bulk_create(
        ModuleSkill(module=by_key[module.key], skill_id=rows.skills[aim.skill], weight=aim.weight, position=position)
        for module in content.modules
        for position, aim in _placed(module.skills)
    )
    Step.objects.bulk_create(
        Step(
            version=version,
            module=by_key[module.key],
            key=step.key,
            position=position,
            activity_id=rows.activities[step.key],
            serves=step.serves,
            required=step.required,
            opens=step.opens,
            due=step.due,
        )
        for module in content.modules
        for position, step in zip(positions(len(module.steps)), module.steps, strict=True)
    )

"""A version as plain values."""

from collections import defaultdict

from content.activities.models import ActivityRevision, RevisionAsset
from content.activities.queries import spec_of
from content.kinds.errors import SpecError
from content.skills.models import BehaviorIndicator
from journeys.authoring.errors import UnknownVersion
from journeys.authoring.models import (
    JourneyVersion,
    Module,
    ModuleSkill,
    NudgeRule,
    Step,
    VersionIndicator,
    VersionSkill,
)
from journeys.authoring.queries.steps import effective_revision
from journeys.authoring.rules.content import (
    Data,
    EventContent,
    IndicatorContent,
    ModuleContent,
    NudgeContent,
    SkillAim,
    StepContent,
    VersionContent,
    Why,
)


def content_of(version_id: int) -> VersionContent:
    """
    Return everything that a version holds; a draft with each activity's newest wording.

    9 queries (8 without indicators), whatever the size. Raises UnknownVersion.
    """
    version = JourneyVersion.objects.filter(pk=version_id).select_related("journey").first()
    if version is None:
        raise UnknownVersion
    return VersionContent(
        key=version.journey.key,
        title=version.title,
        summary=version.summary,
        language=version.language,
        license=version.license,
        weeks=version.weeks,
        skills=_skills(version_id),
        indicators=indicators_of(version_id),
        events=events_of(version),
        modules=modules_of(version_id, whole=True),
        nudges=nudges_of(version_id),
        expectations=tuple(version.expectations),
    )


def events_of(version: JourneyVersion) -> tuple[EventContent, ...]:
    """Return the events that rules of a loaded version may wait for; no query."""
    return tuple(EventContent(event["key"], event["title"]) for event in version.events)


def modules_of(version_id: int, *, whole: bool) -> tuple[ModuleContent, ...]:
    """
    Return the modules with their steps, in order.

    whole: also the modules' skills and the assets of texts (4 queries); otherwise what a schedule needs (2).
    """
    skills = _module_skills(version_id) if whole else {}
    steps = _steps(version_id, whole=whole)
    rows = Module.objects.filter(version_id=version_id).order_by("position", "id")
    return tuple(
        ModuleContent(
            key=row.key,
            title=row.title,
            outcome=row.outcome,
            skills=tuple(skills.get(row.pk, ())),
            why=Why(row.why_capability, row.why_opportunity, row.why_motivation),
            opens=row.opens,
            due=row.due,
            steps=tuple(steps.get(row.pk, ())),
        )
        for row in rows
    )


def nudges_of(version_id: int) -> tuple[NudgeContent, ...]:
    """Return the nudge rules in order; one query."""
    rows = NudgeRule.objects.filter(version_id=version_id).order_by("position", "id")
    return tuple(
        NudgeContent(
            key=row.key,
            category=row.category,
            trigger=row.trigger,
            wait=row.wait,
            unless=tuple(row.unless),
            channels=tuple(row.channels),
            texts=tuple(row.texts),
        )
        for row in rows
    )


def _skills(version_id: int) -> tuple[SkillAim, ...]:
    rows = VersionSkill.objects.filter(version_id=version_id).select_related("skill").order_by("position", "id")
    return tuple(SkillAim(row.skill.key, row.weight) for row in rows)


def indicators_of(version_id: int) -> tuple[IndicatorContent, ...]:
    """Return the behaviors that a version makes visible, in order; two queries."""
    rows = (
        VersionIndicator.objects.filter(version_id=version_id)
        .select_related("indicator__skill")
        .prefetch_related("indicator__levels")
        .order_by("position", "id")
    )
    return tuple(
        IndicatorContent(
            key=row.indicator.key,
            skill=row.indicator.skill.key,
            text=row.indicator.text,
            levels=anchors_of(row.indicator),
        )
        for row in rows
    )


def anchors_of(indicator: BehaviorIndicator) -> tuple[str, ...]:
    """Return the anchors of a behavior, lowest first; no query with its levels prefetched."""
    return tuple(level.anchor for level in sorted(indicator.levels.all(), key=lambda level: level.level))


def _module_skills(version_id: int) -> dict[int, list[SkillAim]]:
    rows = ModuleSkill.objects.filter(module__version_id=version_id).select_related("skill").order_by("position", "id")
    found: dict[int, list[SkillAim]] = defaultdict(list)
    for row in rows:
        found[row.module_id].append(SkillAim(row.skill.key, row.weight))
    return found


def _steps(version_id: int, *, whole: bool) -> dict[int, list[StepContent]]:
    rows = list(
        Step.objects.filter(version_id=version_id)
        .select_related("module", "revision", "activity__latest")
        .order_by("position", "id")
    )
    assets = _assets([effective_revision(row).pk for row in rows]) if whole else {}
    found: dict[int, list[StepContent]] = defaultdict(list)
    for row in rows:
        found[row.module_id].append(_step(row, assets, whole=whole))
    return found


def _assets(revision_ids: list[int]) -> dict[int, dict[str, str]]:
    rows = RevisionAsset.objects.filter(revision_id__in=revision_ids).order_by("path")
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for revision_id, path, sha256 in rows.values_list("revision_id", "path", "asset__sha256"):
        found[revision_id][path] = sha256
    return found


def _step(row: Step, assets: dict[int, dict[str, str]], *, whole: bool) -> StepContent:
    revision = effective_revision(row)
    kind = row.activity.kind
    return StepContent(
        module=row.module.key,
        key=row.key,
        kind=kind,
        title=revision.title,
        minutes=revision.minutes,
        serves=row.serves,
        topic=revision.topic,
        required=row.required,
        opens=row.opens,
        due=row.due,
        spec=spec_or_raw(kind, revision) if whole else revision.spec,
        body=revision.body,
        assets=assets.get(revision.pk, {}),
        revision_id=revision.pk,
    )


def spec_or_raw(kind: str, revision: ActivityRevision) -> Data:
    """Return the kind's data as bundles write them; one that cannot be read stays as it is, for the checks to tell."""
    try:
        return spec_of(kind, revision).to_data()
    except SpecError:
        return dict(revision.spec)

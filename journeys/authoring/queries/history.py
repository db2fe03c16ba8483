"""The history of a draft: the state it has, the states it had, and the edits between them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from content.activities.models import ActivityRevision, RevisionAsset
from content.skills.models import BehaviorIndicator, Skill
from journeys.authoring.models import (
    DraftEdit,
    JourneyVersion,
    Module,
    ModuleSkill,
    NudgeRule,
    Step,
    VersionIndicator,
    VersionSkill,
)
from journeys.authoring.queries.content import anchors_of, spec_or_raw
from journeys.authoring.rules.content import (
    EventContent,
    IndicatorContent,
    ModuleContent,
    NudgeContent,
    SkillAim,
    StepContent,
    VersionContent,
    Why,
)
from journeys.authoring.rules.states import State, part_of, skill_ids_in, steps_in

ABOUT = ("title", "summary", "language", "license", "weeks")
NUDGE = ("key", "category", "trigger", "wait", "unless", "channels", "texts")


def state_of(version: JourneyVersion) -> dict[str, Any]:
    """
    Return a version as plain data of its rows, for its history; 6 queries.

    Wordings are named by their revision, skills and behaviors by their row: none of these ever changes, so a state
    weighs a few kilobytes whatever its texts weigh.
    """
    aims = _rows(ModuleSkill.objects.filter(module__version=version), "module_id", "skill_id", "weight")
    steps = _rows(
        Step.objects.filter(version=version),
        *("module_id", "key", "activity_id", "revision_id", "activity__latest_id", "serves", "required"),
        *("opens", "due"),
    )
    skills: dict[int, list[list[int]]] = defaultdict(list)
    for aim in aims:
        skills[aim["module_id"]].append([aim["skill_id"], aim["weight"]])
    parts: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for step in steps:
        latest, pinned = step.pop("activity__latest_id"), step.pop("revision_id")
        parts[step.pop("module_id")].append(step | {"revision_id": pinned or latest})
    why = ("why_capability", "why_opportunity", "why_motivation")
    modules = _rows(Module.objects.filter(version=version), "pk", "key", "title", "outcome", *why, "opens", "due")
    return {
        "about": {name: getattr(version, name) for name in ABOUT},
        "events": version.events,
        "expectations": version.expectations,
        "skills": [
            [row["skill_id"], row["weight"]]
            for row in _rows(VersionSkill.objects.filter(version=version), "skill_id", "weight")
        ],
        "indicators": [
            row["indicator_id"] for row in _rows(VersionIndicator.objects.filter(version=version), "indicator_id")
        ],
        "modules": [
            module | {"skills": skills.get(pk, []), "steps": parts.get(pk, [])}
            for module in modules
            for pk in [module.pop("pk")]
        ],
        "nudges": _rows(NudgeRule.objects.filter(version=version), *NUDGE),
    }


def _rows(rows: QuerySet[Any], *names: str) -> list[dict[str, Any]]:
    return list(rows.order_by("position", "id").values(*names))


@dataclass(frozen=True)
class Named:
    """The rows that states name by id, those that are still there."""

    skills: Mapping[int, Skill] = field(default_factory=dict)
    indicators: Mapping[int, BehaviorIndicator] = field(default_factory=dict)
    revisions: Mapping[int, ActivityRevision] = field(default_factory=dict)
    assets: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


def rows_named_in(states: Iterable[State]) -> Named:
    """Return the rows that these states name; at most 5 queries, whatever the number of states."""
    found = list(states)
    skills = set().union(*(skill_ids_in(state) for state in found))
    indicators = {pk for state in found for pk in state["indicators"]}
    revisions = {step["revision_id"] for state in found for step in steps_in(state)}
    return Named(
        skills=Skill.objects.in_bulk(skills),
        indicators=BehaviorIndicator.objects.select_related("skill").prefetch_related("levels").in_bulk(indicators),
        revisions=ActivityRevision.objects.select_related("activity").in_bulk(revisions),
        assets=_assets(revisions),
    )


def _assets(revision_ids: Collection[int]) -> dict[int, dict[str, str]]:
    rows = RevisionAsset.objects.filter(revision_id__in=revision_ids).order_by("path")
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for revision_id, path, sha256 in rows.values_list("revision_id", "path", "asset__sha256"):
        found[revision_id][path] = sha256
    return found


def content_in(state: State, named: Named, *, key: str = "") -> VersionContent:
    """Return a state as the content it was, without what is not there any more; no query. key: of the journey."""
    return VersionContent(
        key=key,
        **state["about"],
        skills=_aims(state["skills"], named),
        indicators=tuple(_indicator(named.indicators[pk]) for pk in state["indicators"] if pk in named.indicators),
        events=tuple(EventContent(event["key"], event["title"]) for event in state["events"]),
        modules=tuple(_module(module, named) for module in state["modules"]),
        nudges=tuple(
            NudgeContent(
                key=nudge["key"],
                category=nudge["category"],
                trigger=nudge["trigger"],
                wait=nudge["wait"],
                unless=tuple(nudge["unless"]),
                channels=tuple(nudge["channels"]),
                texts=tuple(nudge["texts"]),
            )
            for nudge in state["nudges"]
        ),
        expectations=tuple(state["expectations"]),
    )


def _aims(aims: Iterable[tuple[int, int]], named: Named) -> tuple[SkillAim, ...]:
    return tuple(SkillAim(named.skills[pk].key, weight) for pk, weight in aims if pk in named.skills)


def _indicator(row: BehaviorIndicator) -> IndicatorContent:
    return IndicatorContent(key=row.key, skill=row.skill.key, text=row.text, levels=anchors_of(row))


def _module(module: Mapping[str, Any], named: Named) -> ModuleContent:
    return ModuleContent(
        key=module["key"],
        title=module["title"],
        outcome=module["outcome"],
        skills=_aims(module["skills"], named),
        why=Why(module["why_capability"], module["why_opportunity"], module["why_motivation"]),
        opens=module["opens"],
        due=module["due"],
        steps=tuple(
            _step(step, module["key"], named) for step in module["steps"] if step["revision_id"] in named.revisions
        ),
    )


def _step(step: Mapping[str, Any], module: str, named: Named) -> StepContent:
    revision = named.revisions[step["revision_id"]]
    kind = revision.activity.kind
    return StepContent(
        module=module,
        key=step["key"],
        kind=kind,
        title=revision.title,
        minutes=revision.minutes,
        serves=step["serves"],
        topic=revision.topic,
        required=step["required"],
        opens=step["opens"],
        due=step["due"],
        spec=spec_or_raw(kind, revision),
        body=revision.body,
        assets=named.assets.get(revision.pk, {}),
        revision_id=revision.pk,
    )


def edits_of(version_id: int) -> QuerySet[DraftEdit]:
    """Return the edits of a draft, newest first, each with who made it."""
    return DraftEdit.objects.filter(version_id=version_id).select_related("made_by").order_by("-number")


def edit_to_undo(version_id: int, now_stands: State) -> DraftEdit | None:
    """
    Return the newest edit that changed anything, whose beginning is what an undo brings back; None where there is none.

    now_stands: the state the draft has. Saving a form without a change is an edit too, and no undo should stop there.
    """
    rows = edits_of(version_id).exclude(before=None)
    return next((edit for edit in rows.iterator(chunk_size=5) if edit.before != now_stands), None)


def shown_elsewhere(version_id: int, activity_ids: Collection[int]) -> frozenset[int]:
    """Return which of these activities another draft shows too, which follows whatever is written in one; one query."""
    rows = Step.objects.filter(activity_id__in=activity_ids, revision=None).exclude(version_id=version_id)
    return frozenset(rows.values_list("activity_id", flat=True))


def edits_to_expect(version: JourneyVersion, what: str, key: str, known: int) -> int:
    """
    Return the number of edits that an act on one module or step expects, where its page knew of so many.

    That is today's number where nobody has touched this part since: two designers may write in one draft at once.
    Otherwise it stays the known one, which the act refuses. No query where nothing was edited, else 7.
    """
    if known >= version.edits or not version.is_draft:
        return known
    then = _state_at(version, known)
    if then is None or part_of(then, what, key) != part_of(state_of(version), what, key):
        return known
    return version.edits


def was_edited_by(version_id: int, user_id: int | None, *, since: int) -> bool:
    """Say whether a designer has edited a draft since it counted so many edits; one query."""
    return DraftEdit.objects.filter(version_id=version_id, made_by_id=user_id, number__gt=since).exists()


def _state_at(version: JourneyVersion, edits: int) -> State | None:
    """The state of a draft when it counted so many edits, which is what the next edit began from."""
    following = DraftEdit.objects.filter(version=version, number__gt=edits).order_by("number").first()
    return following.before if following else None

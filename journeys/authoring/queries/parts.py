"""Reads that actions on a draft's parts begin with."""

from collections.abc import Iterable

from django.db.models import Q

from content.skills.models import Skill
from journeys.authoring.errors import UnknownStep
from journeys.authoring.models import DraftEdit, Journey, JourneyVersion, Module, NudgeRule, Step
from journeys.authoring.rules.references import EVENT


def get_module(module_id: int) -> Module:
    """Return a module with its version and journey; one query. Raises UnknownStep."""
    module = Module.objects.filter(pk=module_id).select_related("version__journey").first()
    if module is None:
        raise UnknownStep("There is no such module. It may have been removed meanwhile.")
    return module


def get_step_row(step_id: int) -> Step:
    """Return a step with its module, version and activity; one query. Raises UnknownStep."""
    step = (
        Step.objects.filter(pk=step_id)
        .select_related("module", "version__journey", "activity__latest", "revision")
        .first()
    )
    if step is None:
        raise UnknownStep("There is no such step. It may have been removed meanwhile.")
    return step


def get_nudge_rule(nudge_rule_id: int) -> NudgeRule:
    """Return a nudge rule with its version; one query. Raises UnknownStep."""
    rule = NudgeRule.objects.filter(pk=nudge_rule_id).select_related("version__journey").first()
    if rule is None:
        raise UnknownStep("There is no such message. It may have been removed meanwhile.")
    return rule


def references_of(version_id: int) -> frozenset[str]:
    """Return what rules of a version may name: each MODULE, each MODULE/STEP and each event:KEY; three queries."""
    modules = Module.objects.filter(version_id=version_id).values_list("key", flat=True)
    steps = Step.objects.filter(version_id=version_id).values_list("module__key", "key")
    events = JourneyVersion.objects.filter(pk=version_id).values_list("events", flat=True)
    named = (f"{EVENT}{event['key']}" for own in events for event in own)
    return frozenset(modules) | frozenset(f"{module}/{step}" for module, step in steps) | frozenset(named)


def keys_ever(model: type[Module] | type[Step] | type[NudgeRule], journey_id: int) -> frozenset[str]:
    """Return every key of this type that a version of a journey has, or that a draft of it once had; two queries."""
    there = model.objects.filter(version__journey_id=journey_id).values_list("key", flat=True)
    lost = DraftEdit.objects.filter(version__journey_id=journey_id).exclude(lost=[]).values_list("lost", flat=True)
    prefix = {Module: "modules/", Step: "steps/", NudgeRule: "nudges/"}[model]
    gone = (key.removeprefix(prefix) for keys in lost for key in keys if key.startswith(prefix))
    return frozenset([*there, *gone])


def skills_by_id(journey: Journey, skill_ids: Iterable[int]) -> dict[int, Skill]:
    """Return those of the skills that the journey's organization may use; one query."""
    own_or_built_in = Q(framework__organization=None) | Q(framework__organization_id=journey.organization_id)
    return Skill.objects.filter(own_or_built_in, pk__in=list(skill_ids)).in_bulk()

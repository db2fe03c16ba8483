"""Whether an organization can take a bundle: what only its rows, and the files themselves, can show."""

from collections.abc import Iterator

from django.core.files.base import ContentFile
from django.db.models import Q

from config.support.errors import Fault
from content.activities.actions.assets import check_asset
from content.activities.errors import AssetRefused
from content.activities.models import Activity
from content.skills.models import Skill
from content.skills.queries import BUILT_IN_FIRST
from journeys.authoring.models import Journey, Step
from journeys.authoring.rules.content import VersionContent
from journeys.authoring.rules.references import known_references, rules_of, skills_named, unknown_references
from journeys.bundle.queries.reading import Bundle


def acceptance_faults(bundle: Bundle, *, organization_id: int, journey: Journey | None) -> list[Fault]:
    """
    Return what keeps a bundle that can be read from becoming a draft of this organization; at most 3 queries.

    journey: the one of its key, None where it would be new.
    """
    places = bundle.places
    faults = [
        Fault(places.of(where), detail, code) for where, detail, code in _faults(bundle, organization_id, journey)
    ]
    return [*faults, *_file_faults(bundle)]


def _faults(bundle: Bundle, organization_id: int, journey: Journey | None) -> Iterator[tuple[str, str, str]]:
    content = bundle.content
    known_skills = skills_by_key(content, organization_id)
    for where, key in skills_named(content):
        if key not in known_skills:
            detail = f"There is no skill “{key}”. Use a key of the built-in framework or of your own."
            yield where, detail, "unknown_skill"
    known = known_references(content)
    for where, data in rules_of(content):
        for fault in unknown_references(data, known):
            yield f"{where}{fault.pointer}", fault.message, "unknown_reference"
    kinds = {key: activity.kind for key, activity in activities_of(journey).items()} if journey else {}
    for step in content.steps:
        if kinds.get(step.key, step.kind) != step.kind:
            was = kinds[step.key]
            detail = f"“{step.key}” has the kind {was} in an earlier version. Give the {step.kind} a new key."
            yield f"steps/{step.key}/key", detail, "key_taken"


def _file_faults(bundle: Bundle) -> Iterator[Fault]:
    """Yield the bundle's own files that cannot be shown, by what their bytes are."""
    for path in bundle.assets:
        try:
            check_asset(ContentFile(bundle.folder.data(path), name=path))
        except AssetRefused as refusal:
            yield Fault(path, refusal.detail, refusal.code)


def skills_by_key(content: VersionContent, organization_id: int) -> dict[str, int]:
    """Return the rows of the skills that a content names: the built-in one of a key first, then the newest."""
    keys = {key for _where, key in skills_named(content)}
    mine = Q(framework__organization=None) | Q(framework__organization_id=organization_id)
    rows = Skill.objects.filter(mine, key__in=keys).order_by(BUILT_IN_FIRST, "-framework_id").values_list("key", "pk")
    found: dict[str, int] = {}
    for key, pk in rows:
        found.setdefault(key, pk)
    return found


def activities_of(journey: Journey) -> dict[str, Activity]:
    """Return the activity of each step key that any version of a journey has; the newest version's counts."""
    steps = Step.objects.filter(version__journey=journey).select_related("activity").order_by("version__number")
    return {step.key: step.activity for step in steps}

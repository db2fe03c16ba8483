"""Reads of skills and behaviors."""

from django.db.models import F, Prefetch, Q, QuerySet

from config.accounts.actor import Actor
from content.skills.errors import SkillNotFound
from content.skills.models import BehaviorIndicator, RatingLevel, Skill, SkillFramework

# PostgreSQL sorts NULL last and SQLite first unless told.
BUILT_IN_FIRST = F("framework__organization_id").asc(nulls_first=True)


def list_skills(actor: Actor) -> QuerySet[Skill]:
    """
    Return the skills this actor may use, built-in ones first and newer versions of a framework before older ones.

    With `framework` and `alignments` at hand.

    Two queries when read, whatever their number.
    """
    return (
        Skill.objects.visible_to(actor)
        .select_related("framework")
        .prefetch_related("alignments")
        .order_by(BUILT_IN_FIRST, "framework__title", "-framework_id", "position", "id")
    )


def list_frameworks(actor: Actor) -> QuerySet[SkillFramework]:
    """Return the frameworks this actor may use; one query when read."""
    return SkillFramework.objects.visible_to(actor).order_by(
        F("organization_id").asc(nulls_first=True), "title", "version"
    )


def skill_by_key(*, organization_id: int, key: str) -> Skill:
    """
    Return the skill that a key means for this organization; one query.

    The built-in framework comes before the organization's own, and a newer version before an older one.
    Raises SkillNotFound.
    """
    found = (
        Skill.objects.filter(Q(framework__organization=None) | Q(framework__organization_id=organization_id), key=key)
        .select_related("framework")
        .order_by(BUILT_IN_FIRST, "-framework_id")
        .first()
    )
    if found is None:
        raise SkillNotFound(f"There is no skill “{key}”. Use a key of the built-in framework or of one of your own.")
    return found


def list_indicators(*, organization_id: int, skill_ids: list[int]) -> QuerySet[BehaviorIndicator]:
    """
    Return every revision of the behaviors of these skills, built-in and own, newest revision first, with `levels`.

    Two queries when read.
    """
    return (
        BehaviorIndicator.objects.filter(
            Q(organization=None) | Q(organization_id=organization_id), skill_id__in=skill_ids
        )
        .prefetch_related(Prefetch("levels", RatingLevel.objects.order_by("level")))
        .order_by("skill_id", "key", "-revision")
    )

"""A learner's own ratings. Nobody else reads them, so every read begins with the actor's own enrollments."""

from collections.abc import Collection, Iterable
from typing import Final

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from config.accounts.actor import Actor
from content.kinds.shapes import Behavior
from content.skills.models import BehaviorIndicator, RatingLevel
from journeys.authoring.models import VersionIndicator
from learners.progress.models import Rating

_IN_ORDER: Final = Prefetch("indicator__levels", RatingLevel.objects.order_by("level"))


def own_ratings(actor: Actor) -> QuerySet[Rating]:
    """Return the ratings that the actor gave of themselves in the active organization, with `indicator` and `level`."""
    own = Rating.objects.filter(
        enrollment__user_id=actor.user_id or 0, enrollment__cohort__organization_id=actor.organization_id
    )
    return own.select_related("indicator", "level").order_by("rated_at", "id")


def own_ratings_at(actor: Actor, enrollment_id: int, step_key: str) -> list[Rating]:
    """Return the actor's ratings at one step of an enrollment of their own; one query."""
    return list(own_ratings(actor).filter(enrollment_id=enrollment_id, step_key=step_key))


def behaviors_of(version_id: int, keys: Collection[str]) -> dict[str, Behavior]:
    """Return these behaviors by key, in the words that a version pinned; two queries, none without keys."""
    if not keys:
        return {}
    rows = VersionIndicator.objects.filter(version_id=version_id, indicator__key__in=list(keys))
    return {
        row.indicator.key: in_words(row.indicator)
        for row in rows.select_related("indicator").prefetch_related(_IN_ORDER)
    }


def behaviors_by_version(version_ids: Collection[int]) -> dict[tuple[int, str], BehaviorIndicator]:
    """Return the behaviors of versions by version and key; one query. Their levels come with with_levels."""
    rows = VersionIndicator.objects.filter(version_id__in=list(version_ids)).order_by("position", "id")
    return {(row.version_id, row.indicator.key): row.indicator for row in rows.select_related("indicator")}


def with_levels(indicators: Iterable[BehaviorIndicator]) -> None:
    """Put the levels of these behaviors at hand, lowest first; one query."""
    prefetch_related_objects(list(indicators), Prefetch("levels", RatingLevel.objects.order_by("level")))


def in_words(indicator: BehaviorIndicator) -> Behavior:
    """Return a behavior with its levels at hand as kinds show it."""
    anchors = sorted(indicator.levels.all(), key=lambda level: level.level)
    return Behavior(key=indicator.key, text=indicator.text, levels=tuple(level.anchor for level in anchors))

"""Giving ratings of oneself."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from config.support.errors import Fault, InvalidInput
from content.skills.models import RatingLevel
from journeys.authoring.models import VersionIndicator
from learners.cohorts.models import Enrollment
from learners.progress.actions.completing import complete_locked, own_completion
from learners.progress.actions.locking import lock_standing, note_activity, require_open
from learners.progress.actions.settling import settle
from learners.progress.models import Rating
from learners.progress.queries.standing import levels_of, standing_of
from learners.ratings.errors import NothingToRate, RatingStands
from learners.ratings.rules import mendable_until


@transaction.atomic
def give_ratings(
    *, enrollment_id: int, step_key: str, occasion: str, levels: Mapping[str, int], now: datetime
) -> list[Rating]:
    """
    Keep a learner's own ratings at a step, on the anchors of their version, and complete the step.

    levels: by the behavior's key, 1 is the lowest. Idempotent; within a day another level mends the first one, which
    keeps its date, and rules that ask for the rating answer by the new level at once. Raises RatingStands after that,
    NothingToRate, InvalidInput, and the refusals of complete_step; then nothing was written.
    """
    enrollment, standing = lock_standing(enrollment_id)
    require_open(enrollment, standing, step_key, now=now)
    known = {
        row.indicator.key: row
        for row in Rating.objects.filter(enrollment=enrollment, step_key=step_key).select_related("indicator", "level")
    }
    anchors = _anchors(enrollment, set(levels) - set(known))
    changed = []
    for key, level in levels.items():
        if key not in known:
            chosen = _chosen(anchors[key], key, level)
            changed.append(
                Rating(
                    enrollment=enrollment,
                    step_key=step_key,
                    indicator_id=chosen.indicator_id,
                    level=chosen,
                    occasion=occasion,
                    rated_at=now,
                )
            )
        elif known[key].level.level != level:
            changed.append(_mended(known[key], key, level, now=now))
    Rating.objects.bulk_create(row for row in changed if row.pk is None)
    Rating.objects.bulk_update([row for row in changed if row.pk is not None], ["level"])
    again = step_key in standing.facts.completed
    if changed and standing.outline.asks_ratings:
        facts = replace(standing.facts, levels=levels_of([enrollment.pk])[enrollment.pk])
        standing = standing_of(enrollment, facts)
        if again:
            # A repeated completion settles nothing, and what a mended level opens must not wait for the next one.
            note_activity(enrollment, now)
            settle([(enrollment, standing)], actor_id=enrollment.user_id, now=now)
    if not again:
        complete_locked(enrollment, standing, own_completion(enrollment, step_key, now=now), now=now)
    return changed


def _anchors(enrollment: Enrollment, keys: set[str]) -> dict[str, dict[int, RatingLevel]]:
    """The anchors of these behaviors as the enrollment's version words them; one query."""
    if not keys:
        return {}
    pinned = VersionIndicator.objects.filter(version_id=enrollment.version_id, indicator__key__in=keys)
    rows = RatingLevel.objects.filter(indicator__in=pinned.values("indicator")).select_related("indicator")
    found: dict[str, dict[int, RatingLevel]] = {}
    for row in rows:
        found.setdefault(row.indicator.key, {})[row.level] = row
    if keys - set(found):
        raise NothingToRate
    return found


def _chosen(anchors: Mapping[int, RatingLevel], key: str, level: int) -> RatingLevel:
    if level not in anchors:
        raise InvalidInput(faults=[Fault(f"/levels/{key}", f"Choose a number from 1 to {len(anchors)}.")])
    return anchors[level]


def _mended(rating: Rating, key: str, level: int, *, now: datetime) -> Rating:
    if now > mendable_until(rating.rated_at):
        raise RatingStands
    anchors = {row.level: row for row in RatingLevel.objects.filter(indicator_id=rating.indicator_id)}
    rating.level = _chosen(anchors, key, level)
    return rating

"""Writing behaviors down: every wording is a revision that never changes."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from config.support.errors import Fault
from content.skills.errors import IndicatorInvalid
from content.skills.models import BehaviorIndicator, RatingLevel, Skill
from content.skills.queries import skill_by_key
from content.skills.rules import indicator_faults


@transaction.atomic
def define_indicator(
    *,
    organization_id: int,
    skill_key: str,
    key: str,
    text: str,
    levels: Sequence[str],
    now: datetime,
    author_id: int | None = None,
) -> BehaviorIndicator:
    """
    Return the organization's behavior with exactly these words, as a new revision if there is none.

    Idempotent: the newest revision is returned when text and levels are equal. levels: the anchors, lowest first.
    Raises SkillNotFound, IndicatorInvalid.
    """
    text, anchors = " ".join(text.split()), [" ".join(anchor.split()) for anchor in levels]
    faults = [Fault(pointer, detail) for pointer, detail in indicator_faults(key=key, text=text, levels=anchors)]
    if faults:
        raise IndicatorInvalid(faults=faults)
    skill = skill_by_key(organization_id=organization_id, key=skill_key)
    newest = (
        BehaviorIndicator.objects.select_for_update()
        .filter(organization_id=organization_id, skill=skill, key=key)
        .order_by("-revision")
        .first()
    )
    if newest and newest.text == text and _anchors(newest) == anchors:
        return newest
    revision = newest.revision + 1 if newest else 1
    return write_revision(
        skill,
        organization_id=organization_id,
        key=key,
        text=text,
        levels=anchors,
        revision=revision,
        now=now,
        author_id=author_id,
    )


def _anchors(indicator: BehaviorIndicator) -> list[str]:
    return list(indicator.levels.order_by("level").values_list("anchor", flat=True))


def write_revision(
    skill: Skill,
    *,
    organization_id: int | None,
    key: str,
    text: str,
    levels: Sequence[str],
    revision: int,
    now: datetime,
    author_id: int | None,
) -> BehaviorIndicator:
    """Write one revision down as it is given; define_indicator decides whether there is one to write."""
    indicator = BehaviorIndicator.objects.create(
        organization_id=organization_id,
        skill=skill,
        key=key,
        revision=revision,
        text=text,
        created_at=now,
        created_by_id=author_id,
    )
    RatingLevel.objects.bulk_create(
        RatingLevel(indicator=indicator, level=level, anchor=anchor) for level, anchor in enumerate(levels, start=1)
    )
    return indicator

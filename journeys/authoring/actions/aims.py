"""What a draft aims at: skills, behaviors, and what its designer expects of its schedule."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from content.skills.models import BehaviorIndicator
from journeys.authoring.actions.checked import refuse, still_named
from journeys.authoring.actions.drafts import claim_draft
from journeys.authoring.actions.modules import Aim, checked_aims
from journeys.authoring.models import Act, JourneyVersion, VersionIndicator, VersionSkill
from journeys.authoring.queries.parts import skills_by_id
from journeys.authoring.rules.content import EventContent
from journeys.authoring.rules.entries import Entries
from journeys.authoring.rules.order import positions
from journeys.schedule.expectations import parse_expectations
from journeys.schedule.tree import RuleError


def set_version_skills(*, version_id: int, skills: Sequence[Aim], expected_edits: int | None = None) -> JourneyVersion:
    """
    Set which skills a draft aims at, in order, with their weights.

    Raises InvalidAuthoring with every fault, VersionFrozen, EditedMeanwhile, UnknownVersion.
    """
    with transaction.atomic():
        version = claim_draft(version_id=version_id, expected_edits=expected_edits, act=Act.AIMED)
        entries = Entries(frozenset())
        known = skills_by_id(version.journey, [aim.skill_id for aim in skills])
        aims = checked_aims(entries, skills, known)
        keys = [known[aim.skill_id].key for aim in aims if aim.skill_id in known]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            entries.fault("/skills", f"Two frameworks have a skill “{key}”. Choose one of the two.")
        refuse(entries)
        version.skills.all().delete()
        VersionSkill.objects.bulk_create(
            VersionSkill(version=version, skill_id=aim.skill_id, weight=aim.weight, position=position)
            for position, aim in zip(positions(len(aims)), aims, strict=True)
        )
    return version


def set_version_indicators(
    *, version_id: int, indicator_ids: Sequence[int], expected_edits: int | None = None
) -> JourneyVersion:
    """
    Set which behaviors a draft makes visible, in order, each in one pinned wording.

    Raises InvalidAuthoring with every fault, VersionFrozen, EditedMeanwhile, UnknownVersion.
    """
    with transaction.atomic():
        version = claim_draft(version_id=version_id, expected_edits=expected_edits, act=Act.BEHAVIORS)
        entries = Entries(frozenset())
        mine = Q(organization=None) | Q(organization_id=version.journey.organization_id)
        known = BehaviorIndicator.objects.filter(mine, pk__in=list(indicator_ids)).in_bulk()
        seen: set[str] = set()
        for index, indicator_id in enumerate(indicator_ids):
            if indicator_id not in known:
                entries.fault(f"/indicators/{index}", "There is no such behavior. Choose one of the list.")
            elif known[indicator_id].key in seen:
                entries.fault(f"/indicators/{index}", "This behavior stands here already. Keep one wording of it.")
            else:
                seen.add(known[indicator_id].key)
        refuse(entries)
        version.indicators.all().delete()
        VersionIndicator.objects.bulk_create(
            VersionIndicator(version=version, indicator_id=indicator_id, position=position)
            for position, indicator_id in zip(positions(len(indicator_ids)), indicator_ids, strict=True)
        )
    return version


def set_events(*, version_id: int, events: Sequence[EventContent], expected_edits: int | None = None) -> JourneyVersion:
    """
    Set which events rules of a draft may wait for, in order.

    Raises StillNeeded for one that goes while a rule names it, InvalidAuthoring with every fault, VersionFrozen,
    EditedMeanwhile, UnknownVersion.
    """
    with transaction.atomic():
        version = claim_draft(version_id=version_id, expected_edits=expected_edits, act=Act.EVENTS)
        entries = Entries(frozenset())
        read = [
            {
                "key": entries.key(event.key, f"/events/{index}/key"),
                "title": entries.line(event.title, f"/events/{index}/title", name="what it is called"),
            }
            for index, event in enumerate(events)
        ]
        keys = [event["key"] for event in read]
        for index, key in enumerate(keys):
            if not key:
                entries.fault(f"/events/{index}/key", "Give the event a key, such as town-hall.")
            elif key in keys[:index]:
                entries.fault(f"/events/{index}/key", f"“{key}” stands here twice. Give each event its own key.")
        refuse(entries)
        gone = {event["key"] for event in version.events} - set(keys)
        if gone:
            still_named(version.pk, [f"event:{key}" for key in gone])
        version.events = read
        version.save(update_fields=["events"])
    return version


def set_expectations(
    *, version_id: int, expectations: Sequence[Any], expected_edits: int | None = None
) -> JourneyVersion:
    """
    Set what the schedule of a draft is expected to do; the checks before publishing run them.

    Raises InvalidAuthoring with every fault, VersionFrozen, EditedMeanwhile, UnknownVersion.
    """
    with transaction.atomic():
        version = claim_draft(version_id=version_id, expected_edits=expected_edits, act=Act.EXPECTED)
        entries = Entries(frozenset())
        try:
            parse_expectations(list(expectations), pointer="/expectations")
        except RuleError as error:
            entries.faults.extend(error.faults)
        refuse(entries)
        version.expectations = list(expectations)
        version.save(update_fields=["expectations"])
    return version

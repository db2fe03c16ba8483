"""Nudge rules of a draft: add, change, move, copy, remove."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from journeys.authoring.actions.checked import chosen_key, refuse, set_positions
from journeys.authoring.actions.drafts import claim_draft
from journeys.authoring.models import Act, NudgeRule
from journeys.authoring.queries.parts import get_nudge_rule, keys_ever, references_of
from journeys.authoring.rules.entries import CATEGORIES, Entries
from journeys.authoring.rules.keys import mint_key
from journeys.authoring.rules.order import GAP, Place, moved


def add_nudge_rule(
    *,
    version_id: int,
    category: str,
    trigger: Any,
    channels: Sequence[str],
    texts: Sequence[str],
    wait: Any = None,
    unless: Sequence[Any] = (),
    title: str = "",
    key: str = "",
    expected_edits: int | None = None,
) -> NudgeRule:
    """
    Add a message at the end of a draft's list.

    key: minted from the title, else from the first wording. Raises KeyTaken, InvalidAuthoring with every fault,
    VersionFrozen, EditedMeanwhile, UnknownVersion.
    """
    with transaction.atomic():
        version = claim_draft(version_id=version_id, expected_edits=expected_edits, act=Act.NUDGE_ADDED)
        entries = Entries(references_of(version_id))
        words = title or " ".join(next(iter(texts), "").split()[:5])
        name = chosen_key(entries, NudgeRule, version.journey_id, key=key, title=words, fallback="message")
        rule = NudgeRule(version=version, key=name, position=_end(version_id))
        _describe(rule, entries, category, trigger, wait, unless, channels, texts)
        refuse(entries)
        rule.save(force_insert=True)
    return rule


def update_nudge_rule(
    *,
    nudge_rule_id: int,
    category: str,
    trigger: Any,
    wait: Any,
    unless: Sequence[Any],
    channels: Sequence[str],
    texts: Sequence[str],
    expected_edits: int | None = None,
) -> NudgeRule:
    """
    Change a message, whole: what is left out is emptied.

    Raises InvalidAuthoring with every fault, VersionFrozen, EditedMeanwhile, UnknownStep.
    """
    with transaction.atomic():
        rule = get_nudge_rule(nudge_rule_id)
        claim_draft(version_id=rule.version_id, expected_edits=expected_edits, act=Act.NUDGE_CHANGED)
        entries = Entries(references_of(rule.version_id))
        _describe(rule, entries, category, trigger, wait, unless, channels, texts)
        refuse(entries)
        rule.save()
    return rule


def move_nudge_rule(*, nudge_rule_id: int, to: Place, expected_edits: int | None = None) -> None:
    """
    Move a message in the list: "up", "down", or to a place counted from 1.

    Raises VersionFrozen, EditedMeanwhile, UnknownStep.
    """
    with transaction.atomic():
        rule = get_nudge_rule(nudge_rule_id)
        claim_draft(version_id=rule.version_id, expected_edits=expected_edits, act=Act.NUDGE_MOVED)
        set_positions(NudgeRule, moved(_order(rule.version_id), nudge_rule_id, to))


def duplicate_nudge_rule(*, nudge_rule_id: int, expected_edits: int | None = None) -> NudgeRule:
    """
    Copy a message, right behind it, under a key of its own.

    Raises VersionFrozen, EditedMeanwhile, UnknownStep.
    """
    with transaction.atomic():
        rule = get_nudge_rule(nudge_rule_id)
        version = claim_draft(version_id=rule.version_id, expected_edits=expected_edits, act=Act.NUDGE_COPIED)
        key = mint_key(rule.key, taken=keys_ever(NudgeRule, version.journey_id), fallback="message")
        copy = NudgeRule.objects.create(
            version=version,
            key=key,
            position=rule.position,
            category=rule.category,
            trigger=rule.trigger,
            wait=rule.wait,
            unless=rule.unless,
            channels=rule.channels,
            texts=rule.texts,
        )
        order = _order(rule.version_id)
        set_positions(NudgeRule, moved(order, copy.pk, order.index(nudge_rule_id) + 2))
    copy.refresh_from_db()
    return copy


def delete_nudge_rule(*, nudge_rule_id: int, expected_edits: int | None = None) -> None:
    """Remove a message from a draft. Raises VersionFrozen, EditedMeanwhile, UnknownStep."""
    with transaction.atomic():
        rule = get_nudge_rule(nudge_rule_id)
        claim_draft(version_id=rule.version_id, expected_edits=expected_edits, act=Act.NUDGE_REMOVED)
        rule.delete()


def _describe(
    rule: NudgeRule,
    entries: Entries,
    category: str,
    trigger: Any,
    wait: Any,
    unless: Sequence[Any],
    channels: Sequence[str],
    texts: Sequence[str],
) -> None:
    rule.category = entries.choice(category, "/category", CATEGORIES)
    rule.trigger = entries.trigger(trigger)
    rule.wait = entries.wait(wait)
    rule.unless = entries.unless(unless)
    rule.channels = entries.channels(channels)
    rule.texts = entries.texts(texts)
    if rule.wait and rule.trigger and rule.trigger["event"] != "module-opened":
        entries.fault("/wait", "Only a message that follows the opening of a module waits. Leave the wait empty.")


def _end(version_id: int) -> int:
    rows = NudgeRule.objects.filter(version_id=version_id).order_by("-position").values_list("position", flat=True)
    return (rows.first() or 0) + GAP


def _order(version_id: int) -> list[int]:
    rows = NudgeRule.objects.filter(version_id=version_id).order_by("position", "id")
    return list(rows.values_list("pk", flat=True))

"""What becomes of due timers and what is planned for them, case by case; nothing is written here."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import DatabaseError

from journeys.schedule.outline import NudgeOutline
from journeys.schedule.tree import Inactive
from learners.nudges.models import Channel, DeliveryState, Suppression
from learners.nudges.queries.due import DueCase, Faults, Rules, draws_of, stirred
from learners.nudges.queries.situations import suppressed_addresses
from learners.nudges.rules.built_in import BUILT_IN
from learners.nudges.rules.guards import Message, Situation, day_of, judge, periods_of
from learners.nudges.rules.identity import trial_arm
from learners.nudges.rules.moving import Next, next_occurrence
from learners.nudges.rules.standing import RowStanding, refused_by_row

logger = logging.getLogger(__name__)

# Nothing is on trial yet: a share of 10,000 that is held out, by category.
HELD_OUT_SHARE: Final[Mapping[str, int]] = {}


@dataclass(frozen=True, slots=True)
class Letter:
    """One planned message on one channel, as it is for everybody of a case. may_spread: it can leave a little later."""

    channel: str
    state: str
    reason: str
    detail: str
    send_after: datetime
    may_spread: bool
    arm: str


@dataclass(frozen=True, slots=True)
class Move:
    """Where a timer goes. due_at None = nowhere. fired_at: what becomes of it. None in the others = as it is."""

    due_at: datetime | None = None
    fired_at: datetime | None = None
    keeps_fired_at: bool = False
    next: Next | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A case decided: its timers, where they go, and what is planned for each of them."""

    case: DueCase
    move: Move
    texts: Sequence[str] = ()
    letters: Sequence[Letter] = ()


@dataclass(slots=True)
class Drafts:
    """
    Everything that follows for some due timers.

    again: timers whose moment has to be computed anew. faults: timers that cannot be planned, with the reason.
    """

    planned: list[Draft] = field(default_factory=list)
    again: list[int] = field(default_factory=list)
    faults: Faults = field(default_factory=lambda: Faults(list))


@dataclass(frozen=True, slots=True)
class _Own:
    """
    What only some of a case have.

    suppressed: why nothing may be sent to their address. arm: their trial arm. is_stirred: a message about inactivity
    whose person has been active since.
    """

    suppressed: str | None = None
    arm: str = ""
    is_stirred: bool = False


def draft(cases: Sequence[DueCase], rules: Rules, addresses: Mapping[int, str], *, now: datetime) -> Drafts:
    """
    Decide every case; the guards are asked once for all who share it, as far as rows can answer them.

    Intent asks again and has the last word. addresses: by timer. At most 5 queries. A case that cannot be decided holds
    up no other.
    """
    drafts = Drafts()
    for case, own in _apart(cases, rules, addresses):
        try:
            _decide(drafts, case, own, _rule_of(case, rules), now)
        except DatabaseError:
            raise
        except Exception as error:
            logger.exception("Timers of %s cannot be planned", case.rule_key)
            words = f"A timer of {case.rule_key} cannot be planned: {type(error).__name__}: {error}"
            drafts.faults[words[:300]] += case.ids
    return drafts


def _decide(drafts: Drafts, case: DueCase, own: _Own, rule: NudgeOutline | None, now: datetime) -> None:
    move = None if own.is_stirred else _move(case, rule, now)
    if move is None:
        drafts.again += case.ids
        drafts.planned.append(Draft(case, Move()))
        return
    letters = () if _watches(rule) and case.has_fired else tuple(_letters(case, own, rule, now))
    drafts.planned.append(Draft(case, move, rule.texts if rule is not None else (), letters))


def _move(case: DueCase, rule: NudgeOutline | None, now: datetime) -> Move | None:
    """Return where these timers go next, None when their moment lies elsewhere now."""
    if case.rule_key not in BUILT_IN and case.zone != (case.person_zone or case.organization_zone):
        # The person moved to another zone after this was armed.
        return None
    if rule is not None and isinstance(rule.trigger, Inactive):
        # Activity does not touch timers, so after the message the timer goes on looking for a new quiet stretch.
        return Move(due_at=now + timedelta(days=max(1, rule.trigger.amount)), fired_at=now)
    following = None
    if case.repeats_days:
        following = next_occurrence(
            case.occurrence, zone=case.zone, repeats_days=case.repeats_days, until_at=case.until_at, now=now
        )
    if following is None:
        return Move(fired_at=now)
    return Move(due_at=following.due_at, keeps_fired_at=True, next=following)


def _letters(case: DueCase, own: _Own, rule: NudgeOutline | None, now: datetime) -> Iterator[Letter]:
    situation = _situation(case, own, rule, now)
    known = [channel for channel in case.channels if channel in Channel.values]
    for channel in known or [Channel.EMAIL.value]:
        message = Message(case.category, channel, case.occurrence, case.expires_at, own.arm)
        verdict = judge(message, situation, now=now)
        yield Letter(
            channel=channel,
            state=DeliveryState.SUPPRESSED if verdict.act == "stop" else DeliveryState.PLANNED,
            reason=verdict.reason,
            detail=verdict.detail[:400],
            send_after=verdict.until or now,
            may_spread=verdict.act == "send" and channel == Channel.EMAIL,
            arm=own.arm,
        )


def _situation(case: DueCase, own: _Own, rule: NudgeOutline | None, now: datetime) -> Situation:
    standing = RowStanding(
        rule_key=case.rule_key,
        status=case.status,
        is_active=case.is_active,
        is_member=case.is_member,
        has_joined=case.has_joined,
        rule_is_known=case.rule_key in BUILT_IN or rule is not None,
    )
    day, week = periods_of(day_of(now, case.contact, fallback_zone=case.organization_zone))
    return Situation(
        contact=case.contact,
        fallback_zone=case.organization_zone,
        not_needed=refused_by_row(standing),
        suppressed=own.suppressed,
        last_sent_at=case.last_sent_at,
        day_used=case.used.get(day, 0),
        week_used=case.used.get(week, 0),
    )


def _rule_of(case: DueCase, rules: Rules) -> NudgeOutline | None:
    """Return the rule behind a case, None when the version has it no more. Raises LookupError for a lost version."""
    if case.version_id is None:
        return None
    if case.version_id not in rules:
        raise LookupError(f"the outline of version {case.version_id} cannot be read")
    return rules[case.version_id].get(case.rule_key)


def _watches(rule: NudgeOutline | None) -> bool:
    return rule is not None and isinstance(rule.trigger, Inactive)


def _apart(cases: Sequence[DueCase], rules: Rules, addresses: Mapping[int, str]) -> Iterator[tuple[DueCase, _Own]]:
    """Part cases by what only a keyed hash, a draw or a calendar can tell; looked up only where anything can."""
    suppressed = _suppressed(addresses)
    keys = {(pk, key) for pk, known in rules.items() for key, rule in known.items() if _watches(rule)}
    watching = [pk for case in cases if (case.version_id, case.rule_key) in keys for pk in case.ids]
    active = stirred(watching) if watching else frozenset()
    tried = [pk for case in cases if HELD_OUT_SHARE.get(case.category) for pk in case.ids]
    draws = draws_of(tried) if tried else {}
    special = {*suppressed, *active, *draws}
    for case in cases:
        parts: dict[_Own, list[int]] = defaultdict(list)
        for pk in special.intersection(case.ids):
            causes = suppressed.get(pk, {})
            reason = causes.get("") or causes.get(case.category)
            parts[_Own(reason, _arm(case, draws[pk]) if pk in draws else "", pk in active)].append(pk)
        parts[_Own()] += [pk for pk in case.ids if pk not in special]
        for own, ids in parts.items():
            if ids:
                yield replace(case, ids=tuple(ids)), own


def _suppressed(addresses: Mapping[int, str]) -> dict[int, dict[str, str]]:
    """Return for timers whose address is suppressed the reasons by category."""
    if not Suppression.objects.exists():
        return {}
    causes = suppressed_addresses(addresses.values())
    return {pk: causes[address] for pk, address in addresses.items() if address in causes} if causes else {}


def _arm(case: DueCase, draw: tuple[UUID, str]) -> str:
    person, salt = draw
    return trial_arm(salt=salt, rule_key=case.rule_key, recipient=person, share=HELD_OUT_SHARE[case.category])

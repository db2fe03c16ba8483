"""Timers that are due, by case: those about which the database and the guards have the same to say."""

import logging
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from django.db import DatabaseError
from django.db.models import BooleanField, Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Concat

from config.accounts.models import Membership
from config.support.prepared import Prepared, moment, texts, wholes
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries import outline_for
from journeys.schedule.outline import NudgeOutline
from learners.nudges.dialect import Listed, among, hold
from learners.nudges.models import ContactBudget, DeliveryState, NudgeDelivery, NudgeTimer, Purpose
from learners.nudges.rules.categories import COUNTED
from learners.nudges.rules.guards import MIN_GAP, periods_of
from learners.nudges.rules.moving import day_after
from learners.people.models import ChannelChoice
from learners.people.rules import ContactRules

logger = logging.getLogger(__name__)

Rules = dict[int, dict[str, NudgeOutline]]
# Timers that cannot be planned, by the reason in words.
Faults = defaultdict[str, list[int]]


@dataclass(frozen=True, slots=True)
class DueCase:
    """
    What is true alike of some due timers, of their recipients and their enrollments; ids: those timers.

    Names as in NudgeTimer, RowStanding and Situation. used: messages of these people by budget period.
    """

    ids: tuple[int, ...]
    version_id: int | None
    rule_key: str
    category: str
    channels: tuple[str, ...]
    zone: str
    occurrence: str
    expires_at: datetime
    until_at: datetime | None
    repeats_days: int
    has_fired: bool
    person_zone: str
    organization_zone: str
    is_active: bool
    is_member: bool
    status: str
    has_joined: bool
    contact: ContactRules
    last_sent_at: datetime | None
    used: dict[str, int]


# Names of DueCase and the columns they are read from.
_COLUMNS: Final[dict[str, str]] = {
    "version_id": "enrollment__version_id",
    "rule_key": "rule_key",
    "category": "category",
    "channels": "channels",
    "zone": "zone",
    "occurrence": "occurrence",
    "expires_at": "expires_at",
    "until_at": "until_at",
    "repeats_days": "repeats_days",
    "has_fired": "has_fired",
    "person_zone": "recipient__time_zone",
    "organization_zone": "organization__time_zone",
    "is_active": "recipient__is_active",
    "is_member": "is_member",
    "status": "enrollment__status",
    "has_joined": "has_joined",
    "last_sent_at": "last_sent_at",
    "used": "used",
}
_PREFERENCES: Final = ("quiet_from", "quiet_until", "quiet_days", "paused_until")


def some_are_due(*, now: datetime) -> bool:
    """Tell whether any message is due; one look at the head of the partial index."""
    return _due(now).exists()


def hold_due(*, now: datetime, limit: int) -> dict[int, str]:
    """Lock the timers of the first messages due, the longest waiting first; each with its recipient's address."""
    first = hold(_due(now).order_by("due_at"), only_self=True)
    return dict(first.values_list("pk", "recipient__email")[:limit])


def _due(now: datetime) -> QuerySet[NudgeTimer]:
    return NudgeTimer.objects.filter(purpose=Purpose.NUDGE, due_at__lte=now)


def rules_of(version_ids: Collection[int]) -> Rules:
    """
    Return the nudge rules of these versions by key: one query once the versions are known to this process.

    A version whose outline cannot be read is left out, and its timers fail alone.
    """
    rules: Rules = {}
    for version in JourneyVersion.objects.filter(pk__in=version_ids).select_related("journey"):
        try:
            rules[version.pk] = {rule.key: rule for rule in outline_for(version).nudges}
        except DatabaseError:
            raise
        except Exception:
            logger.exception("The outline of version %d cannot be read", version.pk)
    return rules


def due_cases(ids: Collection[int], *, now: datetime) -> tuple[list[DueCase], Faults]:
    """Return the cases into which these timers fall, and timers whose rows cannot be understood; one query."""
    # Every period that may be the present one somewhere on Earth.
    days = [now.date() + timedelta(days=days) for days in (-1, 0, 1)]
    periods = sorted({period for day in days for period in periods_of(day)})
    cases, faults = [], Faults(list)
    for row in _grouped(timers=ids, sent_since=now - MIN_GAP, periods=periods):
        try:
            cases.append(_case(row))
        except (TypeError, ValueError) as error:
            faults[f"A timer of {row['rule_key']} cannot be planned: {error}"[:300]] += _ids(row)
    return cases, faults


def _read_grouped() -> QuerySet[NudgeTimer, dict[str, Any]]:
    known = NudgeTimer.objects.filter(pk__in=wholes("timers")).annotate(
        has_fired=_flag(Q(fired_at__isnull=False)),
        has_joined=_flag(Q(enrollment__joined_at__isnull=False)),
        is_member=Exists(_membership()),
        last_sent_at=Subquery(_last_sent()),
        used=Subquery(_used()),
        off=Subquery(_off()),
    )
    preferences = [f"recipient__preferences__{name}" for name in ("id", *_PREFERENCES)]
    grouped = known.order_by().values(*_COLUMNS.values(), *preferences, "off").annotate(ids=Listed("pk"))
    return cast("QuerySet[NudgeTimer, dict[str, Any]]", grouped)


_grouped: Final = Prepared(_read_grouped)


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _membership() -> QuerySet[Membership]:
    return Membership.objects.filter(
        organization_id=OuterRef("organization_id"), user_id=OuterRef("recipient_id"), is_active=True
    )


def _last_sent() -> QuerySet[NudgeDelivery, datetime | None]:
    sent = NudgeDelivery.objects.filter(
        recipient_id=OuterRef("recipient_id"),
        state=DeliveryState.SENT,
        sent_at__gt=moment("sent_since"),
        category__in=COUNTED,
    )
    return sent.order_by("-sent_at").values_list("sent_at", flat=True)[:1]


def _used() -> QuerySet[ContactBudget, Any]:
    rows = ContactBudget.objects.filter(user_id=OuterRef("recipient_id"), period__in=texts("periods"), used__gt=0)
    words = Concat("period", Value("="), Cast("used", CharField()))
    return rows.order_by().values("user_id").annotate(all=Listed(words)).values_list("all", flat=True)


def _off() -> QuerySet[ChannelChoice, Any]:
    rows = ChannelChoice.objects.filter(user_id=OuterRef("recipient_id"), category=OuterRef("category"), is_on=False)
    return rows.order_by().values("user_id").annotate(all=Listed("channel")).values_list("all", flat=True)


def _case(row: dict[str, Any]) -> DueCase:
    found = {name: row[column] for name, column in _COLUMNS.items()}
    off = frozenset((row["category"], channel) for channel in (row["off"] or "").split(",") if channel)
    found |= {
        "ids": _ids(row),
        "channels": tuple(row["channels"]),
        "status": row["enrollment__status"] or "",
        "contact": _contact(row, off),
        "used": {period: int(used) for period, _, used in map(_halves, (row["used"] or "").split(",")) if period},
    }
    return DueCase(**found)


def _ids(row: dict[str, Any]) -> tuple[int, ...]:
    return tuple(int(pk) for pk in row["ids"].split(","))


def _halves(words: str) -> tuple[str, str, str]:
    return words.partition("=")


def _contact(row: dict[str, Any], off: frozenset[tuple[str, str]]) -> ContactRules:
    """Return how the people of a case may be reached; those without preferences of their own have the defaults."""
    if row["recipient__preferences__id"] is None:
        return ContactRules(zone=row["recipient__time_zone"], off=off)
    own = {name: row[f"recipient__preferences__{name}"] for name in _PREFERENCES}
    own["quiet_days"] = frozenset(own["quiet_days"])
    return ContactRules(zone=row["recipient__time_zone"], off=off, **own)


def stirred(ids: Collection[int]) -> frozenset[int]:
    """Return those of these inactivity timers whose person was active since the day they count from; two queries."""
    timers = NudgeTimer.objects.filter(pk__in=among(ids)).order_by()
    active = Q()
    for zone, anchor in timers.values_list("zone", "anchor").distinct():
        since = day_after(anchor, zone)
        later = Q(enrollment__last_activity_at__gte=since) if since is not None else Q()
        active |= Q(zone=zone, anchor=anchor) & later
    return frozenset(timers.filter(active).values_list("pk", flat=True))


def draws_of(ids: Collection[int]) -> dict[int, tuple[UUID, str]]:
    """Return for each of these timers what a trial arm is drawn from: the person and the organization's salt."""
    rows = NudgeTimer.objects.filter(pk__in=among(ids)).order_by()
    return {pk: (person, salt) for pk, person, salt in rows.values_list("pk", "recipient__uuid", "organization__salt")}

"""What is true of many recipients at once: preferences, suppression, the last message, the budget."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from config.support.prepared import Prepared, moment, texts, wholes
from learners.nudges.addresses import by_known_hash
from learners.nudges.models import ContactBudget, DeliveryState, NudgeDelivery, Suppression
from learners.nudges.rules.categories import COUNTED
from learners.nudges.rules.guards import MIN_GAP, Situation, day_of, periods_of
from learners.people.queries import contact_rules
from learners.people.rules import ContactRules

_NOBODY = ContactRules(zone="UTC")

_suppressions: Final = Prepared(
    lambda: Suppression.objects.filter(address_hash__in=texts("hashes")).values_list(
        "address_hash", "category", "cause", "created_at"
    )
)
_sent_since: Final = Prepared(
    lambda: NudgeDelivery.objects.filter(
        recipient_id__in=wholes("people"),
        state=DeliveryState.SENT,
        sent_at__gt=moment("since"),
        category__in=COUNTED,
    ).values_list("recipient_id", "sent_at", "dedupe")
)
_budgets: Final = Prepared(
    lambda: ContactBudget.objects.filter(user_id__in=wholes("people"), period__in=texts("periods")).values_list(
        "user_id", "period", "used"
    )
)


@dataclass(frozen=True, slots=True)
class Addressee:
    """
    One recipient of one message. fallback_zone: the organization's. not_needed: as the caller found out.

    itself: dedupe keys that are this very message on its channels and do not count as another one.
    """

    user_id: int
    address: str
    category: str
    fallback_zone: str
    not_needed: str | None = None
    itself: tuple[str, ...] = ()


def read_situations(addressees: Sequence[Addressee], *, now: datetime) -> list[Situation]:
    """Return the situation of each addressee, in their order: 5 queries, whatever their number."""
    people = {one.user_id for one in addressees}
    contacts = contact_rules(people)
    suppressed = suppressed_addresses({one.address for one in addressees})
    sent = _sent_lately(people, now)
    used = _used(addressees, contacts, now)
    found = []
    for one in addressees:
        contact = contacts.get(one.user_id, _NOBODY)
        day, week = periods_of(day_of(now, contact, fallback_zone=one.fallback_zone))
        causes = suppressed.get(one.address, {})
        found.append(
            Situation(
                contact=contact,
                fallback_zone=one.fallback_zone,
                not_needed=one.not_needed,
                suppressed=causes.get("") or causes.get(one.category),
                last_sent_at=_last_other(sent.get(one.user_id, ()), one.itself),
                day_used=used.get((one.user_id, day), 0),
                week_used=used.get((one.user_id, week), 0),
            )
        )
    return found


def suppressed_addresses(addresses: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return why nothing may be sent to those of these addresses that are suppressed, by category; one query."""
    by_hash = by_known_hash(addresses)
    found: dict[str, dict[str, str]] = {}
    for kept, category, cause, since in _suppressions(hashes=by_hash):
        words = f"Nothing may be sent to this address since {since:%Y-%m-%d} ({cause})"
        found.setdefault(by_hash[kept], {})[category] = words
    return found


def _sent_lately(people: Collection[int], now: datetime) -> dict[int, list[tuple[datetime, str]]]:
    found: dict[int, list[tuple[datetime, str]]] = {}
    for user_id, sent_at, dedupe in _sent_since(people=people, since=now - MIN_GAP):
        if sent_at is not None:
            found.setdefault(user_id, []).append((sent_at, dedupe))
    return found


def _last_other(sent: Iterable[tuple[datetime, str]], itself: Collection[str]) -> datetime | None:
    return max((sent_at for sent_at, dedupe in sent if dedupe not in itself), default=None)


def _used(
    addressees: Sequence[Addressee], contacts: Mapping[int, ContactRules], now: datetime
) -> dict[tuple[int, str], int]:
    periods: set[str] = set()
    for one in addressees:
        contact = contacts.get(one.user_id, _NOBODY)
        periods.update(periods_of(day_of(now, contact, fallback_zone=one.fallback_zone)))
    rows = _budgets(people={one.user_id for one in addressees}, periods=periods)
    return {(user_id, period): used for user_id, period, used in rows}

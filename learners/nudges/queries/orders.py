"""Everything a worker must know of one claimed message, read afresh just before it leaves."""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import DatabaseError
from django.db.models import Exists, OuterRef

from config.accounts.models import Membership
from config.support.prepared import Prepared, moment, unique, wholes
from journeys.schedule.nudges import still_needed
from journeys.schedule.outline import NudgeOutline
from learners.cohorts.models import Enrollment
from learners.nudges.models import DeliveryState, NudgeDelivery
from learners.nudges.rules.built_in import BUILT_IN, CHECK_IN, SIGN_OFF
from learners.nudges.rules.standing import RowStanding, refused_by_row
from learners.progress.models import SignOff, SignOffState
from learners.progress.queries import Standing, timeline_of, timelines_of
from learners.reflections.models import CheckIn, Commitment

logger = logging.getLogger(__name__)

_LOADED: Final = (
    "organization",
    "recipient",
    "enrollment__cohort__organization",
    "enrollment__user",
    "enrollment__version__journey",
)
_fresh: Final = Prepared(
    lambda: (
        NudgeDelivery.objects.filter(
            pk__in=wholes("messages"),
            lease_token=unique("token"),
            state=DeliveryState.CLAIMED,
            lease_until__gt=moment("now"),
        )
        .select_related(*_LOADED)
        .annotate(
            is_member=Exists(
                Membership.objects.filter(
                    organization_id=OuterRef("organization_id"), user_id=OuterRef("recipient_id"), is_active=True
                )
            )
        )
    )
)
_held: Final = Prepared(
    lambda: (
        NudgeDelivery.objects.filter(lease_token=unique("token"), state=DeliveryState.CLAIMED)
        .order_by("priority", "send_after", "id")
        .values_list("id", "priority", "recipient_id")
    )
)


@dataclass(slots=True)
class Known:
    """
    Where people stood when a batch was read, by enrollment id, with the revision of the row it was read from.

    Every change of facts writes the enrollment's row and its revision, so an equal revision proves this still holds.
    """

    standings: dict[int, tuple[int, Standing]] = field(default_factory=dict)

    def learn(self, enrollments: Iterable[Enrollment]) -> None:
        """Find out where these people stand, as far as it is not known: the queries of timelines_of, at most once."""
        news = {one.pk: one for one in enrollments if not self._has(one)}
        if not news:
            return
        try:
            standings = timelines_of(list(news.values()))
        except DatabaseError:
            raise
        except Exception:
            # One journey that cannot be computed must not stop the others: each is asked alone, and fails alone.
            logger.exception("The standings of a batch could not be read at once")
            return
        self.standings |= {pk: (one.revision, standings[pk]) for pk, one in news.items()}

    def of(self, enrollment: Enrollment) -> Standing:
        """Return where this person stands now; no query when the revision is the known one."""
        if not self._has(enrollment):
            self.standings[enrollment.pk] = (enrollment.revision, timeline_of(enrollment))
        return self.standings[enrollment.pk][1]

    def _has(self, enrollment: Enrollment) -> bool:
        known = self.standings.get(enrollment.pk)
        return known is not None and known[0] == enrollment.revision


@dataclass(frozen=True, slots=True)
class Order:
    """
    One message to be sent: the row, where the person stands, its rule, and why it is not needed after all, if so.

    fault: why it could not be read; then nothing else is set.
    """

    delivery: NudgeDelivery
    standing: Standing | None
    rule: NudgeOutline | None
    sign_off: SignOff | None
    commitment: Commitment | None
    not_needed: str | None
    fault: Exception | None = None


def held_messages(token: UUID) -> list[int]:
    """
    Return the messages claimed under this token in the order in which they shall leave; one query.

    Within a priority everybody's first message goes before anybody's second: what a message changes for its recipient
    has to be read anew before their next one, and so it is read for all of them at once.
    """
    turns: Counter[tuple[int, int]] = Counter()
    places = []
    for pk, priority, recipient_id in _held(token=token):
        turns[priority, recipient_id] += 1
        places.append((priority, turns[priority, recipient_id], pk))
    # A stable sort: those of one turn stay in the order of their time.
    return [pk for _, _, pk in sorted(places, key=lambda place: place[:2])]


def fresh_orders(pks: Iterable[int], token: UUID, known: Known, *, now: datetime) -> list[Order]:
    """
    Return those of these messages that are still claimed under this token, as they are this moment.

    One query, one more for each sign-off or check-in, and those of timelines_of when enrollments have changed.
    """
    found = _fresh(messages=pks, token=token, now=now)
    known.learn(delivery.enrollment for delivery in found if delivery.enrollment is not None)
    return [_order(delivery, known, now) for delivery in found]


def _order(delivery: NudgeDelivery, known: Known, now: datetime) -> Order:
    """Return the order; one that cannot be read carries its fault, and fails alone."""
    try:
        return _read(delivery, known, now)
    except DatabaseError:
        raise
    except Exception as error:
        logger.exception("Message %s cannot be read", delivery.uuid)
        return Order(delivery, None, None, None, None, None, fault=error)


def _read(delivery: NudgeDelivery, known: Known, now: datetime) -> Order:
    enrollment = delivery.enrollment
    standing = known.of(enrollment) if enrollment is not None else None
    rule = _rule_of(delivery, standing)
    row = RowStanding(
        rule_key=delivery.rule_key,
        status=enrollment.status if enrollment is not None else "",
        is_active=delivery.recipient.is_active,
        is_member=delivery.is_member,  # type: ignore[attr-defined]
        has_joined=enrollment is not None and enrollment.joined_at is not None,
        rule_is_known=delivery.rule_key in BUILT_IN or rule is not None,
    )
    sign_off = _sign_off(delivery) if delivery.rule_key == SIGN_OFF else None
    commitment = _commitment(delivery) if delivery.rule_key == CHECK_IN else None
    not_needed = refused_by_row(row) or _settled(delivery, standing, rule, sign_off, commitment, now)
    return Order(delivery, standing, rule, sign_off, commitment, not_needed)


def _rule_of(delivery: NudgeDelivery, standing: Standing | None) -> NudgeOutline | None:
    if standing is None:
        return None
    return next((rule for rule in standing.outline.nudges if rule.key == delivery.rule_key), None)


def _settled(
    delivery: NudgeDelivery,
    standing: Standing | None,
    rule: NudgeOutline | None,
    sign_off: SignOff | None,
    commitment: Commitment | None,
    now: datetime,
) -> str | None:
    if delivery.rule_key == SIGN_OFF:
        if sign_off is None or sign_off.state != SignOffState.ASKED:
            return "The request was answered or taken back"
        return "The link in it has run out" if sign_off.expires_at <= now else None
    if delivery.rule_key == CHECK_IN:
        return None if commitment is not None else "The plan was checked, changed or deleted in the meantime"
    if rule is None or standing is None:
        return None
    reason = still_needed(rule, standing.outline, standing.facts, standing.timeline, subject=delivery.subject, now=now)
    return None if reason is None else reason[:1].upper() + reason[1:]


def _sign_off(delivery: NudgeDelivery) -> SignOff | None:
    return SignOff.objects.filter(uuid=delivery.anchor, enrollment=delivery.enrollment).first()


def _commitment(delivery: NudgeDelivery) -> Commitment | None:
    """Return the plan as long as its check-in is still the one this message asks for and nobody has answered it."""
    plans = Commitment.objects.filter(enrollment=delivery.enrollment, step_key=delivery.subject)
    answered = CheckIn.objects.filter(commitment=OuterRef("pk"), answered_at__gte=OuterRef("changed_at"))
    plan = plans.exclude(Exists(answered)).first()
    if plan is None or plan.check_in_at is None or plan.check_in_at > delivery.due_at:
        return None
    return plan

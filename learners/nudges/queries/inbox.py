"""Messages in the app, for the person they are for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from config.support.prepared import Prepared, whole
from learners.nudges.models import Channel, DeliveryState, NudgeDelivery
from learners.nudges.rules.built_in import CHECK_IN
from learners.reflections.models import Commitment

MOST_SHOWN = 20
_COLUMNS: Final = (
    *("uuid", "rule_key", "subject", "text", "why", "category", "target", "sent_at", "planned_at", "enrollment_id"),
    *("enrollment__uuid", "enrollment__version__title"),
)


class _Unread(NamedTuple):
    """A row of _COLUMNS. journey: the title of the version."""

    uuid: UUID
    rule_key: str
    subject: str
    text: str
    why: str
    category: str
    target: str
    sent_at: datetime | None
    planned_at: datetime
    enrollment_id: int | None
    enrollment_uuid: UUID | None
    journey: str | None


@dataclass(frozen=True, slots=True)
class InAppMessage:
    """
    One unread message.

    text: the designer's words, or the learner's own plan for a check-in. step_key "" = it leads to the map of the
    enrollment; enrollment_uuid None = to no journey. commitment_uuid: set for a check-in, which is answered instead.
    """

    uuid: UUID
    text: str
    why: str
    category: str
    journey: str
    step_key: str
    enrollment_uuid: UUID | None
    commitment_uuid: UUID | None
    sent_at: datetime


def unread_messages(
    user_id: int, *, organization_id: int | None = None, with_check_ins: bool = True
) -> list[InAppMessage]:
    """
    Return a person's unread messages, the newest first, twenty at most; one query, two when a check-in is among them.

    organization_id: only those of the organization that the person has open now; None = all. with_check_ins: False for
    a page that asks by itself whether the moment of a plan came.
    """
    unread = _unread(organization_id is not None, with_check_ins)
    found = [_Unread(*row) for row in unread(user=user_id, organization=organization_id)]
    plans = _plans([row for row in found if row.rule_key == CHECK_IN])
    shown = []
    for row in found:
        plan = plans.get((row.enrollment_id, row.subject))
        if row.rule_key == CHECK_IN and plan is None:
            continue
        shown.append(
            InAppMessage(
                uuid=row.uuid,
                text=f"If {plan.cue}, then I will {plan.response}" if plan is not None else row.text,
                why=row.why,
                category=row.category,
                journey=row.journey or "",
                step_key=row.target,
                enrollment_uuid=row.enrollment_uuid,
                commitment_uuid=plan.uuid if plan is not None else None,
                sent_at=row.sent_at or row.planned_at,
            )
        )
    return shown


@cache
def _unread(in_one_organization: bool, with_check_ins: bool) -> Prepared[tuple[Any, ...]]:
    rows = NudgeDelivery.objects.filter(
        recipient_id=whole("user"), state=DeliveryState.SENT, channel=Channel.IN_APP, read_at__isnull=True
    )
    if in_one_organization:
        rows = rows.filter(organization_id=whole("organization"))
    if not with_check_ins:
        rows = rows.exclude(rule_key=CHECK_IN)
    newest = rows.order_by("-sent_at", "-id")
    return Prepared(lambda: newest.values_list(*_COLUMNS)[:MOST_SHOWN])


def _plans(rows: Sequence[_Unread]) -> dict[tuple[int | None, str], Commitment]:
    if not rows:
        return {}
    plans = Commitment.objects.filter(
        enrollment__in=[row.enrollment_id for row in rows], step_key__in=[row.subject for row in rows]
    )
    return {(plan.enrollment_id, plan.step_key): plan for plan in plans}

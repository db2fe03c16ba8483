"""Events about messages, for the feed and for webhooks."""

from datetime import datetime
from typing import Final
from uuid import UUID

from config.events.actions import prepare
from config.events.models import ActivityEvent
from learners.nudges.models import DeliveryState, NudgeDelivery

_VERBS: Final[dict[str, str]] = {
    DeliveryState.SENT: "nudge.sent",
    DeliveryState.SUPPRESSED: "nudge.suppressed",
    DeliveryState.FAILED: "nudge.failed",
    DeliveryState.UNKNOWN: "nudge.unknown",
}


def event_of_fate(delivery: NudgeDelivery, *, cohort_uuid: UUID | None, now: datetime) -> ActivityEvent:
    """
    Return the unsaved event of a message that came to its end: keys and the reason, never its text or an address.

    An enrollment's uuid is its messages' scope, so none is looked up.
    """
    return prepare(
        organization_id=delivery.organization_id,
        actor_id=None,
        verb=_VERBS[delivery.state],
        object_type="nudge",
        object_uuid=delivery.uuid,
        enrollment_uuid=delivery.scope if delivery.enrollment_id is not None else None,
        cohort_uuid=cohort_uuid,
        occurred_at=now,
        now=now,
        data={
            "rule": delivery.rule_key,
            "subject": delivery.subject,
            "category": delivery.category,
            "channel": delivery.channel,
            "reason": delivery.reason,
        },
    )

"""Reading the feed: by position only, because ids are taken before the commit."""

import uuid
from collections.abc import Collection
from datetime import datetime

from config.events.models import ActivityEvent, Sequence


def events_after(
    position: int,
    *,
    organization_id: int,
    limit: int,
    verbs: Collection[str],
    cohort_uuids: Collection[uuid.UUID] | None = None,
    recorded_since: datetime | None = None,
) -> list[ActivityEvent]:
    """
    Return up to `limit` sequenced events of these verbs behind this position, oldest first, with the actor. One query.

    cohort_uuids, when not None, keeps only the events of those cohorts.
    """
    events = ActivityEvent.objects.filter(organization_id=organization_id, position__gt=position, verb__in=verbs)
    if cohort_uuids is not None:
        events = events.filter(cohort_uuid__in=cohort_uuids)
    if recorded_since is not None:
        events = events.filter(recorded_at__gte=recorded_since)
    return list(events.select_related("actor").order_by("position")[:limit])


def last_position() -> int:
    """Return the last position that was given, 0 before the first. One query."""
    found = Sequence.objects.filter(pk=1).values_list("last_position", flat=True).first()
    return found or 0

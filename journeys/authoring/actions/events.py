"""What happened to a version, told to the feed."""

from datetime import datetime

from config.events.actions import record
from journeys.authoring.models import JourneyVersion


def tell_of_version(verb: str, version: JourneyVersion, *, actor_id: int | None, now: datetime) -> None:
    """
    Write down one fact about a version, in the caller's transaction; one query.

    verb: one of config/events/verbs.py. version: with its journey.
    """
    record(
        organization_id=version.journey.organization_id,
        actor_id=actor_id,
        verb=verb,
        object_type="journey_version",
        object_uuid=version.uuid,
        occurred_at=now,
        now=now,
        data={"journey": version.journey.key, "journey_id": str(version.journey.uuid), "number": version.number},
    )

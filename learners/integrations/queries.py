"""The feed of what happened, cut to what the caller may see."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from config.accounts.actor import Actor
from config.events.models import ActivityEvent
from config.events.queries import events_after
from config.events.verbs import FEED, NEVER_BY_NAME
from learners.cohorts.models import Cohort


@dataclass(frozen=True, slots=True)
class Feed:
    """Some events in the order of their positions; has_more when there are further ones already."""

    events: list[ActivityEvent]
    has_more: bool


def read_feed(
    actor: Actor,
    *,
    after: int,
    limit: int,
    verb: str | None = None,
    cohort: UUID | None = None,
    recorded_since: datetime | None = None,
) -> Feed:
    """
    Return the events behind a position, oldest first. One query; two for somebody who sees single cohorts only.

    A person gets no event that tells by name what somebody did with their own words.
    """
    verbs = FEED - NEVER_BY_NAME if actor.is_person else FEED
    found = events_after(
        after,
        organization_id=actor.organization_id,
        limit=limit + 1,
        verbs=verbs & {verb} if verb else verbs,
        cohort_uuids=_cohorts(actor, cohort),
        recorded_since=recorded_since,
    )
    return Feed(found[:limit], len(found) > limit)


def _cohorts(actor: Actor, cohort: UUID | None) -> set[UUID] | None:
    """Return the cohorts whose events are wanted and may be seen; None for all of the organization."""
    sees_all = actor.cohort_ids is None and (not actor.is_person or actor.is_administrator)
    if sees_all:
        return {cohort} if cohort else None
    visible = set(Cohort.objects.visible_to(actor).values_list("uuid", flat=True))
    return visible & {cohort} if cohort else visible

"""The activity feed."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from config.accounts.api import ApiView
from config.events.models import ActivityEvent
from config.support.pagination import page_shape
from learners.integrations.api.shapes import EventShape, FeedQuery
from learners.integrations.queries import read_feed


def show_event(event: ActivityEvent, *, with_person: bool) -> dict[str, Any]:
    """Return an event as the API shows it; it comes with its actor."""
    actor: dict[str, Any] | None = None
    if event.actor is not None:
        actor = {"id": event.actor.uuid}
        if with_person:
            actor |= {"name": event.actor.name, "email": event.actor.email}
    return {
        "cursor": str(event.position),
        "id": event.uuid,
        "type": event.verb,
        "occurred_at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "actor": actor,
        "object": {"type": event.object_type, "id": event.object_uuid},
        "enrollment": event.enrollment_uuid,
        "cohort": event.cohort_uuid,
        "data": event.data,
    }


class EventFeed(ApiView):
    """What happened, oldest first."""

    scopes = {"GET": "progress:read"}
    queries = {"GET": FeedQuery}

    @extend_schema(operation_id="read_events", responses=page_shape(EventShape))
    def get(self, request: Request) -> Response:
        """
        Return events behind `after`, oldest first, without gaps: an event that is written late comes late.

        Keep the `cursor` of the last event you got and ask again with it as `after`. `next` is null when you have read
        everything there is so far. Each event comes once; tell events apart by `id`.
        """
        query = self.params
        feed = read_feed(
            self.actor,
            after=int(query.get("after", 0)),
            limit=query["limit"],
            verb=query.get("type"),
            cohort=query.get("cohort"),
            recorded_since=query.get("updated_since"),
        )
        with_person = self.actor.may("people:read")
        people = [(event.actor.name, event.actor.email) if event.actor else None for event in feed.events]
        stamp = [feed.has_more, [event.position for event in feed.events], people]
        return self.tagged(stamp, lambda: self._show(feed.events, feed.has_more, with_person))

    def _show(self, events: list[ActivityEvent], has_more: bool, with_person: bool) -> dict[str, Any]:
        here = self.request.build_absolute_uri()
        behind = replace_query_param(here, "after", str(events[-1].position)) if has_more else None
        return {
            "results": [show_event(event, with_person=with_person) for event in events],
            "next": behind,
            "previous": None,
        }

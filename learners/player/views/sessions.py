"""A live session for the learner's own calendar."""

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from config.accounts.actor import Actor
from config.accounts.session import member_page
from journeys.authoring.queries import outline_for
from learners.cohorts.models import LiveSession
from learners.cohorts.queries import get_own_enrollment


@require_safe
@member_page
def calendar(request: HttpRequest, actor: Actor, enrollment: UUID, step_key: str) -> HttpResponse:
    """Hand out the meeting as a calendar file; a later one with a higher number replaces it."""
    own = get_own_enrollment(actor, enrollment)
    step = outline_for(own.version).steps_by_key.get(step_key)
    session = LiveSession.objects.filter(cohort_id=own.cohort_id, step_key=step_key).first()
    if step is None or session is None:
        raise Http404
    address = settings.SITE_URL + reverse("step", args=[enrollment, step_key])
    response = HttpResponse(
        _file(session, title=f"{step.title} · {own.version.title}", address=address),
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
    )
    response["Content-Disposition"] = f'attachment; filename="{step_key}.ics"'
    return response


def _file(session: LiveSession, *, title: str, address: str) -> bytes:
    event = Event()
    event.add("uid", f"{session.uuid}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}")
    event.add("sequence", session.sequence)
    event.add("dtstamp", session.updated_at)
    event.add("last-modified", session.updated_at)
    event.add("dtstart", session.starts_at)
    event.add("dtend", session.starts_at + timedelta(minutes=session.minutes))
    event.add("summary", title)
    event.add("description", address)
    event.add("url", address)
    event.add("status", "CONFIRMED")
    if session.place:
        event.add("location", session.place)
    made = Calendar()
    made.add("prodid", "-//Waymark//waymark//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add_component(event)
    return bytes(made.to_ical())

"""Today, and the two small acts on it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.accounts.actor import Actor
from config.accounts.models import Membership
from config.accounts.session import ACTIVE_ORGANIZATION, member_page
from learners.nudges.actions.inbox import mark_read
from learners.player.queries.today import load_today
from learners.player.views.edge import note_first_visit, now_of, person_of


@require_safe
@member_page
def today(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what is next, and what waits."""
    page = load_today(actor, person_of(request), now=now_of(request))
    for enrollment in page.enrollments:
        note_first_visit(enrollment, now_of(request))
    return render(request, "learners/player/today.html", {"page": page})


@require_POST
@member_page
def put_messages_away(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Put the messages that were shown away; ids of other people's messages do nothing."""
    for shown in request.POST.getlist("message"):
        uuid = _uuid(shown)
        if uuid is not None:
            mark_read(user_id=person_of(request).pk, message_uuid=uuid, now=now_of(request))
    return redirect("today")


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


@require_POST
@member_page
def switch_organization(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Go on in another organization that the person belongs to; an unknown one changes nothing."""
    mine = Membership.objects.filter(user=person_of(request), is_active=True).select_related("organization")
    chosen = {str(membership.organization.uuid): membership.organization for membership in mine}
    organization = chosen.get(request.POST.get("organization", ""))
    if organization:
        request.session[ACTIVE_ORGANIZATION] = organization.pk
        messages.success(request, _("You are now in %(name)s.") % {"name": organization.name})
    return redirect("today")

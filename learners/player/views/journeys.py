"""The journey map, and a look back at what was written."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.accounts.actor import Actor
from config.accounts.session import member_page
from learners.cohorts.queries import get_own_enrollment
from learners.player.queries.map import load_map
from learners.player.queries.recap import load_journey_recap, load_module_recap
from learners.player.views.edge import note_first_visit, now_of


@require_safe
@member_page
def journey_map(request: HttpRequest, actor: Actor, enrollment: UUID) -> HttpResponse:
    """Show the whole journey as a trail."""
    page = load_map(actor, enrollment, now=now_of(request))
    note_first_visit(page.enrolled, now_of(request))
    return render(request, "learners/player/map.html", {"page": page})


@require_safe
@member_page
def module_recap(request: HttpRequest, actor: Actor, enrollment: UUID, module_key: str) -> HttpResponse:
    """Show the end of a module in the learner's own words."""
    page = load_module_recap(get_own_enrollment(actor, enrollment), module_key, now=now_of(request))
    return render(request, "learners/player/recap.html", {"page": page})


@require_safe
@member_page
def journey_recap(request: HttpRequest, actor: Actor, enrollment: UUID) -> HttpResponse:
    """Show a whole journey in the learner's own words."""
    page = load_journey_recap(get_own_enrollment(actor, enrollment), now=now_of(request))
    return render(request, "learners/player/recap.html", {"page": page})

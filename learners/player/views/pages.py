"""Progress, ratings, privacy, help and accessibility."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.accounts.actor import Actor
from config.accounts.session import member_page
from learners.player.queries.privacy import load_privacy
from learners.player.queries.ratings import load_ratings
from learners.player.queries.skills import load_progress
from learners.player.views.edge import now_of, person_of


@require_safe
@member_page
def progress(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what the person practiced and showed, skill by skill."""
    page = load_progress(actor, zone=person_of(request).time_zone, now=now_of(request))
    return render(request, "learners/player/progress.html", {"page": page})


@require_safe
@member_page
def ratings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show how the person rated themselves, every occasion. GET: show, to see what rests while a rating waits."""
    page = load_ratings(actor, shows_all="show" in request.GET, now=now_of(request))
    return render(request, "learners/player/ratings.html", {"page": page})


@require_safe
@member_page
def privacy(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show who can see what about the person."""
    return render(request, "learners/player/privacy.html", {"page": load_privacy(actor)})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Answer what people ask first; needs no sign-in."""
    return render(request, "learners/player/help.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say what can be relied on; needs no sign-in."""
    return render(request, "learners/player/accessibility.html")

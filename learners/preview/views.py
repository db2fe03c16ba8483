"""A version as a learner meets it on any day. Every view reads the version alone; none of them writes."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial, wraps
from typing import Any, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from config.accounts.actor import Actor
from config.accounts.models import User
from content.kinds.errors import ResponseError, SpecError
from content.kinds.registry import parse_response
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries.content import content_of
from journeys.authoring.rules.content import VersionContent
from journeys.studio.views.access import problems_of, version_page
from learners.player.queries.step import OpenStep
from learners.player.views.step_page import AnyForm, page_context, way_on
from learners.preview.forms import PersonaForm
from learners.preview.queries.addresses import PreviewAddresses
from learners.preview.queries.stage import (
    Stage,
    stage_journey_recap,
    stage_map,
    stage_module_recap,
    stage_step,
    stage_today,
)
from learners.preview.rules import EARLIEST_DAY, LATEST_DAY

# The one page that frames, and the pages that it frames. Everything else of the policy stays as it is.
framing = csp_replace({"frame-src": [SELF]})
framed = csp_replace({"frame-ancestors": [SELF]})


def stage_page(view: Callable[..., HttpResponse], *, is_framed: bool = True) -> Callable[..., HttpResponse]:
    """
    Give a designer's page the person that its address imagines; where it imagines none, the form says why.

    is_framed: our own frame may show the page to somebody on a small phone.
    """

    @version_page
    @wraps(view)
    def page(request: HttpRequest, actor: Actor, version: JourneyVersion, /, **kwargs: Any) -> HttpResponse:
        content = content_of(version.pk)
        form = _form(request, content)
        if not form.is_valid():
            return redirect(f"{reverse('preview-as-learner', args=[version.uuid])}?{request.GET.urlencode()}")
        stage = Stage(actor, version, content.outline, form.persona)
        shown: Any = framed(xframe_options_sameorigin(view)) if is_framed and stage.persona.is_narrow else view
        request.preview = form  # type: ignore[attr-defined]
        return cast(HttpResponse, shown(request, stage, **kwargs))

    return page


@require_safe
@version_page
def as_learner(request: HttpRequest, actor: Actor, version: JourneyVersion) -> HttpResponse:
    """Ask who is imagined on which day; lead on to Today of that day once the form was sent and can be read."""
    content = content_of(version.pk)
    form = _form(request, content)
    if "go" in request.GET and form.is_valid() and content.modules:
        return redirect(PreviewAddresses(version.uuid, form.persona).begin)
    context = {"version": version, "content": content, "form": form, "problems": list(problems_of([form]))}
    return render(request, "learners/preview/persona.html", context, status=422 if form.errors else 200)


@framing
@require_safe
@partial(stage_page, is_framed=False)
def frame(request: HttpRequest, stage: Stage) -> HttpResponse:
    """Show Today in a frame that is 320 pixels wide, so that the page lays itself out as on a small phone."""
    # The frame is the designer's own page, whichever way the one inside runs.
    return _show(request, stage, "learners/preview/frame.html", direction="")


@require_http_methods(["GET", "HEAD", "POST"])
@stage_page
def today(request: HttpRequest, stage: Stage) -> HttpResponse:
    """Show Today. A post puts its messages away, as the address remembers."""
    if request.method == "POST":
        return redirect(f"{stage.addresses.today}&away=1")
    return _show(request, stage, "learners/player/today.html", page=stage_today(stage))


@require_safe
@stage_page
def journey_map(request: HttpRequest, stage: Stage) -> HttpResponse:
    """Show the whole journey as a trail."""
    return _show(request, stage, "learners/player/map.html", page=stage_map(stage))


@require_safe
@stage_page
def module_recap(request: HttpRequest, stage: Stage, module_key: str) -> HttpResponse:
    """Show the end of a module."""
    return _show(request, stage, "learners/player/recap.html", page=stage_module_recap(stage, module_key))


@require_safe
@stage_page
def journey_recap(request: HttpRequest, stage: Stage) -> HttpResponse:
    """Show the whole journey as it is looked back on."""
    return _show(request, stage, "learners/player/recap.html", page=stage_journey_recap(stage))


@require_safe
@stage_page
def elsewhere(request: HttpRequest, stage: Stage) -> HttpResponse:
    """Say what stands on a page that shows nothing but a learner's own."""
    return _aside(
        request,
        stage,
        heading=_("This page is a learner’s own"),
        words=_("It shows what they wrote, or what their cohort planned. Somebody imagined has neither."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@stage_page
def step(request: HttpRequest, stage: Stage, step_key: str) -> HttpResponse:
    """Show a step, or judge an answer and show it. It is forgotten; the address remembers that there was one."""
    try:
        opened = stage_step(stage, step_key)
    except SpecError:
        return _unfinished(request, stage, step_key)
    if not opened.step_place.is_reachable:
        return _show(request, stage, "learners/player/locked.html", **page_context(request, opened))
    form_class = opened.place.kind.response_form
    if request.method != "POST" or "replay" in request.POST or form_class is None:
        return _show_step(request, stage, opened)
    so_far = _so_far(request, opened)
    form = form_class(opened.place.spec, request.POST, so_far)
    if not form.is_valid():
        return _show_step(request, stage, stage_step(stage, step_key, so_far), form=form, status=422)
    return _answered(request, stage, stage_step(stage, step_key, form.to_response()))


def _answered(request: HttpRequest, stage: Stage, opened: OpenStep) -> HttpResponse:
    """Stay where there is something to read or a move to make; else lead on, as the player does."""
    outcome = opened.outcome
    if outcome is None or not outcome.completed:
        return _show_step(request, stage, opened)
    stage = stage.having_tried(opened.row.key, outcome)
    opened = stage_step(stage, opened.row.key, opened.response)
    if opened.place.kind.explains:
        return _show_step(request, stage, opened)
    return redirect(way_on(opened))


def _show_step(
    request: HttpRequest, stage: Stage, opened: OpenStep, *, form: AnyForm | None = None, status: int = 200
) -> HttpResponse:
    is_partial = getattr(request, "htmx", None) and request.method == "POST"
    template = "learners/player/step_partial.html" if is_partial else "learners/player/step.html"
    so_far = json.dumps(opened.response.to_data()) if opened.response is not None else ""
    context = page_context(request, opened, form=form, so_far=so_far)
    return _show(request, stage, template, status=status, **context)


def _so_far(request: HttpRequest, opened: OpenStep) -> Any:
    """The answer that the page carried along, None where there is none or it fits the step no more."""
    if not request.POST.get("so_far"):
        return None
    try:
        return parse_response(opened.place.kind.key, json.loads(request.POST["so_far"]), spec=opened.place.spec)
    except (ResponseError, ValueError):
        return None


def _unfinished(request: HttpRequest, stage: Stage, step_key: str) -> HttpResponse:
    return _aside(
        request,
        stage,
        heading=_("This step is not finished yet"),
        words=_("Something that it needs is missing. Finish it first; then it can be shown."),
        url=reverse("studio-step", args=[stage.version.uuid, step_key]),
        act=_("Go to the step"),
    )


def _aside(request: HttpRequest, stage: Stage, **context: Any) -> HttpResponse:
    return _show(request, stage, "learners/preview/aside.html", **context)


def _show(request: HttpRequest, stage: Stage, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render a page of the player between the preview's own banner and the menu of the person imagined."""
    addresses, day = stage.addresses, stage.persona.day
    form = cast(PersonaForm, request.preview)  # type: ignore[attr-defined]
    menu = [(_("Today"), addresses.today), (_("Map"), addresses.map)]
    common = {
        "layout": "learners/preview/layout.html",
        "preview": addresses,
        "persona": stage.persona,
        "pace_words": form.pace_words,
        "version": stage.version,
        "direction": stage.persona.direction,
        "navigation": [(words, url, urlsplit(url).path == request.path) for words, url in menu],
        "day_before": addresses.on_day(day - 1) if day > EARLIEST_DAY else None,
        "day_after": addresses.on_day(day + 1) if day < LATEST_DAY else None,
        "day_anew": addresses.on_day(day) if stage.persona.tried else None,
    }
    return render(request, template, {**common, **context}, status=status)


def _form(request: HttpRequest, content: VersionContent) -> PersonaForm:
    """What the address leaves out is as usual: noon of the first day, from next Monday, in the designer's own zone."""
    zone = cast(User, request.user).time_zone
    now = request.now.astimezone(ZoneInfo(zone))  # type: ignore[attr-defined]
    monday = now.date() + timedelta(days=7 - now.weekday())
    usual = {"start": monday.isoformat(), "day": "1", "at": "12:00", "zone": zone, "pace": "on-time"}
    return PersonaForm({**usual, **request.GET.dict()}, content=content)

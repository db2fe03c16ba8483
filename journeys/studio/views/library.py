"""A step from the library: an activity that was written before, for instance one that was removed from the draft."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.accounts.actor import Actor
from content.activities.queries import get_activity
from content.kinds.registry import KINDS
from journeys.authoring.actions.steps import add_step_from_library
from journeys.authoring.models import JourneyVersion, Module
from journeys.studio.forms.outline import DEFAULT_SERVES
from journeys.studio.queries import search_library
from journeys.studio.views.access import expected_edits, show, version_page


@require_http_methods(["GET", "POST"])
@version_page
def step_from_library(request: HttpRequest, actor: Actor, version: JourneyVersion, module_key: str) -> HttpResponse:
    """
    Search the library, and add a step that shows one of its activities.

    GET: q (words), kind, skill, page. POST: activity (its uuid), edits.
    """
    module = Module.objects.filter(version=version, key=module_key).first()
    if module is None:
        raise Http404
    if request.method == "GET":
        return _library(request, actor, version, module)
    return _add(request, actor, version, module)


def _library(request: HttpRequest, actor: Actor, version: JourneyVersion, module: Module) -> HttpResponse:
    asked = {name: request.GET.get(name, "").replace("\x00", "").strip() for name in ("q", "kind", "skill")}
    shelf = search_library(
        actor,
        version.pk,
        kind=asked["kind"],
        skill=asked["skill"],
        search=asked["q"],
        page=request.GET.get("page", "1"),
    )
    return show(
        request,
        "library.html",
        version=version,
        module=module,
        shelf=shelf,
        asked=asked,
        is_searched=any(asked.values()),
        kinds=KINDS.values(),
    )


def _add(request: HttpRequest, actor: Actor, version: JourneyVersion, module: Module) -> HttpResponse:
    try:
        wanted = UUID(request.POST.get("activity", ""))
    except ValueError:
        messages.info(request, _("Choose an activity of the library first."))
        return redirect("studio-step-library", version.uuid, module.key)
    activity = get_activity(actor, wanted)
    step = add_step_from_library(
        module_id=module.pk,
        activity_id=activity.pk,
        serves=DEFAULT_SERVES.get(activity.kind, "knows"),
        expected_edits=expected_edits(request),
    )
    messages.success(request, _("The step is there. Check what it serves and when it opens."))
    return redirect("studio-step", version.uuid, step.key)

"""A step from the library: an activity that was written before, for instance one that was removed from the draft."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.accounts.actor import Actor
from content.activities.queries import get_activity
from journeys.authoring.actions.steps import add_step_from_library
from journeys.authoring.models import JourneyVersion, Module
from journeys.studio.forms.outline import DEFAULT_SERVES
from journeys.studio.views.access import expected_edits, version_page


@require_POST
@version_page
def step_from_library(request: HttpRequest, actor: Actor, version: JourneyVersion, module_key: str) -> HttpResponse:
    """Add a step that shows an activity of the library. POST: activity (its uuid), edits."""
    module = Module.objects.filter(version=version, key=module_key).first()
    if module is None:
        raise Http404
    try:
        wanted = UUID(request.POST.get("activity", ""))
    except ValueError:
        messages.info(request, _("Choose an activity of the library first."))
        return redirect("studio-step-new", version.uuid, module_key)
    activity = get_activity(actor, wanted)
    step = add_step_from_library(
        module_id=module.pk,
        activity_id=activity.pk,
        serves=DEFAULT_SERVES.get(activity.kind, "knows"),
        expected_edits=expected_edits(request),
    )
    messages.success(request, _("The step is there. Check what it serves and when it opens."))
    return redirect("studio-step", version.uuid, step.key)

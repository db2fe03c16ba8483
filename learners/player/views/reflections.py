"""The learner's own reflections, and those that others shared with them."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.accounts.actor import Actor
from config.accounts.session import member_page
from config.support.errors import DomainError
from learners.player.forms import AudienceForm
from learners.player.queries.notebook import load_note, load_notebook, load_own_note
from learners.player.views.edge import now_of, person_of
from learners.reflections.actions import delete_reflection, save_reflection, unshare
from learners.reflections.models.reflection import Audience

NOTES_A_PAGE = 30


@require_safe
@member_page
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the person's own reflections, then what others shared with them."""
    own, shared = load_notebook(actor)
    page_obj = Paginator(own, NOTES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "notes": page_obj,
        "page_obj": page_obj,
        "shared": shared[:NOTES_A_PAGE],
        "zone": person_of(request).time_zone,
    }
    return render(request, "learners/player/reflections.html", context)


@require_safe
@member_page
def detail(request: HttpRequest, actor: Actor, reflection: UUID) -> HttpResponse:
    """Show one reflection to its author, or to somebody it is shared with."""
    note = load_note(actor, reflection)
    context = {"note": note, "zone": person_of(request).time_zone}
    return render(request, "learners/player/reflection.html", context)


@require_POST
@member_page
def share(request: HttpRequest, actor: Actor, reflection: UUID) -> HttpResponse:
    """Let others read a reflection, or take it back."""
    note = load_own_note(actor, reflection)
    form = AudienceForm(request.POST, offered=[choice.value for choice in note.choices])
    if not form.is_valid():
        context = {"note": note, "form": form, "zone": person_of(request).time_zone}
        return render(request, "learners/player/reflection.html", context, status=422)
    audience = form.cleaned_data["audience"]
    if audience == Audience.PRIVATE:
        unshare(actor=actor, reflection_uuid=reflection, now=now_of(request))
        messages.success(request, _("Only you can read it now."))
        return redirect("reflection", reflection)
    try:
        save_reflection(
            enrollment_id=note.row.enrollment_id,
            step_key=note.row.step_key,
            text=note.row.text,
            audience=audience,
            expected_revision=note.row.revision,
            now=now_of(request),
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Shared. You can take it back at any time."))
    return redirect("reflection", reflection)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def delete(request: HttpRequest, actor: Actor, reflection: UUID) -> HttpResponse:
    """Ask once, then delete a reflection for good."""
    note = load_own_note(actor, reflection)
    if request.method == "POST":
        delete_reflection(actor=actor, reflection_uuid=reflection, now=now_of(request))
        messages.success(request, _("Deleted. No copy is kept."))
        return redirect("reflections")
    return render(request, "learners/player/reflection_delete.html", {"note": note})

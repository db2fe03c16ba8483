"""Several steps at once: tick them, say what changes for all of them, or remove them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from config.accounts.actor import Actor
from config.support.errors import DomainError
from journeys.authoring.actions.several import StepsChange, change_steps, remove_steps
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries.content import content_of
from journeys.studio.forms.several import SeveralForm
from journeys.studio.views.access import expected_edits, show, skill_choices, version_page


@require_http_methods(["GET", "POST"])
@version_page
def version_several(request: HttpRequest, actor: Actor, version: JourneyVersion) -> HttpResponse:
    """Show every step with a box to tick, and change or remove those that are ticked. POST: act (change, remove)."""
    content = content_of(version.pk)
    data = request.POST if request.method == "POST" else None
    form = SeveralForm(data, content=content, skills=skill_choices(actor))
    refusal = None
    if form.is_bound and form.is_valid():
        try:
            messages.success(request, _do(request, actor, version, form))
            return redirect("studio-version", version.uuid)
        except DomainError as error:
            refusal = error
    return show(request, "several.html", version=version, content=content, forms=[form], refusal=refusal, form=form)


def _do(request: HttpRequest, actor: Actor, version: JourneyVersion, form: SeveralForm) -> str:
    """Do what the button says, and tell it."""
    keys, known = form.cleaned_data["steps"], expected_edits(request)
    if request.POST.get("act") == "remove":
        count = remove_steps(version_id=version.pk, keys=keys, expected_edits=known)
        words = ngettext(
            "%(n)d step is removed. Undo brings it back.", "%(n)d steps are removed. Undo brings them back.", count
        )
        return words % {"n": count}
    if keys and form.change == StepsChange():
        return _("Nothing was chosen to change, so every step stays as it was.")
    steps = change_steps(
        version_id=version.pk,
        keys=keys,
        change=form.change,
        author_id=actor.user_id,
        now=request.now,  # type: ignore[attr-defined]
        expected_edits=known,
    )
    count = len(steps)
    words = ngettext(
        "%(n)d step is changed. Undo takes it back.", "%(n)d steps are changed. Undo takes it back.", count
    )
    return words % {"n": count}

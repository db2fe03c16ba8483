"""Who changed what in a version, and the way back: an earlier state of a draft, or only its last change."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.accounts.actor import Actor
from config.support.errors import DomainError
from journeys.authoring.actions.restoring import Restored, restore_state, undo_last
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries.content import content_of
from journeys.publishing.queries import history_of
from journeys.studio.queries import skill_titles
from journeys.studio.views.access import expected_edits, show, version_page
from journeys.studio.views.findings import with_titles


@require_safe
@version_page
def version_history(request: HttpRequest, actor: Actor, version: JourneyVersion) -> HttpResponse:
    """Show the edits of a version, newest first. GET: older, the number of the last edit that was seen."""
    older = request.GET.get("older", "")
    history = history_of(version, older_than=int(older) if older.isdecimal() and len(older) < 9 else None)
    skills = skill_titles(actor)
    lines = [(line, [with_titles(words, skills) for words in line.words]) for line in history.lines]
    return show(request, "history.html", version=version, content=content_of(version.pk), history=history, lines=lines)


@require_POST
@version_page
def version_restore(request: HttpRequest, actor: Actor, version: JourneyVersion) -> HttpResponse:
    """Bring an earlier state of a draft back. POST: number (of the edit that began from it), edits."""
    number = request.POST.get("number", "")
    try:
        restored = restore_state(
            version_id=version.pk,
            number=int(number) if number.isdecimal() and len(number) < 9 else 0,
            author_id=actor.user_id,
            now=request.now,  # type: ignore[attr-defined]
            expected_edits=expected_edits(request),
        )
    except DomainError as error:
        messages.error(request, error.detail)
        return redirect("studio-history", version.uuid)
    messages.success(request, _("The draft stands as it did then. To go back, undo the last change."))
    _tell_kept(request, restored)
    return redirect("studio-version", version.uuid)


@require_POST
@version_page
def version_undo(request: HttpRequest, actor: Actor, version: JourneyVersion) -> HttpResponse:
    """Take the newest change of a draft back, and return to the outline. POST: edits."""
    try:
        restored = undo_last(
            version_id=version.pk,
            author_id=actor.user_id,
            now=request.now,  # type: ignore[attr-defined]
            expected_edits=expected_edits(request),
        )
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, _("The last change is undone. Undo again to bring it back."))
        _tell_kept(request, restored)
    return redirect("studio-version", version.uuid)


def _tell_kept(request: HttpRequest, restored: Restored) -> None:
    for title in restored.kept:
        words = _("“%(title)s” keeps its newest words, because another draft shows them too. Mend them in the library.")
        messages.info(request, words % {"title": title})

"""The list of journeys, a new one, and what a version says of itself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.accounts.actor import Actor
from config.support.errors import DomainError
from content.skills.queries import list_skills
from journeys.authoring.actions.journeys import create_journey, discard_draft, start_draft
from journeys.authoring.actions.modules import Aim
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries.content import content_of
from journeys.authoring.rules.content import EventContent
from journeys.studio.actions import save_version
from journeys.studio.forms.outline import JourneyForm, VersionForm
from journeys.studio.queries import list_journeys_of_designer
from journeys.studio.views.access import designer_page, expected_edits, show, skill_choices, version_page


@require_safe
@designer_page
def journey_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show every journey of the organization with its draft and its live version."""
    return render(request, "journeys/studio/list.html", {"journeys": list_journeys_of_designer(actor)})


@require_http_methods(["GET", "POST"])
@designer_page
def journey_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Begin a journey."""
    form = JourneyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        version = create_journey(
            organization_id=actor.organization_id,
            author_id=actor.user_id,
            now=request.now,  # type: ignore[attr-defined]
            **form.cleaned_data,
        )
        messages.success(request, _("The draft is there. Add a first module when you like."))
        return redirect("studio-version", version.uuid)
    status = 422 if form.errors else 200
    return render(request, "journeys/studio/new.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@version_page
def version_about(request: HttpRequest, actor: Actor, version: JourneyVersion) -> HttpResponse:
    """Describe the version and choose the skills it aims at."""
    content = content_of(version.pk)
    initial = {name: getattr(version, name) for name in ("title", "summary", "weeks", "language", "license")}
    form = VersionForm(
        request.POST or None,
        initial=initial,
        skills=skill_choices(actor),
        aims={aim.skill: aim.weight for aim in content.skills},
        events=[{"key": event.key, "title": event.title} for event in content.events],
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        rows = {skill.key: skill.pk for skill in reversed(list_skills(actor))}
        try:
            save_version(
                version_id=version.pk,
                skills=[Aim(rows[key], weight) for key, weight in form.aims()],
                events=[EventContent(row.get("key", ""), row.get("title", "")) for row in form.events.to_data()],
                expected_edits=expected_edits(request),
                **{name: form.cleaned_data[name] for name in initial},
            )
            messages.success(request, _("Saved."))
            return redirect("studio-version", version.uuid)
        except DomainError as error:
            refusal = error
    forms = [form, form.events]
    return show(request, "about.html", version=version, content=content, forms=forms, refusal=refusal, form=form)


@require_POST
@version_page
def version_draft(request: HttpRequest, actor: Actor, version: JourneyVersion) -> HttpResponse:
    """Start a draft from the newest published version."""
    draft = start_draft(
        journey_id=version.journey_id,
        author_id=actor.user_id,
        now=request.now,  # type: ignore[attr-defined]
    )
    messages.success(request, _("This is the new draft. The live version stays as it is until you publish."))
    return redirect("studio-version", draft.uuid)


@require_http_methods(["GET", "POST"])
@version_page
def version_discard(request: HttpRequest, actor: Actor, version: JourneyVersion) -> HttpResponse:
    """Ask, then discard a draft; its activities stay in the library."""
    if request.method == "POST":
        discard_draft(version_id=version.pk, expected_edits=expected_edits(request))
        messages.success(request, _("The draft is gone. Its activities are still in the library."))
        return redirect("studio-journeys")
    return show(request, "discard.html", version=version)

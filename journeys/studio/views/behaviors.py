"""The behaviors that a journey makes visible: choose them, or write one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.accounts.actor import Actor
from config.support.errors import DomainError
from journeys.authoring.actions.aims import set_version_indicators
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries.content import content_of
from journeys.authoring.rules.content import VersionContent
from journeys.studio.actions import write_behavior
from journeys.studio.forms.behaviors import BehaviorsForm, OwnBehaviorForm
from journeys.studio.queries import chosen_indicators, list_behaviors
from journeys.studio.views.access import expected_edits, show, skill_choices, version_page


@require_http_methods(["GET", "POST"])
@version_page
def behaviors(request: HttpRequest, actor: Actor, version: JourneyVersion) -> HttpResponse:
    """Choose among the behaviors of the journey's skills, with their anchors in sight."""
    content = content_of(version.pk)
    chosen = chosen_indicators(version.pk)
    groups = list_behaviors(actor, content, chosen)
    offered = [line.pk for group in groups for line in group.behaviors]
    data = request.POST if request.method == "POST" else None
    form = BehaviorsForm(data, offered=offered, chosen=chosen)
    refusal = None
    if form.is_bound and form.is_valid():
        try:
            set_version_indicators(
                version_id=version.pk, indicator_ids=form.ids(), expected_edits=expected_edits(request)
            )
            messages.success(request, _("Saved. Practices can now say which of these behaviors they make visible."))
            return redirect("studio-behaviors", version.uuid)
        except DomainError as error:
            refusal = error
    return show(
        request,
        "behaviors.html",
        version=version,
        content=content,
        forms=[form],
        refusal=refusal,
        groups=groups,
        ticked=form.ticked,
        named_by=_named_by(content),
    )


@require_http_methods(["GET", "POST"])
@version_page
def behavior_new(request: HttpRequest, actor: Actor, version: JourneyVersion) -> HttpResponse:
    """Write a behavior with four anchors; it is chosen for this journey at once."""
    content = content_of(version.pk)
    data = request.POST if request.method == "POST" else None
    first = content.skills[0].skill if content.skills else ""
    form = OwnBehaviorForm(data, skills=skill_choices(actor), initial={"skill": request.GET.get("skill", first)})
    refusal = None
    if form.is_bound and form.is_valid():
        try:
            write_behavior(
                version_id=version.pk,
                skill_key=form.cleaned_data["skill"],
                text=form.cleaned_data["text"],
                levels=form.levels,
                author_id=actor.user_id,
                now=request.now,  # type: ignore[attr-defined]
                expected_edits=expected_edits(request),
            )
            messages.success(request, _("The behavior is there, and chosen for this journey."))
            return redirect("studio-behaviors", version.uuid)
        except DomainError as error:
            refusal = error
    return show(
        request, "behavior_new.html", version=version, content=content, forms=[form], refusal=refusal, form=form
    )


def _named_by(content: VersionContent) -> dict[str, list[str]]:
    """The titles of the steps that name a behavior, by its words: taking it away leaves them without."""
    texts = {indicator.key: indicator.text for indicator in content.indicators}
    found: dict[str, list[str]] = {}
    for step in content.steps:
        for key in [step.spec.get("indicator", ""), *step.spec.get("indicators", ())]:
            if key in texts:
                found.setdefault(texts[key], []).append(step.title)
    return found

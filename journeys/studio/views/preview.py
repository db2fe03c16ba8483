"""A step as a learner sees it, and what they see after answering. Nothing is saved or sent."""

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.accounts.actor import Actor
from content.activities.markdown import render as render_markdown
from content.activities.queries import asset_urls
from content.kinds.contract import Kind, Outcome
from content.kinds.errors import ResponseError, SpecError
from content.kinds.forms import ResponseForm
from content.kinds.registry import KINDS, parse_response, parse_spec
from content.kinds.shapes import Behavior
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries.content import content_of
from journeys.authoring.rules.content import ModuleContent, StepContent, VersionContent
from journeys.studio.stand_ins import audiences_in, words_at
from journeys.studio.views.access import version_page


@dataclass(frozen=True, slots=True)
class Tried:
    """How far the designer has come in a step: the answer so far, the form to go on with, and what it amounts to."""

    response: Any
    form: ResponseForm[Any, Any] | None
    outcome: Outcome | None

    @property
    def so_far(self) -> str:
        """The answer so far, which the page carries along: the server keeps none of it."""
        return json.dumps(self.response.to_data()) if self.response is not None else ""

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Each error with the id of the control it belongs to; a group of choices is reached by its first one."""
        if self.form is None or not self.form.is_bound:
            return []
        return [(self._reachable(anchor), sentence) for anchor, sentence in self.form.problems()]

    def _reachable(self, anchor: str) -> str:
        form: Any = self.form
        grouped = {form[name].auto_id for name in form.fields if not form[name].id_for_label}
        return f"{anchor}_0" if anchor in grouped else anchor


@require_http_methods(["GET", "HEAD", "POST"])
@version_page
def step_preview(request: HttpRequest, actor: Actor, version: JourneyVersion, key: str) -> HttpResponse:
    """Show a step as a learner sees it. An answer is judged and shown, and then forgotten: there is no write here."""
    content = content_of(version.pk)
    steps = list(content.steps)
    place = next((index for index, step in enumerate(steps) if step.key == key), None)
    if place is None:
        raise Http404
    step = steps[place]
    try:
        spec: Any = parse_spec(step.kind, step.spec)
    except SpecError:
        messages.info(request, _("Finish this step first; then it can be shown."))
        return redirect("studio-step", version.uuid, key)
    spec = spec.knowing(
        {one.key: Behavior(key=one.key, text=one.text, levels=one.levels) for one in content.indicators}
    )
    tried = _tried(request, KINDS[step.kind], spec)
    urls = asset_urls(step.revision_id) if step.revision_id else {}
    context = {
        "version": version,
        "kind": KINDS[step.kind],
        "spec": spec,
        "tried": tried,
        "form": tried.form,
        "response": tried.response,
        "outcome": tried.outcome,
        "activity": step,
        "step": step,
        "module": _module(content, step),
        "body": render_markdown(step.body, assets=urls),
        "asset_urls": urls,
        "language": content.language,
        "quoted": words_at(spec, {one.reference: one.title for one in steps}),
        "audience_choices": list(audiences_in(spec)),
        "before": steps[place - 1] if place else None,
        "behind": steps[place + 1] if place + 1 < len(steps) else None,
    }
    return render(request, "journeys/studio/preview.html", context, status=422 if tried.problems else 200)


def _tried(request: HttpRequest, kind: Kind[Any, Any], spec: Any) -> Tried:
    if kind.response_form is None:
        return Tried(None, None, None)
    response = _so_far(request, kind, spec)
    form = None
    if request.method == "POST" and "replay" not in request.POST:
        form = kind.response_form(spec, request.POST, response)
        if form.is_valid():
            response, form = form.to_response(), None
    outcome = kind.judge(spec, response) if response is not None else None
    if form is None and not (outcome and outcome.completed):
        form = kind.response_form(spec, None, response)
    return Tried(response, form if form is not None and form.fields else None, outcome)


def _so_far(request: HttpRequest, kind: Kind[Any, Any], spec: Any) -> Any:
    if request.method != "POST" or "replay" in request.POST or not request.POST.get("so_far"):
        return None
    try:
        return parse_response(kind.key, json.loads(request.POST["so_far"]), spec=spec)
    except (ResponseError, ValueError):
        # The step was changed meanwhile, so that the answer does not fit any more: begin anew.
        return None


def _module(content: VersionContent, step: StepContent) -> ModuleContent:
    return next(module for module in content.modules if module.key == step.module)

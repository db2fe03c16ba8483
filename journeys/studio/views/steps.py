"""A step: its place in the module, and its activity with the form of its kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.accounts.actor import Actor
from config.support.errors import DomainError
from content.kinds.contract import Kind
from content.kinds.errors import SpecError, UnknownKind
from content.kinds.forms import SpecForm, needed
from content.kinds.registry import KINDS, get_kind, parse_spec
from journeys.authoring.actions.steps import add_step
from journeys.authoring.models import JourneyVersion, Module, Step
from journeys.authoring.queries.content import content_of
from journeys.authoring.rules.content import StepContent, VersionContent
from journeys.studio.actions import save_step
from journeys.studio.forms.outline import DEFAULT_SERVES, StepForm
from journeys.studio.forms.rule import RuleForm
from journeys.studio.views.access import references, show, skill_choices, version_page
from journeys.studio.views.modules import rule_forms
from journeys.studio.views.writing import Writing, writing_at


@dataclass(frozen=True, slots=True)
class StepForms:
    """The four forms of one step page."""

    step: StepForm
    spec: SpecForm[Any]
    opens: RuleForm
    due: RuleForm

    @property
    def every(self) -> tuple[Any, ...]:
        return self.step, self.spec, self.opens, self.due

    @property
    def is_adding(self) -> bool:
        return self.spec.is_adding or self.opens.is_adding or self.due.is_adding

    @property
    def has_rules(self) -> bool:
        """Whether the rules are worth showing at once: there is one, or one is being written."""
        written = any(line["what"].value() for rule in (self.opens, self.due) for line in rule.group.forms)
        return written or bool(self.opens.errors or self.due.errors)

    def are_valid(self) -> bool:
        return all([form.is_valid() for form in self.every])


@require_http_methods(["GET", "POST"])
@version_page
def step_new(request: HttpRequest, actor: Actor, version: JourneyVersion, module_key: str) -> HttpResponse:
    """Choose a kind, then write a new step at the end of a module."""
    content = content_of(version.pk)
    module = Module.objects.filter(version=version, key=module_key).first()
    if module is None:
        raise Http404
    if "kind" not in request.GET:
        return show(
            request,
            "kinds.html",
            version=version,
            content=content,
            module=module,
            kinds=KINDS.values(),
        )
    kind = _kind(request.GET["kind"])
    writing = writing_at(request, actor, version, "step", "", f"modules/{module.key}/steps/{kind.key}")
    answer = writing.answer()
    if answer:
        return answer
    forms = _forms(writing, content, kind, None, module.key)
    refusal: DomainError | None = writing.collision
    if writing.is_saving and forms.are_valid():
        try:
            step = add_step(
                module_id=module.pk,
                kind=kind.key,
                author_id=actor.user_id,
                now=request.now,  # type: ignore[attr-defined]
                expected_edits=writing.expected,
                **_said(forms),
            )
            writing.end()
            messages.success(request, _("The step “%(title)s” is there.") % {"title": forms.step.cleaned_data["title"]})
            return _onward(request, version, module.key, step.key)
        except DomainError as error:
            refusal = error
    return _page(writing, content, kind, forms, refusal, None, module.key)


@require_http_methods(["GET", "POST"])
@version_page
def step_edit(request: HttpRequest, actor: Actor, version: JourneyVersion, key: str) -> HttpResponse:
    """Show and save one step."""
    content = content_of(version.pk)
    known = next((step for step in content.steps if step.key == key), None)
    if known is None:
        raise Http404
    kind = _kind(known.kind)
    writing = writing_at(request, actor, version, "step", key, f"steps/{key}")
    answer = writing.answer()
    if answer:
        return answer
    forms = _forms(writing, content, kind, known, known.module)
    refusal: DomainError | None = writing.collision
    if writing.is_saving and forms.are_valid():
        try:
            save_step(
                step_id=Step.objects.get(version=version, key=key).pk,
                author_id=actor.user_id,
                now=request.now,  # type: ignore[attr-defined]
                expected_edits=writing.expected,
                **_said(forms),
            )
            writing.end()
            messages.success(request, _("Saved."))
            return _onward(request, version, known.module, key)
        except DomainError as error:
            refusal = error
    return _page(writing, content, kind, forms, refusal, known, known.module)


def _onward(request: HttpRequest, version: JourneyVersion, module_key: str, key: str) -> HttpResponse:
    """Stay at the step, or go on to the next new one of its module, as the button says."""
    if "next" in request.POST:
        return redirect("studio-step-new", version.uuid, module_key)
    return redirect("studio-step", version.uuid, key)


def _kind(key: str) -> Kind[Any, Any]:
    try:
        return get_kind(key)
    except UnknownKind as error:
        raise Http404 from error


def _readable(step: StepContent) -> Any:
    try:
        return parse_spec(step.kind, step.spec)
    except SpecError:
        return None


def _forms(
    writing: Writing,
    content: VersionContent,
    kind: Kind[Any, Any],
    known: StepContent | None,
    module_key: str,
) -> StepForms:
    data = writing.data or None
    initial: Mapping[str, Any] = (
        {name: getattr(known, name) for name in ("title", "minutes", "serves", "topic", "required", "body")}
        if known
        else {"serves": DEFAULT_SERVES.get(kind.key, "knows")}
    )
    minutes = str(data.get("minutes", "")) if data else ""
    indicators = [(indicator.key, indicator.text) for indicator in content.indicators]
    offered = {"indicator": indicators, "indicators": indicators, "after": _earlier(content, module_key, known)}
    options = {name: choices for name, choices in offered.items() if name in kind.spec_form.base_fields}
    opens, due = rule_forms(
        data,
        content,
        own=known.reference if known else "",
        opens=known.opens if known else None,
        due=known.due if known else None,
        default=_("after the previous required step, the first one with its module"),
    )
    spec = kind.spec_form(
        data,
        _readable(known) if known else None,
        minutes=int(minutes) if minutes.isdigit() else None,
        options=options,
    )
    for name in {"indicator", "indicators"} & set(options) if not indicators else ():
        spec.fields[name].help_text = format_html(
            '{} <a href="{}">{}</a>',
            _("This journey has not chosen any behavior yet."),
            reverse("studio-behaviors", args=[writing.version.uuid]),
            _("Choose behaviors"),
        )
    step = StepForm(data, initial=dict(initial), skills=skill_choices(writing.actor))
    if kind.key == "article":
        needed(step.fields["body"])
    return StepForms(
        step=step,
        spec=spec,
        opens=opens,
        due=due,
    )


def _earlier(content: VersionContent, module_key: str, known: StepContent | None) -> list[tuple[str, str]]:
    """What a reflection can follow: the steps before it, and what it names already, so that nothing is lost."""
    words = dict(references(content))
    modules = [module.key for module in content.modules]
    before = content.modules[: modules.index(module_key) + 1]
    steps = [step.reference for module in before for step in module.steps]
    if known is None:
        return [(name, words[name]) for name in steps]
    earlier = [(name, words[name]) for name in steps[: steps.index(known.reference)]]
    named = known.spec.get("after", "")
    if named in words and named not in dict(earlier):
        earlier.append((named, _("%(step)s (does not come before this step)") % {"step": words[named]}))
    return earlier


def _said(forms: StepForms) -> dict[str, Any]:
    names = ("title", "minutes", "serves", "topic", "required", "body")
    said = {name: forms.step.cleaned_data[name] for name in names}
    return said | {"spec": forms.spec.to_spec().to_data(), "opens": forms.opens.value, "due": forms.due.value}


def _page(
    writing: Writing,
    content: VersionContent,
    kind: Kind[Any, Any],
    forms: StepForms,
    refusal: DomainError | None,
    known: StepContent | None,
    module_key: str,
) -> HttpResponse:
    return show(
        writing.request,
        "step.html",
        version=writing.version,
        content=content,
        forms=[] if forms.is_adding else forms.every,
        refusal=writing.told(refusal),
        kind=kind,
        step=known,
        module_key=module_key,
        has_rules=forms.has_rules,
        form=forms.step,
        spec_form=forms.spec,
        opens=forms.opens,
        due=forms.due,
        **writing.context(forms=forms.every, refusal=refusal),
    )

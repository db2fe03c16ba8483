"""Who may enter the studio, and what every page of it needs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.accounts.actor import Actor
from config.accounts.session import member_page
from config.support.errors import DomainError, Fault
from config.support.forms import errors_in_order
from content.kinds.rows import Problem
from journeys.authoring.actions.history import editing
from journeys.authoring.models import JourneyVersion
from journeys.authoring.models.journey import VersionStatus
from journeys.authoring.queries.content import content_of
from journeys.authoring.rules.content import VersionContent
from journeys.authoring.rules.references import references_in, rules_of
from journeys.studio.expected import broken
from journeys.studio.queries import module_lines, skill_titles, version_of

P = ParamSpec("P")
Choices = list[tuple[str, str]]
# The page of the expectations has them all.
MOST_TOLD = 3


def designer_page(
    view: Callable[Concatenate[HttpRequest, Actor, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let a page be seen by designers and administrators of the active organization; for others it does not exist."""

    @member_page
    @wraps(view)
    def page(request: HttpRequest, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not (actor.is_designer or actor.is_administrator):
            raise Http404
        return view(request, actor, *args, **kwargs)

    return page


def version_page(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """
    Give a designer's page its version, by `version_uuid` of the address; 404 for another organization's.

    What one click changes is one entry of the draft's history, signed by whoever clicked.
    """

    @designer_page
    @wraps(view)
    def page(request: HttpRequest, actor: Actor, /, *, version_uuid: UUID, **kwargs: Any) -> HttpResponse:
        version = version_of(actor, version_uuid)
        with editing(by=actor.user_id, now=request.now):  # type: ignore[attr-defined]
            answer = view(request, actor, version, **kwargs)
        if request.method == "POST":
            tell_of_broken_expectations(request, version)
        return answer

    return page


def tell_of_broken_expectations(request: HttpRequest, version: JourneyVersion) -> None:
    """
    After an edit, say on the next page which expectations of the draft do not come true, each with the way to it.

    Says nothing where nothing was edited. One query; the queries of content_of besides where something was.
    """
    now = JourneyVersion.objects.filter(pk=version.pk, status=VersionStatus.DRAFT).exclude(edits=version.edits)
    if not now.filter(Q(expectations__0__isnull=False)).exists():
        return
    address = reverse("studio-expectations", args=[version.uuid])
    lines = broken(content_of(version.pk))
    links = format_html_join(
        ", ", '<a href="{}#expectation-{}">{}</a>', ((address, line.number, line.title) for line in lines[:MOST_TOLD])
    )
    if len(lines) > MOST_TOLD:
        more = _("and %(number)d more") % {"number": len(lines) - MOST_TOLD}
        links = format_html('{} <a href="{}#results">{}</a>', links, address, more)
    if lines:
        number = len(lines)
        words = ngettext("One expectation does not come true:", "%(number)d expectations do not come true:", number)
        messages.warning(request, format_html("{} {}", words % {"number": number}, links))


def expected_edits(request: HttpRequest) -> int:
    """Return how many edits the page knew of; 0 refuses a form that carries none."""
    value = request.POST.get("edits", "")
    return int(value) if value.isdigit() else 0


JUDGED: Final = frozenset({"quiz"})


def references(content: VersionContent) -> Choices:
    """Return what a rule may name, as (reference, words), in the order of the outline, steps as "1.2 Title"."""
    found: Choices = []
    for number, module in enumerate(content.modules, start=1):
        found.append((module.key, f"Module {number}: {module.title}"))
        found += [(step.reference, f"{number}.{place} {step.title}") for place, step in enumerate(module.steps, 1)]
    return found


def anchors(content: VersionContent, *, own_opening: bool) -> Choices:
    """Return the moments a rule may count from, as (anchor, words)."""
    found: Choices = [("opens", "it opens")] if own_opening else []
    found += [("start", "the start"), ("enrolled", "the person is enrolled"), ("end", "the end of the cohort")]
    named = references(content)
    found += [(f"module-opened:{key}", f"{words} opens") for key, words in named if "/" not in key]
    found += [(f"completed:{key}", f"{words} is completed") for key, words in named]
    found += [(f"event:{event.key}", f"“{event.title}” takes place") for event in content.events]
    failing = {step.reference for step in content.steps if step.kind in JUDGED} | set(_failing(content))
    return found + [(f"failed:{key}", f"{words} is answered without passing") for key, words in named if key in failing]


def _failing(content: VersionContent) -> Iterator[str]:
    """Yield what rules count from already, so that the form can show every rule that there is."""
    for _where, data in rules_of(content):
        yield from (name for pointer, name in references_in(data) if pointer.endswith("/from"))


def event_choices(content: VersionContent) -> Choices:
    """Return the events that a rule may wait for, as (key, words)."""
    return [(event.key, event.title) for event in content.events]


def behavior_choices(content: VersionContent) -> Choices:
    """Return the behaviors that people can rate themselves on, as (key, words)."""
    return [(indicator.key, indicator.text) for indicator in content.indicators]


def moved_here(request: HttpRequest) -> dict[str, str]:
    """Return which row was just moved or copied, and how, so that its list puts the focus there."""
    return {"at": request.GET.get("at", ""), "act": request.GET.get("act", "")}


def skill_choices(actor: Actor) -> Choices:
    """Return the skills to choose from, by key; two queries."""
    return list(skill_titles(actor).items())


def show(
    request: HttpRequest,
    template: str,
    *,
    version: JourneyVersion,
    content: VersionContent | None = None,
    forms: Sequence[Any] = (),
    refusal: DomainError | None = None,
    **context: Any,
) -> HttpResponse:
    """
    Render a page of the studio with the outline beside it; 422 when a form or an action refused.

    content: read anew when None. forms: every form of the page, for the one summary of what to mend.
    """
    content = content or content_of(version.pk)
    problems = [*problems_of(forms), *refused(refusal, forms)]
    lines = module_lines(content)
    module = context.get("module")
    page: Mapping[str, Any] = {
        "version": version,
        "is_fixed": not version.is_draft,
        "content": content,
        "modules": lines,
        "line": next((line for line in lines if module and line.content.key == module.key), None),
        "problems": list(dict.fromkeys(problems)),
        **moved_here(request),
        **context,
    }
    return render(request, f"journeys/studio/{template}", page, status=422 if problems else 200)


def problems_of(forms: Sequence[Any]) -> Iterator[Problem]:
    """Yield what the forms of a page refuse, each with the control it belongs to and its place in words."""
    for form in forms:
        if hasattr(form, "problems"):
            yield from form.problems()
            continue
        for name, error in errors_in_order(form):
            bound = form[name] if name else None
            anchor = (bound.id_for_label or str(bound.auto_id)) if bound else ""
            yield Problem(anchor, error, str(bound.label) if bound else "")


def refused(refusal: DomainError | None, forms: Sequence[Any]) -> Iterator[Problem]:
    """Yield what an action refused, at the field that a fault points to where the page has one of that name."""
    if refusal is None:
        return
    for fault in refusal.faults or (Fault("", refusal.detail),):
        bound = next(filter(None, (_field_of(form, fault.pointer) for form in forms)), None)
        anchor = (bound.id_for_label or str(bound.auto_id)) if bound else ""
        yield Problem(anchor, fault.detail, str(bound.label) if bound else "")


def _field_of(form: Any, pointer: str) -> BoundField | None:
    name = pointer.strip("/").split("/")[0]
    return form[name] if name and name in getattr(form, "fields", {}) else None

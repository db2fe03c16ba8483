"""A version's page: outline, checks, coverage and load; and every act on the outline."""

from collections.abc import Callable
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.accounts.actor import Actor
from config.support.errors import DomainError
from content.kinds.rows import Problem
from journeys.authoring.actions import modules, nudge_rules, steps
from journeys.authoring.models import JourneyVersion, Module, NudgeRule, Step
from journeys.authoring.models.journey import VersionStatus
from journeys.publishing.actions import publish_version
from journeys.publishing.queries import diff_versions
from journeys.studio.onward import onward
from journeys.studio.queries import Studio, studio_of
from journeys.studio.views.access import expected_edits, moved_here, refused, version_page
from journeys.studio.views.findings import FindingLine, finding_lines, with_titles

MODELS: dict[str, type[Module] | type[Step] | type[NudgeRule]] = {"module": Module, "step": Step, "nudge": NudgeRule}
ZONE = "UTC"


@require_safe
@version_page
def version_detail(request: HttpRequest, actor: Actor, version: JourneyVersion) -> HttpResponse:
    """Show a version whole. A published one is shown without any control that would change it."""
    start = _next_monday(request)
    studio = studio_of(actor, version, start_on=start, zone=ZONE)
    draft = version.journey.versions.filter(status=VersionStatus.DRAFT).first()
    is_retired = version.status == VersionStatus.RETIRED
    live = version.journey.versions.filter(status=VersionStatus.PUBLISHED, number__gt=version.number)
    context = {"studio": studio, "version": version, "modules": studio.modules, "start": start, "draft": draft}
    context |= {"is_retired": is_retired, "follows": live.order_by("number").first() if is_retired else None}
    context |= _ways_on(version)
    context |= {"content": studio.content, "findings": _lines(studio), **moved_here(request)}
    return render(request, "journeys/studio/version.html", context)


def _ways_on(version: JourneyVersion) -> dict[str, str]:
    """The pages above the studio that know who runs a version; "" where there is none for it."""
    pages, is_live = onward(), version.status == VersionStatus.PUBLISHED
    return {
        "people_url": reverse(pages.live, args=[version.uuid]) if pages.live and is_live else "",
        "log_url": reverse(pages.log, args=[version.journey.uuid]) if pages.log else "",
        "as_learner_url": reverse(pages.as_learner, args=[version.uuid]) if pages.as_learner else "",
    }


def _lines(studio: Studio) -> list[FindingLine]:
    return finding_lines(studio.version, studio.content, studio.findings, studio.skills)


def _next_monday(request: HttpRequest) -> date:
    today: date = request.now.date()  # type: ignore[attr-defined]
    return today + timedelta(days=7 - today.weekday())


@require_POST
@version_page
def outline_act(request: HttpRequest, actor: Actor, version: JourneyVersion) -> HttpResponse:
    """
    Move, copy or remove a module, step or nudge, and return to where it happened.

    POST: what (module, step, nudge), key, act (up, down, place, duplicate, delete), place (from 1), edits.
    """
    what, key, act = (request.POST.get(name, "") for name in ("what", "key", "act"))
    row = MODELS[what].objects.filter(version=version, key=key).first() if what in MODELS else None
    if row is None:
        raise Http404
    try:
        key = _do(request, actor, what, row.pk, act) or key
    except DomainError as error:
        messages.error(request, error.detail)
    return redirect(_where(version, what, row, act, key))


def _do(request: HttpRequest, actor: Actor, what: str, pk: int, act: str) -> str:
    """Do what the button says; returns the key of a copy."""
    known = expected_edits(request)
    place = request.POST.get("place", "")
    if act == "place" and not place.isdecimal():
        messages.error(request, _("Write the position as a number, such as 2."))
    elif act in {"up", "down", "place"}:
        _move(what, pk, int(place) if act == "place" else act, known)
    elif act == "duplicate":
        return _duplicate(request, actor, what, pk, known)
    elif act == "delete":
        _delete(what)(pk, known)
        messages.success(request, _removed(what))
    else:
        raise Http404
    return ""


def _where(version: JourneyVersion, what: str, row: Module | Step | NudgeRule, act: str, key: str) -> str:
    """The address of the list in which it happened; the page puts the focus on the row (see moved_here)."""
    if isinstance(row, Step):
        address, heading = reverse("studio-module", args=[version.uuid, row.module.key]), "steps"
    else:
        address = reverse("studio-version", args=[version.uuid])
        heading = "order" if what == "module" else "nudges"
    # A fragment would keep the page from giving the focus to a button.
    return f"{address}#{heading}" if act == "delete" or what == "nudge" else f"{address}?at={what}-{key}&act={act}"


def _move(what: str, pk: int, to: str | int, known: int) -> None:
    if what == "module":
        modules.move_module(module_id=pk, to=to, expected_edits=known)  # type: ignore[arg-type]
    elif what == "step":
        steps.move_step(step_id=pk, to=to, expected_edits=known)  # type: ignore[arg-type]
    else:
        nudge_rules.move_nudge_rule(nudge_rule_id=pk, to=to, expected_edits=known)  # type: ignore[arg-type]


def _duplicate(request: HttpRequest, actor: Actor, what: str, pk: int, known: int) -> str:
    now = request.now  # type: ignore[attr-defined]
    copy: Module | Step | NudgeRule
    if what == "module":
        copy = modules.duplicate_module(module_id=pk, author_id=actor.user_id, now=now, expected_edits=known)
    elif what == "step":
        copy = steps.duplicate_step(step_id=pk, author_id=actor.user_id, now=now, expected_edits=known)
    else:
        copy = nudge_rules.duplicate_nudge_rule(nudge_rule_id=pk, expected_edits=known)
    messages.success(request, _("Copied, right behind the original."))
    return copy.key


def _removed(what: str) -> str:
    if what == "nudge":
        return _("The nudge is removed.")
    if what == "module":
        return _("The module is removed. The activities of its steps are still in the library.")
    return _("The step is removed. To bring it back, add a step from the library.")


def _delete(what: str) -> Callable[[int, int], None]:
    return {
        "module": lambda pk, known: modules.delete_module(module_id=pk, expected_edits=known),
        "step": lambda pk, known: steps.delete_step(step_id=pk, expected_edits=known),
        "nudge": lambda pk, known: nudge_rules.delete_nudge_rule(nudge_rule_id=pk, expected_edits=known),
    }[what]


@require_http_methods(["GET", "POST"])
@version_page
def version_publish(request: HttpRequest, actor: Actor, version: JourneyVersion) -> HttpResponse:
    """Show what blocks, what deserves a second look and what changes; then publish. What is published has its page."""
    if request.method == "GET" and not version.is_draft:
        return redirect("studio-version", version.uuid)
    studio = studio_of(actor, version, start_on=_next_monday(request), zone=ZONE)
    live = version.journey.versions.filter(status=VersionStatus.PUBLISHED).first()
    note = request.POST.get("note", "")
    lines = _lines(studio)
    warned = [finding for finding in studio.findings if finding.level == "warning"]
    problems: list[Problem] = []
    if request.method == "POST":
        if warned and not note.strip():
            sentence = _("Say in a sentence why you publish although there are warnings.")
            problems = [Problem("note", sentence, "")]
        else:
            try:
                return _publish(request, actor, version, note)
            except DomainError as error:
                problems = list(refused(error, ()))
    change = diff_versions(live.pk, version.pk) if live else None
    context = {
        "studio": studio,
        "version": version,
        "content": studio.content,
        "modules": studio.modules,
        "findings": lines,
        "warned": warned,
        "changes": [with_titles(words, studio.skills) for words in change.words] if change else [],
        "live": live,
        "note": note,
        "problems": problems,
    }
    return render(request, "journeys/studio/publish.html", context, status=422 if problems else 200)


def _publish(request: HttpRequest, actor: Actor, version: JourneyVersion, note: str) -> HttpResponse:
    publish_version(
        version_id=version.pk,
        actor_id=actor.user_id,
        note=note,
        now=request.now,  # type: ignore[attr-defined]
        expected_edits=expected_edits(request),
    )
    messages.success(
        request,
        _("Version %(number)d is published. New cohorts can run it; you choose who else moves to it.")
        % {"number": version.number},
    )
    return redirect("studio-version", version.uuid)

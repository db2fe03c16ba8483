"""A journey that begins as a copy: of another one, or of one that comes with Waymark; with other dates if wanted."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.accounts.actor import Actor
from config.accounts.models import Organization
from journeys.authoring.actions.cloning import copy_journey
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries.content import content_of
from journeys.authoring.rules.content import VersionContent
from journeys.authoring.rules.shifting import DateShift, FixedDate, fixed_dates, likely_start
from journeys.bundle.actions.templates import begin_from_sample
from journeys.bundle.queries import read_bundle
from journeys.bundle.queries.samples import sample_paths, sample_titles
from journeys.studio.forms.copies import CopyForm
from journeys.studio.queries import list_journeys_of_designer, version_of
from journeys.studio.views.access import designer_page

SAMPLE = "sample:"


@dataclass(frozen=True, slots=True)
class Source:
    """What is copied. mark: changes whenever the source says something else."""

    content: VersionContent
    mark: str
    version: JourneyVersion | None = None
    sample: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """One fixed date, where it moves (None: it stays), and the day off that it was moved past."""

    fixed: FixedDate
    to: Any
    past: str


@require_http_methods(["GET", "POST"])
@designer_page
def journey_copy(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Begin from a copy; a source with fixed dates shows first where they move. GET: from, a version to choose."""
    sources = _sources(actor)
    data = request.POST if request.method == "POST" else None
    form = CopyForm(data, sources=sources, initial={"source": request.GET.get("from", "")})
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    source = _source(actor, form.cleaned_data["source"])
    dates = fixed_dates(source.content)
    shift = _shift(form, source, actor) if dates else None
    if dates and request.POST.get("seen") != _mark(form, source):
        return _page(request, form, source=source, moves=_moves(dates, shift), shift=shift, seen=_mark(form, source))
    version = _begin(request, actor, source, form.cleaned_data["title"] or source.content.title, shift)
    messages.success(request, _("The copy is there, as a draft. Learners see nothing of it."))
    return redirect("studio-version", version.uuid)


def _begin(request: HttpRequest, actor: Actor, source: Source, title: str, shift: DateShift | None) -> JourneyVersion:
    common = {
        "title": title,
        "author_id": actor.user_id,
        "now": request.now,  # type: ignore[attr-defined]
        "shift": shift,
    }
    if source.version is not None:
        return copy_journey(version_id=source.version.pk, **common)
    return begin_from_sample(sample=source.sample, organization_id=actor.organization_id, **common)


def _sources(actor: Actor) -> list[Any]:
    own = [
        (str(version.uuid), _("%(title)s (version %(number)d, %(status)s)") % {
            "title": version.title, "number": version.number, "status": version.get_status_display().lower(),
        })
        for line in list_journeys_of_designer(actor)
        for version in line.versions
    ]  # fmt: skip
    shipped = [(f"{SAMPLE}{key}", title) for key, title in sample_titles().items()]
    groups = [(_("Your journeys"), own), (_("They come with Waymark"), shipped)]
    return [(words, choices) for words, choices in groups if choices]


def _source(actor: Actor, chosen: str) -> Source:
    if chosen.startswith(SAMPLE):
        key = chosen.removeprefix(SAMPLE)
        return Source(read_bundle(sample_paths()[key]).content, chosen, sample=key)
    version = version_of(actor, UUID(chosen))
    return Source(content_of(version.pk), f"{version.uuid}:{version.edits}", version=version)


def _shift(form: CopyForm, source: Source, actor: Actor) -> DateShift | None:
    new = form.cleaned_data["new_start"]
    old = form.cleaned_data["old_start"] or likely_start(source.content)
    if new is None or old is None:
        return None
    zone = Organization.objects.values_list("time_zone", flat=True).get(pk=actor.organization_id)
    return DateShift(old, new, form.work_calendar(zone))


def _moves(dates: list[FixedDate], shift: DateShift | None) -> list[Move]:
    if shift is None:
        return [Move(one, None, "") for one in dates]
    return [Move(one, shift.of(one.day), shift.day_off(one.day)) for one in dates]


def _mark(form: CopyForm, source: Source) -> str:
    """What was looked at: the source as it stood, and everything that decides where its dates go."""
    chosen = (form.cleaned_data[name] or "" for name in ("new_start", "old_start", "calendar"))
    return " ".join([source.mark, *map(str, chosen)])


def _page(request: HttpRequest, form: CopyForm, **context: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "journeys/studio/copy.html", {"form": form, **context}, status=status)

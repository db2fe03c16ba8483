"""The time machine: what would happen to somebody imagined, when and why. Nothing is saved or sent."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from config.accounts.actor import Actor
from config.accounts.models import User
from config.support.sheets import csv_line
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries.calendars import calendars_of
from journeys.authoring.queries.content import content_of
from journeys.authoring.rules.content import VersionContent
from journeys.publishing.rules.timing import check_rules
from journeys.schedule.entries import Entry, entry_data
from journeys.studio.forms.simulate import SimulateForm
from journeys.studio.time_machine import COLUMNS, OTHER_COLUMNS, Shown, shown
from journeys.studio.views.access import show, version_page
from journeys.studio.views.findings import finding_lines

# A spreadsheet reads a file without this mark in the alphabet of its own country.
BYTE_ORDER_MARK = "\ufeff"


@require_safe
@version_page
def version_simulate(request: HttpRequest, actor: Actor, version: JourneyVersion) -> HttpResponse:
    """Show the schedule of one imagined person or two, as the address asks; 422 for what is wrong with it."""
    content = content_of(version.pk)
    form = _form(request, version, content)
    faults = list(check_rules(content.outline))
    result = _result(version, content, form) if form.is_valid() and not faults else None
    return show(
        request,
        "simulate.html",
        version=version,
        content=content,
        forms=[form],
        form=form,
        result=result,
        faults=finding_lines(version, content, faults, {}),
        query=_query(form),
    )


@require_safe
@version_page
def simulate_csv(request: HttpRequest, actor: Actor, version: JourneyVersion) -> HttpResponse:
    """Hand out the same rows for a spreadsheet; what cannot be computed leads to the page, which says why."""
    content = content_of(version.pk)
    form = _form(request, version, content)
    if not form.is_valid() or any(check_rules(content.outline)):
        query = request.META.get("QUERY_STRING", "")
        return redirect(reverse("studio-simulate", args=[version.uuid]) + (f"?{query}" if query else ""))
    result = _result(version, content, form)
    name = f"{slugify(content.title) or 'journey'}-{form.cleaned_data['start']}.csv"
    response = StreamingHttpResponse(_lines(result), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return cast(HttpResponse, response)


def _form(request: HttpRequest, version: JourneyVersion, content: VersionContent) -> SimulateForm:
    """What the address leaves out is as usual: next Monday, the designer's own zone, on time."""
    zone = cast(User, request.user).time_zone
    now = request.now.astimezone(ZoneInfo(zone))  # type: ignore[attr-defined]
    usual = {"start": _next_monday(now.date()).isoformat(), "zone": zone, "pace": "on-time"}
    calendars = calendars_of(version.journey.organization_id)
    return SimulateForm({**usual, **request.GET.dict()}, content=content, calendars=calendars)


def _next_monday(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _query(form: SimulateForm) -> str:
    """The part of the address that stands for what is asked, the usual included, so that it stays the same later."""
    return urlencode({name: form.data[name] for name in form.fields if form.data.get(name)})


def _result(version: JourneyVersion, content: VersionContent, form: SimulateForm) -> Shown:
    return shown(
        content,
        start_on=form.cleaned_data["start"],
        first=form.first,
        second=form.second,
        cohort_zone=form.cleaned_data["cohort_zone"],
        outside=form.outside,
        url_of=lambda entry: _url_of(version, entry),
        place_of=lambda reference: _place_of(version, reference, "opens"),
    )


def _url_of(version: JourneyVersion, entry: Entry) -> str:
    if entry.kind == "nudge":
        return reverse("studio-nudge", args=[version.uuid, entry.key])
    return _place_of(version, entry.key, entry.kind)


def _place_of(version: JourneyVersion, reference: str, part: str) -> str:
    module, _slash, step = reference.partition("/")
    page = ("step", step) if step else ("module", module)
    return reverse(f"studio-{page[0]}", args=[version.uuid, page[1]]) + f"#{part}"


def _lines(result: Shown) -> Iterator[str]:
    yield BYTE_ORDER_MARK + csv_line([*COLUMNS, *OTHER_COLUMNS])
    for row in result.rows:
        yield csv_line([row.kind, row.what, *_cells(row.mine), *_cells(row.other)])


def _cells(entry: Entry | None) -> list[Any]:
    if entry is None:
        return [None] * len(OTHER_COLUMNS)
    data = entry_data(entry)
    return [data[name.removeprefix("other_")] for name in OTHER_COLUMNS]

"""The list of cohorts, one cohort's board, and the same board for a spreadsheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.accounts.actor import Actor
from config.accounts.session import member_page
from config.support.sheets import csv_line
from learners.board.forms import ViewForm
from learners.board.queries.boards import Board, get_board
from learners.board.queries.grid import GridRow, every_row
from learners.board.queries.own_boards import list_boards
from learners.board.queries.page import Wanted, load_board, waits_of
from learners.board.queries.reach import PersonToReach
from learners.board.queries.waiting import asks_of
from learners.board.rules import Flag
from learners.board.views.edge import now_of, person_of, zone_of
from learners.board.words import CELLS, LEGEND, WAITS_ON_YOU, Message, near_day, suggested_message

# A spreadsheet reads a file without this mark in the alphabet of its own country.
BYTE_ORDER_MARK = "\ufeff"


@require_safe
@member_page
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the cohorts that somebody looks after, a sentence each."""
    lines = list_boards(actor, page=request.GET.get("page"), now=now_of(request))
    return render(request, "learners/board/cohorts.html", {"lines": lines, "today": _today(request)})


@require_safe
@member_page
def board(request: HttpRequest, actor: Actor, cohort: UUID) -> HttpResponse:
    """Show how the people of a cohort stand, and what to do first."""
    now, found, filters = now_of(request), get_board(actor, cohort), ViewForm(request.GET)
    wanted = Wanted(filters.view, page=request.GET.get("page"), reach=request.GET.get("reach"))
    page = load_board(actor, found, wanted, now=now)
    zone = zone_of(request, found)
    context = {
        "board": found,
        "page": page,
        "filters": filters,
        "rows": [_shown(row, zone=zone, now=now) for row in page.grid.object_list],
        "reach": [_to_reach(request, found, person, now=now) for person in page.reach],
        "legend": [*(CELLS[state] for state in LEGEND), *([WAITS_ON_YOU] if page.asks else [])],
        "asks": page.asks,
        "zone": zone,
        "now": now,
        "today": _today(request),
    }
    return render(request, "learners/board/board.html", context)


def _today(request: HttpRequest) -> date:
    return now_of(request).astimezone(ZoneInfo(person_of(request).time_zone or "UTC")).date()


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the grid with its days as one says them."""

    row: GridRow
    due: str
    last: str


def _shown(row: GridRow, *, zone: str, now: datetime) -> ShownRow:
    due, last = row.next_due_at, row.last_activity_at
    return ShownRow(
        row,
        due=near_day(due, zone=zone, now=now) if due else "",
        last=near_day(last, zone=zone, now=now) if last else "",
    )


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """Somebody to reach, with a mail to begin with."""

    uuid: UUID
    name: str
    flags: tuple[Flag, ...]
    message: Message
    link: str


def _to_reach(request: HttpRequest, found: Board, person: PersonToReach, *, now: datetime) -> ShownPerson:
    message = suggested_message(
        person.flags[0].rule,
        to=person.row.name.partition(" ")[0],
        journey=found.cohort.version.title,
        sender=str(person_of(request)),
        may_change=found.may_change,
    )
    row = person.row
    return ShownPerson(row.uuid, row.name or row.email, person.flags, message, message.link(row.email))


@require_safe
@member_page
def people_csv(request: HttpRequest, actor: Actor, cohort: UUID) -> HttpResponse:
    """Hand out the grid as it is shown: the same people in the same order, all pages of it."""
    now, found = now_of(request), get_board(actor, cohort)
    waits = waits_of(asks_of(actor, found, now=now))
    rows = every_row(actor, found, ViewForm(request.GET).view, waits=waits, now=now)
    zone = ZoneInfo(zone_of(request, found))
    name = slugify(found.cohort.name) or "cohort"
    response = StreamingHttpResponse(_lines(found, rows, zone), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{now.astimezone(zone).date()}.csv"'
    return cast(HttpResponse, response)


def _lines(found: Board, rows: Iterator[GridRow], zone: ZoneInfo) -> Iterator[str]:
    modules = [f"{number} {module.title}" for number, module in enumerate(found.outline.modules, start=1)]
    yield BYTE_ORDER_MARK + csv_line([_("Name"), *modules, _("Status"), _("Next date"), _("Last active")])
    for row in rows:
        yield csv_line(
            [
                row.name,
                *(cell.word for cell in row.cells),
                row.word,
                *_days(zone, row.next_due_at, row.last_activity_at),
            ]
        )


def _days(zone: ZoneInfo, *moments: datetime | None) -> list[Any]:
    """The page shows days, in the viewer's zone, so the file does."""
    return [moment.astimezone(zone).date() if moment else None for moment in moments]

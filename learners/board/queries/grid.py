"""Who is where: one row a person, one cell a module."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from config.accounts.actor import Actor
from learners.board.queries.boards import Board, people_of
from learners.board.queries.learners import CHUNK, LearnerRow, learner_rows, row_of, with_unanswered
from learners.board.rules import UNDER_WAY, Place, place_of
from learners.board.words import PLACE_WORDS, Cell, cell_of
from learners.cohorts.models import Enrollment
from learners.cohorts.models.enrollment import EnrollmentStatus

ON_ONE_PAGE: Final = 50
Waits = Mapping[int, frozenset[str]]

SHOWN_NAME: Final = Lower(Coalesce(NullIf("user__name", Value("")), "user__email"))
ORDERS: Final[Mapping[str, tuple[Any, ...]]] = {
    "name": (),
    "activity": (F("last_activity_at").asc(nulls_first=True),),
    "due": (F("next_due_at").asc(nulls_last=True),),
}


@dataclass(frozen=True, slots=True)
class GridView:
    """Which people are shown, and in which order. place "": everybody who has not withdrawn. sort: see ORDERS."""

    search: str = ""
    place: Place | str = ""
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class GridRow:
    """One person. version: the number of theirs where it is not the cohort's, else None."""

    uuid: UUID
    name: str
    place: Place
    word: Any
    cells: tuple[Cell, ...]
    next_due_at: datetime | None
    last_activity_at: datetime | None
    version: int | None
    completed: int
    required: int


def grid_page(
    actor: Actor, board: Board, view: GridView, *, waits: Waits, page: str | None, now: datetime
) -> Page[GridRow]:
    """
    Return one page of the grid; two queries.

    waits: by enrollment id, the modules in which somebody waits for the viewer. A page that is not there is the last.
    """
    found = Paginator(chosen(actor, board, view, now=now), ON_ONE_PAGE).get_page(page)
    rows = [_grid_row(board, row_of(columns), waits, now) for columns in found.object_list]
    return Page(rows, found.number, found.paginator)  # type: ignore[arg-type]


def every_row(actor: Actor, board: Board, view: GridView, *, waits: Waits, now: datetime) -> Iterator[GridRow]:
    """Yield every row of the view in its order, a chunk in memory at a time; one query."""
    for columns in chosen(actor, board, view, now=now).iterator(chunk_size=CHUNK):
        yield _grid_row(board, row_of(columns), waits, now)


def chosen(actor: Actor, board: Board, view: GridView, *, now: datetime) -> QuerySet[Enrollment, dict[str, Any]]:
    """Return the columns of the people of a view, in its order, for row_of."""
    people = people_of(actor, board).filter(_at_place(view.place, now))
    for word in view.search.split():
        people = people.filter(Q(user__name__icontains=word) | Q(user__email__icontains=word))
    order: Sequence[Any] = (*ORDERS.get(view.sort, ()), SHOWN_NAME.asc(), "id")
    return learner_rows(with_unanswered(people, now=now)).order_by(*order)


def _at_place(place: str, now: datetime) -> Q:
    """The same words as rules.place_of, for the database."""
    late = Q(next_due_at__lt=now)
    under_way = Q(status__in=UNDER_WAY)
    places = {
        "behind": under_way & late,
        "on-the-way": Q(status=EnrollmentStatus.ACTIVE) & ~late,
        "invited": Q(status=EnrollmentStatus.INVITED) & ~late,
    }
    if place in places:
        return places[place]
    return Q(status=place) if place else ~Q(status=EnrollmentStatus.WITHDRAWN)


def _grid_row(board: Board, row: LearnerRow, waits: Waits, now: datetime) -> GridRow:
    place = place_of(row.status, next_due_at=row.next_due_at, now=now)
    waiting = waits.get(row.id, frozenset())
    is_other = row.version != board.cohort.version.uuid
    return GridRow(
        uuid=row.uuid,
        name=row.name or row.email,
        place=place,
        word=PLACE_WORDS[place],
        cells=tuple(
            cell_of(row.module_states.get(module.key), waits=module.key in waiting) for module in board.outline.modules
        ),
        next_due_at=row.next_due_at,
        last_activity_at=row.last_activity_at,
        version=row.version_number if is_other else None,
        completed=row.completed,
        required=row.required,
    )

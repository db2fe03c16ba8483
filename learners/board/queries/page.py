"""The page of a board, put together: counts, the next thing to do, people to reach, the grid, what is led."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.paginator import Page

from config.accounts.actor import Actor
from learners.board.queries.boards import Board, people_of
from learners.board.queries.counts import Counts, count_people
from learners.board.queries.grid import GridRow, GridView, grid_page
from learners.board.queries.reach import PersonToReach, people_to_reach
from learners.board.queries.sessions import SessionLine, sessions_of
from learners.board.queries.sharing import Sharer, sharers_of
from learners.board.queries.waiting import Ask, Opening, asks_of, openings_of
from learners.board.rules import NextAction, Situation, next_action

REACHED_AT_ONCE: Final = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a board is asked for: a view of the grid, its page, and the place in the people to reach."""

    view: GridView
    page: str | None = None
    reach: str | None = None


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Everything that a board shows. more_to_reach: the place behind the people shown, "" at the end."""

    counts: Counts
    action: NextAction | None
    asks: Sequence[Ask]
    reach: Sequence[PersonToReach]
    more_to_reach: str
    grid: Page[GridRow]
    sessions: Sequence[SessionLine]
    openings: Sequence[Opening]
    sharers: Sequence[Sharer]

    @property
    def next_session(self) -> SessionLine | None:
        """The live session that comes first."""
        return next_of(self.sessions)

    @property
    def unrecorded(self) -> SessionLine | None:
        """The latest session that has begun and for which nobody is recorded."""
        return unrecorded_of(self.sessions)

    @property
    def held_up(self) -> Opening | None:
        """The first part of the journey that people have come to and find closed."""
        return next((opening for opening in self.openings if opening.held_up), None)


def load_board(actor: Actor, board: Board, wanted: Wanted, *, now: datetime) -> BoardPage:
    """
    Return the page of a board; ten queries, whatever the number of people, modules and sessions.

    One more for each 500 people whom the rules of reaching out have to look at one by one.
    """
    people = people_of(actor, board)
    asks = asks_of(actor, board, now=now)
    sessions = sessions_of(board, people, now=now)
    openings = openings_of(board, people) if board.may_change else []
    reach = people_to_reach(actor, now=now, token=wanted.reach, limit=REACHED_AT_ONCE, cohort=board.cohort.uuid)
    return BoardPage(
        counts=count_people(people, now=now),
        action=_action(board, asks, sessions, openings, to_reach=len(reach.rows), now=now),
        asks=asks,
        reach=reach.rows,
        more_to_reach=str(reach.next) if reach.next else "",
        grid=grid_page(actor, board, wanted.view, waits=waits_of(asks), page=wanted.page, now=now),
        sessions=sessions,
        openings=openings,
        sharers=sharers_of(actor, board) if board.may_change else [],
    )


def _action(
    board: Board,
    asks: Sequence[Ask],
    sessions: Sequence[SessionLine],
    openings: Sequence[Opening],
    *,
    to_reach: int,
    now: datetime,
) -> NextAction | None:
    coming, unrecorded = next_of(sessions), unrecorded_of(sessions)
    return next_action(
        Situation(
            asked=len(asks),
            held_up=sum(opening.held_up for opening in openings),
            session_at=coming.session.starts_at if coming and coming.session else None,
            unrecorded_at=(
                unrecorded.session.starts_at if board.may_change and unrecorded and unrecorded.session else None
            ),
            to_reach=to_reach,
        ),
        now=now,
    )


def next_of(sessions: Sequence[SessionLine]) -> SessionLine | None:
    """Return the session that begins first of those that have not begun."""
    ahead = [(line.session.starts_at, line) for line in sessions if line.session and line.state == "ahead"]
    return min(ahead, key=lambda pair: pair[0])[1] if ahead else None


def unrecorded_of(sessions: Sequence[SessionLine]) -> SessionLine | None:
    """Return the session that began last of those for which nobody is recorded."""
    open_ones = [
        (line.session.starts_at, line)
        for line in sessions
        if line.session and line.state == "begun" and not line.recorded
    ]
    return max(open_ones, key=lambda pair: pair[0])[1] if open_ones else None


def waits_of(asks: Sequence[Ask]) -> Mapping[int, frozenset[str]]:
    """Return by enrollment in which modules somebody waits for the viewer."""
    found: dict[int, set[str]] = {}
    for ask in asks:
        found.setdefault(ask.enrollment_id, set()).add(ask.module_key)
    return {pk: frozenset(modules) for pk, modules in found.items()}

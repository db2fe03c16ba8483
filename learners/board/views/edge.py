"""What every page of a board takes from its request."""

from datetime import datetime
from typing import cast

from django.http import HttpRequest

from config.accounts.models import User
from learners.board.errors import OnlyFacilitators
from learners.board.queries.boards import Board


def person_of(request: HttpRequest) -> User:
    """Return the signed-in person; pages of members have one."""
    return cast(User, request.user)


def now_of(request: HttpRequest) -> datetime:
    """Return the one clock reading of this request, aware UTC."""
    return cast(datetime, request.now)  # type: ignore[attr-defined]


def zone_of(request: HttpRequest, board: Board) -> str:
    """Return the time zone in which the viewer reads times: their own, else the organization's."""
    return person_of(request).time_zone or board.cohort.organization.time_zone


def require_change(board: Board) -> None:
    """Raise OnlyFacilitators for somebody who may look at this board and change nothing."""
    if not board.may_change:
        raise OnlyFacilitators

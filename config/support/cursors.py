"""Places in a list, in the order of creation: nothing is shown twice or skipped while others write."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Generic, TypeVar

from django.db.models import Model, QuerySet

from config.support.errors import DomainError, Fault

TOKEN: Final = re.compile(r"([np])(\d{1,18})")
M = TypeVar("M", bound=Model)
T = TypeVar("T")


class BadQuery(DomainError):
    """The part of the address behind the question mark has faults; each names its parameter."""

    code = "bad_query"
    status = 400
    title = "The address has a parameter that cannot be used"


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list: behind (or, backward, before) the row with this id."""

    key: int
    backward: bool = False

    def __str__(self) -> str:
        text = f"{'p' if self.backward else 'n'}{self.key}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows of one page, and the cursors of its neighbors."""

    rows: list[T]
    next: Cursor | None
    previous: Cursor | None


def read_cursor(token: str | None) -> Cursor | None:
    """Return the place that a cursor names, None without one. Raises BadQuery for a cursor that we did not make."""
    if not token:
        return None
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        text = ""
    found = TOKEN.fullmatch(text)
    if not found:
        raise BadQuery(
            faults=[Fault("?cursor", "Take the cursor from next or previous, or leave it out.", "bad_cursor")]
        )
    return Cursor(int(found[2]), found[1] == "p")


def fetch_page(queryset: QuerySet[M, Any], *, token: str | None, limit: int) -> Page[Any]:
    """
    Return one page of the queryset in the order of its ids. One query.

    Rows are models, or the dicts of a `.values()` that holds "id". New rows come last and removed ones leave no hole,
    so walking the pages shows each row once whatever others write. Raises BadQuery for a cursor that we did not make.
    """

    def rows(cursor: Cursor | None) -> Iterator[Any]:
        return iter(from_cursor(queryset, cursor)[: limit + 1])

    return take_page(rows, token=token, limit=limit, id_of=_id_of)


def from_cursor(queryset: QuerySet[M, Any], cursor: Cursor | None) -> QuerySet[M, Any]:
    """Return the rows behind a cursor in the order of ids, or for a backward one those before it, nearest first."""
    if cursor and cursor.backward:
        return queryset.filter(pk__lt=cursor.key).order_by("-pk")
    return (queryset.filter(pk__gt=cursor.key) if cursor else queryset).order_by("pk")


def take_page(
    rows_from: Callable[[Cursor | None], Iterator[T]], *, token: str | None, limit: int, id_of: Callable[[T], int]
) -> Page[T]:
    """
    Return one page of what `rows_from` yields, for lists whose rows are decided one by one.

    rows_from: gives the rows behind a cursor, or for a backward one those before it, nearest first. Raises BadQuery.
    """
    cursor = read_cursor(token)
    found = list(islice(rows_from(cursor), limit + 1))
    has_more, rows = len(found) > limit, found[:limit]
    if cursor and cursor.backward:
        rows.reverse()
        before = Cursor(id_of(rows[0]), backward=True) if has_more else None
        return Page(rows, Cursor(id_of(rows[-1]) if rows else cursor.key - 1), before)
    after = Cursor(id_of(rows[-1])) if has_more else None
    back = Cursor(id_of(rows[0]) if rows else cursor.key + 1, backward=True) if cursor else None
    return Page(rows, after, back)


def _id_of(row: Any) -> int:
    return int(row["id"] if isinstance(row, dict) else row.pk)

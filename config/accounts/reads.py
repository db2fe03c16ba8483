"""Prepared reads that begin with an actor: one for each shape of actor, so that permission is written in one place."""

from collections.abc import Callable
from typing import Any, Generic, TypeAlias, TypeVar, cast

from django.db.models import QuerySet

from config.accounts.actor import Actor
from config.support.prepared import Prepared, whole, wholes

Row = TypeVar("Row")
# Everything of an actor that decides how a permission is written; the rest are values in it.
_Shape: TypeAlias = tuple[bool, frozenset[str], bool]


class ReadAs(Generic[Row]):
    """
    A prepared read whose first argument is the actor.

    read: takes an actor and returns the queryset, by `visible_to` and its like. It is asked once for each shape with a
    stand-in, whose ids are places for values: what it writes for the stand-in is what it would write for the actor.
    """

    def __init__(self, read: "Callable[[Actor], QuerySet[Any, Row]]") -> None:
        self._read = read
        self._shapes: dict[_Shape, Prepared[Row]] = {}

    def __call__(self, actor: Actor, **values: Any) -> list[Row]:
        """Return what the actor may read; one query."""
        shape = (actor.user_id is not None, actor.roles, actor.cohort_ids is not None)
        if shape not in self._shapes:
            self._shapes[shape] = Prepared(lambda: self._read(_stand_in(shape)))
        own = {"_organization": actor.organization_id, "_user": actor.user_id, "_cohorts": actor.cohort_ids}
        return self._shapes[shape](**own, **values)

    def first(self, actor: Actor, **values: Any) -> Row | None:
        """Return the first row or None; for reads that find one at most, or are ordered."""
        return next(iter(self(actor, **values)), None)


def _stand_in(shape: _Shape) -> Actor:
    is_person, roles, is_limited = shape
    return Actor(
        organization_id=cast(int, whole("_organization")),
        user_id=cast(int, whole("_user")) if is_person else None,
        roles=roles,
        cohort_ids=cast("frozenset[int]", wholes("_cohorts")) if is_limited else None,
    )

"""Rows that are held, together with what is joined to them."""

from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def hold(rows: "QuerySet[Row]") -> list[Row]:
    """
    Lock the rows of a queryset until the transaction ends, and return them as it reads them; two queries.

    rows: its conditions join no other table, since what they join would be locked as well; what it selects may.
    The rows are locked alone and read afterwards. In one statement PostgreSQL, having waited for a row, holds it
    against the joined rows of before the wait: one whose foreign key was changed meanwhile fits none of them and is
    left out, as if it did not exist (its manual on READ COMMITTED: the condition is asked again for that row alone).
    """
    keys = list(rows.select_related(None).select_for_update(no_key=True).values_list("pk", flat=True))
    return list(rows.filter(pk__in=keys))

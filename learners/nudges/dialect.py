"""The one place where the databases differ."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from django.db import connection
from django.db.models import Aggregate, Count, Model, QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)

WHOLE: Final = "bigint"
TEXT: Final = "text"
MOMENT: Final = "timestamptz"
# Above this many rows a table's statistics say enough about it.
COUNTED_UP_TO: Final = 50_000
_ESTIMATE: Final = """
SELECT c.reltuples, s.most_common_vals::text::text[], s.most_common_freqs
FROM pg_class c
LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = %s AND NOT s.inherited
WHERE c.oid = to_regclass(%s)
"""


def hold(rows: QuerySet[Row], *, only_self: bool = False) -> QuerySet[Row]:
    """
    Lock the rows of a queryset until the transaction ends and pass over those that another worker holds.

    PostgreSQL: FOR UPDATE SKIP LOCKED. SQLite has one writer at a time and a transaction here takes the write lock at
    its start, so there Django leaves the clause out. only_self: with joins, lock the rows of this table alone.
    """
    return rows.select_for_update(skip_locked=True, of=("self",) if only_self else ())


def in_one_go() -> int:
    """Return how many timers one transaction plans: on SQLite everybody who writes waits for its end."""
    return 5000 if connection.vendor == "postgresql" else 500


class Listed(Aggregate):
    """The values of a group as one text, with commas between them; None for an empty group."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **more: Any) -> Any:
        """Write it as PostgreSQL knows it."""
        return self.as_sql(compiler, connection, template="STRING_AGG((%(expressions)s)::text, ',')", **more)


def among(keys: Iterable[int | str], kind: str = WHOLE) -> RawSQL:
    """
    Return many ids, or hashes with kind TEXT, as the right side of an `__in` lookup, in one parameter.

    Thousands of placeholders cost more than the query that they stand in.
    """
    if connection.vendor == "postgresql":
        return RawSQL(f"SELECT unnest(%s::{kind}[])", [f"{{{','.join(map(str, keys))}}}"])  # noqa: S611  # nosec B611
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(keys))])


def given(name: str, columns: Mapping[str, str]) -> str:
    """
    Return the SQL of a table made of values, `name AS MATERIALIZED (…)`, for a WITH clause; its parameter: `values`.

    columns: name to WHOLE, TEXT or MOMENT.
    """
    if connection.vendor == "postgresql":
        typed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        return f"{name} AS MATERIALIZED (SELECT * FROM json_to_recordset(%s::json) AS given ({typed}))"  # noqa: S608  # nosec B608
    picked = ", ".join(f"json_extract(value, '$.{column}') AS {column}" for column in columns)
    return f"{name} AS MATERIALIZED (SELECT {picked} FROM json_each(%s))"  # noqa: S608  # nosec B608


def values(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the parameter of a table that is `given`; instants as this database keeps them."""
    return json.dumps(list(rows), default=_as_kept)


def _as_kept(value: object) -> str:
    if isinstance(value, datetime):
        return str(connection.ops.adapt_datetimefield_value(value))
    raise TypeError(f"{type(value).__name__} cannot be given to the database")


def uuid_text(column: str) -> str:
    """Return the SQL of a uuid as Python writes it, with hyphens; SQLite keeps 32 digits."""
    if connection.vendor == "postgresql":
        return f"{column}::text"
    ends = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    return " || '-' || ".join(f"substr({column}, {start}, {length})" for start, length in ends)


def named_uuid(text: str) -> str:
    """Return the SQL of the uuid that belongs to a text, as `rules.identity.delivery_uuid` defines it."""
    if connection.vendor == "postgresql":
        return f"substr(encode(sha256(convert_to({text}, 'UTF8')), 'hex'), 1, 32)::uuid"
    # Django teaches SQLite the function.
    return f"substr(SHA256({text}), 1, 32)"


def tally(model: type[Model], column: str) -> dict[str, int]:
    """
    Count the rows of a table by a column that has few values.

    PostgreSQL: by what it knows of a large table from its last ANALYZE, which costs nothing and is some percent off;
    values that it does not name are so rare that they are left out. A small table, and SQLite, are counted. 2 queries.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_ESTIMATE, [column, model._meta.db_table])
            found = cursor.fetchone()
        if found and found[0] > COUNTED_UP_TO and found[1]:
            return {str(value): round(found[0] * share) for value, share in zip(found[1], found[2], strict=True)}
    return dict(model._default_manager.values_list(column).annotate(n=Count("pk")).order_by())

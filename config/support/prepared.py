"""
Reads that are asked all day: the ORM writes their SQL down once a thread, and later runs only give other values.

Writing down a query of eighty columns and five joins costs several times what the database needs to answer it. What is
kept is the text alone, never a row, so nothing can be stale and nothing can be seen by a stranger.
"""

import json
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigIntegerField, DateTimeField, Expression, Field, Model, QuerySet, TextField, UUIDField
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")


class Given(Expression):
    """A value that each run gives under this name. It stands in a filter where the value itself would stand."""

    conditional = False

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        """Leave the place of the value open."""
        return "%s", [self]

    def bind(self, value: Any, connection: Any) -> Any:
        """Return the value as this database takes it. Raises TypeError for None."""
        if value is None:
            raise TypeError(f"A prepared read cannot compare {self.name} with None.")
        return self.output_field.get_db_prep_value(value, connection)


class Several(Given):
    """
    As many values as each run gives, for the right side of `__in`: one parameter, however many they are.

    array: the array of PostgreSQL that takes them.
    """

    def __init__(self, name: str, field: "Field[Any, Any]", array: str) -> None:
        super().__init__(name, field)
        self.array = array

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        """Write it as SQLite knows it."""
        return "(SELECT value FROM json_each(%s))", [self]

    def as_postgresql(self, compiler: SQLCompiler, connection: Any) -> Any:
        """Write it as PostgreSQL knows it."""
        return f"(SELECT unnest(%s::{self.array}))", [self]

    def bind(self, values: Iterable[Any], connection: Any) -> Any:
        """Return the one parameter that holds these values."""
        kept = [self.output_field.get_db_prep_value(value, connection) for value in values]
        return kept if connection.vendor == "postgresql" else json.dumps(kept)


def whole(name: str) -> Given:
    """Return the place of an id or another whole number."""
    return Given(name, BigIntegerField())


def text(name: str) -> Given:
    """Return the place of a text."""
    return Given(name, TextField())


def unique(name: str) -> Given:
    """Return the place of a uuid."""
    return Given(name, UUIDField())


def moment(name: str) -> Given:
    """Return the place of an instant."""
    return Given(name, DateTimeField())


def wholes(name: str) -> Several:
    """Return the place of many ids."""
    return Several(name, BigIntegerField(), "bigint[]")


def texts(name: str) -> Several:
    """Return the place of many texts."""
    return Several(name, TextField(), "text[]")


class Prepared(Generic[Row]):
    """
    A read with places for its values; call it with them by name for a list of what the queryset would give.

    read: returns the queryset, with Given values in it; asked at the first run of each thread, because what a thread
    has written down belongs to its own connection. Everything that shapes the SQL must be the same at every run: no
    None, which SQL compares in other words, no slice that depends on a value. Rows may be instances with
    select_related and annotations, values or values_list; prefetches are not made.
    """

    def __init__(self, read: Callable[[], "QuerySet[Any, Row]"]) -> None:
        self._read = read
        self._own = threading.local()

    def __call__(self, **values: Any) -> list[Row]:
        """Run it; one query. Raises TransactionManagementError for a read that locks, outside of a transaction."""
        own = connections[DEFAULT_DB_ALIAS]
        written: _Written | None = getattr(self._own, "written", None)
        if written is None or written.connection is not own:
            written = self._own.written = _Written(self._read(), own)
        return written.run(values)

    def first(self, **values: Any) -> Row | None:
        """Return the first row or None; for reads that find one at most, or are ordered."""
        return next(iter(self(**values)), None)


class PreparedUpdate:
    """
    Writes some fields of one row; call it with the row. For rows that are locked, where `save(update_fields=…)` would
    write the same statement down each time.

    Sends no signal and checks nothing. Raises LookupError when the row is gone.
    """

    def __init__(self, model: type[Model], fields: Iterable[str]) -> None:
        self._model = model
        self._fields = tuple(fields)

    def __call__(self, row: Model) -> None:
        """Write the fields as they are on the row; one query."""
        own = connections[DEFAULT_DB_ALIAS]
        meta = self._model._meta
        fields = [cast("Field[Any, Any]", meta.get_field(name)) for name in self._fields]
        quote = own.ops.quote_name
        places = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
        values = [field.get_db_prep_save(getattr(row, field.attname), own) for field in fields]
        # Only names of our own columns are put in.
        statement = f"UPDATE {quote(meta.db_table)} SET {places} WHERE id = %s"  # noqa: S608  # nosec B608
        with own.cursor() as cursor:
            cursor.execute(statement, [*values, row.pk])
            if cursor.rowcount != 1:
                raise LookupError(f"There is no {meta.verbose_name} {row.pk} to write.")


def _written_down(compiler: Any) -> tuple[str, Sequence[Any]]:
    """Return SQL and parameters, "" for a queryset that can have no row."""
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return "", ()
    return sql, params


class _Written:
    """A queryset whose SQL is known. Django's own iteration drives it, and asks this compiler for the rows."""

    def __init__(self, rows: "QuerySet[Any, Any]", connection: Any) -> None:
        query: Any = rows.query
        compiler = query.get_compiler(using=rows.db)
        self.sql, self.params = _written_down(compiler)
        converters = compiler.get_converters([column for column, _, _ in compiler.select or ()][: compiler.col_count])
        compiler.get_converters = lambda _: converters
        query.get_compiler = lambda *_, **__: compiler
        self.locks = query.select_for_update and connection.features.has_select_for_update
        self.connection = connection
        self.compiler = compiler
        self.rows: Any = rows

    def run(self, values: dict[str, Any]) -> list[Any]:
        if self.locks and self.connection.get_autocommit():
            raise TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        if not self.sql:
            return []
        params = tuple(
            param.bind(values[param.name], self.connection) if isinstance(param, Given) else param
            for param in self.params
        )
        self.compiler.as_sql = lambda *_, **__: (self.sql, params)
        return list(self.rows._iterable_class(self.rows))

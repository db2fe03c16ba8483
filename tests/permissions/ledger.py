"""Every row of the database before and after a write, and what came of it."""

import re
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model

OWN = ("accounts", "events", "content", "journeys", "learners", "account", "mfa", "allauth_idp_oidc")
Row = tuple[str, Any]
Rows = dict[Row, dict[str, Any]]
WRITES = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) "(\w+)"')
READS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "EXPLAIN")
# They differ from one write to the same one again.
VOLATILE = {"id", "client_id", "uuid", "digest", "prefix", "secret", "hash", "dedupe", "edits", "data", "object_uuid"}


def models() -> list[type[Model]]:
    """Return the models whose rows a write could change; sessions and the administration's own log are not watched."""
    return [model for model in apps.get_models() if model._meta.app_label in OWN]


def rows(tables: Container[str] | None = None) -> Rows:
    """Return every row by model and key, of these tables or of all."""
    return {
        (model._meta.label, row[model._meta.pk.attname]): row
        for model in models()
        if tables is None or model._meta.db_table in tables
        for row in model._base_manager.values()
    }


@dataclass
class Pen:
    """
    Notes which tables are written to, so that the others need not be read again.

    Django deletes what hangs on a row by statements of its own. After one that is not understood, every table counts.
    """

    tables: set[str] = field(default_factory=set)
    knows: bool = True

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        verb = sql.lstrip("( ").split(None, 1)[0].upper()
        found = WRITES.match(sql)
        if found:
            self.tables.add(found[1])
        elif verb not in READS:
            self.knows = False
        return execute(sql, params, many, context)

    def change(self, before: Rows) -> "Change":
        """Return what became of the rows since `before`, which has all of them."""
        if not self.knows:
            return change(before, rows())
        labels = {model._meta.label for model in models() if model._meta.db_table in self.tables}
        return change({row: old for row, old in before.items() if row[0] in labels}, rows(self.tables))


@dataclass
class Change:
    """What a write did: columns before and after of rows that changed, came (before empty) or went (after empty)."""

    rows: dict[Row, tuple[dict[str, Any], dict[str, Any]]]

    @property
    def shape(self) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
        """The change without what differs each time, for comparing two."""
        return sorted(
            (label, tuple(sorted((name, repr(value)) for name, value in after.items() if name not in VOLATILE)))
            for (label, _), (_, after) in self.rows.items()
        )

    def points_at(self) -> set[Row]:
        """Return the rows that changed columns refer to now."""
        found = set()
        for (label, _), (_, after) in self.rows.items():
            for one in apps.get_model(label)._meta.get_fields():
                if isinstance(one, ForeignKey) and after.get(one.attname) is not None:
                    found.add((one.related_model._meta.label, after[one.attname]))
        return found


def change(before: Rows, after: Rows) -> Change:
    """Return what became of the rows."""
    found: dict[Row, tuple[dict[str, Any], dict[str, Any]]] = {}
    for row in before.keys() | after.keys():
        old, new = before.get(row, {}), after.get(row, {})
        if old != new:
            names = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
            found[row] = ({n: old[n] for n in names if n in old}, {n: new[n] for n in names if n in new})
    return Change(found)

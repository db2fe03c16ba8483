"""A person's rows as plain data and as readable texts."""

import json
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from django.db.models import Field, Model
from django.utils.text import slugify

from config.accounts.models import User
from config.personal_data.registry import rule_of
from config.support.personal_data import EVERYTHING, MACHINERY, About

YOU: Final = "you"
SOMEBODY_ELSE: Final = "somebody else"


def kind_of(model: type[Model]) -> str:
    """Return the name of a kind of rows, as it stands in file names: "check-ins"."""
    return slugify(str(model._meta.verbose_name_plural))


def columns_of(model: type[Model], about: About) -> "list[Field[Any, Any]]":
    """Return the columns that a person gets of their rows."""
    fields = [field for field in model._meta.concrete_fields if field.name not in MACHINERY]
    if about.export == EVERYTHING:
        return fields
    return [field for field in fields if field.name in about.export]


def plain_row(row: Model, columns: "list[Field[Any, Any]]", person: User) -> dict[str, Any]:
    """Return one row as JSON types. A column that points at a person says only whether it is you."""
    return {field.name: _plain(getattr(row, field.name), person) for field in columns}


def text_files(rows: list[Model], about: About) -> Iterator[tuple[str, str]]:
    """Yield a file name and its words for every row in which something was written."""
    taken: Counter[str] = Counter()
    for row in rows:
        parts = [f"{name}\n\n{words}" for column in about.texts for name, words in _written(row, column)]
        if not parts:
            continue
        name = _file_name(row)
        taken[name] += 1
        suffix = f"-{taken[name]}" if taken[name] > 1 else ""
        yield f"{name}{suffix}.txt", "\n\n".join([_heading(row), *parts]) + "\n"


def _plain(value: Any, person: User) -> Any:
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, User):
        return YOU if value.pk == person.pk else SOMEBODY_ELSE
    if isinstance(value, Model):
        # What holds data about people is named by its id alone: its own words may be somebody else's.
        return str(getattr(value, "uuid", value.pk)) if rule_of(type(value)).about else str(value)
    raise TypeError(f"A {type(value).__name__} has no form in JSON here.")


def _written(row: Model, column: str) -> Iterator[tuple[str, str]]:
    value = getattr(row, column)
    name = str(row._meta.get_field(column).verbose_name).capitalize()  # type: ignore[union-attr]
    if isinstance(value, str):
        yield from [(name, value)] if value.strip() else []
        return
    yield from ((key.replace("_", " ").capitalize(), words) for key, words in _strings(value, name))


def _strings(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and value.strip():
        yield name, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _strings(part, str(key))
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part, name)


def _moment(row: Model) -> datetime | None:
    moments = [field.name for field in row._meta.concrete_fields if field.get_internal_type() == "DateTimeField"]
    return next((value for name in moments if (value := getattr(row, name)) is not None), None)


def _file_name(row: Model) -> str:
    moment = _moment(row)
    step = getattr(row, "step_key", "") or "note"
    return f"{moment:%Y-%m-%d}-{slugify(step)}" if moment else slugify(step)


def _heading(row: Model) -> str:
    moment = _moment(row)
    parts = [str(row._meta.verbose_name).capitalize(), getattr(row, "step_key", ""), f"{moment:%Y-%m-%d %H:%M} UTC"]
    return " · ".join(part for part in parts if part)


def as_json(rows: list[dict[str, Any]]) -> str:
    """Return rows as JSON that a person can read."""
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"

"""Lines of CSV that are safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

# A spreadsheet runs what begins like this; an apostrophe in front makes it text.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_line(values: Iterable[Any]) -> str:
    """Return one line of CSV, with its line end, whose texts no spreadsheet takes for formulas."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_cell(value) for value in values])
    return line.getvalue()


def _text(value: Any) -> str:
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def _instant(value: datetime) -> str:
    return value.isoformat(timespec="seconds").replace("+00:00", "Z")


# By exact type, for speed; whatever is not here is written as a text.
WRITTEN: Final[dict[type, Callable[[Any], str]]] = {
    type(None): lambda value: "",
    bool: lambda value: "true" if value else "false",
    int: str,
    float: str,
    UUID: str,
    date: str,
    datetime: _instant,
}


def _cell(value: Any) -> str:
    return WRITTEN.get(type(value), _text)(value)

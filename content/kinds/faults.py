"""Turns what pydantic found into sentences that say what to do, each with a JSON pointer."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, get_args

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _marked
from django.utils.translation import ngettext
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.support.errors import Fault

P = TypeVar("P", bound=BaseModel)


def pointer_of(*parts: str | int) -> str:
    """Return a JSON pointer (RFC 6901) to the given keys and indexes."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def parts_of(pointer: str) -> list[str]:
    """Return the keys and indexes of a JSON pointer; the inverse of pointer_of for texts."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def parse(model: type[P], data: object) -> P | list[Fault]:
    """Return the model that the data describe, or every fault of their shape."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        return [_fault(model, detail) for detail in error.errors(include_url=False) if not _is_echo(detail)]


def moved(faults: Iterable[Fault], pointer: str) -> list[Fault]:
    """Return the faults as seen from further out: each pointer begins with the given one."""
    return [Fault(pointer + fault.pointer, fault.detail, fault.code) for fault in faults]


def _is_echo(error: ErrorDetails) -> bool:
    """Whether a list only seems too short because its entries have faults of their own, told beside it."""
    written = error["input"]
    if error["type"] != "too_short" or not isinstance(written, (list, tuple, dict)):
        return False
    least: int = error.get("ctx", {}).get("min_length", 0)
    return len(written) >= least


def _fault(model: type[BaseModel], error: ErrorDetails) -> Fault:
    # Marks that pydantic adds for keys of mappings and members of unions are no place in the data.
    place = [part for part in error["loc"] if part != "[key]"]
    say = SENTENCES.get(error["type"], _fallback)
    return Fault(pointer_of(*place), say(model, place, error), error["type"])


def _name(place: list[str | int]) -> str:
    last = next((part for part in reversed(place) if isinstance(part, str)), "")
    return str(last)


def _known(model: type[BaseModel], place: list[str | int]) -> list[str]:
    """The keys that are known where the stray one stands."""
    inner = _model_at(model, place[:-1])
    return [field.alias or name for name, field in inner.model_fields.items()] if inner else []


def _why(model: type[BaseModel], place: list[str | int]) -> str:
    """The description of the field that is missing, or nothing."""
    inner = _model_at(model, place[:-1])
    fields = inner.model_fields.items() if inner else ()
    return next((str(f.description or "") for name, f in fields if place[-1] in (name, f.alias)), "")


def _model_at(model: type[BaseModel] | None, place: list[str | int]) -> type[BaseModel] | None:
    for part in place:
        if model is None:
            return None
        if isinstance(part, int):
            continue
        found = next((f for name, f in model.model_fields.items() if part in (name, f.alias)), None)
        # A part that names no field is a key of a mapping of models: the model stays.
        model = _inner_model(found.annotation) if found else model
    return model


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((inner for inner in map(_inner_model, get_args(annotation)) if inner), None)


def _missing(model: type[BaseModel], place: list[str | int], error: ErrorDetails) -> str:
    why = _why(model, place)
    if why:
        return _("Add “%(name)s”: %(why)s.") % {"name": _name(place), "why": why}
    return _("Add “%(name)s”; it is empty or missing.") % {"name": _name(place)}


def _unknown(model: type[BaseModel], place: list[str | int], error: ErrorDetails) -> str:
    known = ", ".join(_known(model, place)) or _("nothing")
    return _("“%(name)s” means nothing here. Remove it or correct its spelling; known here: %(known)s.") % {
        "name": place[-1],
        "known": known,
    }


def _literal(model: type[BaseModel], place: list[str | int], error: ErrorDetails) -> str:
    expected = str(error.get("ctx", {}).get("expected", "")).replace("'", "")
    return _("Choose one of %(expected)s; “%(value)s” is not among them.") % {
        "expected": expected,
        "value": str(error["input"])[:60],
    }


def _pattern(model: type[BaseModel], place: list[str | int], error: ErrorDetails) -> str:
    if ":" in str(error.get("ctx", {}).get("pattern", "")):
        return _("Write a time of day such as 16:00.")
    return _("Use lower-case letters, digits and single hyphens, such as first-call; “%(value)s” cannot be used.") % {
        "value": str(error["input"])[:60]
    }


def _plain(sentence: str) -> Callable[[type[BaseModel], list[str | int], ErrorDetails], str]:
    def say(model: type[BaseModel], place: list[str | int], error: ErrorDetails) -> str:
        values: Mapping[str, Any] = {**error.get("ctx", {}), "name": _name(place)}
        return _(sentence) % values

    return say


def _fallback(model: type[BaseModel], place: list[str | int], error: ErrorDetails) -> str:
    return _("Check “%(name)s”: %(message)s.") % {"name": _name(place), "message": error["msg"]}


def _too_short(model: type[BaseModel], place: list[str | int], error: ErrorDetails) -> str:
    if isinstance(error["input"], str) or not error["input"]:
        return _missing(model, place, error)
    least = error.get("ctx", {}).get("min_length", 1)
    return ngettext(
        "“%(name)s” needs at least %(least)d entry.", "“%(name)s” needs at least %(least)d entries.", least
    ) % {"name": _name(place), "least": least}


def _keys(model: type[BaseModel], place: list[str | int], error: ErrorDetails) -> str:
    if not place:
        return _("Write keys and values here, such as “title: …”.")
    return _("Write “%(name)s” as keys and values.") % {"name": _name(place)}


def _limit(sentence: str, key: str) -> Callable[[type[BaseModel], list[str | int], ErrorDetails], str]:
    def say(model: type[BaseModel], place: list[str | int], error: ErrorDetails) -> str:
        limit = float(error.get("ctx", {}).get(key, 0))
        return _(sentence) % {"name": _name(place), "limit": f"{limit:g}"}

    return say


_TEXT = _plain(_marked("Write “%(name)s” as text; put quotes around it."))
_NUMBER = _plain(_marked("Write “%(name)s” as a number, without quotes."))
_LIST = _plain(_marked("Write “%(name)s” as a list."))

SENTENCES: Mapping[str, Callable[[type[BaseModel], list[str | int], ErrorDetails], str]] = {
    "missing": _missing,
    "string_too_short": _missing,
    "extra_forbidden": _unknown,
    "literal_error": _literal,
    "string_pattern_mismatch": _pattern,
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "string_too_long": _plain(_marked("Shorten “%(name)s” to at most %(max_length)d characters.")),
    "int_type": _plain(_marked("Write “%(name)s” as a whole number, without quotes.")),
    "int_parsing": _NUMBER,
    "int_from_float": _plain(_marked("Write “%(name)s” as a whole number.")),
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "bool_type": _plain(_marked("Write “%(name)s” as true or false.")),
    "greater_than": _limit(_marked("“%(name)s” must be more than %(limit)s."), "gt"),
    "greater_than_equal": _limit(_marked("“%(name)s” must be %(limit)s or more."), "ge"),
    "less_than_equal": _limit(_marked("“%(name)s” must be %(limit)s or less."), "le"),
    "too_short": _too_short,
    "too_long": _plain(_marked("“%(name)s” is too long: at most %(max_length)d.")),
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": _keys,
    "model_type": _keys,
    "model_attributes_type": _keys,
}

"""The OpenAPI document as people read it: operations by part, what they take and answer, and every shape."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _

Schema = Mapping[str, Any]
CODE: Final = re.compile(r"`([^`]+)`")
PARAGRAPH: Final = re.compile(r"\n\s*\n")
METHODS: Final = ("get", "post", "put", "patch", "delete")
# What bounds a value, by the names of JSON Schema; both ends in one sentence where both stand.
BOUNDS: Final = (("minLength", "maxLength"), ("minItems", "maxItems"), ("minimum", "maximum"))


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a value of a shape. place: path, query, header; "" in a shape."""

    name: str
    kind: SafeString
    words: tuple[SafeString, ...]
    required: bool
    place: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a status means; one that has no words of its own leads to those that it shares with other operations."""

    status: str
    words: SafeString
    kinds: tuple[tuple[str, SafeString], ...]
    headers: tuple[str, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address. bodies and kinds: media type and shape."""

    anchor: str
    method: str
    path: str
    words: tuple[SafeString, ...]
    fields: tuple[Field, ...]
    bodies: tuple[tuple[str, SafeString], ...]
    answers: tuple[Answer, ...]
    refusals: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A named shape: its values, or in kind what it is when it has none."""

    anchor: str
    name: str
    kind: SafeString
    words: tuple[SafeString, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """The whole document. parts: the first part of an address with its operations; scopes: name and meaning."""

    parts: tuple[tuple[str, tuple[Operation, ...]], ...]
    refusals: tuple[Answer, ...]
    doors: tuple[tuple[str, str], ...]
    scopes: tuple[tuple[str, str], ...]
    shapes: tuple[Shape, ...]


def reference(document: Schema) -> Reference:
    """This function will read an OpenAPI 3.1 document for a page; needs no more than drf-spectacular writes."""
    parts: dict[str, list[Operation]] = {}
    for path, operations in document["paths"].items():
        for method in (one for one in METHODS if one in operations):
            parts.setdefault(operations[method]["tags"][0], []).append(_operation(path, method, operations[method]))
    components = document["components"]
    doors = components["securitySchemes"]
    return Reference(
        parts=tuple((tag, tuple(found)) for tag, found in parts.items()),
        refusals=tuple(_answer(name, told) for name, told in components["responses"].items()),
        doors=tuple((name, door["description"]) for name, door in doors.items()),
        scopes=tuple(_scopes(doors.values())),
        shapes=tuple(_shape(name, shape) for name, shape in components["schemas"].items()),
    )


def words_of(text: str) -> tuple[SafeString, ...]:
    """Return the paragraphs of a description, with what stands in backticks as code."""
    return tuple(_coded(paragraph) for paragraph in PARAGRAPH.split(text.strip()) if paragraph)


def kind_of(schema: Schema) -> SafeString:
    """Return what a value is, in words: types as JSON names them, shapes as links, and its bounds."""
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        return format_html('<a href="#{}">{}</a>', _anchor("shape", name), name)
    for choice in ("oneOf", "anyOf", "allOf"):
        if choice in schema:
            return _either(kind_of(one) for one in schema[choice])
    if "enum" in schema:
        values = (("null" if value is None else value or '""',) for value in schema["enum"])
        return format_html("{} {}", _("one of"), format_html_join(", ", "<code>{}</code>", values))
    told = _either(_typed(one, schema) for one in _types(schema))
    bounds = ", ".join(_bounds(schema))
    return format_html("{}, {}", told, bounds) if bounds else told


def _operation(path: str, method: str, told: Schema) -> Operation:
    answers = [_answer(status, answer) for status, answer in told["responses"].items()]
    return Operation(
        anchor=_anchor("operation", told["operationId"]),
        method=method.upper(),
        path=path,
        words=words_of(told.get("description", "")),
        fields=tuple(_parameter(one) for one in told.get("parameters", ())),
        bodies=_kinds(told.get("requestBody", {})),
        answers=tuple(answer for answer in answers if not answer.anchor),
        refusals=tuple(answer for answer in answers if answer.anchor),
    )


def _parameter(told: Schema) -> Field:
    words = words_of(told.get("description", ""))
    return Field(told["name"], kind_of(told["schema"]), words, told.get("required", False), told["in"])


def _answer(status: str, told: Schema) -> Answer:
    if shared := told.get("$ref"):
        return Answer(status, SafeString(""), (), anchor=_anchor("answer", shared.rpartition("/")[2]))
    words = conditional_escape(told.get("description", ""))
    return Answer(status, words, _kinds(told), tuple(told.get("headers", ())), "")


def _kinds(told: Schema) -> tuple[tuple[str, SafeString], ...]:
    return tuple((media, kind_of(one.get("schema", {}))) for media, one in told.get("content", {}).items())


def _shape(name: str, told: Schema) -> Shape:
    required = told.get("required", ())
    fields = tuple(
        Field(key, kind_of(value), words_of(value.get("description", "")), key in required)
        for key, value in told.get("properties", {}).items()
    )
    kind = SafeString("") if fields else kind_of(told)
    return Shape(_anchor("shape", name), name, kind, words_of(told.get("description", "")), fields)


def _scopes(doors: Iterable[Schema]) -> Iterator[tuple[str, str]]:
    for door in doors:
        for flow in door.get("flows", {}).values():
            yield from flow["scopes"].items()


def _types(schema: Schema) -> list[str]:
    types = schema.get("type", "object" if "properties" in schema else _("any value"))
    return types if isinstance(types, list) else [types]


def _typed(name: str, schema: Schema) -> SafeString:
    if name == "array":
        return format_html("{} {}", _("list of"), kind_of(schema.get("items", {})))
    if name == "object" and "properties" in schema:
        return format_html("{} {}", _("object with"), ", ".join(schema["properties"]))
    if name == "object" and (values := schema.get("additionalProperties")):
        return format_html("{} {}", _("object, each value:"), kind_of(values))
    told = f"{name} ({schema['format']})" if "format" in schema and name != "null" else name
    return conditional_escape(told)


def _either(kinds: Iterable[SafeString]) -> SafeString:
    return format_html_join(f" {_('or')} ", "{}", ((kind,) for kind in kinds))


def _bounds(schema: Schema) -> Iterator[str]:
    units = {"maxLength": _("characters"), "maxItems": _("rows")}
    for least, most in BOUNDS:
        unit = f" {units[most]}" if most in units else ""
        if least in schema and most in schema:
            yield _("%(least)s to %(most)s") % {"least": schema[least], "most": schema[most]} + unit
        elif most in schema:
            yield _("at most %(most)s") % {"most": schema[most]} + unit
        elif least in schema:
            yield _("at least %(least)s") % {"least": schema[least]} + unit
    if "default" in schema:
        yield _("%(value)s unless told") % {"value": schema["default"]}


def _coded(paragraph: str) -> SafeString:
    # Every second piece stood between backticks.
    pieces = CODE.split(" ".join(paragraph.split()))
    marked = (format_html("<code>{}</code>", piece) if index % 2 else piece for index, piece in enumerate(pieces))
    return format_html_join("", "{}", ((piece,) for piece in marked))


def _anchor(section: str, name: str) -> str:
    return f"{section}-{slugify(name)}"

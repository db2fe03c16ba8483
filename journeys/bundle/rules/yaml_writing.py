"""
Writes values as YAML in one stable, readable style; reading it back gives the same values.

Texts of several lines become block literals, long ones fold at words, short collections of plain values stay on one
line. What readers of YAML 1.1 would take for another type is quoted, although YAML 1.2 would not need it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from journeys.bundle.rules.yaml_reading import OLD_BOOLEANS, plain_value

WIDTH: Final = 112
PROSE: Final = 28

_PLAIN: Final = re.compile(r"[A-Za-z0-9_./+(“‘À-￼][^\n]*")
_TYPED_BY_1_1: Final = re.compile(
    r"[-+.0-9][-+.0-9_:eExX ]*|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|=|<<|~|null|true|false", re.I
)
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


def write_yaml(value: Mapping[str, Any]) -> str:
    """Return a mapping as YAML, with a line end after each line. The order of keys is kept."""
    return "".join(f"{line}\n" for line in _mapping(value, 0))


def write_on_one_line(value: Any) -> str:
    """Return a value as YAML in flow style; a text of several lines is quoted."""
    return _flow(value) or _quoted(str(value))


def _mapping(value: Mapping[str, Any], indent: int) -> Iterator[str]:
    for key, part in value.items():
        yield from _entry(f"{' ' * indent}{_key(key)}:", part, indent)


def _entry(head: str, part: Any, indent: int) -> Iterator[str]:
    inline = _inline(part)
    if isinstance(part, str) and (inline is None or len(head) + 1 + len(inline) > WIDTH):
        yield from _long_text(head, part, indent + 2)
    elif inline is not None and (_is_scalar(part) or not part or _stays_on_one_line(part, len(head) + 1 + len(inline))):
        yield f"{head} {inline}"
    elif isinstance(part, Mapping):
        yield head
        yield from _mapping(part, indent + 2)
    else:
        yield head
        yield from _sequence(part, indent + 2)


def _sequence(parts: Any, indent: int) -> Iterator[str]:
    dash = f"{' ' * indent}-"
    for part in parts:
        inline = _inline(part)
        whole = inline is not None and _stays_on_one_line(part, len(dash) + 1 + len(inline))
        if isinstance(part, Mapping) and part and not whole:
            lines = list(_mapping(part, indent + 2))
            yield f"{dash} {lines[0][indent + 2 :]}"
            yield from lines[1:]
        elif isinstance(part, list | tuple) and part and not whole:
            lines = list(_sequence(part, indent + 2))
            yield f"{dash} {lines[0][indent + 2 :]}"
            yield from lines[1:]
        else:
            yield from _entry(dash, part, indent)


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, Mapping | list | tuple)


def _stays_on_one_line(value: Any, length: int) -> bool:
    """Only short collections without prose read well on one line."""
    return not value or (length <= WIDTH and not any(len(text) > PROSE and " " in text for text in _texts(value)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


def _inline(value: Any) -> str | None:
    """The value on one line, or None where that cannot be (a text of several lines)."""
    if isinstance(value, str):
        return None if "\n" in value else _text(value, flow=False)
    return _flow(value)


def _flow(value: Any) -> str | None:
    if isinstance(value, str):
        return None if "\n" in value else _text(value, flow=True)
    if isinstance(value, Mapping):
        parts = [(_key(key), _flow(part)) for key, part in value.items()]
        return None if any(part is None for _, part in parts) else f"{{{', '.join(f'{k}: {p}' for k, p in parts)}}}"
    if isinstance(value, list | tuple):
        items = [_flow(part) for part in value]
        return None if None in items else f"[{', '.join(item for item in items if item is not None)}]"
    return _number(value)


def _number(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and value == value and abs(value) != float("inf"):
        text = repr(value)
        return text if "." in text or "e" in text else f"{text}.0"
    raise TypeError(f"{type(value).__name__} cannot be written as YAML of the core schema")


def _key(key: str) -> str:
    return _text(key, flow=True)


def _text(text: str, *, flow: bool) -> str:
    return text if _may_be_plain(text, flow=flow) else _quoted(text)


def _may_be_plain(text: str, *, flow: bool) -> bool:
    if not _PLAIN.fullmatch(text) or text != text.strip() or _UNPRINTABLE.search(text):
        return False
    if not isinstance(plain_value(text), str) or text.lower() in OLD_BOOLEANS or _TYPED_BY_1_1.fullmatch(text):
        return False
    if ": " in text or " #" in text or text.endswith(":") or "\t" in text:
        return False
    return not flow or not re.search(r"[,\[\]{}]|:(?=[,\[\]{}\"'])", text)


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def _long_text(head: str, text: str, indent: int) -> Iterator[str]:
    """A block: literal for several lines, folded for one long line; quoted where neither gives the text back."""
    if "\n" in text and _fits_literal(text):
        yield f"{head} {_literal_mark(text)}"
        lines = text.removesuffix("\n").split("\n") if text.endswith("\n") else text.split("\n")
        yield from (f"{' ' * indent}{line}" if line else "" for line in lines)
        return
    if "\n" in text or not _fits_folding(text):
        yield f"{head} {_quoted(text)}"
        return
    yield f"{head} >-"
    yield from (f"{' ' * indent}{line}" for line in _folded(text, WIDTH - indent))


def _fits_literal(text: str) -> bool:
    # A block begins at its first line: leading blank lines or spaces would need an indentation mark, and lines of
    # nothing but spaces are easily lost by editors.
    return (
        not _UNPRINTABLE.search(text)
        and "\x85" not in text
        and text[:1] not in (" ", "\n", "\t")
        and bool(text.strip())
        and not any(line and not line.strip() for line in text.split("\n"))
        and not text.endswith("\n\n")
    )


def _literal_mark(text: str) -> str:
    return "|" if text.endswith("\n") else "|-"


def _fits_folding(text: str) -> bool:
    return (
        not _UNPRINTABLE.search(text)
        and "\t" not in text
        and "  " not in text
        and text == text.strip()
        and not any(len(word) > WIDTH for word in text.split(" "))
    )


def _folded(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line

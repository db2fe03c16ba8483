"""
Reads the YAML that bundles are written in, and remembers the line of every value.

YAML 1.2 with the types of its core schema (section 10.3 of the specification): PyYAML reads YAML 1.1, so only its
parser is used and every plain value is typed here. No tags, no anchors, no aliases, no key twice; bounded in depth.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

MAX_DEPTH: Final = 40
# Readers of YAML 1.1 take these for true and false, and a key of theirs is lost.
OLD_BOOLEANS: Final = frozenset({"y", "n", "yes", "no", "on", "off"})

_NULL: Final = re.compile(r"~|null|Null|NULL|")
_TRUE: Final = re.compile(r"true|True|TRUE")
_FALSE: Final = re.compile(r"false|False|FALSE")
_INT: Final = re.compile(r"[-+]?[0-9]{1,1000}")
_OCTAL: Final = re.compile(r"0o[0-7]{1,15}")
_HEXADECIMAL: Final = re.compile(r"0x[0-9a-fA-F]{1,12}")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class YamlFault:
    """One thing that is wrong: in which line, and what to do."""

    line: int
    message: str


class YamlRefused(ValueError):
    """The text cannot be read; `faults` holds what was found, in reading order."""

    def __init__(self, faults: tuple[YamlFault, ...]) -> None:
        super().__init__("; ".join(f"line {fault.line}: {fault.message}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Document:
    """What a text says, and the line of each of its values by JSON pointer."""

    value: Any
    lines: dict[str, int]

    def line_of(self, pointer: str) -> int:
        """Return the line of a value, or of the nearest value around it."""
        while pointer not in self.lines and pointer:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer, 1)


def read_yaml(text: str, *, first_line: int = 1) -> Document:
    """
    Return what a text says.

    first_line: the number of its first line in the file around it. Raises YamlRefused.
    """
    reader = _Reader(first_line)
    try:
        value = reader.read(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + first_line if mark else first_line
        raise YamlRefused((YamlFault(line, _in_words(error, text.split("\n")[line - first_line :])),)) from error
    except yaml.YAMLError as error:
        message = "This line holds a character that cannot be shown. Remove it, or save the file as UTF-8."
        raise YamlRefused((YamlFault(_line_of_bad_character(text) + first_line - 1, message),)) from error
    if reader.faults:
        raise YamlRefused(tuple(reader.faults))
    return Document(value, reader.lines)


@dataclass
class _Reader:
    """Builds values from parser events; collects faults and goes on where the structure allows it."""

    first_line: int
    faults: list[YamlFault] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def read(self, events: Iterator[Any]) -> Any:
        value: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.fault(event, "A second document begins here. Keep one, and remove the line “---”.")
                    return None
            elif isinstance(event, yaml.NodeEvent):
                value = self.node(event, events, "", depth=1)
        return value

    def fault(self, event: Any, message: str) -> None:
        self.faults.append(YamlFault(self.line(event), message))

    def line(self, event: Any) -> int:
        return int(event.start_mark.line) + self.first_line

    def node(self, event: Any, events: Iterator[Any], pointer: str, *, depth: int) -> Any:
        self.lines.setdefault(pointer, self.line(event))
        if isinstance(event, yaml.AliasEvent):
            self.fault(event, f"“*{event.anchor}” repeats another place. Write the value out here.")
            return None
        self._refuse_extras(event)
        if depth > MAX_DEPTH:
            raise YamlRefused((YamlFault(self.line(event), f"This is nested more than {MAX_DEPTH} deep. Flatten it."),))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, pointer, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, pointer, depth)
        return event.value if event.style else plain_value(event.value)

    def _refuse_extras(self, event: Any) -> None:
        if event.tag is not None:
            self.fault(event, f"Tags such as “{event.tag}” are not used here. Remove it and keep the value.")
        elif event.anchor is not None:
            self.fault(event, f"“&{event.anchor}” names a place to be repeated. Remove it, and write values out.")

    def _mapping(self, events: Iterator[Any], pointer: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        is_told = False
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event, events, depth)
            inner = f"{pointer}/{escaped(key)}"
            # A lost dash doubles every key of an entry; the first one tells it.
            if key in found and not is_told:
                is_told = True
                self.fault(event, f"“{key}” stands here twice. Keep one of the two, or begin a new entry with “- ”.")
            self.lines[inner] = self.line(event)
            found[key] = self.node(next(events), events, inner, depth=depth + 1)
        return found

    def _key(self, event: Any, events: Iterator[Any], depth: int) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self.fault(event, "A key must be a word. Write “name: value”.")
            self.node(event, events, "/-", depth=depth + 1)
            return ""
        self._refuse_extras(event)
        key = str(event.value)
        if not event.style and (key.lower() in OLD_BOOLEANS or not isinstance(plain_value(key), str)):
            self.fault(event, f"“{key}” cannot be a key, because readers take it for another type. Use another word.")
        return key

    def _sequence(self, events: Iterator[Any], pointer: str, depth: int) -> list[Any]:
        found: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self.node(event, events, f"{pointer}/{len(found)}", depth=depth + 1))
        return found


def plain_value(text: str) -> Any:
    """Return the value of an unquoted text under the core schema; whatever is no null, boolean or number is text."""
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text):
        return True
    if _FALSE.fullmatch(text):
        return False
    if _INT.fullmatch(text):
        return int(text)
    if _OCTAL.fullmatch(text):
        return int(text[2:], 8)
    if _HEXADECIMAL.fullmatch(text):
        return int(text[2:], 16)
    if _FLOAT.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text


def escaped(key: str) -> str:
    """Return a key as one segment of a JSON pointer (RFC 6901, section 3)."""
    return key.replace("~", "~0").replace("/", "~1")


def _in_words(error: yaml.MarkedYAMLError, rest: list[str]) -> str:
    problem = (error.problem or "").strip()
    if rest and re.match(r" *\t", rest[0]):
        return "A tab stands where spaces are needed. Indent with spaces."
    if "mapping values are not allowed" in problem:
        return "A colon cannot be read here. Put the text in quotes, or correct the indentation."
    if "expected <block end>" in problem or "did not find expected" in problem or "could not find expected" in problem:
        return "The structure breaks here. Check indentation, quotes and brackets of this line and the one before it."
    if "unexpected end of stream" in problem or "quoted scalar" in problem:
        return "A quote is opened here or above and never closed. Close it."
    return f"This is not YAML ({problem or 'unreadable'}). Check quotes, colons and indentation."


def _line_of_bad_character(text: str) -> int:
    for number, line in enumerate(text.split("\n"), start=1):
        if any(ord(char) < 32 and char not in "\t\r" or 0x7F <= ord(char) < 0xA0 and char != "\x85" for char in line):
            return number
    return 1

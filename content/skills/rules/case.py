"""Skills out of a package of 1EdTech CASE: CFDocument, CFItems and CFAssociations. Pure."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from config.support.errors import Fault
from content.skills.rules.framework_file import (
    BROAD,
    EXACT,
    LONGEST_TEXT,
    LONGEST_TITLE,
    LONGEST_WORD,
    MAX_JSON_BYTES,
    MAX_SKILLS,
    RELATED,
    AlignmentEntry,
    FrameworkFile,
    SkillEntry,
    clean,
    told,
    too_many,
    uri_fault,
)

Data = Mapping[str, Any]
# Other associations tell an order or a history and no meaning.
MATCHES: Final = {
    "exactMatchOf": EXACT,
    "isChildOf": BROAD,
    "isPartOf": BROAD,
    "isRelatedTo": RELATED,
    "isPeerOf": RELATED,
}


def read_case(data: bytes) -> FrameworkFile | list[Fault]:
    """
    Return the skills of a CASE package (1.0 or 1.1), or every fault of it with its place as a JSON pointer.

    Every item is a skill; its place in the tree decides the order, and its parent is kept as a broader concept.
    """
    if len(data) > MAX_JSON_BYTES:
        return [Fault("", f"The file is larger than {MAX_JSON_BYTES // 1_000_000} MB. Keep the items that you need.")]
    try:
        package = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return [Fault("", "A letter cannot be read. Save the file as UTF-8.")]
    except json.JSONDecodeError as error:
        return [Fault(f"line {error.lineno}", f"This is no JSON: {error.msg}. Export the package again.")]
    except (RecursionError, ValueError):
        return [Fault("", "This JSON cannot be read. Export the package again.")]
    shape = list(_shape_faults(package))
    if shape:
        return shape
    items: list[Data] = package["CFItems"]
    links: list[Data] = package.get("CFAssociations") or []
    faults = [*_item_faults(items), *_link_faults(links)]
    if faults:
        return told(faults)
    return too_many_or(_framework(package["CFDocument"], items, links))


def too_many_or(found: FrameworkFile) -> FrameworkFile | list[Fault]:
    """Return the framework, or the fault of one with more skills than are taken."""
    return found if len(found.skills) <= MAX_SKILLS else [too_many(len(found.skills))]


def _shape_faults(package: Any) -> Iterator[Fault]:
    if not isinstance(package, dict):
        yield Fault("", "This is no CASE package. It holds CFDocument, CFItems and CFAssociations.")
        return
    if not isinstance(package.get("CFDocument"), dict):
        yield Fault("/CFDocument", "The package names no document. Export it as a whole package (CFPackage).")
    for name in ("CFItems", "CFAssociations"):
        held = package.get(name)
        if name == "CFItems" and not held:
            yield Fault("/CFItems", "The package has no items. Export it as a whole package (CFPackage).")
        elif held is not None and not (isinstance(held, list) and all(isinstance(part, dict) for part in held)):
            yield Fault(f"/{name}", "This is no list of objects. Export the package again.")


def _item_faults(items: Sequence[Data]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for index, item in enumerate(items):
        at = f"/CFItems/{index}"
        for name in ("identifier", "uri", "fullStatement"):
            if not _text(item, name):
                yield Fault(f"{at}/{name}", f"The item has no {name}. Add it, or take the item out.")
        if _text(item, "uri") and (fault := uri_fault(_text(item, "uri"))):
            yield Fault(f"{at}/uri", fault)
        for name in ("uri", "identifier"):
            known = f"{name} {_text(item, name)}"
            if _text(item, name) and known in seen:
                yield Fault(f"{at}/{name}", f"The item /CFItems/{seen[known]} has this {name} too. Keep one of them.")
            seen.setdefault(known, index)
        for name in ("fullStatement", "notes"):
            if len(_text(item, name)) > LONGEST_TEXT:
                yield Fault(f"{at}/{name}", f"Shorten it to at most {LONGEST_TEXT:,} characters.")


def _link_faults(links: Sequence[Data]) -> Iterator[Fault]:
    for index, link in enumerate(links):
        if link.get("associationType") not in MATCHES:
            continue
        for name in ("originNodeURI", "destinationNodeURI"):
            node = link.get(name)
            uri = _text(node, "uri") if isinstance(node, dict) else ""
            if not uri:
                yield Fault(f"/CFAssociations/{index}/{name}", "The association names no uri here. Export it again.")
            elif fault := uri_fault(uri):
                yield Fault(f"/CFAssociations/{index}/{name}/uri", fault)


def _framework(document: Data, items: Sequence[Data], links: Sequence[Data]) -> FrameworkFile:
    nodes = _Nodes(document, items)
    found: dict[str, dict[str, AlignmentEntry]] = defaultdict(dict)
    children: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for link in links:
        match = MATCHES.get(str(link.get("associationType")))
        if match is None:
            continue
        origin, goal = nodes.of(link["originNodeURI"]), nodes.of(link["destinationNodeURI"])
        if link["associationType"] == "isChildOf":
            children[goal.uri].append((_number(link), origin.uri))
        if goal.uri not in (nodes.document, origin.uri):
            found[origin.uri].setdefault(goal.uri, AlignmentEntry(goal.uri, goal.title[:LONGEST_TITLE], match))
    order = _in_tree_order(list(nodes.items), children)
    return FrameworkFile(
        skills=tuple(_entry(nodes.items[uri], tuple(found[uri].values())) for uri in order),
        title=_text(document, "title"),
        version=_text(document, "version"),
        source_uri=_text(document, "officialSourceURL") or _text(document, "uri"),
        license=_license(document.get("licenseURI")),
    )


def _license(value: Any) -> str:
    """Return the name of a license, else its address; older packages give the address alone."""
    if isinstance(value, dict):
        return _text(value, "title") or _text(value, "uri")
    return clean(value) if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class _Node:
    """One end of an association."""

    uri: str
    title: str


class _Nodes:
    """What associations name: items by their address, which an identifier may stand for, and the document."""

    def __init__(self, document: Data, items: Sequence[Data]) -> None:
        self.document = _text(document, "uri") or "document"
        self.items = {_text(item, "uri"): item for item in items}
        self._addresses = {_text(item, "identifier"): uri for uri, item in self.items.items()}
        self._addresses[_text(document, "identifier")] = self.document

    def of(self, link: Data) -> _Node:
        identifier = _text(link, "identifier")
        uri = self._addresses.get(identifier, _text(link, "uri")) if identifier else _text(link, "uri")
        item = self.items.get(uri)
        return _Node(uri, _title(item) if item else _text(link, "title"))


def _in_tree_order(uris: Sequence[str], children: Mapping[str, list[tuple[int, str]]]) -> list[str]:
    """Return every item, children behind their parents; what a circle hides comes in the order of the file."""
    mine = set(uris)
    below = {child for parent, group in children.items() if parent in mine for _n, child in group}
    numbers = {child: number for parent, group in children.items() if parent not in mine for number, child in group}
    roots = sorted((uri for uri in uris if uri not in below), key=lambda uri: numbers.get(uri, 0))
    stack = [*reversed(uris), *reversed(roots)]
    seen: dict[str, None] = {}
    while stack:
        uri = stack.pop()
        if uri in seen:
            continue
        seen[uri] = None
        stack.extend(
            child for _n, child in sorted(children.get(uri, ()), key=_by_number, reverse=True) if child in mine
        )
    return list(seen)


def _by_number(child: tuple[int, str]) -> int:
    return child[0]


def _entry(item: Data, alignments: tuple[AlignmentEntry, ...]) -> SkillEntry:
    title, full = _title(item), _text(item, "fullStatement")
    others = item.get("alternativeLabel")
    return SkillEntry(
        uri=_text(item, "uri"),
        title=title,
        description="\n\n".join(part for part in ("" if full == title else full, _text(item, "notes")) if part),
        other_names=(clean(others),) if isinstance(others, str) and others.strip() else (),
        skill_type=_text(item, "CFItemType")[:LONGEST_WORD],
        alignments=alignments,
    )


def _title(item: Data) -> str:
    """Return the short statement of an item where it has one, else the full one, cut at a word."""
    words = " ".join((_text(item, "abbreviatedStatement") or _text(item, "fullStatement")).split())
    if len(words) <= LONGEST_TITLE:
        return words
    return f"{words[: LONGEST_TITLE - 1].rpartition(' ')[0] or words[: LONGEST_TITLE - 1]}…"


def _number(link: Data) -> int:
    number = link.get("sequenceNumber")
    return number if isinstance(number, int) else 0


def _text(holder: Data, name: str) -> str:
    value = holder.get(name)
    return clean(value) if isinstance(value, str) else ""

"""Where in a bundle something stands: `path:line`, for faults and findings."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from config.support.errors import Fault
from journeys.bundle.queries.folder import MANIFEST
from journeys.bundle.rules.yaml_reading import Document, YamlRefused


@dataclass
class Places:
    """
    The lines of a bundle's values.

    manifest: journey.yaml. steps: by step key, the file and what its front matter says. order: by section (modules,
    nudges, indicators, skills), the keys as they stand there.
    """

    manifest: Document
    steps: dict[str, tuple[str, Document]] = field(default_factory=dict)
    order: dict[str, list[str]] = field(default_factory=dict)

    def of(self, where: str) -> str:
        """
        Return the `path:line` of something.

        where: "" for the journey, else SECTION/KEY with a JSON pointer behind it, such as modules/first-week/opens,
        steps/ask-two-people/after or expectations/3.
        """
        section, _slash, rest = where.partition("/")
        key, _slash, pointer = rest.partition("/")
        inner = f"/{pointer}" if pointer else ""
        if section == "steps" and key in self.steps:
            path, document = self.steps[key]
            return f"{path}:{document.line_of(inner)}"
        if key in self.order.get(section, ()):
            return f"{MANIFEST}:{self.manifest.line_of(f'/{section}/{self.order[section].index(key)}{inner}')}"
        return f"{MANIFEST}:{self.manifest.line_of(f'/{where}' if where else '')}"


def placed(path: str, document: Document, faults: Iterable[Fault]) -> list[Fault]:
    """Return faults of a document's values with their `path:line`, a misspelled key told once."""
    return [
        Fault(f"{path}:{document.line_of(fault.pointer)}", fault.detail, fault.code)
        for fault in told_once(list(faults))
    ]


def told_once(faults: list[Fault]) -> list[Fault]:
    """Return the faults, with a missing key and a stray one beside it told as the one misspelled key that they are."""
    missing = {fault.pointer: fault for fault in faults if fault.code == "missing"}
    told: list[Fault] = []
    meant: set[str] = set()
    for fault in faults:
        around, _slash, name = fault.pointer.rpartition("/")
        beside = [pointer.rpartition("/")[2] for pointer in missing if pointer.rpartition("/")[0] == around]
        near = get_close_matches(name.casefold(), beside, n=1) if fault.code == "extra_forbidden" else []
        if near:
            meant.add(f"{around}/{near[0]}")
            fault = Fault(fault.pointer, f"“{name}” means nothing here. Did you mean “{near[0]}”?", fault.code)
        told.append(fault)
    return [fault for fault in told if fault.code != "missing" or fault.pointer not in meant]


def refused(path: str, error: YamlRefused) -> list[Fault]:
    """Return the faults of a text that cannot be read, with their `path:line`."""
    return [Fault(f"{path}:{fault.line}", fault.message, "yaml") for fault in error.faults]

"""A framework of skills as a file says it, whichever form the file has. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from config.support.errors import Fault

MAX_BYTES: Final = 20_000_000
MAX_JSON_BYTES: Final = 8_000_000
MAX_ROWS: Final = 20_000
# Designers choose among them on one page.
MAX_SKILLS: Final = 500
MAX_FAULTS: Final = 100
LONGEST_TITLE, LONGEST_URI, LONGEST_WORD, LONGEST_TEXT = 200, 300, 32, 10_000
EXACT, BROAD, RELATED = "exact", "broad", "related"


@dataclass(frozen=True, slots=True)
class AlignmentEntry:
    """An outside concept, with how well it matches."""

    uri: str
    label: str = ""
    match: str = RELATED


@dataclass(frozen=True, slots=True)
class SkillEntry:
    """One skill. uri is what it is known by from one version of a framework to the next."""

    uri: str
    title: str
    description: str = ""
    other_names: tuple[str, ...] = ()
    skill_type: str = ""
    reuse_level: str = ""
    alignments: tuple[AlignmentEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class FrameworkFile:
    """
    What a file says; texts that it does not say are empty and are asked for.

    left_out: what was not taken, in words.
    """

    skills: tuple[SkillEntry, ...]
    title: str = ""
    version: str = ""
    source_uri: str = ""
    license: str = ""
    left_out: tuple[str, ...] = ()


def uri_fault(uri: str) -> str:
    """Return what is wrong with an address of a concept, "" for nothing."""
    if not uri.startswith(("http://", "https://", "urn:")) or any(c.isspace() or not c.isprintable() for c in uri):
        return f"“{uri[:80]}” is no address of a concept. Write one that begins with http://, https:// or urn:."
    return f"Shorten the address to at most {LONGEST_URI} characters." if len(uri) > LONGEST_URI else ""


def told(faults: Iterable[Fault]) -> list[Fault]:
    """Return the first hundred faults, and a line that says how many more there are."""
    found = list(faults)
    if len(found) <= MAX_FAULTS:
        return found
    more = f"There are {len(found) - MAX_FAULTS} more of this kind or another. Mend these first."
    return [*found[:MAX_FAULTS], Fault("", more)]


def too_many(count: int) -> Fault:
    """Return the fault of a file with more skills than are taken."""
    detail = (
        f"The file has {count:,} skills, and {MAX_SKILLS} are taken at most. Choose reuse levels, or keep the rows "
        "that your journeys will name."
    )
    return Fault("", detail, "too_many")


def clean(text: str) -> str:
    """Return a text without blanks at its ends and with its line ends as LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()

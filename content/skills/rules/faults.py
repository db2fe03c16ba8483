"""What a behavior indicator must be: an act in words, and anchors that a colleague could tell apart. Pure."""

import re
from collections.abc import Iterator, Sequence

SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
FEWEST_LEVELS, MOST_LEVELS = 2, 7
LONGEST = 300


def indicator_faults(*, key: str, text: str, levels: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield a JSON pointer and a sentence for everything that keeps a behavior from being used."""
    yield from _key_faults(key)
    if not text.strip():
        yield "/text", "Say the behavior as an act, such as “Offers two framings before a solution”."
    if len(text) > LONGEST:
        yield "/text", f"Shorten it to at most {LONGEST} characters."
    if not FEWEST_LEVELS <= len(levels) <= MOST_LEVELS:
        yield "/levels", f"Give {FEWEST_LEVELS} to {MOST_LEVELS} anchors, the lowest first; four is a good number."
    yield from _level_faults(levels)


def framework_faults(*, key: str, version: str, title: str) -> Iterator[tuple[str, str]]:
    """Yield a JSON pointer and a sentence for everything that keeps a framework from being used."""
    yield from _key_faults(key)
    yield from _title_faults(title)
    if not version.strip() or len(version) > 32:
        yield "/version", "Give the version a short name, such as 1 or 2027-03."


def skill_faults(*, key: str, title: str) -> Iterator[tuple[str, str]]:
    """Yield a JSON pointer and a sentence for everything that keeps a skill from being used."""
    yield from _key_faults(key)
    yield from _title_faults(title)


def _key_faults(key: str) -> Iterator[tuple[str, str]]:
    if not SLUG.match(key) or len(key) > 64:
        yield "/key", "Use lower-case letters, digits and single hyphens, at most 64 characters."


def _title_faults(title: str) -> Iterator[tuple[str, str]]:
    if not title.strip():
        yield "/title", "Give it a title."
    if len(title) > 200:
        yield "/title", "Shorten the title to at most 200 characters."


def _level_faults(levels: Sequence[str]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for index, anchor in enumerate(levels):
        words = " ".join(anchor.split()).casefold()
        if not words:
            yield f"/levels/{index}", "Say what a colleague could see at this level."
        elif words in seen:
            yield f"/levels/{index}", "Two levels say the same. Let each say something else."
        if len(anchor) > LONGEST:
            yield f"/levels/{index}", f"Shorten it to at most {LONGEST} characters."
        seen.add(words)

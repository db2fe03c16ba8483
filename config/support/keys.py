"""Keys: short names minted once from words, never reused. Pure."""

import re
import unicodedata
from collections.abc import Collection
from typing import Final

MAX_KEY: Final = 64
_KEY: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def is_key(text: object) -> bool:
    """Say whether a text can be a key: lower-case letters, digits and single hyphens, at most 64 characters."""
    return isinstance(text, str) and len(text) <= MAX_KEY and _KEY.fullmatch(text) is not None


def slug_of(title: str, *, fallback: str) -> str:
    """Return the key that a title suggests; the fallback where it has no Latin letter or digit at all."""
    plain = unicodedata.normalize("NFKD", title.casefold().replace("ß", "ss").replace("&", " and "))
    ascii_only = re.sub(r"['’]", "", plain).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")
    return _shortened(slug, MAX_KEY) or fallback


def mint_key(title: str, *, taken: Collection[str], fallback: str) -> str:
    """Return a key for a title that is not among those taken: the slug, or the slug with the first free number."""
    slug = slug_of(title, fallback=fallback)
    if slug not in taken:
        return slug
    number = 2
    while (numbered := f"{_shortened(slug, MAX_KEY - len(f'-{number}'))}-{number}") in taken:
        number += 1
    return numbered


def _shortened(slug: str, length: int) -> str:
    if len(slug) <= length:
        return slug
    cut = slug[: length + 1]
    at_word = cut.rpartition("-")[0]
    return (at_word or slug[:length]).strip("-")

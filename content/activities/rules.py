"""What a file is, told by its first bytes and never by its name; and how large each kind may be. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

ASSET_PATH = re.compile(r"assets(?:/[A-Za-z0-9][A-Za-z0-9._-]*)+")
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that can be shown: its type, the ending it is kept under and its largest size in bytes."""

    content_type: str
    ending: str
    largest: int


PNG = FileKind("image/png", "png", 8 * MEGABYTE)
JPEG = FileKind("image/jpeg", "jpg", 8 * MEGABYTE)
GIF = FileKind("image/gif", "gif", 8 * MEGABYTE)
WEBP = FileKind("image/webp", "webp", 8 * MEGABYTE)
MP4 = FileKind("video/mp4", "mp4", 300 * MEGABYTE)
WEBM = FileKind("video/webm", "webm", 300 * MEGABYTE)
VTT = FileKind("text/vtt", "vtt", 1 * MEGABYTE)

# Brands of MP4 that browsers play; QuickTime ("qt  ") and still pictures (heic, avif) are not among them.
MP4_BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4V ", b"M4VH"}


def sniff(head: bytes) -> FileKind | None:
    """Return what a file is by its first 4 kB, None for anything that is not shown (SVG and HTML among them)."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    return _sniff_film(head)


def _sniff_film(head: bytes) -> FileKind | None:
    if head[4:8] == b"ftyp" and head[8:12] in MP4_BRANDS:
        return MP4
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64]:
        return WEBM
    if re.match(rb"(?:\xef\xbb\xbf)?WEBVTT(?:[ \t\r\n]|$)", head):
        return VTT
    return None


def asset_paths_in(values: Iterable[Any]) -> frozenset[str]:
    """Return every path of an own file that is named anywhere in these texts, lists and mappings."""
    return frozenset(path for text in _texts(values) for path in ASSET_PATH.findall(text))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(value.values())
    elif isinstance(value, Iterable):
        for item in value:
            yield from _texts(item)

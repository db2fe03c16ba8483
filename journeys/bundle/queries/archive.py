"""
A bundle's files, taken from a .zip without trusting it.

What an archive says of itself is believed nowhere: sizes, counts and ratios are measured while it is read, and paths
are judged before anything is done with them. Nothing is unpacked to a disk; the files stay in memory.
"""

import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from config.support.errors import Fault
from journeys.bundle.errors import BundleFaults
from journeys.bundle.queries.folder import (
    MANIFEST,
    MAX_DEPTH,
    MAX_FILES,
    MAX_TEXT,
    MAX_TOTAL,
    REMEDY,
    Files,
    belongs,
    is_left_alone,
    too_large,
)

ENDING: Final = ".zip"
# A little more than the files may hold: an archive that packs pictures is hardly smaller than they are.
MAX_ARCHIVE: Final = MAX_TOTAL + 1_000_000
MAX_ENTRIES: Final = 2 * MAX_FILES
# Texts pack to a fifth or a tenth; what packs to less than a hundredth was made to burst.
MAX_RATIO: Final = 100
RATIO_FREE: Final = 1_000_000
_CHUNK: Final = 65_536
# Every entry of an archive's list begins with it, so their number is known before the list is read.
_LISTED: Final = b"PK\x01\x02"
_DRIVE: Final = re.compile(r"^[A-Za-z]:")
# A folder that one system adds for itself.
_ADDED: Final = "__MACOSX"
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
    OSError,
)
_WAYS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True)
class Archive(Files):
    """The files of a bundle out of an archive."""

    contents: dict[str, bytes]

    def data(self, path: str) -> bytes:
        """Return the bytes of a file."""
        return self.contents[path]


def open_archive(path: Path) -> Archive:
    """Read an archive from a disk; see read_archive."""
    if path.stat().st_size > MAX_ARCHIVE:
        raise _too_large_archive(path.name)
    return read_archive(path.read_bytes(), name=path.name)


def read_archive(data: bytes, *, name: str) -> Archive:
    """
    Return the files of a bundle that was packed as a .zip, with journey.yaml at its root or in its only folder.

    name: what the archive is called in faults about it as a whole. Needs at most MAX_TOTAL bytes beside the archive.
    Raises BundleFaults with every entry that cannot be taken.
    """
    if len(data) > MAX_ARCHIVE:
        raise _too_large_archive(name)
    if data.count(_LISTED) > MAX_ENTRIES:
        raise _refusal(name, f"The archive lists more than {MAX_ENTRIES} entries. Pack the folder of one journey.")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _read(archive, name, len(data))
    except _UNREADABLE as error:
        raise _refusal(name, "This is not a .zip that can be read. Pack the folder again as a plain .zip.") from error


def _read(archive: zipfile.ZipFile, name: str, packed: int) -> Archive:
    entries = archive.infolist()
    faults = [fault for entry in entries for fault in _entry_faults(entry)]
    if faults:
        raise BundleFaults(faults=faults)
    root = _root({entry.filename for entry in entries if not entry.is_dir()}, name)
    kept = [entry for entry in entries if not _is_skipped(entry, root)]
    wanted = {entry.filename.removeprefix(root): entry for entry in kept}
    faults = [*_twice(entries), *_misplaced([entry.filename for entry in kept], root)]
    if len(wanted) > MAX_FILES:
        faults = [Fault(name, f"The archive holds more than {MAX_FILES} files. Pack the folder of one journey.")]
    if faults:
        raise BundleFaults(faults=faults)
    reader = _Reader(archive, name, packed)
    contents = {path: reader.read(path, entry) for path, entry in sorted(wanted.items())}
    sizes = {path: len(held) for path, held in contents.items()}
    faults = list(too_large(sizes))
    if faults:
        raise BundleFaults(faults=faults)
    return Archive(sizes, contents)


@dataclass
class _Reader:
    """Reads entries and counts what really comes out of them, over all of them together."""

    archive: zipfile.ZipFile
    name: str
    packed: int
    total: int = 0

    def read(self, path: str, entry: zipfile.ZipInfo) -> bytes:
        """Return the bytes of an entry. Raises BundleFaults as soon as more comes out than a bundle may hold."""
        most = MAX_TOTAL if path.startswith("assets/") else MAX_TEXT
        out = bytearray()
        with self.archive.open(entry) as file:
            while chunk := file.read(_CHUNK):
                out += chunk
                self.total += len(chunk)
                self._check(path)
                if len(out) > most:
                    # One byte too many is enough: too_large says it in words.
                    raise BundleFaults(faults=list(too_large({path: len(out)})))
        return bytes(out)

    def _check(self, path: str) -> None:
        if self.total > MAX_TOTAL:
            detail = (
                f"The archive holds more than {MAX_TOTAL // 1_000_000} MB, which is the most that can be imported. "
                "Make its files smaller, or show a film by its https address."
            )
            raise _refusal(path, detail)
        if self.total > RATIO_FREE and self.total > MAX_RATIO * self.packed:
            detail = f"More than {MAX_RATIO} times as much comes out as was packed. Pack the folder of a journey anew."
            raise _refusal(path, detail)


def _entry_faults(entry: zipfile.ZipInfo) -> Iterator[Fault]:
    """Yield what keeps an entry from being looked at: where its path leads, what it is and how it is packed."""
    path = entry.orig_filename
    shown = "".join(c if c.isprintable() else "�" for c in path)[:200]
    if found := next((detail for is_so, detail in _PATHS if is_so(path)), None):
        yield Fault(shown, found, "path")
    # The upper half holds the file's mode where the archive was made on a system that has one.
    mode = stat.S_IFMT(entry.external_attr >> 16)
    if mode == stat.S_IFLNK:
        yield Fault(shown, "This is a link. Put the file itself into the archive.", "link")
    elif mode not in (0, stat.S_IFREG, stat.S_IFDIR):
        yield Fault(shown, "This is not an ordinary file. Leave it out.", "special")
    if entry.flag_bits & 0x1:
        yield Fault(shown, "This is encrypted. Pack the folder without a password.", "encrypted")
    elif entry.compress_type not in _WAYS:
        yield Fault(shown, "This is packed in a way that is not read. Pack the folder as a plain .zip.", "packing")


_PATHS: Final[tuple[tuple[Callable[[str], bool], str], ...]] = (
    (
        lambda path: "\\" in path,
        "This path has a backslash. Pack the folder with a program that writes “/” between folders.",
    ),
    (
        lambda path: path.startswith("/") or bool(_DRIVE.match(path)),
        "This path begins at the root of a disk. Pack the folder itself, without the way to it.",
    ),
    (
        lambda path: ".." in path.split("/"),
        "This path climbs out of the folder. Pack the folder itself, without “..” in any path.",
    ),
    (
        lambda path: not path.isprintable() or "" in path.removesuffix("/").split("/") or "." in path.split("/"),
        "This is no path of a file. Rename it, and pack the folder again.",
    ),
    (
        lambda path: path.count("/") > MAX_DEPTH + 1,
        f"Folders are nested more than {MAX_DEPTH} deep. Move the files up.",
    ),
)


def _root(names: Iterable[str], name: str) -> str:
    """Return what every path begins with: "" or the archive's only folder, with its slash."""
    found = sorted((path for path in names if path.rpartition("/")[2] == MANIFEST), key=lambda path: path.count("/"))
    found = [path for path in found if not path.startswith(f"{_ADDED}/")]
    if MANIFEST in found:
        return ""
    if not found:
        raise _refusal(MANIFEST, f"The file is missing in {name}. Pack the folder that holds it beside modules.")
    folder = found[0].removesuffix(MANIFEST)
    if folder.count("/") > 1:
        raise _refusal(found[0], f"The file lies too deep. Pack the folder “{folder.rstrip('/')}” itself.")
    if len(found) > 1:
        raise _refusal(found[1], "The archive holds more than one journey. Pack each one alone.")
    return folder


def _is_skipped(entry: zipfile.ZipInfo, root: str) -> bool:
    """Say whether an entry is none of ours: folders, what systems add, and what people keep beside a bundle."""
    if entry.is_dir() or entry.filename.startswith(f"{_ADDED}/"):
        return True
    parts = entry.filename.removeprefix(root).split("/")
    return is_left_alone(parts[0], "") or any(part.startswith(".") for part in parts)


def _misplaced(names: Iterable[str], root: str) -> Iterator[Fault]:
    for name in sorted(names):
        if not name.startswith(root):
            yield Fault(name, f"This lies outside of “{root.rstrip('/')}”, which holds the journey. Leave it out.")
        elif not belongs(name.removeprefix(root)):
            yield Fault(name, f"This does not belong to a bundle. {REMEDY}")


def _twice(entries: Iterable[zipfile.ZipInfo]) -> Iterator[Fault]:
    """Yield files of one name, also where it differs in case only, and files that are folders as well."""
    seen: dict[str, str] = {}
    files = [entry.filename for entry in entries if not entry.is_dir()]
    for path in files:
        folded = path.casefold()
        if folded in seen:
            yield Fault(path, f"The archive holds “{seen[folded]}” too, which is the same name. Keep one of them.")
        seen.setdefault(folded, path)
    for path in files:
        above = path.casefold().rpartition("/")[0]
        if above in seen:
            yield Fault(seen[above], f"This is a file and the folder of “{path}” at once. Rename one of them.")


def _too_large_archive(name: str) -> BundleFaults:
    detail = (
        f"The archive is larger than {MAX_ARCHIVE // 1_000_000} MB, and a bundle may hold {MAX_TOTAL // 1_000_000} MB. "
        "Make its pictures smaller, or show a film by its https address."
    )
    return _refusal(name, detail)


def _refusal(place: str, detail: str) -> BundleFaults:
    return BundleFaults(faults=[Fault(place, detail, "archive")])

"""
A bundle's files, taken from a folder without trusting it.

Links are never followed, nothing outside is reached, and a folder that is too large is refused before it is read.
"""

import os
import stat
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from config.support.errors import Fault
from journeys.bundle.errors import BundleFaults

MANIFEST: Final = "journey.yaml"
MAX_FILES: Final = 2_000
MAX_TEXT: Final = 1_000_000
MAX_TOTAL: Final = 25_000_000
MAX_DEPTH: Final = 6
# What people keep beside a bundle; it is left alone.
BESIDE: Final = ("readme", "license", "changelog", "contributing")


@dataclass(frozen=True)
class Files(ABC):
    """The files of a bundle, wherever they lie: path inside the bundle → size in bytes."""

    sizes: dict[str, int]

    @abstractmethod
    def data(self, path: str) -> bytes:
        """Return the bytes of a file."""

    def text(self, path: str) -> str:
        """Return a text file with line ends as LF. Raises BundleFaults for what is no UTF-8 text."""
        try:
            text = self.data(path).decode("utf-8")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise BundleFaults(
                faults=[Fault(f"{path}:{line}", "This is not UTF-8. Save the file as UTF-8.")]
            ) from error
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        if "\x00" in text:
            line = text[: text.index("\x00")].count("\n") + 1
            raise BundleFaults(faults=[Fault(f"{path}:{line}", "This line holds a NUL character. Remove it.")])
        return text


@dataclass(frozen=True)
class Folder(Files):
    """The files of a bundle in a folder."""

    root: Path

    def data(self, path: str) -> bytes:
        """Return the bytes of a file; the folder is not left even if a link was put there meanwhile."""
        handle = os.open(self.root / path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(handle, "rb") as file:
            return file.read(MAX_TOTAL + 1)


def open_folder(root: Path) -> Folder:
    """
    List the files of a bundle.

    root: the folder itself, or its journey.yaml. Raises BundleFaults with every file that cannot be taken.
    """
    root = root.parent if root.name == MANIFEST and root.is_file() else root
    if not root.is_dir():
        _refuse([Fault(str(root), "There is no such folder. Name the folder that holds journey.yaml.")])
    if not os.path.lexists(root / MANIFEST):
        _refuse([Fault(MANIFEST, f"The file is missing in {root}. Name the folder that holds it beside modules.")])
    faults: list[Fault] = []
    sizes: dict[str, int] = {}
    for path, entry in _walk(root, "", faults):
        sizes[path] = entry.stat(follow_symlinks=False).st_size
        if len(sizes) > MAX_FILES:
            _refuse([Fault(path, f"The folder holds more than {MAX_FILES} files. Name the folder of one journey.")])
    faults.extend(too_large(sizes))
    if faults:
        _refuse(faults)
    return Folder(sizes, root)


def _walk(root: Path, inside: str, faults: list[Fault], depth: int = 1) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    with os.scandir(root / inside) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        path = f"{inside}{entry.name}"
        if is_left_alone(entry.name, inside):
            continue
        if entry.is_symlink():
            faults.append(Fault(path, "This is a link. Put the file itself here."))
        elif entry.is_dir(follow_symlinks=False):
            if not _may_hold_files(path):
                faults.append(Fault(path, f"This folder does not belong to a bundle. {REMEDY}"))
            elif depth >= MAX_DEPTH:
                faults.append(Fault(path, f"Folders are nested more than {MAX_DEPTH} deep. Move the files up."))
            else:
                yield from _walk(root, f"{path}/", faults, depth + 1)
        elif not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
            faults.append(Fault(path, "This is not an ordinary file. Remove it."))
        elif not belongs(path):
            faults.append(Fault(path, f"This does not belong to a bundle. {REMEDY}"))
        else:
            yield path, entry


REMEDY: Final = "Keep journey.yaml, modules/FOLDER/NN-key.md and assets/…; remove or move the rest."


def is_left_alone(name: str, inside: str) -> bool:
    """Say whether an entry of a folder is none of ours; inside: the folder's path in the bundle, "" for its root."""
    return name.startswith(".") or (not inside and name.lower().split(".")[0] in BESIDE)


def _may_hold_files(path: str) -> bool:
    parts = path.split("/")
    return parts[0] == "assets" or (parts[0] == "modules" and len(parts) <= 2)


def belongs(path: str) -> bool:
    """Say whether a file of this path is part of a bundle."""
    parts = path.split("/")
    if parts[0] == "modules":
        return len(parts) == 3 and parts[2].endswith(".md")
    return path == MANIFEST or (parts[0] == "assets" and len(parts) > 1)


def too_large(sizes: Mapping[str, int]) -> Iterator[Fault]:
    """Yield what makes a bundle too large; sizes in bytes, by path."""
    for path, size in sizes.items():
        if not path.startswith("assets/") and size > MAX_TEXT:
            yield Fault(
                path, f"The file is larger than {MAX_TEXT // 1_000_000} MB. Split it, or move pictures to assets."
            )
    total = sum(sizes.values())
    if total > MAX_TOTAL:
        largest = max(sizes, key=lambda path: sizes[path])
        yield Fault(
            largest,
            f"The bundle holds {total // 1_000_000} MB, and {MAX_TOTAL // 1_000_000} MB can be imported. "
            "Make this file smaller, or show a film by its https address.",
        )


def _refuse(faults: list[Fault]) -> None:
    raise BundleFaults(faults=faults)

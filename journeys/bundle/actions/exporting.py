"""A version becomes a folder."""

import os
from pathlib import Path

from journeys.bundle.errors import TargetNotEmpty
from journeys.bundle.queries.folder import MANIFEST, is_left_alone
from journeys.bundle.queries.writing import bundle_files


def export_version(*, version_id: int, path: Path) -> list[str]:
    """
    Write a version's bundle into a folder and return the files written, in order.

    The folder is made where it is missing. One that holds a bundle is brought in line: files of modules/ and assets/
    that the version does not have are removed, whatever else lies beside them stays. Nothing is written before all
    of it is known. Raises TargetNotEmpty for a folder with other files, AssetsClash, UnknownVersion.
    """
    files = bundle_files(version_id)
    if path.exists() and not path.is_dir():
        raise TargetNotEmpty(f"“{path}” is a file. Name a folder.")
    others = [entry for entry in path.iterdir() if not is_left_alone(entry.name, "")] if path.exists() else []
    if path.is_symlink() or (others and not (path / MANIFEST).is_file()):
        raise TargetNotEmpty
    stale = [file for file in _inside(path) if file.relative_to(path).as_posix() not in files]
    _refuse_links(path)
    for name, data in sorted(files.items()):
        _write(path / name, data)
    for file in stale:
        file.unlink()
    _remove_empty_folders(path)
    return sorted(files)


def _inside(path: Path) -> list[Path]:
    return [file for part in ("modules", "assets") for file in sorted((path / part).rglob("*")) if file.is_file()]


def _refuse_links(path: Path) -> None:
    """A link inside would carry the writing to another place."""
    for part in ("modules", "assets"):
        for entry in [path / part, *(path / part).rglob("*")]:
            if entry.is_symlink():
                raise TargetNotEmpty(f"“{entry}” is a link. Remove it, or export to a new folder.")


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.is_file() and file.read_bytes() == data:
        return
    # Written beside and moved, so that nobody reads half a file.
    beside = file.with_name(f".{file.name}.new")
    beside.write_bytes(data)
    os.replace(beside, file)


def _remove_empty_folders(path: Path) -> None:
    for part in ("modules", "assets"):
        for folder in sorted((path / part).rglob("*"), reverse=True):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()

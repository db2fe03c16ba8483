"""Files for a person: as one zip, or as a folder."""

import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path


def as_zip(files: Mapping[str, str]) -> bytes:
    """Return the files as one zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, words in files.items():
            archive.writestr(name, words)
    return buffer.getvalue()


def refuse_taken(path: Path) -> None:
    """Raise FileExistsError where `write` would mix with or replace what is there."""
    is_empty_folder = path.suffix != ".zip" and path.is_dir() and not any(path.iterdir())
    if path.exists() and not is_empty_folder:
        raise FileExistsError(path)


def write(files: Mapping[str, str], path: Path) -> None:
    """
    Write the files to `path`: a zip when it ends in .zip, otherwise a new or empty folder. Only its owner may read it.

    Raises FileExistsError rather than mix or replace what is there.
    """
    refuse_taken(path)
    if path.suffix == ".zip":
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "xb", opener=_for_the_owner) as zipped:
            zipped.write(as_zip(files))
        return
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, words in files.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target, "x", encoding="utf-8", opener=_for_the_owner) as plain:
            plain.write(words)


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

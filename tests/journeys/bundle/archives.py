"""Archives to break in many ways."""

import io
import zipfile
from collections.abc import Iterable, Mapping

from tests.journeys.bundle.folders import FILES

BASE = {name: text.encode() for name, text in FILES.items()}


def pack(
    files: Mapping[str, bytes] | Iterable[tuple[str | zipfile.ZipInfo, bytes]] = BASE,
    *,
    way: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """Return an archive of these entries, in order; a list may name one twice."""
    out = io.BytesIO()
    entries = files.items() if isinstance(files, Mapping) else files
    with zipfile.ZipFile(out, "w", way) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def entry(name: str, *, mode: int = 0o100644, way: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    """Return an entry with a mode of its own; its name is taken as it stands."""
    found = zipfile.ZipInfo("x", (2027, 1, 4, 9, 0, 0))
    found.filename = found.orig_filename = name
    found.create_system, found.external_attr, found.compress_type = 3, mode << 16, way
    return found


def with_base(*more: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    """Return the archive of a good bundle with more entries."""
    return pack([*BASE.items(), *more])

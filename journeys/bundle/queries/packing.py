"""A version's bundle as one .zip."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Final

from journeys.bundle.queries.writing import bundle_files

_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE: Final = 0o100644 << 16
_UNIX: Final = 3


def bundle_archive(version_id: int, *, key: str) -> bytes:
    """
    Return a version's bundle packed into a folder of its key; the queries of bundle_files.

    The same content always gives the same bytes. Raises UnknownVersion, AssetsClash.
    """
    return packed(bundle_files(version_id), folder=key)


def packed(files: Mapping[str, bytes], *, folder: str) -> bytes:
    """
    Return files packed in the order of their paths, without the time of day and without compression.

    Compressed bytes differ from one release of the library to the next, and pictures would hardly become smaller.
    """
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{folder}/{path}", _NO_TIME)
            entry.create_system, entry.external_attr = _UNIX, _PLAIN_FILE
            archive.writestr(entry, data)
    return out.getvalue()

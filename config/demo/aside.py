"""Building a first database beside its place, so that an interrupted start leaves nothing half done."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


@contextmanager
def built_aside() -> Iterator[None]:
    """
    Let everything inside write to a new file that takes the database's place at the end, whole or not at all.

    Only for an SQLite database that does not exist yet; any other is written where it is. While it is built the file is
    not synced at each commit: whoever pulls the plug starts from nothing, which is what they had.
    """
    place = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor != "sqlite" or place.exists() or not place.is_absolute():
        yield
        return
    building = place.with_suffix(".building")
    _remove(building)
    connection.close()
    connection.settings_dict["NAME"] = str(building)
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
        yield
        with connection.cursor() as cursor:
            # Everything must be in the one file before it is moved; the log beside it stays behind.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        _sync(building)
        os.replace(building, place)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(place)
        _remove(building)


def _remove(file: Path) -> None:
    for name in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        name.unlink(missing_ok=True)


def _sync(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())

"""The backup of docs/operations.md for SQLite, while somebody writes."""

import sqlite3
import threading
from pathlib import Path

import pytest


@pytest.mark.flow
def test_a_copy_that_is_made_while_somebody_writes_is_whole(tmp_path: Path) -> None:
    live, copied = tmp_path / "waymark.sqlite3", tmp_path / "backup.sqlite3"
    source = sqlite3.connect(live)
    source.executescript("PRAGMA journal_mode=WAL; CREATE TABLE pairs (a INTEGER, b INTEGER)")
    stop = threading.Event()
    writer = threading.Thread(target=_write_pairs, args=(live, stop))
    writer.start()
    try:
        while not source.execute("SELECT count(*) FROM pairs").fetchone()[0]:
            pass
        with sqlite3.connect(copied) as copy:
            source.backup(copy)
    finally:
        stop.set()
        writer.join(10)

    back = sqlite3.connect(copied)
    assert back.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert back.execute("SELECT count(*) FROM pairs WHERE a IS NOT b").fetchone() == (0,)
    assert back.execute("SELECT count(*) FROM pairs").fetchone()[0] > 0


def _write_pairs(path: Path, stop: threading.Event) -> None:
    connection = sqlite3.connect(path, timeout=20)
    number = 0
    while not stop.is_set():
        with connection:
            connection.execute("INSERT INTO pairs VALUES (?, NULL)", (number,))
            connection.execute("UPDATE pairs SET b = a WHERE a = ?", (number,))
        number += 1
    connection.close()

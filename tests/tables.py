"""The tables of an empty Waymark, made by its migrations once a run and copied from then on."""

import fcntl
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Final

from tests.environment import RUN
from tests.loopback import ROOT

NAME: Final = "waymark.sqlite3"


def tables() -> Path:
    """Return a SQLite file with every migration applied and nothing else in it. Copy it; do not write to it."""
    shared = RUN / "tables"
    shared.mkdir(exist_ok=True)
    built, whole = shared / NAME, shared / "whole"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            _build(built)
            whole.touch()
    return built


def _build(path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{path}", "DATA_DIR": str(path.parent)}
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "-v", "0"]
    subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    with closing(sqlite3.connect(path)) as database:
        # One file without a log beside it, which also a database in memory can take in.
        database.execute("PRAGMA journal_mode=DELETE")


def take_in(name: str) -> sqlite3.Connection:
    """Open a SQLite database by its URI and fill it with the tables; it lives for as long as the connection is open."""
    database = sqlite3.connect(name, uri=True, check_same_thread=False)
    with closing(sqlite3.connect(tables())) as made:
        made.backup(database)
    return database

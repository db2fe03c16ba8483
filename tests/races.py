"""Several callers at once, each on a connection of its own; on a real PostgreSQL alone."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections

# Marks for a file or a test that races: run again by tests.on_postgres, without a transaction around it.
RACES = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def need_postgresql() -> None:
    """Leave the test to PostgreSQL: the tests' SQLite lives in memory, where a second connection is refused at once."""
    if connection.vendor != "postgresql":
        pytest.skip("Races are for PostgreSQL, where `make test` runs them again.")


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Start every act at the same moment on its own connection; return what each returned or raised."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait(20)
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))

"""Several callers at once, each on a connection of its own; on a real PostgreSQL alone."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction

# Hundredths of a second until something is bound to wait.
PATIENCE = 2000
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


def while_waiting(hold: Callable[[], Any], act: Callable[[], Any]) -> Any:
    """
    Let `act` run into what `hold` has locked, commit `hold` once `act` waits for it, and return what `act` returned.

    hold runs in a transaction of this thread; act on a connection of its own.
    """
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            hold()
            waiting = pool.submit(_on_its_own, act)
            for _ in range(PATIENCE):
                if waiting.done() or _somebody_waits():
                    break
                time.sleep(0.01)
            assert not waiting.done(), "It was to wait, and did not."
        return waiting.result()


def _on_its_own(act: Callable[[], Any]) -> Any:
    try:
        return act()
    finally:
        connections.close_all()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])

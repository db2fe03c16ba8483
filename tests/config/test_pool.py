"""The pool of production's workers."""

import os
import signal

from config.celery import app
from config.pool import SteadyPool
from tests.processes import eventually


def alive(pool):
    return [one.pid for one in pool._pool._pool if one._is_alive()]


def test_a_child_that_dies_while_its_worker_starts_is_replaced():
    pool = SteadyPool(2, app=app, initargs=(app, "worker@test"), threads=True)
    pool.start()
    try:
        first, other = alive(pool)
        os.kill(first, signal.SIGKILL)
        eventually(lambda: alive(pool) == [other])

        assert pool.did_start_ok()

        eventually(lambda: len(alive(pool)) == 2)
        assert other in alive(pool)
        assert first not in alive(pool)
    finally:
        pool.terminate()

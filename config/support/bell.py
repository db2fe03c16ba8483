"""
The bell: tells a worker that there is something to do, after the commit, and never fails the request.

Truth lies in the database; a bell that is lost costs at most one tick of delay. `config/celery.py` installs the ringer.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction

logger = logging.getLogger(__name__)

Ringer = Callable[[str], None]


def _silent(name: str) -> None:
    logger.debug("No ringer is installed, the tick will find %s", name)


_ringer: Ringer = _silent


def install(ringer: Ringer) -> None:
    """Use this function to ring from now on; called once, by the wiring."""
    global _ringer
    _ringer = ringer


@contextmanager
def silenced() -> Iterator[None]:
    """Ring nothing inside; for a build that drives the loops itself, under a clock of its own."""
    global _ringer
    before = _ringer
    _ringer = _silent
    try:
        yield
    finally:
        _ringer = before


def ring(name: str) -> None:
    """
    Ring the bell called `name` once the current transaction has committed, or at once when there is none.

    Never raises: a broker that is away is logged, and the next tick does the work.
    """
    transaction.on_commit(lambda: _ring_now(name), robust=True)


def _ring_now(name: str) -> None:
    try:
        _ringer(name)
    except Exception as error:  # noqa: BLE001 - a broken broker of any kind must not reach a learner's request
        logger.warning("The bell %s did not ring (%s); the next tick does the work", name, type(error).__name__)

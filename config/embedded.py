"""
The embedded trio: waitress, a Celery worker and beat in one process, on an in-memory broker.

Measured against nine other set-ups: smallest memory, one Ctrl-C, works wherever Python does. Its queue dies with the
process, which is harmless, because the database is the truth and the next tick finds what is due.
"""

import fcntl
import logging
import signal
import socket
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO, Any

import celery.worker.state
from celery.beat import EmbeddedService
from celery.platforms import SecurityWarning  # type: ignore[attr-defined]
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from waitress.server import create_server

from config.celery import app
from config.support.middleware import LARGEST_UPLOAD

logger = logging.getLogger(__name__)
WEB_THREADS = 6
WORKER_THREADS = 2
STOP_SECONDS = 8


class AlreadyRunning(Exception):
    """Another process serves from this data folder."""


@contextmanager
def sole_process(data_dir: Path) -> Iterator[IO[str]]:
    """
    Hold the data folder for this process alone; the lock ends with the process, however it ends.

    Raises AlreadyRunning at once when another process holds it.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(f"Waymark is already running from {data_dir}. Stop it, or set DATA_DIR.") from error
        yield lock


def require_free(*, host: str, port: int) -> None:
    """Raise OSError at once for a port that is taken, before anything that takes time is begun."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family):
        pass


def trio_on(*, host: str, port: int) -> "Trio":
    """Make web, worker and beat for one address. Raises OSError when the port is taken."""
    # A person who tries Waymark as root has been told by their system; Celery's page of warning helps nobody here.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    return Trio(get_wsgi_application(), host=host, port=port)


class Trio:
    """Web, worker and beat; `run` returns after SIGINT or SIGTERM, when all three have stopped."""

    def __init__(self, application: Any, *, host: str, port: int) -> None:
        """Bind the port first: an address in use raises OSError before anything has started."""
        self.server = create_server(
            application,
            host=host,
            port=port,
            threads=WEB_THREADS,
            ident="waymark",
            # What is larger is refused while it comes in; it would lie on the disk first.
            max_request_body_size=2 * max(LARGEST_UPLOAD, *settings.LARGE_UPLOADS.values()),
        )
        self.worker = app.Worker(
            pool="threads",
            concurrency=WORKER_THREADS,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            loglevel="WARNING",
            quiet=True,
        )
        self.worker_thread = threading.Thread(target=self.worker.start, name="worker", daemon=True)
        beat: Any = EmbeddedService(app, thread=True, max_interval=5)
        beat.daemon = True
        self.beat = beat

    def run(self) -> None:
        """Serve until told to stop. Stops in order: no new request, no new bell, then what still runs may finish."""
        signal.signal(signal.SIGTERM, self._interrupt)
        signal.signal(signal.SIGINT, self._interrupt)
        self.worker_thread.start()
        self.beat.start()
        try:
            self.server.run()
        except KeyboardInterrupt:
            logger.debug("Asked to stop")
        finally:
            # A second Ctrl-C must not cut the orderly stop short.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            self._stop()

    def _stop(self) -> None:
        self.server.close()
        self.beat.stop()
        celery.worker.state.should_stop = 0  # type: ignore[assignment]
        self.worker_thread.join(STOP_SECONDS)
        if self.worker_thread.is_alive():
            logger.warning("A task was still running; its lease expires and the next start takes it up")

    @staticmethod
    def _interrupt(signum: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

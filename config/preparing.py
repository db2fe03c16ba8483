"""
Making or updating the tables, and the demo, in a process of its own before the embedded one begins to serve.

What migrations and the demo's ten weeks leave in memory goes with that process; and while it works, the other one
collects the static files and loads the product.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import IO, Final

from django.conf import settings

_END_SECONDS: Final = 10


class NotPrepared(Exception):
    """The database could not be prepared; the process that tried has said why."""


@contextmanager
def preparing(*, demo: bool, port: int, lock: IO[str]) -> Iterator[Callable[[], None]]:
    """
    Begin to prepare the database, and yield what waits for its end. It ends with the block, whatever happens in it.

    lock: of the data folder. The process holds it too: a start after the sudden death of this one has to wait for its
    end. The block is interrupted by SIGTERM as by Ctrl-C. What waits raises NotPrepared.
    """
    command = [sys.executable, str(settings.ROOT / "manage.py"), "prepare", *(["--demo"] if demo else [])]
    variables = os.environ | {"WAYMARK_MODE": "serve", "PORT": str(port), "SITE_URL": settings.SITE_URL}
    signal.signal(signal.SIGTERM, _interrupt)
    # A session of its own: Ctrl-C comes to this process alone, which then ends the other.
    process = subprocess.Popen(  # noqa: S603 - our own program, and one word of ours
        command, env=variables, pass_fds=(lock.fileno(),), start_new_session=True
    )
    try:
        yield lambda: _await(process)
    finally:
        process.terminate()
        process.wait(_END_SECONDS)


def _await(process: "subprocess.Popen[bytes]") -> None:
    if process.wait() != 0:
        raise NotPrepared


def _interrupt(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt

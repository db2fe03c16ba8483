"""Completing a step over HTTP on the production server: one caller, eight callers in eight cohorts, eight in one."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

from django.db import connection, connections

from learners.progress.actions import complete_step
from tests.benchmarks.measuring import Figure, median, processor_seconds, quantile, queries_of
from tests.benchmarks.rows import House, add_people, found_house, settle_down
from tests.benchmarks.servers import Web, granian

CALLERS = 8
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "400"))


@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    method: str
    path: str
    body: str


@dataclass(frozen=True, slots=True)
class Burst:
    """What some callers got done: requests a second, milliseconds of each, CPU seconds of server and database."""

    rate: float
    milliseconds: Sequence[float]
    processor: float


def measure() -> Iterator[Figure]:
    """Measure one caller and eight, each beside the bare view; people complete the first step of their journey."""
    house = found_house(cohorts=CALLERS + 1)
    crowd = House(house.organization, house.version, house.cohorts[:1], house.secret, house.now)
    spread = House(house.organization, house.version, house.cohorts[1:], house.secret, house.now)
    add_people(crowd, REQUESTS * 4)
    add_people(spread, REQUESTS * 4)
    settle_down("learners_enrollment", "accounts_user", "accounts_membership")
    step = house.version.modules.order_by("position")[0].steps.order_by("position")[0].key
    people = [uuid for (uuid,) in crowd.people.filter(cohort=crowd.cohorts[0]).values_list("uuid")]
    others = [uuid for (uuid,) in spread.people.exclude(cohort=crowd.cohorts[0]).values_list("uuid")]
    ids = list(crowd.people.filter(uuid__in=people[-5:]).values_list("pk", flat=True))
    queries = queries_of(lambda: complete_step(enrollment_id=ids.pop(), step_key=step, now=house.now))
    connections.close_all()

    def completion(uuid: object) -> Call:
        return Call("PUT", f"/api/v1/enrollments/{uuid}/steps/{step}/completion/", "{}")

    def mark(uuid: object) -> Call:
        return Call("POST", "/floor/marks/", json.dumps({"enrollment_uuid": str(uuid), "step_key": step}))

    with granian() as web:
        for uuid in people[:8]:
            _burst(web, house.secret, [[completion(uuid), mark(uuid)]])
        yield from _alone(web, house, people[8:], completion, mark, queries)
        yield from _together(web, house, people[REQUESTS:], others, completion, mark)
        yield Figure("memory of a web process after it", 1, web.memory(), "MiB")


Make = Callable[[object], Call]


def _alone(
    web: Web, house: House, people: Sequence[object], completion: Make, mark: Make, queries: int
) -> Iterator[Figure]:
    count = REQUESTS // 2
    bare = _burst(web, house.secret, [[mark(uuid) for uuid in people[:count]]])
    ours = _burst(web, house.secret, [[completion(uuid) for uuid in people[:count]]])
    yield Figure("complete a step, 1 caller", count, ours.rate, "a second", floor=bare.rate, queries=queries)
    yield Figure(
        "complete a step, 1 caller: p95",
        count,
        quantile(ours.milliseconds, 0.95),
        "ms",
        floor=quantile(bare.milliseconds, 0.95),
    )
    yield Figure(
        "complete a step, 1 caller: CPU",
        count,
        ours.processor / count * 1000,
        "CPU ms",
        floor=bare.processor / count * 1000,
    )


def _together(
    web: Web, house: House, people: Sequence[object], others: Sequence[object], completion: Make, mark: Make
) -> Iterator[Figure]:
    """Turn by turn, so that a neighbor on the machine disturbs all alike."""
    bare, apart, crowded = [], [], []
    for turn in range(3):
        part = slice(turn * REQUESTS, (turn + 1) * REQUESTS)
        bare.append(_burst(web, house.secret, _shares([mark(uuid) for uuid in others[part]])))
        apart.append(_burst(web, house.secret, _shares([completion(uuid) for uuid in others[part]])))
        crowded.append(_burst(web, house.secret, _shares([completion(uuid) for uuid in people[part]])))
    floor = median([one.rate for one in bare])
    eight, one = median([burst.rate for burst in apart]), median([burst.rate for burst in crowded])
    slow = [each for burst in apart for each in burst.milliseconds]
    yield Figure("complete a step, 8 callers in 8 cohorts", REQUESTS * 3, eight, "a second", floor=floor)
    yield Figure("complete a step, 8 callers in 8 cohorts: p95", REQUESTS * 3, quantile(slow, 0.95), "ms")
    yield Figure("complete a step, 8 callers in 1 cohort, to 8 cohorts", REQUESTS * 3, one, "a second", floor=eight)


def _shares(calls: Sequence[Call]) -> list[Sequence[Call]]:
    return [calls[number::CALLERS] for number in range(CALLERS)]


def _burst(web: Web, secret: str, shares: Sequence[Sequence[Call]]) -> Burst:
    """Let each share be called by a caller of its own on a connection of its own, and wait for all."""
    times: list[float] = []
    failures: list[str] = []
    callers = [threading.Thread(target=_call, args=(web, secret, share, times, failures)) for share in shares]
    cpu, wall = web.processor_seconds() + _database_seconds(), time.perf_counter()
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    elapsed = time.perf_counter() - wall
    if failures:
        raise AssertionError(failures[:3])
    return Burst(len(times) / elapsed, times, web.processor_seconds() + _database_seconds() - cpu)


def _call(web: Web, secret: str, calls: Sequence[Call], times: list[float], failures: list[str]) -> None:
    caller = HTTPConnection("127.0.0.1", urlsplit(web.url).port, timeout=60)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    for call in calls:
        began = time.perf_counter()
        caller.request(call.method, call.path, call.body, headers)
        answer = caller.getresponse()
        body = answer.read()
        times.append((time.perf_counter() - began) * 1000)
        if answer.status not in (200, 201):
            failures.append(f"{call.path}: {answer.status} {body[:300]!r}")
            return
    caller.close()


def _database_seconds() -> float:
    """Return the processor time of every process that serves a connection to this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        pids = [pid for (pid,) in cursor.fetchall()]
    return sum(processor_seconds(pid) for pid in pids)

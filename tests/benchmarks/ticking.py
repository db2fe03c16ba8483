"""The tick among 10,000, 100,000 and 1,000,000 enrollments with three timers each: with nothing due, and with 1,000."""

import os
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection

from config.events.actions import sequence_events
from learners.nudges.actions.plan import plan
from learners.nudges.actions.tick import tick
from learners.nudges.models import NudgeDelivery
from tests.benchmarks.measuring import Figure, median, pages_so_far, quantile, queries_of, spending, times
from tests.benchmarks.rows import ZONES, add_people, found_house, settle_down
from tests.benchmarks.timers import NOW, add_weekly_message, arm_people, make_due

SIZES = tuple(int(size) for size in os.environ.get("BENCH_SIZES", "10000,100000,1000000").split(","))
DUE = 1_000
QUIET = NOW - timedelta(hours=1)
TABLES = (
    "learners_nudgetimer",
    "learners_nudgedelivery",
    "learners_enrollment",
    "accounts_user",
    "events_activityevent",
)


def measure() -> Iterator[Figure]:
    """Grow the same database and measure at each size; what grows with people shows in the ratios of the last lines."""
    house = found_house(cohorts=50, now=NOW)
    add_weekly_message(house)
    there = 0
    found: dict[int, tuple[float, float]] = {}
    for size in SIZES:
        add_people(house, size - there, zones=ZONES)
        arm_people(house)
        there = size
        make_due(DUE)
        while sequence_events():
            pass
        settle_down(*TABLES)
        yield from _idle(size)
        milliseconds, pages = _due()
        found[size] = (milliseconds, pages)
        first = found[SIZES[0]]
        yield Figure(f"plan of {DUE:,} due: CPU", size, milliseconds, "CPU ms", floor=first[0])
        yield Figure(f"plan of {DUE:,} due: pages a timer", size, pages, "pages", floor=first[1])


def _idle(size: int) -> Iterator[Figure]:
    tick(now=QUIET)
    bare = times(_nothing, repeats=200)
    spent = times(lambda: tick(now=QUIET), repeats=400, warm=10)
    queries = queries_of(lambda: tick(now=QUIET))
    before = pages_so_far()
    for _ in range(100):
        tick(now=QUIET)
    pages = (pages_so_far() - before) / 100
    floor = median([one.total for one in bare]) * 1000
    cpu = [one.total * 1000 for one in spent]
    yield Figure("idle tick, middle", size, median(cpu), "CPU ms", floor=floor, queries=queries)
    yield Figure("idle tick, p99", size, quantile(cpu, 0.99), "CPU ms", floor=floor, queries=queries)
    wall = [one.wall * 1000 for one in spent]
    yield Figure("idle tick on the wall, p99", size, quantile(wall, 0.99), "ms", queries=queries)
    yield Figure("idle tick: pages", size, pages, "pages", queries=queries)


def _nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _due() -> tuple[float, float]:
    """Return the CPU milliseconds and the pages a timer of planning what is due, the middle of three goes."""
    spent, pages = [], []
    for _ in range(3):
        before = pages_so_far()
        with spending() as one:
            handled, _ = plan(now=NOW)
        pages.append((pages_so_far() - before) / handled)
        spent.append(one.total * 1000)
        NudgeDelivery.objects.filter(planned_at=NOW).delete()
        make_due(DUE)
        settle_down("learners_nudgetimer", "learners_nudgedelivery")
    return median(spent), median(pages)

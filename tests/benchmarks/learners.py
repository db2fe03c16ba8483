"""Lists of people: a page of 100 among 100,000, and 5,000 people with 20 steps each as CSV and as lines of JSON."""

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from config.support.cursors import Cursor
from tests.benchmarks.callers import V1, Caller, with_key
from tests.benchmarks.measuring import Figure, median, quantile, queries_of, times
from tests.benchmarks.rows import House, add_completions, add_people, found_house, move_on, settle_down

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "100000"))
STREAMED, STEPS = 5_000, 20


def measure() -> Iterator[Figure]:
    """Measure pages first, then streams."""
    house = found_house(cohorts=2)
    whole, streamed = (replace(house, cohorts=[cohort]) for cohort in house.cohorts)
    add_people(whole, PEOPLE)
    add_people(streamed, min(STREAMED, PEOPLE))
    move_on(house)
    add_completions(house, STEPS if PEOPLE <= STREAMED else 2)
    settle_down("learners_enrollment", "accounts_user", "accounts_membership")
    caller = with_key(house.secret)
    yield from _pages(whole, caller)
    yield from _streams(streamed, caller)


def _pages(house: House, caller: Caller) -> Iterator[Figure]:
    ids = list(house.people.filter(cohort=house.cohorts[0]).values_list("pk", flat=True))
    path = f"{V1}/cohorts/{house.cohorts[0].uuid}/learners/?limit=100"
    places = {
        "first": path,
        "middle": f"{path}&cursor={Cursor(ids[len(ids) // 2])}",
        "last": f"{path}&cursor={Cursor(ids[-101])}",
    }
    bare = median([one.total for one in times(lambda: caller.get("/floor/nothing/"), repeats=40)]) * 1000
    for name, address in places.items():
        spent = times(partial(caller.get, address), repeats=60)
        queries = queries_of(partial(caller.get, address))
        middle = median([one.total for one in spent]) * 1000
        late = quantile([one.total for one in spent], 0.95) * 1000
        yield Figure(f"learners, {name} page of 100", PEOPLE, middle, "CPU ms", floor=bare, queries=queries)
        yield Figure(f"learners, {name} page of 100, p95", PEOPLE, late, "CPU ms", floor=bare, queries=queries)
        yield Figure(
            f"learners, {name} page of 100, p95", PEOPLE, quantile([one.wall for one in spent], 0.95) * 1000, "ms"
        )


def _streams(house: House, caller: Caller) -> Iterator[Figure]:
    size = min(STREAMED, PEOPLE)
    cohort = house.cohorts[0]
    columns = house.people.filter(cohort=cohort).select_related("user").values_list
    bare = median([one.total for one in times(lambda: list(columns("uuid", "user__email", "status")), repeats=5)])
    for ending in ("csv", "ndjson"):
        path = f"{V1}/cohorts/{cohort.uuid}/learners.{ending}"
        read = lambda path=path: b"".join(caller.get(path).streaming_content)  # noqa: E731
        spent = times(read, repeats=5, warm=1)
        yield Figure(
            f"{ending} of {size:,} people × {STEPS} steps",
            size,
            median([one.total for one in spent]),
            "CPU s",
            floor=bare,
            queries=queries_of(read),
        )

"""Today, as a learner in the middle of a journey sees it."""

from collections.abc import Iterator
from functools import partial

from learners.progress.actions import complete_step
from tests.benchmarks.callers import signed_in
from tests.benchmarks.measuring import Figure, median, quantile, queries_of, times
from tests.benchmarks.rows import add_people, found_house, settle_down


def measure() -> Iterator[Figure]:
    """Measure the page through all of its middleware, beside a page without a query of its own."""
    house = found_house(cohorts=5)
    add_people(house, 2_000)
    enrollment = house.people.select_related("user")[0]
    first = house.version.modules.order_by("position")[0]
    for step in first.steps.order_by("position")[:2]:
        complete_step(enrollment_id=enrollment.pk, step_key=step.key, now=house.now)
    settle_down("learners_enrollment", "accounts_user", "accounts_membership")
    caller = signed_in(enrollment.user)
    bare = times(lambda: caller.get("/floor/page/"), repeats=60)
    for name, path in (("Today", "/"), ("the map", f"/journeys/{enrollment.uuid}/")):
        spent = times(partial(caller.get, path), repeats=60, warm=4)
        floor = median([one.total for one in bare]) * 1000
        queries = queries_of(partial(caller.get, path))
        yield Figure(name, 1, median([one.total for one in spent]) * 1000, "CPU ms", floor=floor, queries=queries)
        late = quantile([one.wall for one in spent], 0.95) * 1000
        yield Figure(f"{name}: p95", 1, late, "ms", floor=quantile([one.wall for one in bare], 0.95) * 1000)

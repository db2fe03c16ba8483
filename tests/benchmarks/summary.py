"""The summary of a cohort: statements and milliseconds of the database at 100, 1,000 and 10,000 people."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from django.db import connection
from django.test.utils import CaptureQueriesContext

from learners.board.queries.progress import cohort_progress
from learners.cohorts.models import Cohort
from tests.benchmarks.callers import V1, with_key
from tests.benchmarks.measuring import Figure, median, queries_of, server_milliseconds, times
from tests.benchmarks.rows import House, add_completions, add_people, found_house, move_on, settle_down

SIZES = (100, 1_000, 10_000)


def measure() -> Iterator[Figure]:
    """Measure the statements alone, then the whole answer, then one that has not changed."""
    house = found_house(cohorts=len(SIZES))
    for size, cohort in zip(SIZES, house.cohorts, strict=True):
        add_people(replace(house, cohorts=[cohort]), size)
    move_on(house)
    add_completions(house, 10)
    settle_down("learners_enrollment", "learners_completion", "accounts_user")
    statements = [_statements(cohort, house) for cohort in house.cohorts]
    for size, cohort, milliseconds in zip(SIZES, house.cohorts, statements, strict=True):
        bare = server_milliseconds(f"SELECT count(*) FROM learners_enrollment WHERE cohort_id = {cohort.pk}")
        yield Figure("cohort summary: its SQL", size, milliseconds, "CPU ms of the database", floor=bare)
    name = "cohort summary: its SQL at 10,000 against 100"
    yield Figure(name, SIZES[-1], statements[-1], "CPU ms of the database", floor=statements[0])
    yield from _answers(house)


def _answers(house: House) -> Iterator[Figure]:
    caller = with_key(house.secret)
    bare = median([one.total for one in times(lambda: caller.get("/floor/nothing/"), repeats=40)]) * 1000
    for size, cohort in zip(SIZES, house.cohorts, strict=True):
        path = f"{V1}/cohorts/{cohort.uuid}/progress/"
        spent = median([one.total for one in times(partial(caller.get, path), repeats=40)]) * 1000
        queries = queries_of(partial(caller.get, path))
        yield Figure("cohort summary: the whole answer", size, spent, "CPU ms", floor=bare, queries=queries)


def _statements(cohort: Cohort, house: House) -> float:
    """Return the milliseconds that the statements of a summary without anything remembered take in the database."""
    with CaptureQueriesContext(connection) as sent:
        cohort_progress(cohort, now=house.now)
    return sum(server_milliseconds(one["sql"]) for one in sent)

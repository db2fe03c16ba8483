"""Eight at once on one SQLite file, while the engine writes too."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.flows.mail import post_office
from tests.flows.people import Caller, crowd
from tests.processes import prepare, served

pytestmark = [pytest.mark.flow, pytest.mark.fault]

WRITERS = 8
EACH = 12


def test_eight_writers_all_get_through_and_nothing_is_counted_twice(tmp_path):
    with post_office() as post, served(prepare(tmp_path), env={"EMAIL_URL": post.url}) as running:
        caller = Caller(running, crowd(running, EACH))
        people = caller.enrollments()
        with ThreadPoolExecutor(WRITERS) as pool:
            apart = list(pool.map(caller.complete, people))
            together = list(pool.map(caller.complete, [people[0]] * WRITERS))
        compared = running.manage("rebuild_progress", "--check", check=False)
        rows = caller.get("/enrollments/?limit=500")["results"]

    assert len(people) == 2 * EACH
    assert apart == [200] * 2 * EACH
    assert together == [200] * WRITERS
    assert {row["completed"] for row in rows} == {1}
    assert compared.returncode == 0, compared.stdout

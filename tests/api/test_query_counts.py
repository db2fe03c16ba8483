"""How many queries an answer costs: the same for one row and for three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journeys.authoring.queries import outline_for
from learners.nudges.models import NudgeDelivery
from learners.progress.actions import complete_step
from tests.api.world import signed_in, with_key
from tests.learners.running import NOW, enrolled, running_cohort

# Of these, one is the key.
ALLOWED = {
    "/journeys/": 3,
    "/journeys/{journey}/": 6,
    "/journeys/{journey}/versions/": 3,
    "/journeys/{journey}/versions/{number}/schedule/": 2,
    "/skills/": 5,
    "/cohorts/": 2,
    "/cohorts/{cohort}/": 2,
    "/cohorts/{cohort}/progress/": 4,
    "/cohorts/{cohort}/learners/": 3,
    "/cohorts/{cohort}/learners.csv": 5,
    "/cohorts/{cohort}/learners.ndjson": 5,
    "/enrollments/": 2,
    "/enrollments/{ada}/": 3,
    "/enrollments/{ada}/schedule/": 5,
    "/people-to-reach/": 2,
    "/events/": 2,
}


def cost(caller, path, **more):
    with CaptureQueriesContext(connection) as seen:
        response = caller.get(path, **more)
        if response.streaming:
            b"".join(response.streaming_content)
    assert response.status_code in {200, 304}, response.content
    return len(seen)


def grow(world):
    """Three times as many rows of everything."""
    version = world.cohort.version
    running_cohort(version)
    for name in ("dan", "eve", "fay", "gil"):
        complete_step(enrollment_id=enrolled(world.cohort, f"{name}@example.com").pk, step_key="read", now=NOW)


@pytest.mark.parametrize("path", ALLOWED)
def test_the_number_of_queries_does_not_grow_with_rows(world, path, clock):
    key = with_key(world.organization)
    address = path.format(
        journey=world.cohort.version.journey.uuid,
        cohort=world.cohort.uuid,
        ada=world.ada.uuid,
        number=world.cohort.version.number,
    )
    outline_for(world.cohort.version)
    cost(key, "/cohorts/")

    few = cost(key, address)
    grow(world)
    many = cost(key, address)

    assert (few, many) == (ALLOWED[path], ALLOWED[path] - (path.endswith("/progress/")))


def test_the_summary_does_not_grow_with_completions(world):
    key, path = with_key(world.organization), f"/cohorts/{world.cohort.uuid}/progress/"
    cost(key, path)
    before = cost(key, path)

    complete_step(enrollment_id=world.ada.pk, step_key="try-it", now=NOW)
    complete_step(enrollment_id=world.ben.pk, step_key="read", now=NOW)

    assert cost(key, path) == before == 3


def test_the_summary_reads_two_tables_once_and_no_completion(world):
    key = with_key(world.organization)
    with CaptureQueriesContext(connection) as seen:
        key.get(f"/cohorts/{world.cohort.uuid}/progress/")

    asked = " ".join(query["sql"] for query in seen)
    assert "learners_completion" not in asked
    assert asked.count(f'FROM "{NudgeDelivery._meta.db_table}"') == 1


def test_an_unchanged_answer_costs_no_more_than_the_first(world):
    key, path = with_key(world.organization), f"/cohorts/{world.cohort.uuid}/progress/"
    etag = key.get(path)["ETag"]

    assert cost(key, path, headers={"If-None-Match": etag}) == 3


def test_a_limited_key_costs_one_more(world):
    key = with_key(world.organization, cohorts=[world.cohort])
    cost(key, "/cohorts/")

    assert cost(key, "/cohorts/") == 3


def test_the_session_of_a_page_costs_three(world):
    page = signed_in(world.administrator)

    assert cost(page, "/cohorts/") == 4


def test_a_long_stream_is_read_in_chunks(world, monkeypatch):
    monkeypatch.setattr("learners.board.queries.streams.CHUNK", 2)
    key = with_key(world.organization)
    grow(world)

    response = key.get(f"/cohorts/{world.cohort.uuid}/learners.ndjson")
    lines = b"".join(response.streaming_content).decode().splitlines()

    assert len(lines) == 6
    assert len(set(lines)) == 6

"""Cursor pages, limits and filters."""

from datetime import timedelta

import pytest

from learners.cohorts.models import Enrollment
from learners.progress.actions import complete_step
from tests.api.test_access import is_problem
from tests.learners.running import NOW, enrolled, running_cohort

LISTS = ["/journeys/", "/skills/", "/cohorts/", "/enrollments/", "/people-to-reach/", "/cohorts/{cohort}/learners/"]


def walk(key, path, field="next"):
    """Return the ids of every page and how many pages there were."""
    ids, pages = [], 0
    while path:
        page = key.get(path).json()
        ids += [row["id"] for row in page["results"]]
        pages += 1
        path = page[field] and page[field].removeprefix("http://testserver")
    return ids, pages


@pytest.fixture
def many(world):
    return [enrolled(world.cohort, f"n{number}@example.com") for number in range(5)]


def test_walking_forward_shows_each_row_once(world, key, many):
    path = f"/cohorts/{world.cohort.uuid}/learners/"

    ids, pages = walk(key, f"{path}?limit=3")

    assert pages == 3
    assert ids == [str(e.uuid) for e in (world.ada, world.ben, *many)]
    assert ids == walk(key, path)[0]


def test_walking_back_shows_the_same_rows(world, key, many):
    path = f"/cohorts/{world.cohort.uuid}/learners/?limit=3"
    first = key.get(path).json()
    second = key.get(first["next"].removeprefix("http://testserver")).json()
    third = key.get(second["next"].removeprefix("http://testserver")).json()

    assert first["previous"] is None
    assert third["next"] is None
    back = key.get(third["previous"].removeprefix("http://testserver")).json()
    assert back["results"] == second["results"]
    begin = key.get(back["previous"].removeprefix("http://testserver")).json()
    assert begin["results"] == first["results"]
    assert begin["previous"] is None


def test_rows_that_others_write_meanwhile_are_shown_once_and_last(world, key, many):
    path = f"/cohorts/{world.cohort.uuid}/learners/?limit=3"
    first = key.get(path).json()

    complete_step(enrollment_id=many[4].pk, step_key="read", now=NOW)
    late = enrolled(world.cohort, "late@example.com")
    rest, _ = walk(key, first["next"].removeprefix("http://testserver"))

    seen = [row["id"] for row in first["results"]] + rest
    assert seen == [str(e.uuid) for e in (world.ada, world.ben, *many, late)]


def test_a_row_that_is_gone_leaves_no_hole(world, key, many):
    path = f"/cohorts/{world.cohort.uuid}/learners/?limit=3"
    first = key.get(path).json()
    Enrollment.objects.filter(pk=world.ben.pk).delete()
    Enrollment.objects.filter(pk=many[0].pk).delete()

    rest, _ = walk(key, first["next"].removeprefix("http://testserver"))

    assert rest == [str(e.uuid) for e in many[1:]]


def test_people_to_reach_are_paged_in_both_directions(world, key, many, clock):
    clock.move_to(NOW + timedelta(days=30))
    path = "/people-to-reach/?limit=3"

    ids, pages = walk(key, path)
    assert pages == 3
    assert len(ids) == len(set(ids)) == 8

    second = key.get(key.get(path).json()["next"].removeprefix("http://testserver")).json()
    back = key.get(second["previous"].removeprefix("http://testserver")).json()
    assert [row["id"] for row in back["results"]] == ids[:3]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=501", "limit=x", "limit=", "cursor=x", "cursor=bjE5OTk5OTk5OTk5OTk5OTk5OTk5OTk", "page=2"],
)
def test_a_parameter_that_cannot_be_used_is_named(world, key, path, query):
    response = key.get(f"{path.format(cohort=world.cohort.uuid)}?{query}")

    assert is_problem(response, 400)
    assert [error["pointer"] for error in response.json()["errors"]] == [f"?{query.split('=')[0]}"]


def test_every_faulty_parameter_is_told_at_once(world, key):
    response = key.get("/enrollments/?limit=x&status=happy&cohort=1&updated_since=yesterday&nope=1")

    assert is_problem(response, 400)
    pointers = {error["pointer"] for error in response.json()["errors"]}
    assert pointers == {"?limit", "?status", "?cohort", "?updated_since", "?nope"}


def test_details_take_no_parameters(world, key):
    assert is_problem(key.get(f"/cohorts/{world.cohort.uuid}/?limit=1"), 400)


def test_five_hundred_rows_are_a_page(world, key):
    assert key.get("/enrollments/?limit=500").status_code == 200


def names(key, path):
    return [row["learner"]["name"] for row in key.get(path).json()["results"]]


def test_enrollments_are_filtered(world, key):
    ada, cleo = "Ada Canary", "Cleo Canary"
    foreign = world.other_cohort

    assert names(key, "/enrollments/?status=active") == [ada]
    assert names(key, f"/enrollments/?cohort={world.second.uuid}") == [cleo]
    assert len(names(key, f"/enrollments/?journey={world.cohort.version.journey.uuid}")) == 3
    assert names(key, f"/enrollments/?cohort={foreign.uuid}") == []
    assert names(key, f"/enrollments/?journey={foreign.version.journey.uuid}") == []
    assert names(key, f"/enrollments/?status=active&cohort={world.second.uuid}") == []


def test_updated_since_brings_what_was_written_since(world, key):
    later = NOW + timedelta(hours=1)
    complete_step(enrollment_id=world.cleo.pk, step_key="read", now=later)

    assert names(key, "/enrollments/?updated_since=2027-03-03T13:00:00Z") == ["Cleo Canary"]
    assert names(key, "/enrollments/?updated_since=2027-03-03T14:00:00%2B01:00") == ["Cleo Canary"]
    assert names(key, "/enrollments/?updated_since=2027-03-03T13:00:01Z") == []


def test_cohorts_are_filtered(world, key):
    running_cohort(world.other_cohort.version)
    key.patch(f"/cohorts/{world.second.uuid}/", json={"closed": True})

    def ids(query):
        return [row["id"] for row in key.get(f"/cohorts/?{query}").json()["results"]]

    assert ids("status=closed") == [str(world.second.uuid)]
    assert ids("status=open") == [str(world.cohort.uuid)]
    assert len(ids(f"journey={world.cohort.version.journey.uuid}")) == 2
    assert ids(f"journey={world.other_cohort.version.journey.uuid}") == []


def test_journeys_are_filtered_by_the_status_of_a_version(world, key):
    assert len(key.get("/journeys/?status=published").json()["results"]) == 1
    assert key.get("/journeys/?status=draft").json()["results"] == []

"""Refusals outside the rules of a view."""

import pytest
from rest_framework.settings import api_settings

from tests.api.test_access import is_problem
from tests.api.world import anonymous, with_key


def test_too_many_requests_are_told_when_to_come_back(world, monkeypatch, clock):
    monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, "caller", "3/min")
    key, other = with_key(world.organization), with_key(world.organization)
    assert [key.get("/cohorts/").status_code for _ in range(3)] == [200, 200, 200]

    refused = key.get("/cohorts/")

    assert is_problem(refused, 429)
    assert other.get("/cohorts/").status_code == 200
    clock.shift(int(refused["Retry-After"]))
    assert key.get("/cohorts/").status_code == 200


def test_our_own_fault_is_told_as_a_problem_and_shows_nothing(world, key, monkeypatch):
    def crash(*args, **values):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("learners.board.api.progress.cohort_progress", crash)
    key.client.raise_request_exception = False

    response = key.get(f"/cohorts/{world.cohort.uuid}/progress/")

    assert is_problem(response, 500)
    assert b"secret" not in response.content


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/png", "*/*", "nonsense"])
def test_what_accept_says_does_not_keep_an_answer_back(world, key, accept):
    response = key.get("/cohorts/", headers={"Accept": accept})

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"


def test_a_body_that_is_too_large_is_refused(world, key, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    response = key.post("/cohorts/", data=b"[" + b" " * 2000 + b"]", content_type="application/json")

    assert response.status_code in {400, 413, 422}
    assert response["Content-Type"] == "application/problem+json"


def test_head_asks_for_the_same_scope(world, key):
    path = f"/cohorts/{world.cohort.uuid}/"

    assert key._send("head", path).status_code == 200
    assert with_key(world.organization, ["journeys:read"])._send("head", path).status_code == 403
    assert anonymous()._send("head", path).status_code == 401


def test_errors_point_into_the_body(world, key):
    response = key.post(
        f"/cohorts/{world.cohort.uuid}/enrollments/",
        json={"people": [{"email": "a@example.com"}, {"name": "B", "x/y": 1}]},
    )

    assert is_problem(response, 422)
    assert {error["pointer"] for error in response.json()["errors"]} == {
        "/people/1/email",
        "/people/1/x~1y",
    }

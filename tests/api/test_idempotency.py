"""Repeated writes with an Idempotency-Key."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from config.accounts.models import IdempotentRequest
from config.events.models import ActivityEvent
from learners.cohorts.models import Cohort, Enrollment, EnrollmentAdjustment
from tests.api.test_access import is_problem
from tests.api.world import Caller, make_world, signed_in, with_key
from tests.learners.running import NOW
from tests.races import at_once, need_postgresql

ONE = {"Idempotency-Key": "one"}


@pytest.fixture
def world(db):
    """Built for each test here: those that race need rows that are committed."""
    return make_world()


@pytest.fixture
def body(world):
    return {"journey": str(world.cohort.version.journey.uuid), "name": "Summer", "starts_on": "2027-06-01"}


def test_a_repeat_gets_the_first_answer_and_writes_nothing(world, key, body):
    first = key.post("/cohorts/", json=body, headers=ONE)
    again = key.post("/cohorts/", json=body, headers=ONE)

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert first["Location"] == again["Location"]
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert Cohort.objects.filter(name="Summer").count() == 1
    assert ActivityEvent.objects.filter(verb="cohort.created", object_uuid=first.json()["id"]).count() == 1


def test_without_a_key_a_repeat_is_a_second_write(world, key, body):
    key.post("/cohorts/", json=body)
    key.post("/cohorts/", json=body)

    assert Cohort.objects.filter(name="Summer").count() == 2


@pytest.mark.parametrize("change", ["body", "path", "method", "query"])
def test_the_same_key_for_another_request_is_refused(world, key, body, change):
    key.post("/cohorts/", json=body, headers=ONE)
    path = f"/cohorts/{world.cohort.uuid}/"

    response = {
        "body": lambda: key.post("/cohorts/", json={**body, "name": "Winter"}, headers=ONE),
        "path": lambda: key.post(f"{path}enrollments/", json=body, headers=ONE),
        "method": lambda: key.patch(path, json=body, headers=ONE),
        "query": lambda: key.post(f"{path}enrollments/?dry_run=1", json=body, headers=ONE),
    }[change]()

    assert is_problem(response, 409)
    assert response.json()["type"] == "urn:waymark:problem:idempotency_key_reused"


def test_nobody_gets_another_callers_answer(world, body):
    made = {
        caller.post("/cohorts/", json=body, headers=ONE).json()["id"]
        for caller in (
            with_key(world.organization),
            with_key(world.organization),
            signed_in(world.administrator),
        )
    }

    assert len(made) == 3


def test_a_refusal_is_an_answer_too(world, key):
    path = f"/enrollments/{world.ada.uuid}/"
    refused = key.patch(path, json={"status": "active"}, headers=ONE)
    key.patch(path, json={"status": "paused"})

    again = key.patch(path, json={"status": "active"}, headers=ONE)

    assert is_problem(refused, 409)
    assert is_problem(again, 409)
    assert again.json() == refused.json()
    assert Enrollment.objects.get(pk=world.ada.pk).status == "paused"


def test_answers_are_kept_for_a_day(world, key, body, clock):
    key.post("/cohorts/", json=body, headers=ONE)
    clock.move_to(NOW + timedelta(hours=24))
    key.post("/cohorts/", json=body, headers=ONE)
    assert Cohort.objects.filter(name="Summer").count() == 1

    clock.move_to(NOW + timedelta(hours=24, seconds=1))
    key.post("/cohorts/", json=body, headers=ONE)

    assert Cohort.objects.filter(name="Summer").count() == 2
    assert IdempotentRequest.objects.count() == 1


def test_a_crash_is_not_kept_and_leaves_nothing_behind(world, key, body, monkeypatch):
    def crash(**values):
        Cohort.objects.filter(pk=world.cohort.pk).update(name="half written")
        raise RuntimeError

    monkeypatch.setattr("learners.board.api.cohorts.create_cohort", crash)
    key.client.raise_request_exception = False
    assert is_problem(key.post("/cohorts/", json=body, headers=ONE), 500)
    assert not IdempotentRequest.objects.exists()
    assert Cohort.objects.get(pk=world.cohort.pk).name != "half written"

    monkeypatch.undo()
    assert key.post("/cohorts/", json=body, headers=ONE).status_code == 201


def test_what_never_reached_the_write_is_not_kept(world, body):
    blind = with_key(world.organization, ["progress:read"])

    assert is_problem(blind.post("/cohorts/", json=body, headers=ONE), 403)
    assert is_problem(blind.post("/cohorts/?x=1", json=body, headers=ONE), 403)
    assert not IdempotentRequest.objects.exists()


@pytest.mark.parametrize("value", ["", " ", "x" * 201, "two words", "ümlaut".encode().decode("latin-1")])
def test_a_key_that_cannot_be_used_is_refused(world, key, body, value):
    response = key.post("/cohorts/", json=body, headers={"Idempotency-Key": value})

    assert is_problem(response, 400)
    assert not Cohort.objects.filter(name="Summer").exists()


def test_reads_take_no_notice_of_a_key(world, key):
    assert key.get("/cohorts/", headers=ONE).status_code == 200
    assert not IdempotentRequest.objects.exists()


def test_the_answer_of_a_bulk_write_is_repeated_row_by_row(world, key):
    path = f"/cohorts/{world.cohort.uuid}/enrollments/"
    people = {"people": [{"email": "new@example.com"}, {"email": "nonsense"}]}

    first = key.post(path, json=people, headers=ONE).json()
    again = key.post(path, json=people, headers=ONE).json()

    assert first == again
    assert [row["outcome"] for row in again["results"]] == ["created", "refused"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_concurrent_repeats_one_writes_and_all_get_its_answer(clock):
    need_postgresql()
    world = make_world()
    secret = with_key(world.organization).secret

    def shift():
        caller = Caller(Client(), secret)
        return caller.patch(f"/enrollments/{world.ada.uuid}/", json={"shift_days": 1}, headers=ONE)

    answers = at_once(*[shift] * 8)

    assert {answer.status_code for answer in answers} == {200}
    assert len({json.dumps(answer.json(), sort_keys=True) for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer for answer in answers) == 7
    assert EnrollmentAdjustment.objects.filter(enrollment=world.ada).count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_concurrent_requests_with_one_key_the_first_is_written_and_the_others_are_refused(clock):
    need_postgresql()
    world = make_world()
    secret = with_key(world.organization).secret

    def shift(days):
        caller = Caller(Client(), secret)
        return caller.patch(f"/enrollments/{world.ada.uuid}/", json={"shift_days": days}, headers=ONE)

    answers = at_once(*[lambda days=days: shift(days) for days in range(1, 9)])

    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 7]
    kinds = {answer.json()["type"] for answer in answers if answer.status_code == 409}
    assert kinds == {"urn:waymark:problem:idempotency_key_reused"}
    assert EnrollmentAdjustment.objects.filter(enrollment=world.ada).count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_concurrent_repeats_of_a_bulk_write_enroll_each_person_once(clock):
    need_postgresql()
    world = make_world()
    secret = with_key(world.organization).secret
    people = {"people": [{"email": f"new{number}@example.com"} for number in range(5)]}

    def enroll():
        caller = Caller(Client(), secret)
        return caller.post(f"/cohorts/{world.cohort.uuid}/enrollments/", json=people, headers=ONE)

    answers = at_once(*[enroll] * 6)

    assert len({json.dumps(answer.json(), sort_keys=True) for answer in answers}) == 1
    assert [row["outcome"] for row in answers[0].json()["results"]] == ["created"] * 5
    assert Enrollment.objects.filter(cohort=world.cohort, user__email__startswith="new").count() == 5


def test_a_request_that_is_under_way_elsewhere_is_asked_for_later(world, key, body):
    key.post("/cohorts/", json=body, headers=ONE)
    IdempotentRequest.objects.update(status=None, body=None)

    response = key.post("/cohorts/", json=body, headers=ONE)

    assert is_problem(response, 409)
    assert response.json()["type"] == "urn:waymark:problem:still_under_way"
    assert int(response["Retry-After"]) >= 1

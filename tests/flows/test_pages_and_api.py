"""Page and API are two doors to one house: what is done at one is told at the other, the same, at once."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client

from config.events.actions import sequence_events
from learners.cohorts.models import CohortStaff, Enrollment
from learners.progress.actions import rebuild_progress
from tests.api.world import Caller, with_key
from tests.api.world import signed_in as caller
from tests.learners.player.journey import ANSWERS, FIRST_STEPS, NOW, do, join, make_cohort, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.flow]

WEEK = timedelta(days=7)
REQUIRED = 10
# What a learner's page sends for each step of the first module, one POST a move.
SENT: dict[str, list[dict[str, str]]] = {
    "read": [{}],
    "watch": [{}],
    "recall": [{"answer-first": "0", "sure-first": "sure"}],
    "decide": [
        {"scene": "door", "choice": "0", "why": "To hear more."},
        {"scene": "answer", "choice": "0", "why": "She came."},
    ],
    "compare": [{"answer": "The name."}],
    "plan": [{"cue": "Jo asks for numbers", "action": "ask what they are for"}],
    "try-it": [{"report-0": "I asked.", "report-1": "She told me."}],
    "look-back": [{"text": "It was quiet.", "audience": "private"}],
}
TOLD_BY_OTHERS = ("read", "watch", "recall", "decide", "compare")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def enrollment() -> Enrollment:
    return join(make_cohort())


@pytest.fixture
def key(enrollment: Enrollment) -> Caller:
    return with_key(enrollment.cohort.organization)


def words(response: HttpResponse) -> str:
    assert response.status_code == 200
    return " ".join(BeautifulSoup(response.content, "html.parser").select_one("main").get_text(" ").split())


def done_by_each_door(enrollment: Enrollment, key: Caller) -> dict[str, int]:
    """Return how many required steps are done, as each page and each address of the API tells it."""
    learner, facilitator = signed_in(enrollment.user), signed_in(CohortStaff.objects.get().user)
    cohort = f"/cohorts/{enrollment.cohort.uuid}/"
    own = caller(enrollment.user).get("/me/enrollments/").json()["results"][0]
    lines = key.get(f"{cohort}learners.csv").getvalue().decode("utf-8-sig").splitlines()
    csv = dict(zip(lines[0].split(","), lines[1].split(","), strict=True))
    in_map = BeautifulSoup(learner.get(f"/journeys/{enrollment.uuid}/").content, "html.parser")
    person = re.search(r"(\d+) of 10 required steps", words(facilitator.get(f"{cohort}people/{enrollment.uuid}/")))
    return {
        "enrollment": key.get(f"/enrollments/{enrollment.uuid}/").json()["completed"],
        "me": own["completed"],
        "learners": key.get(f"{cohort}learners/").json()["results"][0]["completed"],
        "csv": int(csv["completed"]),
        "summary": key.get(f"{cohort}progress/").json()["steps_completed"]["value"],
        "person": int(person.group(1)),
        "map": sum("Done" in line.get_text() for line in in_map.select("li:not(:has(li)):has(a[href*='/steps/'])")),
    }


def agreed(enrollment: Enrollment, key: Caller) -> int:
    """Return the one number that every door tells."""
    told = done_by_each_door(enrollment, key)
    assert len(set(told.values())) == 1, told
    return told["enrollment"]


def put(key: Caller, enrollment: Enrollment, step: str, **body: object) -> Any:
    address = f"/api/v1/enrollments/{enrollment.uuid}/steps/{step}/completion/"
    return key.client.put(
        address, body, content_type="application/json", headers={"Authorization": f"Bearer {key.secret}"}
    )


def send(page: Client, enrollment: Enrollment, step: str) -> None:
    for move in SENT[step]:
        assert page.post(f"/journeys/{enrollment.uuid}/steps/{step}/", move).status_code == 302


def test_each_step_done_on_its_page_is_told_by_every_door(enrollment, key):
    page = signed_in(enrollment.user)
    assert agreed(enrollment, key) == 0

    for number, step in enumerate(FIRST_STEPS, start=1):
        send(page, enrollment, step)
        assert agreed(enrollment, key) == number, step

    assert rebuild_progress(check=True, now=NOW).differences == ()


def test_each_step_reported_to_the_api_is_told_by_every_door(enrollment, key):
    page = signed_in(enrollment.user)

    for number, step in enumerate(TOLD_BY_OTHERS, start=1):
        shown = put(key, enrollment, step, response=ANSWERS[step])
        assert (shown.status_code, shown.json()["how"]) == (200, "reported")
        assert agreed(enrollment, key) == number, step
        assert not BeautifulSoup(page.get(f"/journeys/{enrollment.uuid}/steps/{step}/").content, "html.parser").select(
            "#answer input[type=radio], #answer textarea"
        ), f"“{step}” asks for nothing any more."

    assert "Continue Plan" in words(page.get("/"))


def test_the_same_step_at_both_doors_is_done_once(enrollment, key, clock):
    page = signed_in(enrollment.user)
    send(page, enrollment, "read")
    clock.move_to(NOW + timedelta(hours=1))

    told = put(key, enrollment, "read").json()
    sequence_events()

    assert told["completed_at"] == NOW.isoformat().replace("+00:00", "Z")
    assert told["how"] == "done"
    assert agreed(enrollment, key) == 1
    verbs = [event["type"] for event in key.get("/events/").json()["results"]]
    assert verbs.count("step.completed") == 1


@pytest.mark.parametrize("step", ["plan", "try-it", "look-back"])
def test_what_holds_private_words_is_done_on_its_page_alone(enrollment, key, step):
    refused = put(key, enrollment, step, response=ANSWERS[step])

    assert refused.status_code == 409
    assert agreed(enrollment, key) == 0


def test_a_step_that_is_not_open_is_refused_at_both_doors(enrollment, key):
    page = signed_in(enrollment.user)

    assert page.post(f"/journeys/{enrollment.uuid}/steps/again/").status_code == 403
    assert put(key, enrollment, "again").status_code == 409
    assert agreed(enrollment, key) == 0


def test_a_journey_that_was_finished_on_pages_is_finished_for_everybody(enrollment, key, clock):
    do(enrollment, *FIRST_STEPS)
    clock.move_to(NOW + WEEK)
    page = signed_in(enrollment.user)
    put(key, enrollment, "again")
    last = page.post(f"/journeys/{enrollment.uuid}/steps/last-look/", {"text": "Enough.", "audience": "private"})
    sequence_events()

    assert last.status_code == 302
    assert agreed(enrollment, key) == REQUIRED
    told = key.get(f"/enrollments/{enrollment.uuid}/").json()
    assert (told["status"], told["completed_at"]) == ("completed", "2027-03-10T11:00:00Z")
    assert key.get(f"/cohorts/{enrollment.cohort.uuid}/progress/").json()["completed"]["value"] == 1
    assert "2 of 2 modules done" in words(page.get(f"/journeys/{enrollment.uuid}/"))
    verbs = [event["type"] for event in key.get("/events/").json()["results"]]
    assert verbs.count("enrollment.completed") == 1


def test_who_was_taken_out_at_the_api_is_told_on_pages_and_writes_at_no_door(enrollment, key):
    page = signed_in(enrollment.user)
    key.patch(f"/enrollments/{enrollment.uuid}/", json={"status": "paused"})
    assert "paus" in words(page.get("/")).lower()

    key.patch(f"/enrollments/{enrollment.uuid}/", json={"status": "withdrawn"})

    refused = page.post(f"/journeys/{enrollment.uuid}/steps/read/")
    assert (refused.status_code, put(key, enrollment, "read").status_code) == (422, 409)
    assert key.get(f"/enrollments/{enrollment.uuid}/").json()["completed"] == 0

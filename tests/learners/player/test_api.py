"""PUT of a completion, and the two addresses about oneself."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.accounts.actions import create_api_key
from config.events.models import ActivityEvent
from learners.progress.models import Attempt, Completion
from tests.factories.accounts import MembershipFactory
from tests.factories.learners import CohortStaffFactory
from tests.learners.player.journey import ANSWERS, NOW, join, make_cohort, make_version, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def tool(enrollment):
    return key_of(enrollment.cohort.organization)


def key_of(organization, scopes=("progress:write",)):
    made = create_api_key(
        organization_id=organization.pk,
        name="LMS",
        scopes=list(scopes),
        expires_at=NOW + timedelta(days=30),
        created_by_id=None,
        now=NOW,
    )
    return Client(headers={"Authorization": f"Bearer {made.secret}"})


def put(client, enrollment, key="read", **body: Any):
    return client.put(
        f"/api/v1/enrollments/{enrollment.uuid}/steps/{key}/completion/", data=body, content_type="application/json"
    )


def test_a_tool_records_a_completion_once(tool, enrollment):
    first = put(tool, enrollment, completed_at="2027-03-03T10:00:00Z")
    again = put(tool, enrollment, completed_at="2027-03-03T10:30:00Z")

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert first.json()["completed_at"] == "2027-03-03T10:00:00Z"
    assert first.json()["how"] == "reported"
    assert Completion.objects.count() == 1
    assert ActivityEvent.objects.filter(verb="step.completed").count() == 1


def test_an_answer_is_judged_by_its_kind_and_kept_once(tool, enrollment):
    first = put(tool, enrollment, "recall", response=ANSWERS["recall"])
    put(tool, enrollment, "recall", response=ANSWERS["recall"])

    assert first.json()["score_scaled"] == 1.0
    assert first.json()["passed_at"] == "2027-03-03T11:00:00Z"
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize(
    ("key", "body", "status", "code", "pointer"),
    [
        ("read", {"completed_at": "2027-03-04T10:00:00Z"}, 422, "future_completion", "/completed_at"),
        ("read", {"completed_at": "yesterday"}, 422, "invalid", "/completed_at"),
        ("read", {"response": []}, 422, "invalid", "/response"),
        ("read", {"complete_at": "x"}, 422, "invalid", "/complete_at"),
        (
            "recall",
            {"response": {"answers": {"none": {"choice": 0}}}},
            422,
            "response_invalid",
            "/response/answers/none",
        ),
        ("decide", {"response": {"moves": []}}, 422, "not_finished", None),
        ("try-it", {}, 409, "holds_private_text", None),
        ("look-back", {}, 409, "holds_private_text", None),
        ("plan", {}, 409, "holds_private_text", None),
        ("again", {}, 409, "step_locked", None),
        ("nothing", {}, 404, "unknown_step", None),
    ],
)
def test_a_refusal_says_why_and_writes_nothing(tool, enrollment, key, body, status, code, pointer):
    answer = put(tool, enrollment, key, **body)

    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (status, f"urn:waymark:problem:{code}")
    assert [error["pointer"] for error in problem.get("errors", [])] == ([pointer] if pointer else [])
    assert (Completion.objects.count(), Attempt.objects.count()) == (0, 0)


def test_a_tool_of_another_organization_finds_nothing(enrollment):
    stranger = key_of(make_cohort().organization)

    assert put(stranger, enrollment).status_code == 404
    assert Completion.objects.count() == 0


def test_a_tool_without_the_scope_is_refused(enrollment):
    assert put(key_of(enrollment.cohort.organization, ("progress:read",)), enrollment).status_code == 403


def test_people_write_for_themselves_and_staff_for_their_cohort(enrollment):
    manager = CohortStaffFactory(cohort=enrollment.cohort, role="manager").user
    MembershipFactory(user=manager, organization=enrollment.cohort.organization)
    facilitator = enrollment.cohort.staff.get(role="facilitator").user
    colleague = join(enrollment.cohort, email="amal@example.com").user

    statuses = [put(signed_in(person), enrollment).status_code for person in (colleague, manager)]
    written = put(signed_in(facilitator), enrollment)
    own = put(signed_in(enrollment.user), enrollment, "watch")

    assert statuses == [404, 403]
    assert (written.json()["how"], own.json()["how"]) == ("reported", "done")


def test_a_completion_costs_at_most_thirteen_queries(tool, enrollment):
    put(tool, enrollment)

    with CaptureQueriesContext(connection) as captured:
        put(tool, enrollment, "watch")

    # Two for the key, one for the enrollment, one for the step, and those of the completion itself.
    asked = [
        query["sql"] for query in captured if not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
    ]
    assert len(asked) <= 13


def test_a_person_learns_who_they_are(page, enrollment):
    shown = page.get("/api/v1/me/")

    assert shown.json() == {
        "id": str(enrollment.user.uuid),
        "name": "Lena Fischer",
        "email": "learner@example.com",
        "locale": "en",
        "time_zone": "Europe/Paris",
        "organization": {
            "id": str(enrollment.cohort.organization.uuid),
            "slug": enrollment.cohort.organization.slug,
            "name": enrollment.cohort.organization.name,
        },
        "roles": ["learner"],
    }
    assert page.get("/api/v1/me/", headers={"If-None-Match": shown["ETag"]}).status_code == 304


def test_a_tool_is_nobody(tool):
    assert tool.get("/api/v1/me/").status_code == 403


def test_ones_own_enrollments_are_listed_and_no_others(page, enrollment):
    join(enrollment.cohort, email="amal@example.com")
    second = join(make_cohort(make_version(enrollment.cohort.organization)))
    join(make_cohort(make_version()))

    shown = page.get("/api/v1/me/enrollments/").json()

    assert [row["id"] for row in shown["results"]] == [str(enrollment.uuid), str(second.uuid)]
    assert shown["results"][0]["required"] == 10


@pytest.mark.parametrize("journeys", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(page, enrollment, journeys, django_assert_num_queries):
    for _number in range(journeys - 1):
        join(make_cohort(make_version(enrollment.cohort.organization)))

    with django_assert_num_queries(4):
        page.get("/api/v1/me/enrollments/")

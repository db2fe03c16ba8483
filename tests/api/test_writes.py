"""Creating and changing cohorts, and enrolling and changing people."""

import pytest

from config.accounts.models import Membership, User
from config.events.models import ActivityEvent
from journeys.authoring.models import JourneyVersion
from learners.cohorts.models import Cohort, Enrollment, EnrollmentAdjustment
from tests.api.test_access import is_problem
from tests.api.world import signed_in, with_key
from tests.factories.accounts import MembershipFactory


def pointers(response):
    return {error["pointer"] for error in response.json()["errors"]}


@pytest.fixture
def journey(world):
    return world.cohort.version.journey


def test_a_cohort_is_created_on_the_published_version_of_a_journey(world, key, journey):
    response = key.post(
        "/cohorts/",
        json={"journey": str(journey.uuid), "name": " Summer  group ", "starts_on": "2027-06-01", "country": "fr"},
    )

    assert response.status_code == 201
    made = response.json()
    assert made["name"] == "Summer group"
    assert made["country"] == "FR"
    assert made["version"]["id"] == str(world.cohort.version.uuid)
    assert response["Location"].endswith(f"/api/v1/cohorts/{made['id']}/")
    assert key.get(f"/cohorts/{made['id']}/").json() == made
    assert ActivityEvent.objects.filter(verb="cohort.created", object_uuid=made["id"]).count() == 1


def test_every_fault_of_a_cohort_is_told_at_once(world, key, journey):
    response = key.post(
        "/cohorts/",
        json={"journey": str(journey.uuid), "name": "x", "time_zone": "Mars/Base", "country": "ZZ", "nmae": "typo"},
    )
    assert is_problem(response, 422)
    assert pointers(response) == {"/nmae"}

    response = key.post(
        "/cohorts/", json={"journey": str(journey.uuid), "name": "x", "time_zone": "Mars/Base", "ends_on": "2027-01-01"}
    )
    assert is_problem(response, 422)
    assert pointers(response) >= {"/starts_on", "/time_zone"}


@pytest.mark.parametrize("body", [[], '"text"', 5, None, {"name": {}}, {"name": "x"}, {"journey": "y", "name": "x"}])
def test_a_body_of_another_shape_is_refused(world, key, body):
    before = Cohort.objects.count()

    assert is_problem(key.post("/cohorts/", json=body), 422)
    assert Cohort.objects.count() == before


def test_text_that_is_no_json_is_refused(world, key):
    unreadable = key.post("/cohorts/", data=b'{"name": ', content_type="application/json")
    form = key.post("/cohorts/", data=b"name=x", content_type="application/x-www-form-urlencoded")

    assert is_problem(unreadable, 400)
    assert is_problem(form, 415)


def test_a_journey_of_another_organization_cannot_be_run(world, key):
    foreign = world.other_cohort.version

    for body in ({"journey": str(foreign.journey.uuid)}, {"version": str(foreign.uuid)}):
        assert is_problem(key.post("/cohorts/", json={**body, "name": "x", "starts_on": "2027-06-01"}), 404)


def test_a_draft_cannot_be_run(world, key, journey):
    draft = JourneyVersion.objects.create(
        journey=journey, number=2, title="Draft", created_at=world.cohort.version.created_at
    )

    response = key.post("/cohorts/", json={"version": str(draft.uuid), "name": "x", "starts_on": "2027-06-01"})

    assert is_problem(response, 409)


def test_only_an_administrator_or_an_unlimited_key_creates_a_cohort(world, journey):
    body = {"journey": str(journey.uuid), "name": "x", "starts_on": "2027-06-01"}

    assert signed_in(world.administrator).post("/cohorts/", json=body).status_code == 201
    for user in (world.facilitator, world.manager, world.designer, world.ada.user):
        assert is_problem(signed_in(user).post("/cohorts/", json=body), 403)
    assert is_problem(with_key(world.organization, cohorts=[world.cohort]).post("/cohorts/", json=body), 403)


def test_a_cohort_is_changed_in_the_values_that_were_sent(world, key):
    path = f"/cohorts/{world.cohort.uuid}/"

    changed = key.patch(path, json={"starts_on": "2027-03-10", "days_off": ["2027-03-11"]}).json()

    assert changed["starts_on"] == "2027-03-10"
    assert changed["days_off"] == ["2027-03-11"]
    assert changed["name"] == world.cohort.name
    world.ben.refresh_from_db()
    assert world.ben.next_opens_at.isoformat() == "2027-03-10T08:00:00+00:00"


def test_a_cohort_is_closed_and_opened_again(world, key):
    path = f"/cohorts/{world.cohort.uuid}/"

    closed = key.patch(path, json={"closed": True}).json()
    assert closed["status"] == "closed"
    again = key.patch(path, json={"closed": True}).json()
    assert again["closed_at"] == closed["closed_at"]
    response = key.post(f"{path}enrollments/", json={"people": [{"email": "new@example.com"}]})
    assert is_problem(response, 409)

    assert key.patch(path, json={"closed": False}).json()["closed_at"] is None


@pytest.mark.parametrize("values", [{"organization": 2}, {"id": "x"}, {"version_id": 1}, {"created_at": "2020-01-01"}])
def test_values_that_are_not_theirs_to_set_are_refused(world, key, values):
    before = Cohort.objects.values().get(pk=world.cohort.pk)

    assert is_problem(key.patch(f"/cohorts/{world.cohort.uuid}/", json=values), 422)
    assert Cohort.objects.values().get(pk=world.cohort.pk) == before


def test_a_manager_reads_and_a_facilitator_changes(world):
    path = f"/cohorts/{world.cohort.uuid}/"

    assert is_problem(signed_in(world.manager).patch(path, json={"name": "Mine"}), 403)
    assert signed_in(world.facilitator).patch(path, json={"name": "Ours"}).json()["name"] == "Ours"


PEOPLE = [
    {"email": " New@Example.com ", "name": "New One", "time_zone": "Asia/Tokyo"},
    {"email": "ada@example.com"},
    {"email": "no address"},
    {"email": ""},
    {"email": "new@example.com"},
    {"email": "late@example.com", "starts_on": "someday"},
    {"email": "far@example.com", "time_zone": "Mars/Base"},
]
OUTCOMES = ["created", "already", "refused", "refused", "already", "refused", "refused"]


def test_people_are_enrolled_row_by_row(world, key):
    answer = key.post(f"/cohorts/{world.cohort.uuid}/enrollments/", json={"people": PEOPLE}).json()

    assert [row["outcome"] for row in answer["results"]] == OUTCOMES
    assert [row["line"] for row in answer["results"]] == [1, 2, 3, 4, 5, 6, 7]
    assert (answer["created"], answer["already"], answer["refused"]) == (1, 2, 4)
    assert all(row["detail"] for row in answer["results"] if row["outcome"] == "refused")
    made = Enrollment.objects.get(user__email="new@example.com")
    assert answer["results"][0]["enrollment"] == str(made.uuid)
    assert made.user.time_zone == "Asia/Tokyo"


def test_a_dry_run_answers_the_same_and_writes_nothing(world, key):
    path = f"/cohorts/{world.cohort.uuid}/enrollments/"

    tried = key.post(f"{path}?dry_run=1", json={"people": PEOPLE}).json()

    assert tried["dry_run"]
    assert [row["outcome"] for row in tried["results"]] == OUTCOMES
    assert not Enrollment.objects.filter(user__email="new@example.com").exists()


MANAGED = [
    {"email": "ben@example.com"},
    {"email": "cleo@example.com", "manager_email": " Boss@example.com"},
    {"email": "new@example.com", "manager_email": "gone@example.com"},
    {"email": "next@example.com", "manager_email": "new@example.com"},
]
IF_NEW = "boss@example.com is not known here; would be added as a new member, as line manager, who hears nothing."


@pytest.fixture
def managers(world):
    """Cleo works for the line manager, and somebody has left."""
    boss = Membership.objects.get(user=world.line_manager)
    Membership.objects.filter(user__email="cleo@example.com").update(manager=boss)
    MembershipFactory(organization=world.organization, user__email="gone@example.com", is_active=False)


def notes(answer):
    return [[(note["code"], note["detail"]) for note in row["notes"]] for row in answer["results"]]


def test_a_dry_run_tells_what_naming_line_managers_does_besides(world, key, managers):
    path = f"/cohorts/{world.cohort.uuid}/enrollments/?dry_run=1"

    tried = key.post(path, json={"people": MANAGED}).json()

    assert notes(tried) == [
        [],
        [
            ("manager_added", IF_NEW),
            ("manager_replaced", f"Their line manager is {world.line_manager}; would be boss@example.com."),
        ],
        [("manager_back", "gone@example.com is not active here; would be active again, as line manager.")],
        [],
    ]
    assert not User.objects.filter(email="boss@example.com").exists()


def test_enrolling_tells_what_naming_line_managers_did_besides(world, key, managers):
    done = key.post(f"/cohorts/{world.cohort.uuid}/enrollments/", json={"people": MANAGED}).json()

    assert [[code for code, _ in row] for row in notes(done)] == [
        [],
        ["manager_added", "manager_replaced"],
        ["manager_back"],
        [],
    ]
    assert "boss@example.com was not known here and is a new member now" in notes(done)[1][0][1]


def test_whom_a_line_manager_replaces_is_not_named_to_a_key_without_people(world, managers):
    blind = with_key(world.organization, ["enrollments:write"])

    tried = blind.post(f"/cohorts/{world.cohort.uuid}/enrollments/?dry_run=1", json={"people": MANAGED})

    assert ("manager_replaced", "They have another line manager; would have boss@example.com.") in notes(tried.json())[
        1
    ]
    assert str(world.line_manager) not in tried.content.decode()
    assert world.line_manager.email not in tried.content.decode()


def test_an_empty_or_too_long_list_is_refused(world, key):
    path = f"/cohorts/{world.cohort.uuid}/enrollments/"

    assert is_problem(key.post(path, json={"people": []}), 422)
    assert is_problem(key.post(path, json={"people": [{"email": "a@example.com"}] * 5001}), 422)
    assert is_problem(key.post(path, json={"people": [{"name": "x"}]}), 422)


def test_only_staff_who_facilitate_enroll(world):
    path = f"/cohorts/{world.cohort.uuid}/enrollments/"
    body = {"people": [{"email": "new@example.com"}]}

    assert is_problem(signed_in(world.manager).post(path, json=body), 403)
    assert is_problem(signed_in(world.ada.user).post(path, json=body), 404)
    assert signed_in(world.facilitator).post(path, json=body).json()["created"] == 1


def test_a_person_is_paused_resumed_and_withdrawn(world, key):
    path = f"/enrollments/{world.ada.uuid}/"

    assert key.patch(path, json={"status": "paused", "reason": "Leave"}).json()["status"] == "paused"
    assert is_problem(key.patch(path, json={"status": "paused"}), 409)
    assert key.patch(path, json={"status": "active"}).json()["status"] == "active"
    gone = key.patch(path, json={"status": "withdrawn"}).json()
    assert gone["status"] == "withdrawn"
    assert gone["next_due_at"] is None
    assert is_problem(key.patch(path, json={"status": "paused"}), 409)
    assert EnrollmentAdjustment.objects.filter(enrollment=world.ada).count() == 3, "Leaving is kept too."


def test_dates_are_shifted(world, key):
    path = f"/enrollments/{world.ada.uuid}/"
    before = key.get(path).json()

    after = key.patch(path, json={"shift_days": 7}).json()

    assert before["next_due_at"] == "2027-03-10T17:00:00Z"
    assert after["next_due_at"] == "2027-03-17T17:00:00Z"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status": "completed"},
        {"shift_days": 0},
        {"shift_days": 366},
        {"shift_days": 1, "status": "paused"},
        {"completed": 5},
        {"user": 1},
    ],
)
def test_a_change_that_makes_no_sense_is_refused(world, key, body):
    before = Enrollment.objects.values().get(pk=world.ada.pk)

    assert is_problem(key.patch(f"/enrollments/{world.ada.uuid}/", json=body), 422)
    assert Enrollment.objects.values().get(pk=world.ada.pk) == before


def test_only_those_who_answer_for_a_person_change_their_enrollment(world):
    path = f"/enrollments/{world.ben.uuid}/"
    body = {"status": "paused"}

    for user in (world.ben.user, world.line_manager, world.manager):
        assert is_problem(signed_in(user).patch(path, json=body), 403)
    for user in (world.ada.user, world.designer, world.stranger):
        assert is_problem(signed_in(user).patch(path, json=body), 404)
    assert signed_in(world.facilitator).patch(path, json=body).json()["status"] == "paused"

"""Owner, colleague, stranger: each list and detail shows each person's view and nothing of anybody else's."""

import pytest

from tests.api.test_access import is_problem
from tests.api.world import signed_in, with_key
from tests.factories.learners import CommitmentFactory, ReflectionFactory

LISTS = ["/cohorts/", "/enrollments/", "/people-to-reach/", "/events/"]


def body_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def learners_seen(caller):
    return {row["learner"]["name"] for row in caller.get("/enrollments/").json()["results"]}


def test_each_person_sees_the_enrollments_of_their_role(world):
    assert learners_seen(signed_in(world.ada.user)) == {"Ada Canary"}
    assert learners_seen(signed_in(world.facilitator)) == {"Ada Canary", "Ben Canary"}
    assert learners_seen(signed_in(world.manager)) == {"Ada Canary", "Ben Canary"}
    assert learners_seen(signed_in(world.line_manager)) == {"Ben Canary"}
    assert learners_seen(signed_in(world.designer)) == set()
    assert learners_seen(signed_in(world.administrator)) == {"Ada Canary", "Ben Canary", "Cleo Canary"}
    assert learners_seen(signed_in(world.stranger)) == {"Oda Canary"}


def test_a_line_manager_who_is_staff_too_sees_each_enrollment_once(world):
    page = signed_in(world.line_manager)
    world.cohort.staff.create(user=world.line_manager, role="manager")

    names = [row["learner"]["name"] for row in page.get("/enrollments/").json()["results"]]

    assert sorted(names) == ["Ada Canary", "Ben Canary"]


def test_each_person_sees_the_cohorts_they_run(world):
    def cohorts(user):
        return len(signed_in(user).get("/cohorts/").json()["results"])

    assert cohorts(world.facilitator) == cohorts(world.manager) == 1
    assert cohorts(world.administrator) == 2
    assert cohorts(world.ada.user) == cohorts(world.line_manager) == cohorts(world.designer) == 0


@pytest.mark.parametrize("ending", ["", "progress/", "learners/", "learners.csv", "learners.ndjson"])
def test_a_cohort_is_seen_by_those_who_run_it(world, ending):
    path = f"/cohorts/{world.cohort.uuid}/{ending}"

    for user in (world.administrator, world.facilitator, world.manager):
        assert signed_in(user).get(path).status_code == 200
    for user in (world.ada.user, world.line_manager, world.designer, world.stranger):
        assert is_problem(signed_in(user).get(path), 404)


@pytest.mark.parametrize("ending", ["", "schedule/"])
def test_an_enrollment_is_seen_by_its_person_and_by_those_who_answer_for_it(world, ending):
    path = f"/enrollments/{world.ben.uuid}/{ending}"

    for user in (world.ben.user, world.line_manager, world.facilitator, world.manager, world.administrator):
        assert signed_in(user).get(path).status_code == 200
    for user in (world.ada.user, world.cleo.user, world.designer, world.stranger):
        assert is_problem(signed_in(user).get(path), 404)


@pytest.mark.parametrize("path", LISTS)
def test_no_list_holds_a_word_of_the_other_organization(world, path):
    for caller in (with_key(world.organization), signed_in(world.administrator)):
        text = body_of(caller.get(path)).decode()

        assert "Oda" not in text
        assert str(world.oda.uuid) not in text
        assert str(world.other_cohort.uuid) not in text


@pytest.mark.parametrize("ending", ["learners/", "learners.csv", "learners.ndjson"])
def test_names_and_addresses_are_for_those_with_people_read(world, ending):
    path = f"/cohorts/{world.cohort.uuid}/{ending}"

    told = body_of(with_key(world.organization, ["progress:read", "people:read"]).get(path)).decode()
    kept = body_of(with_key(world.organization, ["progress:read"]).get(path)).decode()

    assert "Ada Canary" in told
    assert "ada@example.com" in told
    for word in ("Canary", "example.com", "Europe/Paris"):
        assert word not in kept
    assert str(world.ada.user.uuid) in kept


@pytest.mark.parametrize("path", ["/enrollments/", "/people-to-reach/", "/events/", "/enrollments/{ada}/"])
def test_no_address_tells_names_without_people_read(world, path, clock):
    key = with_key(world.organization, ["progress:read"])

    text = key.get(path.format(ada=world.ada.uuid)).content.decode()

    assert "Canary" not in text
    assert "@example.com" not in text


def test_no_answer_holds_what_somebody_wrote(world, key):
    CommitmentFactory(enrollment=world.ada, cue="SECRET-CUE", response="SECRET-RESPONSE")
    ReflectionFactory(enrollment=world.ada, author=world.ada.user, text="SECRET-TEXT", audience="facilitator")
    cohort, ada = world.cohort.uuid, world.ada.uuid
    paths = [
        *LISTS,
        f"/cohorts/{cohort}/progress/",
        f"/cohorts/{cohort}/learners/",
        f"/cohorts/{cohort}/learners.csv",
        f"/enrollments/{ada}/",
        f"/enrollments/{ada}/schedule/",
    ]

    for caller in (key, signed_in(world.facilitator), signed_in(world.administrator)):
        for path in paths:
            assert b"SECRET" not in body_of(caller.get(path))


def test_drafts_are_for_designers_administrators_and_keys(world, key):
    version = world.cohort.version
    version.journey.versions.create(number=2, title="Half done", created_at=version.created_at)
    path = f"/journeys/{version.journey.uuid}/versions/"

    for caller in (key, signed_in(world.designer), signed_in(world.administrator)):
        assert "Half done" in caller.get(path).content.decode()
        assert caller.get("/journeys/").json()["results"][0]["has_draft"]
    for user in (world.ada.user, world.facilitator):
        assert "Half done" not in signed_in(user).get(path).content.decode()
        assert not signed_in(user).get("/journeys/").json()["results"][0]["has_draft"]


def test_a_journey_that_is_only_a_draft_is_hidden_from_learners(world, key):
    version = world.cohort.version
    hidden = type(version.journey).objects.create(
        organization=world.organization, key="hidden", created_at=version.created_at
    )
    hidden.versions.create(number=1, title="Not yet", created_at=version.created_at)

    assert is_problem(signed_in(world.ada.user).get(f"/journeys/{hidden.uuid}/"), 404)
    assert is_problem(signed_in(world.ada.user).get(f"/journeys/{hidden.uuid}/versions/"), 404)
    assert key.get(f"/journeys/{hidden.uuid}/").json()["title"] == "Not yet"

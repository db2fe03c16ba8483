"""Who reaches which page: the owner, a colleague, somebody of another organization, nobody."""

import json
import zipfile
from io import BytesIO

import pytest
from django.test import Client

from learners.reflections.models import Commitment, Reflection
from tests.factories.accounts import MembershipFactory
from tests.factories.learners import LiveSessionFactory
from tests.learners.player.journey import CANARY, do, join, make_cohort, make_version, signed_in

pytestmark = pytest.mark.django_db

PATHS = (
    "/journeys/{journey}/",
    "/journeys/{journey}/recap/",
    "/journeys/{journey}/modules/first/",
    "/journeys/{journey}/steps/read/",
    "/journeys/{journey}/steps/look-back/",
    "/journeys/{journey}/steps/try-it/",
    "/journeys/{journey}/steps/meet/session.ics",
    "/reflections/{reflection}/",
    "/reflections/{reflection}/delete/",
    "/commitments/{commitment}/",
    "/commitments/{commitment}/check-in/",
)
OWN = ("/", "/reflections/", "/commitments/", "/progress/", "/preferences/", "/privacy/", "/privacy/export/")
POSTS = (
    "/journeys/{journey}/steps/read/",
    "/journeys/{journey}/steps/look-back/",
    "/journeys/{journey}/steps/try-it/sign-off/",
    "/reflections/{reflection}/share/",
)


def unzipped(answer):
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


@pytest.fixture
def places(enrollment):
    do(enrollment, "plan", "try-it", "look-back")
    LiveSessionFactory(cohort=enrollment.cohort, step_key="meet")
    return {
        "journey": enrollment.uuid,
        "reflection": Reflection.objects.get().uuid,
        "commitment": Commitment.objects.get().uuid,
    }


@pytest.fixture
def strangers(enrollment):
    """People who could be suspected of reading along, each signed in."""
    colleague = join(enrollment.cohort, email="amal@example.com", name="Amal")
    foreign = join(make_cohort(make_version()), email="foreign@example.com")
    administrator = MembershipFactory(organization=enrollment.cohort.organization, is_administrator=True)
    people = [colleague.user, foreign.user, administrator.user, enrollment.cohort.staff.get().user]
    return [signed_in(person) for person in people]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_of_one_learner_is_theirs_alone(page, places, strangers, path):
    way = path.format(**places)

    assert page.get(way).status_code == 200
    assert [stranger.get(way).status_code for stranger in strangers] == [404, 404, 404, 404]


@pytest.mark.parametrize("path", POSTS)
def test_nobody_writes_for_somebody_else(places, strangers, path):
    way = path.format(**places)

    assert [stranger.post(way, {"text": "x", "audience": "private"}).status_code for stranger in strangers] == [404] * 4
    assert Reflection.objects.get().text == CANARY


@pytest.mark.parametrize("path", OWN)
def test_no_own_page_shows_a_word_of_somebody_elses_text(places, strangers, path):
    for stranger in strangers:
        answer = stranger.get(path)
        shown = unzipped(answer) if path.endswith("/export/") else answer.content.decode()
        assert answer.status_code == 200
        assert CANARY not in shown
        assert "Jo asks for numbers" not in shown


@pytest.mark.parametrize("path", [*PATHS, *OWN])
def test_a_visitor_is_asked_to_sign_in(places, path):
    answer = Client().get(path.format(**places))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("path", ["/help/", "/accessibility/"])
def test_help_needs_no_sign_in(db, path):
    assert Client().get(path).status_code == 200


def test_help_tells_a_visitor_how_to_sign_in_and_whom_to_ask(page):
    visitor = Client().get("/help/").content.decode()

    assert "I cannot sign in" in visitor
    assert "the person who invited you" in visitor
    assert "I cannot sign in" not in page.get("/help/").content.decode()


@pytest.mark.parametrize("path", ["/messages/read/", "/organization/"])
def test_what_changes_something_takes_no_get(page, path):
    assert page.get(path).status_code == 405


@pytest.mark.parametrize("path", [*PATHS, *OWN])
def test_pages_hold_no_inline_script_or_style(page, places, path):
    if path.endswith((".ics", "/export/")):
        pytest.skip("a file, no page")
    shown = page.get(path.format(**places)).content.decode()

    assert "style=" not in shown
    assert "onclick" not in shown
    assert "<script>" not in shown


def test_the_export_is_whole_and_ones_own(page, places, strangers):
    mine = zipfile.ZipFile(BytesIO(page.get("/privacy/export/").content))
    theirs = zipfile.ZipFile(BytesIO(strangers[0].get("/privacy/export/").content))

    data = {name: mine.read(name).decode() for name in mine.namelist()}
    assert [row["text"] for row in json.loads(data["data/reflections.json"])] == [CANARY]
    assert [row["cue"] for row in json.loads(data["data/commitments.json"])] == ["Jo asks for numbers"]
    assert CANARY in data["data/attempts.json"]
    assert "data/reflections.json" not in theirs.namelist()

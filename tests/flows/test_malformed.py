"""Input that nobody meant: it is refused with a sentence for each fault, and nothing of it stays behind."""

import shutil
from io import StringIO

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from config.accounts.models import User
from learners.cohorts.models import CohortStaff, Enrollment
from tests.api.world import Caller, with_key
from tests.factories.accounts import MembershipFactory
from tests.flows.house import BUNDLES
from tests.learners.player.journey import NOW, join, make_cohort, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.flow]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def enrollment() -> Enrollment:
    return join(make_cohort())


@pytest.fixture
def key(enrollment: Enrollment) -> Caller:
    return with_key(enrollment.cohort.organization)


@pytest.fixture
def office(enrollment: Enrollment) -> Client:
    """The window of an administrator."""
    return signed_in(MembershipFactory(organization=enrollment.cohort.organization, is_administrator=True).user)


def rows() -> dict[str, list]:
    """Return everything that is stored, but for sessions and for when a key was last used."""
    kept = [model for model in apps.get_models() if model is not Session]
    ours = {model: [field.attname for field in model._meta.concrete_fields] for model in kept}
    passing = {"last_used_at"}
    return {
        model._meta.label: sorted(map(repr, model._default_manager.values_list(*sorted(set(names) - passing))))
        for model, names in ours.items()
    }


def fault_lines(folder, organization: str) -> list[str]:
    err = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("journey", "import", str(folder), "--organization", organization, stdout=StringIO(), stderr=err)
    assert ended.value.code == 1
    return err.getvalue().splitlines()


def test_a_bundle_with_three_faults_is_told_three_lines_and_none_of_it_is_imported(tmp_path, enrollment):
    folder = tmp_path / "ask-one-more"
    shutil.copytree(BUNDLES / "ask-one-more", folder)
    outline = folder / "journey.yaml"
    outline.write_text(outline.read_text().replace("weeks: 1", "weeks: one"))
    article = folder / "modules/01-listen-first/01-the-first-answer.md"
    article.write_text(article.read_text().replace("kind: article", "kind: sermon"))
    practice = folder / "modules/01-listen-first/04-one-question-at-work.md"
    practice.write_text(practice.read_text().replace("minutes: 5", "minutes: five"))
    before = rows()

    told = fault_lines(folder, enrollment.cohort.organization.slug)

    assert sorted(line.split(":")[0] for line in told) == sorted(
        ["journey.yaml", str(article.relative_to(folder)), str(practice.relative_to(folder))]
    )
    assert rows() == before


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"null", b'"x"', b"7", b'{"name": NaN}', b"\xff", b"[" * 100_000, b'{"a": ' * 50_000]
)
def test_a_body_that_is_no_object_is_refused_at_each_door(enrollment, key, body):
    cohort, own = f"/api/v1/cohorts/{enrollment.cohort.uuid}/", f"/api/v1/enrollments/{enrollment.uuid}/"
    doors = [
        ("post", "/api/v1/cohorts/"),
        ("patch", cohort),
        ("post", f"{cohort}enrollments/"),
        ("patch", own),
        ("put", f"{own}steps/read/completion/"),
    ]
    before = rows()

    for method, address in doors:
        refused = getattr(key.client, method)(
            address, body, content_type="application/json", headers={"Authorization": f"Bearer {key.secret}"}
        )
        assert refused.status_code in (400, 422), (method, address)
        assert refused["Content-Type"] == "application/problem+json"
        assert refused.json()["detail"]

    assert rows() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("starts_on", "2027-02-30"),
        ("starts_on", "tomorrow"),
        ("starts_on", 20270303),
        ("time_zone", "Mars/Base"),
        ("time_zone", "../../etc/passwd"),
        ("country", "XX"),
        ("ends_on", "2001-01-01"),
    ],
)
def test_a_date_or_a_zone_that_does_not_exist_is_named(enrollment, key, field, value):
    before = rows()

    refused = key.patch(f"/cohorts/{enrollment.cohort.uuid}/", json={field: value, "name": "New name"})

    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json()["errors"]] == [f"/{field}"]
    assert rows() == before


def test_each_row_of_a_list_that_cannot_be_used_says_why_and_enrolls_nobody(enrollment, key):
    people = [
        {"email": "nonsense"},
        {"email": "a@x.example", "time_zone": "Mars/Base"},
        {"email": "b@x.example", "starts_on": "2027-02-30"},
    ]
    before = Enrollment.objects.count(), User.objects.count()

    told = key.post(f"/cohorts/{enrollment.cohort.uuid}/enrollments/", json={"people": people}).json()

    assert [row["outcome"] for row in told["results"]] == ["refused"] * 3
    assert len({row["detail"] for row in told["results"]}) == 3
    assert (Enrollment.objects.count(), User.objects.count()) == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"Name\nAda\n",
        b"PK\x03\x04rubbish",
        b"e-mail\n",
        b"e-mail,e-mail\na@x.example,b@x.example\n",
    ],
)
@pytest.mark.parametrize("act", ["check", "enroll"])
def test_a_file_that_is_no_list_of_people_enrolls_nobody(enrollment, office, content, act):
    address = f"/admin/learners/cohort/{enrollment.cohort_id}/enroll/"
    before = rows()

    shown = office.post(address, {"act": act, "file": SimpleUploadedFile("people.csv", content)})

    assert shown.status_code == 422
    page = BeautifulSoup(shown.content, "html.parser")
    assert page.select_one(".errornote, .errorlist, .messagelist .error, .err"), page.get_text()[:2000]
    assert rows() == before


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("extend", {"key": "", "until_on": "2027-02-30"}),
        ("extend", {"key": "no-such-module", "until_on": "2027-05-01"}),
        ("shift", {"days": "many"}),
        ("shift", {"days": "999999999999999999999"}),
        ("release", {"key": "no-such-module"}),
        ("exempt", {"step_key": "no-such-step"}),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_on_its_page(enrollment, act, fields):
    facilitator = signed_in(CohortStaff.objects.get().user)
    before = rows()

    shown = facilitator.post(f"/cohorts/{enrollment.cohort.uuid}/people/{enrollment.uuid}/{act}/", fields)

    assert shown.status_code == 422
    assert "needs mending" in BeautifulSoup(shown.content, "html.parser").select_one("main").get_text()
    assert rows() == before


def test_preferences_that_make_no_sense_are_refused_and_kept_as_they_were(enrollment):
    page = signed_in(enrollment.user)
    before = rows()

    shown = page.post("/preferences/", {"time_zone": "Mars/Base", "quiet_from": "25:61", "quiet_until": "noon"})

    assert shown.status_code == 422
    faulty = BeautifulSoup(shown.content, "html.parser").select("[aria-invalid=true]")
    assert {"time_zone", "quiet_from", "quiet_until"} <= {field["name"] for field in faulty}
    assert rows() == before

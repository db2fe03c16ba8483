"""What a facilitator changes for one person, by forms that work without a script."""

from datetime import date

import pytest

from learners.cohorts.models import Enrollment, EnrollmentAdjustment
from learners.progress.actions import complete_step
from learners.progress.queries import timeline_of
from tests.learners.board.pages import browser_of, page, person_url, section, soup_of, text_of
from tests.learners.running import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(world):
    return browser_of(world.facilitator)


def again(enrollment):
    return Enrollment.objects.select_related("cohort__organization", "user", "version__journey").get(pk=enrollment.pk)


def offered(client, enrollment):
    part = section(page(client, person_url(enrollment)), "offers")
    return [form["action"].rstrip("/").rpartition("/")[2] for form in part.select("form")] if part else []


def change(client, enrollment, act, **data):
    response = client.post(person_url(enrollment, act), data)
    assert (response.status_code, getattr(response, "url", "")) == (302, person_url(enrollment))
    return again(enrollment)


def last(enrollment):
    row = EnrollmentAdjustment.objects.filter(enrollment=enrollment).latest("id")
    return (row.kind, row.key, row.days, row.until_on, row.reason, row.recorded_by_id)


def test_dates_move_by_days(world, client):
    before = again(world.ben).next_due_at

    after = change(client, world.ben, "shift", days="-2", reason="holidays")

    assert (after.next_due_at - before).days == -2
    assert last(world.ben) == ("shift", "", -2, None, "holidays", world.facilitator.pk)


def test_more_time_is_given_for_one_thing_or_for_everything(world, client):
    change(client, world.ben, "extend", key="first", until_on="2027-03-20")
    assert last(world.ben)[:4] == ("extend", "first", None, date(2027, 3, 20))

    change(client, world.ben, "extend", key="", until_on="2027-03-25")
    assert last(world.ben)[:4] == ("extend", "", None, date(2027, 3, 25))


def test_a_step_is_waived_and_a_module_opened(world, client):
    change(client, world.ben, "exempt", key="first/try-it", reason="knows it")
    assert again(world.ben).required == world.ben.required - 1

    opened = change(client, world.ben, "release", key="second")
    assert opened.module_states["second"] == "open"
    assert timeline_of(opened).timeline.modules["second"].opens_at == NOW


def test_a_pause_offers_to_resume_and_back(world, client):
    assert offered(client, world.ben) == ["shift", "extend", "release", "exempt", "pause", "withdraw"]

    assert change(client, world.ben, "pause", reason="leave").status == "paused"
    assert offered(client, world.ben) == ["resume", "shift", "release", "exempt", "withdraw"]
    assert change(client, world.ben, "resume").status == "invited"


def test_somebody_who_is_out_can_be_taken_back(world, client):
    assert change(client, world.ben, "withdraw").status == "withdrawn"
    assert offered(client, world.ben) == ["reinstate"]
    assert change(client, world.ben, "reinstate").status == "invited"


def test_an_administrator_changes_too(world):
    change(browser_of(world.administrator), world.ben, "shift", days="1")

    assert last(world.ben)[-1] == world.administrator.pk


@pytest.mark.parametrize(
    ("act", "data", "field", "words"),
    [
        ("shift", {"days": "0", "reason": "kept"}, "shift-days", "and not 0"),
        ("shift", {"days": "many", "reason": "kept"}, "shift-days", "Enter a whole number"),
        ("extend", {"key": "first", "until_on": "2027-03-01", "reason": "kept"}, "extend-until_on", "still to come"),
        ("extend", {"key": "third", "until_on": "2027-03-20", "reason": "kept"}, "extend-key", "not one of"),
        ("exempt", {"key": "", "reason": "kept"}, "exempt-key", "Choose one."),
        ("release", {"key": "nothing", "reason": "kept"}, "release-key", "not one of"),
    ],
)
def test_a_refusal_is_said_at_its_field_and_nothing_typed_is_lost(world, client, act, data, field, words):
    response = client.post(person_url(world.ben, act), data)
    soup = soup_of(response)

    assert response.status_code == 422
    assert soup.title.text.strip().startswith("Error:")
    assert words in text_of(soup.find(id=f"{field}_error"))
    assert soup.find(id=field)["aria-invalid"] == "true"
    assert soup.find(id=f"{act}-reason")["value"] == "kept"
    assert soup.find(id=field).find_parent("details").has_attr("open")
    assert f"#{field}" in [link["href"] for link in soup.select(".note.clay a")]
    assert not EnrollmentAdjustment.objects.exists()


def test_a_change_that_is_not_offered_any_more_is_refused_in_words(world, client):
    response = client.post(person_url(world.ben, "resume"), {"reason": "kept"})

    assert response.status_code == 422
    assert "This person is not paused" in response.content.decode()
    assert soup_of(response).find(id="resume-reason")["value"] == "kept"


def test_an_unknown_change_is_not_found(world, client):
    assert client.post(person_url(world.ben, "promote")).status_code == 404
    assert client.get(person_url(world.ben, "shift")).status_code == 405


def test_somebody_who_is_through_is_offered_nothing(world, client):
    Enrollment.objects.filter(pk=world.ben.pk).update(status="completed", completed_at=NOW)

    assert offered(client, world.ben) == []


def test_what_is_done_is_not_offered_again(world, client):
    complete_step(enrollment_id=world.ben.pk, step_key="read", now=NOW)

    soup = page(client, person_url(world.ben))

    values = [option["value"] for option in soup.find(id="exempt-key").select("option")]
    assert values == ["first/try-it", "second/plan", "second/look-back", "second/meet"]


def test_only_what_can_be_reached_is_offered_to_be_opened(world, client):
    soup = page(client, person_url(world.ben))

    values = [option["value"] for option in soup.find(id="release-key").select("option")]
    assert values == ["first/try-it", "first/extra", "second"]


def test_each_control_has_a_name_and_an_id_of_its_own(world, client):
    soup = page(client, person_url(world.ben))
    ids = [part["id"] for part in soup.select("[id]")]

    assert len(ids) == len(set(ids))
    labels = {label["for"] for label in soup.select("label")}
    assert {control["id"] for control in soup.select("main input:not([type=hidden]), main select")} <= labels

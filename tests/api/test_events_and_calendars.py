"""Recording that events took place, choosing a work calendar, and why something is closed, through the API."""

from datetime import date

import pytest

from journeys.authoring.actions.calendars import save_calendar
from journeys.authoring.models import JourneyVersion, Module
from journeys.authoring.rules.calendars import DayException
from learners.cohorts.models import Cohort, EnrollmentAdjustment
from learners.progress.actions.dates import change_calendar
from tests.api.test_access import is_problem
from tests.api.world import with_key
from tests.learners.running import NOW, enrolled, published_version, running_cohort


@pytest.fixture
def cohort(world):
    version = published_version(world.organization)
    JourneyVersion.objects.filter(pk=version.pk).update(events=[{"key": "town-hall", "title": "Town hall"}])
    Module.objects.filter(version=version, key="second").update(opens={"event": "town-hall"})
    return running_cohort(JourneyVersion.objects.get(pk=version.pk))


def test_an_event_is_recorded_for_a_cohort_and_taken_back(cohort, key):
    path = f"/cohorts/{cohort.uuid}/"
    moment = NOW.isoformat().replace("+00:00", "Z")

    told = key.patch(path, json={"events": {"town-hall": moment}})

    assert told.status_code == 200
    assert told.json()["events"] == key.get(path).json()["events"] == {"town-hall": moment}
    assert key.patch(path, json={"events": {"town-hall": None}}).json()["events"] == {}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"events": {"townhall": "2027-03-01T09:00:00Z"}}, 404),
        ({"events": {"town-hall": "2028-03-01T09:00:00Z"}}, 422),
        ({"events": {"town-hall": "2027-03-01T09:00:00Z"}, "name": "x"}, 422),
        ({"events": {}}, 422),
        ({"events": ["town-hall"]}, 422),
    ],
)
def test_an_event_that_cannot_be_recorded_is_refused(cohort, key, body, status):
    answer = key.patch(f"/cohorts/{cohort.uuid}/", json=body)

    assert answer.status_code in (status, 422)
    assert is_problem(answer, answer.status_code)
    assert Cohort.objects.get(pk=cohort.pk).happened == {}


def test_the_schedule_says_in_one_sentence_why_something_is_closed(cohort, key):
    enrollment = enrolled(cohort)
    path = f"/enrollments/{enrollment.uuid}/"

    waiting = {one["key"]: one["why"] for one in key.get(f"{path}schedule/").json()["waiting"]}

    assert waiting["second"] == "Module 2 opens as soon as “Town hall” has taken place."
    assert waiting["second/plan"] == (
        "“Plan” opens with Module 2, and Module 2 opens as soon as “Town hall” has taken place."
    )
    assert key.patch(path, json={"event": "town-hall", "reason": "by video"}).status_code == 200
    assert "second" not in {one["key"] for one in key.get(f"{path}schedule/").json()["waiting"]}
    made = EnrollmentAdjustment.objects.get()
    assert (made.kind, made.key, made.reason) == ("event", "town-hall", "by video")
    assert key.patch(path, json={"event": "town-hall"}).status_code == 409


def test_a_cohort_takes_a_work_calendar_by_its_name(world, cohort, key):
    save_calendar(organization_id=world.organization.pk, name="Plant", now=NOW)
    path = f"/cohorts/{cohort.uuid}/"

    assert key.patch(path, json={"calendar": "Plant"}).json()["calendar"] == "Plant"
    assert key.get(path).json()["calendar"] == "Plant"
    listed = {one["id"]: one["calendar"] for one in key.get("/cohorts/").json()["results"]}
    assert listed[str(cohort.uuid)] == "Plant"
    refused = key.patch(path, json={"calendar": "Planet"})
    assert is_problem(refused, 422)
    assert "no work calendar “Planet”" in refused.json()["detail"]
    assert key.patch(path, json={"calendar": ""}).json()["calendar"] == ""


def test_the_schedule_of_somebody_imagined_knows_what_others_do_and_the_organizations_calendar(world, cohort, key):
    off = DayException(date(2027, 3, 23), works=False, reason="Moving house")
    save_calendar(organization_id=world.organization.pk, name="Plant", exceptions=(off,), now=NOW)
    path = f"/journeys/{cohort.version.journey.uuid}/versions/{cohort.version.number}/schedule/"
    path += "?start=2027-03-20&zone=Asia/Tokyo"

    def openings(more=""):
        return [row["at_local"][:16] for row in key.get(path + more).json()["entries"] if row["kind"] == "opens"]

    assert openings() == ["2027-03-23T09:00"]
    assert openings("&events=town-hall:2027-03-25&end=2027-05-01") == ["2027-03-23T09:00", "2027-03-25T09:00"]
    assert openings("&released=second:2027-03-26")[1:] == ["2027-03-26T09:00"]
    assert openings("&calendar=Plant") == ["2027-03-24T09:00"]
    for more, pointer in (
        ("&events=summit:2027-03-25", "?events"),
        ("&released=second/gone:2027-03-25", "?released"),
        ("&events=town-hall", "?events"),
        ("&end=soon", "?end"),
        ("&end=0001-01-01", "?end"),
        ("&released=second:9999-12-31", "?released"),
    ):
        refused = key.get(path + more)
        assert is_problem(refused, 400)
        assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


def test_a_calendar_that_changed_gives_another_answer(world, cohort, key):
    calendar = save_calendar(organization_id=world.organization.pk, name="Plant", now=NOW)
    path = f"/journeys/{cohort.version.journey.uuid}/versions/{cohort.version.number}/schedule/"
    path += "?start=2027-03-20&zone=Asia/Tokyo&calendar=Plant"
    held = {"If-None-Match": key.get(path)["ETag"]}
    assert key.get(path, headers=held).status_code == 304

    off = DayException(date(2027, 3, 23), works=False, reason="Moving house")
    values = {"name": "Plant", "base": "learner", "country": "", "weekend": None, "exceptions": (off,)}
    change_calendar(calendar_id=calendar.pk, **values, now=NOW)  # type: ignore[arg-type]

    assert key.get(path, headers=held).status_code == 200


def test_a_key_that_may_not_write_records_nothing(world, cohort):
    reader = with_key(world.organization, scopes=["progress:read"])

    assert reader.patch(f"/cohorts/{cohort.uuid}/", json={"events": {"town-hall": NOW.isoformat()}}).status_code == 403

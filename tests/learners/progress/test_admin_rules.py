"""Work calendars and events in the admin: in words, with every fault at its place, and for the right people."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from config.support.clock import now
from journeys.authoring.actions.calendars import save_calendar
from journeys.authoring.models import JourneyVersion, Module, OrganizationCalendar
from learners.cohorts.models import Cohort, EnrollmentAdjustment
from tests.learners.progress.visitors import url
from tests.learners.running import NOW, enrolled

pytestmark = pytest.mark.django_db

LISTED = "2027-05-03, off, Founders’ day\n2027-05-08, working, stocktaking"


def calendar_url(page, *args):
    return reverse(f"admin:journeys_organizationcalendar_{page}", args=args)


def fields(**values):
    return {"name": "Plant", "base": "learner", "country": "", "listed": LISTED, **values}


def test_an_administrator_writes_a_calendar_in_words_and_reads_it_back(cohort, boss):
    answer = boss.post(calendar_url("add"), fields(weekend=["4", "5"]))

    assert answer.status_code == 302
    made = OrganizationCalendar.objects.get()
    assert (made.organization, made.weekend) == (cohort.organization, [4, 5])
    assert [one["reason"] for one in made.exceptions] == ["Founders’ day", "stocktaking"]
    page = boss.get(calendar_url("change", made.pk))
    assert LISTED in page.content.decode()


def test_a_file_takes_the_place_of_the_list(cohort, boss):
    made = save_calendar(organization_id=cohort.organization_id, name="Plant", now=NOW)
    file = SimpleUploadedFile("days.csv", "date;kind;reason\r\n2027-06-01;off;Bridge\r\n".encode("utf-8-sig"))

    boss.post(calendar_url("change", made.pk), fields(file=file))

    made.refresh_from_db()
    assert made.exceptions == [{"on": "2027-06-01", "works": False, "reason": "Bridge"}]


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"listed": "2027-05-03"}, "listed", "Line 1"),
        ({"base": "country"}, "country", "Say which country"),
        ({"base": "country", "country": "zz"}, "country", "no holiday calendar"),
        ({"weekend": list("0123456")}, "weekend", "at least one weekday"),
        ({"name": ""}, "name", "required"),
        ({"name": "Office"}, "name", "already"),
        ({"file": SimpleUploadedFile("days.csv", b"\xff\xfe\x00")}, "file", "UTF-8"),
    ],
)
def test_a_calendar_that_does_not_fit_says_where(cohort, boss, values, field, words):
    save_calendar(organization_id=cohort.organization_id, name="Office", now=NOW)

    answer = boss.post(calendar_url("add"), fields(**values))

    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert list(errors) == [field]
    assert words in str(errors[field])
    assert OrganizationCalendar.objects.count() == 1


def test_calendars_are_for_administrators_of_the_organization(cohort, boss, facilitator, designer, stranger):
    made = save_calendar(organization_id=cohort.organization_id, name="Plant", now=NOW)
    page = calendar_url("change", made.pk)

    assert boss.get(page).status_code == 200
    assert [who.get(page).status_code for who in (facilitator, designer)] == [403, 403]
    assert stranger.get(page).status_code == 302
    Cohort.objects.filter(pk=cohort.pk).update(calendar=made)
    assert boss.post(page.replace("change", "delete"), {"post": "yes"}).status_code == 403


@pytest.fixture
def waiting(cohort):
    JourneyVersion.objects.filter(pk=cohort.version_id).update(events=[{"key": "town-hall", "title": "Town hall"}])
    Module.objects.filter(version=cohort.version_id, key="second").update(opens={"event": "town-hall"})
    return Cohort.objects.get(pk=cohort.pk)


def test_a_facilitator_records_an_event_and_takes_it_back(waiting, facilitator, manager, stranger):
    page = url("cohort_events", waiting.pk)
    day = now().date() - timedelta(days=1)
    posted = {"event": "town-hall", "happened_on": day.isoformat(), "happened_at": "15:00"}

    assert "Town hall" in facilitator.get(page).content.decode()
    assert facilitator.post(page, posted).status_code == 302
    waiting.refresh_from_db()
    assert waiting.happened["town-hall"].startswith(day.isoformat())
    assert "Take the record back" in facilitator.get(page).content.decode()
    assert facilitator.post(page, {"event": "town-hall", "take_back": "1"}).status_code == 302
    waiting.refresh_from_db()
    assert waiting.happened == {}
    assert (manager.get(page).status_code, stranger.get(page).status_code) == (403, 404)


def test_an_event_to_come_is_refused_at_its_form(waiting, facilitator):
    day = now().date() + timedelta(days=2)
    posted = {"event": "town-hall", "happened_on": day.isoformat(), "happened_at": "15:00"}

    answer = facilitator.post(url("cohort_events", waiting.pk), posted)

    assert answer.status_code == 422
    assert "not in the future" in answer.content.decode()


def test_an_event_is_recorded_for_one_person(waiting, facilitator):
    enrollment = enrolled(waiting)
    page = url("enrollment_adjust", enrollment.pk, "event")

    assert "Town hall" in facilitator.get(page).content.decode()
    facilitator.post(page, {"key": "town-hall", "apply": "1"})

    assert EnrollmentAdjustment.objects.get().key == "town-hall"

"""A live session as a calendar file."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from learners.cohorts.actions import schedule_live_session
from tests.learners.player.journey import NOW, join, make_cohort, make_version, signed_in

pytestmark = pytest.mark.django_db


def schedule(enrollment, **values):
    usual = {
        "step_key": "meet",
        "starts_at": NOW + timedelta(days=1),
        "minutes": 50,
        "place": "Room 4; left, then right",
    }
    return schedule_live_session(cohort_id=enrollment.cohort_id, actor_id=None, now=NOW, **usual | values)


def event_of(page, enrollment):
    answer = page.get(f"/journeys/{enrollment.uuid}/steps/meet/session.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    return Calendar.from_ical(answer.content).walk("VEVENT")[0]


def test_the_file_holds_the_meeting(page, enrollment):
    schedule(enrollment)

    event = event_of(page, enrollment)

    assert str(event["SUMMARY"]) == "Meet · Ask first"
    assert event.decoded("DTSTART") == NOW + timedelta(days=1)
    assert event.decoded("DTEND") == NOW + timedelta(days=1, minutes=50)
    assert str(event["LOCATION"]) == "Room 4; left, then right"
    assert f"/journeys/{enrollment.uuid}/steps/meet/" in str(event["DESCRIPTION"])


def test_a_moved_meeting_replaces_the_old_entry(page, enrollment):
    schedule(enrollment)
    first = event_of(page, enrollment)
    schedule(enrollment, starts_at=NOW + timedelta(days=2))
    moved = event_of(page, enrollment)

    assert str(first["UID"]) == str(moved["UID"])
    assert int(moved["SEQUENCE"]) > int(first["SEQUENCE"])


def test_a_meeting_without_a_date_has_no_file(page, enrollment):
    assert page.get(f"/journeys/{enrollment.uuid}/steps/meet/session.ics").status_code == 404


def test_a_meeting_is_announced_before_its_step_opens():
    spec = {"purpose": "Meet", "agenda": [{"minutes": 10, "text": "Talk"}]}
    later = {"required": False, "opens": {"from": "start", "weeks": 1, "at": "09:00"}}
    enrollment = join(make_cohort(make_version(more={"meet-again": ("live_session", "practices", spec, later)})))
    page = signed_in(enrollment.user)
    address = f"/journeys/{enrollment.uuid}/steps/meet-again/"

    before = page.get(address).content.decode()
    schedule(enrollment, step_key="meet-again", starts_at=NOW + timedelta(days=8), place="https://meet.example.com/4")
    after = page.get(address).content.decode()

    assert "Opens Wednesday 10 March, 09:00" in before
    assert "Your facilitator sets the date." in before
    assert "Thursday 11 March, 12:00" in after
    assert "In your time zone, Europe/Paris." in after
    assert 'href="https://meet.example.com/4"' in after
    assert f'href="{address}session.ics"' in after

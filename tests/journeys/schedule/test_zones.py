from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from journeys.schedule.zones import UnknownZone, country_of, to_instant, zone_named

ZONES = sorted(available_timezones() - {"localtime", "posixrules", "Factory"})


@pytest.mark.parametrize(
    ("day", "at", "zone", "instant"),
    [
        (date(2027, 3, 14), time(2, 30), "America/New_York", "2027-03-14T07:30"),  # skipped: 03:30 of summer time
        (date(2027, 11, 7), time(1, 30), "America/New_York", "2027-11-07T05:30"),  # twice: the first
        (date(2027, 3, 28), time(2, 30), "Europe/Paris", "2027-03-28T01:30"),
        (date(2026, 10, 25), time(2, 30), "Europe/Paris", "2026-10-25T00:30"),
        (date(2027, 10, 3), time(2, 15), "Australia/Lord_Howe", "2027-10-02T15:45"),  # a gap of half an hour
        (date(2011, 12, 30), time(9, 0), "Pacific/Apia", "2011-12-30T19:00"),  # a skipped day: 09:00 of the next
        (date(2027, 3, 3), time(9, 0), "Asia/Tokyo", "2027-03-03T00:00"),
    ],
)
def test_to_instant_shifts_a_gap_forward_and_takes_the_first_of_two(day, at, zone, instant):
    assert to_instant(day, at, zone) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_to_instant_keeps_the_order_of_hours_and_the_wall_time_in_every_zone():
    half_hours = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
    days = [date(2027, 1, 1) + timedelta(days=number) for number in range(0, 365, 7)]
    for name in ZONES:
        zone = ZoneInfo(name)
        for day in days:
            for at in (time(0, 0), time(2, 30), time(9, 0)):
                local = to_instant(day, at, name).astimezone(zone)
                assert local.replace(tzinfo=None) >= datetime.combine(day, at), (name, day, at)
                assert local.replace(tzinfo=None) - datetime.combine(day, at) <= timedelta(hours=1), (name, day, at)
    for name in ("Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"):
        for day in (date(2027, 1, 1) + timedelta(days=number) for number in range(365)):
            first_pass = [to_instant(day, at, name) for at in half_hours]
            assert len(set(first_pass)) >= len(half_hours) - 2


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Asia/Tokyo", "JP"),
        ("Europe/Oslo", "NO"),  # shares its clock with Berlin
        ("US/Eastern", "US"),
        ("Asia/Calcutta", "IN"),
        ("Europe/Kiev", "UA"),
        ("Africa/Asmera", "ER"),  # linked to Nairobi
        ("Iceland", "IS"),  # linked to Abidjan
        ("America/Coral_Harbour", "CA"),  # linked to Panama
        ("UTC", None),
        ("Etc/GMT+5", None),
        ("EST", None),
        ("EST5EDT", None),
        ("Mars/Base", None),
    ],
)
def test_country_of_follows_the_tables_and_not_the_clock(zone, country):
    assert country_of(zone) == country


@pytest.mark.parametrize("name", ["", "Mars/Base", "../../etc/passwd", "America", "localtime", "a\0b", "Europe/paris!"])
def test_zone_named_refuses_what_is_no_zone(name):
    with pytest.raises(UnknownZone, match="is not a time zone"):
        zone_named(name)

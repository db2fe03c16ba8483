from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.schedule.calendar import UnknownCountry, UnknownZone, WorkCalendar, calendar_for
from tests.journeys.schedule.strategies import steady

TOKYO = calendar_for(None, "Asia/Tokyo")
RIYADH = calendar_for(None, "Asia/Riyadh")


@pytest.mark.parametrize(
    ("zone", "start", "count", "day"),
    [
        ("Asia/Tokyo", date(2027, 3, 17), 3, date(2027, 3, 23)),  # 22 March stands in for Sunday the 21st
        ("Asia/Tokyo", date(2027, 3, 17), 5, date(2027, 3, 25)),
        ("Asia/Riyadh", date(2027, 4, 2), 0, date(2027, 4, 4)),  # the weekend is Friday and Saturday
        ("Asia/Riyadh", date(2027, 4, 1), 1, date(2027, 4, 4)),
        ("Europe/Paris", date(2027, 3, 26), 1, date(2027, 3, 30)),  # Easter Monday
        ("America/New_York", date(2027, 7, 2), 1, date(2027, 7, 6)),  # Independence Day is observed on the Monday
        ("UTC", date(2027, 12, 24), 1, date(2027, 12, 27)),
        ("Europe/Paris", date(2027, 3, 30), -1, date(2027, 3, 26)),
        ("Europe/Paris", date(2027, 3, 28), 0, date(2027, 3, 30)),
        ("Europe/Paris", date(2027, 3, 24), 0, date(2027, 3, 24)),
        ("Europe/Paris", date(2027, 12, 31), 2, date(2028, 1, 4)),
    ],
)
def test_add_working_days_counts_by_the_country_of_the_zone(zone, start, count, day):
    assert calendar_for(None, zone).add_working_days(start, count) == day


def test_add_weekdays_says_where_a_date_would_fall_without_holidays():
    assert TOKYO.add_weekdays(date(2027, 3, 17), 3) == date(2027, 3, 22)
    assert RIYADH.add_weekdays(date(2027, 4, 1), 1) == date(2027, 4, 4)


def test_name_of_day_off_is_the_holiday_in_words_or_the_weekend():
    assert TOKYO.name_of_day_off(date(2027, 3, 22)) == "substitute holiday"
    assert TOKYO.name_of_day_off(date(2027, 3, 20)) == "weekend"
    assert TOKYO.name_of_day_off(date(2027, 3, 23)) is None
    assert calendar_for("FR", "Asia/Tokyo").name_of_day_off(date(2027, 3, 29)) == "Easter Monday"


def test_name_of_holiday_leaves_out_a_holiday_on_a_weekend():
    assert TOKYO.name_of_day_off(date(2027, 3, 21)) == "Vernal Equinox Day"
    assert TOKYO.name_of_holiday(date(2027, 3, 21)) is None
    assert TOKYO.name_of_holiday(date(2027, 3, 22)) == "substitute holiday"


def test_a_country_may_work_on_a_weekend_to_make_up_for_a_holiday():
    china = calendar_for("CN", "UTC")

    assert date(2025, 1, 26).weekday() == 6
    assert china.is_working_day(date(2025, 1, 26))


def test_an_organization_adds_days_off_and_working_days():
    own = calendar_for(
        "FR",
        "UTC",
        days_off=[(date(2027, 3, 10), "inventory")],
        working_days=[(date(2027, 3, 13), "stocktaking"), (date(2027, 3, 29), "")],
    )

    assert own.name_of_day_off(date(2027, 3, 10)) == "inventory"
    assert own.add_working_days(date(2027, 3, 9), 1) == date(2027, 3, 11)
    assert own.is_working_day(date(2027, 3, 13))
    assert own.is_working_day(date(2027, 3, 29))
    assert calendar_for("FR", "UTC").is_working_day(date(2027, 3, 10))


def test_calendar_for_knows_parts_of_a_country_and_small_letters():
    assert calendar_for("de-by", "UTC").name_of_day_off(date(2027, 1, 6)) == "Epiphany"
    assert calendar_for("DE", "UTC").is_working_day(date(2027, 1, 6))


def test_calendar_for_returns_the_same_calendar_for_zones_of_one_country():
    assert calendar_for(None, "America/New_York") is calendar_for(None, "America/Chicago")
    assert calendar_for("US", "Asia/Tokyo") is calendar_for(None, "America/Chicago")


@pytest.mark.parametrize("code", ["XX", "DE-QQ", "Germany", "../x"])
def test_calendar_for_refuses_a_country_nobody_knows(code):
    with pytest.raises(UnknownCountry, match="has no holiday calendar"):
        calendar_for(code, "UTC")


def test_calendar_for_refuses_a_zone_nobody_knows():
    with pytest.raises(UnknownZone):
        calendar_for(None, "Mars/Base")


def test_a_calendar_without_working_days_is_refused_instead_of_searched_for_ever():
    every_day = {date(2027, 1, 1) + timedelta(days=number): "closed" for number in range(800)}
    closed = WorkCalendar(None, days_off=every_day)

    with pytest.raises(ValueError, match="No working day"):
        closed.add_working_days(date(2027, 1, 5), 1)
    with pytest.raises(ValueError, match="No working day"):
        closed.next_working_day(date(2027, 1, 5))


days = st.dates(date(2024, 1, 1), date(2031, 12, 31))
calendars = st.sampled_from([calendar_for(None, zone) for zone in ("Asia/Tokyo", "Asia/Riyadh", "Europe/Paris", "UTC")])


@steady
@given(calendars, days, st.integers(1, 60))
def test_add_working_days_lands_on_a_working_day_with_the_right_number_between(calendar, day, count):
    found = calendar.add_working_days(day, count)
    between = (day + timedelta(days=number) for number in range(1, (found - day).days + 1))

    assert sum(calendar.is_working_day(one) for one in between) == count
    assert calendar.is_working_day(found)


@steady
@given(calendars, days, st.integers(0, 60), st.integers(0, 60))
def test_add_working_days_keeps_order_and_adds_up(calendar, day, one, two):
    day = calendar.next_working_day(day)

    assert calendar.add_working_days(day, one) <= calendar.add_working_days(day, one + two)
    assert calendar.add_working_days(calendar.add_working_days(day, one), two) == calendar.add_working_days(
        day, one + two
    )


@steady
@given(calendars, days, st.integers(1, 60))
def test_add_working_days_backward_undoes_forward(calendar, day, count):
    start = calendar.next_working_day(day)

    assert calendar.add_working_days(calendar.add_working_days(start, count), -count) == start

"""Exceptions of a work calendar, read from a list as people write one."""

from datetime import date

import pytest

from journeys.authoring.rules.calendars import DayException, OwnDays, read_exceptions, work_calendar

TWO = (
    DayException(date(2027, 5, 3), works=False, reason="Founders’ day"),
    DayException(date(2027, 5, 8), works=True, reason="Stocktaking, first half"),
)


@pytest.mark.parametrize(
    "text",
    [
        "2027-05-03, off, Founders’ day\n2027-05-08, working, Stocktaking, first half",
        "\ufeffdate;off or working;reason\r\n2027-05-08;Works;Stocktaking, first half\r\n\r\n"
        "2027-05-03;Closed;Founders’ day\r\n",
        'Date,,\n2027-05-03,OFF,Founders’ day\n2027-05-08,worked,"Stocktaking, first half"\n',
        "2027-05-03\toff\tFounders’ day\n2027-05-08\tworking\tStocktaking, first half",
    ],
)
def test_a_list_is_read_as_people_write_it(text):
    assert read_exceptions(text) == (TWO, [])


def test_what_is_shown_reads_back():
    assert read_exceptions("\n".join(one.as_line() for one in TWO)) == (TWO, [])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("3.5.2027, off, x", "Line 2: “3.5.2027” is not a date"),
        ("2027-02-30, off, x", "Line 2: “2027-02-30” is not a date"),
        ("1812-02-03, off, x", "from 2000 to 2100"),
        ("2027-05-04, maybe, x", "Line 2: Say whether 2027-05-04 is off or working"),
        ("2027-05-04", "Line 2: Say whether"),
        ("2027-05-04, off", "Line 2: Give 2027-05-04 a reason"),
        (f"2027-05-04, off, {'x' * 81}", "at most 80 characters"),
        ("2027-05-03, working, again", "Line 2: 2027-05-03 stands above already"),
    ],
)
def test_a_line_that_cannot_be_read_says_which_and_why(line, words):
    first, last = (one.as_line() for one in TWO)
    found, faults = read_exceptions(f"{first}\n{line}\n{last}")

    assert found == TWO
    assert len(faults) == 1
    assert words in faults[0].message
    assert faults[0].pointer == "/exceptions/2"


def test_a_list_has_an_end():
    days = "\n".join(f"{2030 + n // 336}-{n % 336 // 28 + 1:02}-{n % 28 + 1:02}, off, x" for n in range(1_001))

    assert [fault.pointer for fault in read_exceptions(days)[1]] == ["/exceptions"]


def test_the_days_of_an_organization_replace_those_of_the_country():
    own = OwnDays(country="none", weekend=(4, 5), exceptions=TWO)
    calendar = work_calendar(own, "Europe/Paris", days_off=[(date(2027, 5, 8), "day off")])

    assert calendar.is_working_day(date(2027, 5, 2))
    assert calendar.name_of_day_off(date(2027, 5, 7)) == "weekend"
    assert calendar.name_of_day_off(date(2027, 5, 3)) == "Founders’ day"
    # The cohort's own day off wins over a day that the organization works.
    assert calendar.name_of_day_off(date(2027, 5, 8)) == "day off"
    assert calendar.is_working_day(date(2027, 12, 27))
    assert work_calendar(OwnDays(exceptions=TWO), "Europe/Paris").name_of_working_day(date(2027, 5, 8)) is not None
    assert work_calendar(own, "Europe/Paris") is work_calendar(own, "Asia/Tokyo")

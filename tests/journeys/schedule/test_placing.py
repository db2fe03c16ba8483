from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from journeys.schedule.calendar import calendar_for
from journeys.schedule.facts import Pause, Shift
from journeys.schedule.placing import Place, Placed, in_order, moment_after, place
from journeys.schedule.tree import Offset
from journeys.schedule.words import moves_in_words
from tests.journeys.schedule.outlines import PARIS, TOKYO, at, local


def where(*changes, zone=PARIS):
    pauses = [change for change in changes if isinstance(change, Pause)]
    shifts = [change for change in changes if isinstance(change, Shift)]
    return Place(ZoneInfo(zone), calendar_for(None, zone), in_order(pauses, shifts))


def placed(offset, anchor, *changes, zone=PARIS, when_passed="at-once") -> Placed:
    return place(offset, at(anchor, zone), where(*changes, zone=zone), when_passed=when_passed)


@pytest.mark.parametrize(
    ("offset", "moment"),
    [
        (Offset(0, "days"), "2027-03-26 14:30"),
        (Offset(2, "days"), "2027-03-28 14:30"),
        (Offset(2, "days", time(9)), "2027-03-28 09:00"),
        (Offset(1, "weeks", time(9)), "2027-04-02 09:00"),
        (Offset(1, "weeks", time(9), 2), "2027-04-07 09:00"),
        (Offset(0, "days", time(9), 4), "2027-03-26 14:30"),
        (Offset(0, "days", time(16), 4), "2027-03-26 16:00"),
        (Offset(48, "hours"), "2027-03-28 15:30"),  # over the change of the clocks
        (Offset(90, "minutes"), "2027-03-26 16:00"),
        (Offset(1, "working_days", time(9)), "2027-03-30 09:00"),
        (Offset(1, "working_days", time(9), 0), "2027-04-05 09:00"),
        (Offset(-1, "working_days", time(9)), "2027-03-25 09:00"),
        (Offset(-1, "weeks"), "2027-03-19 14:30"),
    ],
)
def test_place_counts_local_days_and_exact_hours(offset, moment):
    assert local(placed(offset, "2027-03-26 14:30").at) == moment


def test_place_keeps_the_local_hour_when_the_clocks_change():
    found = placed(Offset(3, "days", time(9)), "2027-03-12 09:00", zone="America/New_York")

    assert found.at is not None
    assert found.at.isoformat() == "2027-03-15T13:00:00+00:00"


def test_place_moves_an_hour_that_the_clocks_skip_forward():
    assert local(placed(Offset(1, "days", time(2, 30)), "2027-03-27 09:00").at) == "2027-03-28 03:30"


@pytest.mark.parametrize(
    ("offset", "at_once", "next_day"),
    [
        (Offset(0, "days", time(9)), "2027-03-26 14:30", "2027-03-27 09:00"),
        (Offset(0, "working_days", time(9)), "2027-03-26 14:30", "2027-03-30 09:00"),
        (Offset(0, "weeks", time(9), 4), "2027-03-26 14:30", "2027-04-02 09:00"),
    ],
)
def test_place_opens_at_once_but_gives_deadlines_and_messages_the_next_day_when_the_hour_has_passed(
    offset, at_once, next_day
):
    assert local(placed(offset, "2027-03-26 14:30").at) == at_once
    assert local(placed(offset, "2027-03-26 14:30", when_passed="next-day").at) == next_day


def test_place_says_which_holiday_moved_a_date():
    found = placed(Offset(3, "working_days", time(9)), "2027-03-17 09:00", zone=TOKYO)

    assert found.day == date(2027, 3, 23)
    assert found.planned == date(2027, 3, 22)
    assert moves_in_words(found) == "moved from Monday 22 March: substitute holiday"


def test_place_says_which_holiday_was_stepped_over():
    found = placed(Offset(5, "working_days", time(9)), "2027-03-17 09:00", zone=TOKYO)

    assert (found.planned, found.day) == (date(2027, 3, 24), date(2027, 3, 25))
    assert moves_in_words(found) == ("moved from Wednesday 24 March: Monday 22 March (substitute holiday) is a day off")


def test_place_says_that_the_weekend_moved_a_start():
    found = placed(Offset(0, "working_days", time(9)), "2027-04-02 00:00", zone="Asia/Riyadh")

    assert local(found.at, "Asia/Riyadh") == "2027-04-04 09:00"
    assert moves_in_words(found) == "moved from Friday 2 April: weekend"


def test_place_moves_a_weekday_that_is_off_when_working_days_are_counted():
    found = placed(Offset(3, "working_days", time(9), 0), "2027-03-17 09:00", zone=TOKYO)
    plain = placed(Offset(3, "days", time(9), 0), "2027-03-17 09:00", zone=TOKYO)

    assert local(found.at, TOKYO) == "2027-03-29 09:00"  # counting ends on Tuesday 23, so the Monday after
    assert local(plain.at, TOKYO) == "2027-03-22 09:00"
    waits = placed(Offset(2, "working_days", time(9), 0), "2027-03-17 09:00", zone=TOKYO)
    assert local(waits.at, TOKYO) == "2027-03-23 09:00"  # Friday 19, then Monday 22, which is off
    assert moves_in_words(waits) == "moved from Monday 22 March: substitute holiday"


WEEK = Pause(at("2027-03-03 12:00"), at("2027-03-10 12:00"))


@pytest.mark.parametrize(
    ("anchor", "days", "moment"),
    [
        ("2027-03-01 09:00", 1, "2027-03-02 09:00"),  # before the pause: stays
        ("2027-03-01 09:00", 4, "2027-03-12 09:00"),  # would fall into the pause: 7 days later
        ("2027-03-01 09:00", 20, "2027-03-28 09:00"),  # after the pause: 7 days later
        ("2027-03-05 09:00", 2, "2027-03-12 09:00"),  # counted from within the pause: the rest of it
        ("2027-03-11 09:00", 2, "2027-03-13 09:00"),  # counted from after the pause: stays
    ],
)
def test_place_moves_dates_after_a_pause_by_its_length(anchor, days, moment):
    assert local(placed(Offset(days, "days", time(9)), anchor, WEEK).at) == moment


def test_place_lets_nothing_fall_into_a_short_pause():
    pause = Pause(at("2027-03-03 08:00"), at("2027-03-03 11:00"))

    opening = placed(Offset(2, "days", time(9)), "2027-03-01 09:00", pause)
    due = placed(Offset(2, "days", time(9)), "2027-03-01 09:00", pause, when_passed="next-day")

    assert (local(opening.at), moves_in_words(opening)) == ("2027-03-03 11:00", "moved: the end of a pause")
    assert (local(due.at), moves_in_words(due)) == (
        "2027-03-04 09:00",
        "moved from Wednesday 3 March: 1 day of pause",
    )


def test_place_gives_no_moment_while_a_pause_lasts():
    assert placed(Offset(4, "days"), "2027-03-01 09:00", Pause(at("2027-03-03 12:00"))).at is None
    assert placed(Offset(1, "days"), "2027-03-01 09:00", Pause(at("2027-03-03 12:00"))).at is not None


def test_place_finds_the_working_day_again_after_a_pause():
    pause = Pause(at("2027-03-03 12:00"), at("2027-03-05 12:00"))
    found = placed(Offset(3, "working_days", time(9)), "2027-03-01 09:00", pause)

    assert local(found.at) == "2027-03-08 09:00"  # Thursday 4, two days later is Saturday
    assert moves_in_words(found) == "moved from Thursday 4 March: 2 days of pause"


@pytest.mark.parametrize(
    ("made", "days", "moment"),
    [
        ("2027-03-02 12:00", 7, "2027-03-12 09:00"),
        ("2027-03-06 12:00", 7, "2027-03-05 09:00"),  # made after the moment: too late to move it
        ("2027-02-20 12:00", 7, "2027-03-05 09:00"),  # made before the anchor: the anchor has it already
        ("2027-03-04 12:00", -3, "2027-03-04 12:00"),  # never to before it was made
    ],
)
def test_place_moves_what_was_still_to_come_when_a_shift_was_made(made, days, moment):
    assert local(placed(Offset(4, "days", time(9)), "2027-03-01 09:00", Shift(at(made), days)).at) == moment


def test_place_adds_up_several_pauses_and_shifts():
    found = placed(
        Offset(4, "days", time(9)),
        "2027-03-01 09:00",
        Pause(at("2027-03-02 12:00"), at("2027-03-03 12:00")),
        Shift(at("2027-03-04 12:00"), 2),
        Pause(at("2027-03-06 00:00"), at("2027-03-09 00:00")),
    )

    assert local(found.at) == "2027-03-11 09:00"  # 5 + 1 + 2 + 3
    assert moves_in_words(found) == "moved from Friday 5 March: 4 days of pause, your dates were moved 2 days later"


def test_place_counts_days_that_two_pauses_share_once():
    one = Pause(at("2027-03-02 12:00"), at("2027-03-06 12:00"))
    two = Pause(at("2027-03-04 12:00"), at("2027-03-08 12:00"))

    assert local(placed(Offset(4, "days", time(9)), "2027-03-01 09:00", one, two).at) == "2027-03-11 09:00"


def test_moment_after_gives_a_check_in_the_hour_that_was_asked_for():
    wait = Offset(3, "working_days", time(9))
    found = moment_after(wait, at("2027-03-17 11:00", TOKYO), zone=TOKYO, calendar=calendar_for(None, TOKYO))

    assert local(found.at, TOKYO) == "2027-03-23 09:00"
    assert moves_in_words(found) == "moved from Monday 22 March: substitute holiday"

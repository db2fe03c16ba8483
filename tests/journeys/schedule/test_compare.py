from datetime import date

from journeys.schedule.calendar import calendar_for
from journeys.schedule.compare import compare, minutes_opened, weeks
from journeys.schedule.simulate import simulation
from tests.journeys.schedule.outlines import PARIS, TOKYO, journey, module, nudge, step

START = {"from": "start", "days": 0, "at": "09:00"}
TWO_WEEKS_ON = {"from": "start", "days": 14, "at": "09:00"}
DUE = {"from": "opens", "days": 4, "at": "18:00"}
JOURNEY = journey(
    module(
        "one",
        step("a", minutes=10),
        step("talk", minutes=60, kind="live_session"),
        step("b", minutes=5, opens={"from": "start", "days": 8, "at": "10:00"}),
        opens=START,
        due=DUE,
    ),
    module("two", step("c", minutes=20), opens=TWO_WEEKS_ON),
    nudges=(nudge("week", {"event": "weekly", "weekday": "tue", "at": "12:00"}),),
)


def imagined(zone=PARIS, pace="on-time", outline=JOURNEY, start_on=date(2027, 3, 1)):
    return simulation(outline, start_on=start_on, zone=zone, calendar=calendar_for(None, zone), pace=pace)


def run(*given, **said):
    return imagined(*given, **said).entries()


def test_weeks_sum_minutes_messages_and_deadlines_of_each_iso_week():
    found = [
        (one.year, one.number, one.starts_on.day, one.minutes, one.messages, one.due) for one in weeks(JOURNEY, run())
    ]

    assert found == [(2027, 9, 1, 10, 1, 1), (2027, 10, 8, 5, 1, 0), (2027, 11, 15, 20, 0, 0)]


def test_weeks_name_a_week_in_which_nothing_happens_and_the_year_of_the_iso_week():
    outline = journey(
        module("one", step("a", minutes=3), opens=START), module("two", step("b", minutes=4), opens=TWO_WEEKS_ON)
    )
    found = weeks(outline, run(outline=outline, start_on=date(2026, 12, 29)))

    assert [(one.year, one.number, one.minutes) for one in found] == [(2026, 53, 3), (2027, 1, 0), (2027, 2, 4)]
    assert weeks(outline, []) == []


def test_minutes_of_a_step_that_opens_apart_are_its_own_and_a_meeting_counts_for_nothing():
    assert minutes_opened(JOURNEY, run()) == {"one": 10, "one/b": 5, "two": 20}


def test_two_people_are_joined_event_by_event_with_both_hours():
    found = compare(imagined(), imagined(TOKYO))

    assert {(pair.first is None, pair.second is None) for pair in found} == {(False, False)}
    by_key = {(pair.event.kind, pair.event.key): pair for pair in found}
    pair = by_key["opens", "one"]
    assert (f"{pair.first.at_local:%d %H:%M}", f"{pair.second.at_local:%d %H:%M}") == ("01 09:00", "01 09:00")
    assert (f"{pair.first.at_utc:%d %H:%M}", f"{pair.second.at_utc:%d %H:%M}") == ("01 08:00", "01 00:00")
    assert [f"{pair.second.at_local:%d}" for pair in found if pair.event.key == "week"] == ["02", "09"]


def test_what_only_one_of_two_people_meets_has_one_side():
    outline = journey(module("one", "a", opens=START), module("two", "b"), module("three", "c"))
    found = compare(imagined(outline=outline, pace="stops-after:one"), imagined(outline=outline, pace="2-days-late"))

    assert [(pair.event.key, pair.first is None, pair.second is None) for pair in found] == [
        ("one", False, False),
        ("two", False, False),
        ("three", True, False),
    ]


def test_a_step_that_opens_with_its_module_for_one_person_and_later_for_the_other_has_both_moments():
    outline = journey(module("one", "a", "b", opens=START), module("two", "c", "d"))
    found = compare(imagined(outline=outline), imagined(outline=outline, pace="1-days-late"))

    assert [
        (pair.event.key, f"{pair.first.at_local:%d %H}", f"{pair.second.at_local:%d %H}")
        for pair in found
        if "/" in pair.event.key
    ] == [("one/b", "01 09", "02 09"), ("two/d", "01 09", "04 09")]


def test_a_step_that_one_person_never_reaches_is_not_said_to_open_with_its_module():
    outline = journey(module("one", "a", opens=START), module("two", "c", "d", opens=TWO_WEEKS_ON))
    found = compare(imagined(outline=outline, pace="stops-after:one"), imagined(outline=outline, pace="1-days-late"))

    (pair,) = [pair for pair in found if pair.event.key == "two/d"]
    assert (pair.first, f"{pair.second.at_local:%d %H}") == (None, "16 09")

from datetime import date

import pytest

from journeys.schedule.expectations import check_expectations, parse_expectations
from journeys.schedule.grammar import RuleError
from tests.journeys.schedule.outlines import journey, module, nudge, step

START = {"from": "start", "working_days": 0, "at": "09:00"}
FIVE = {"from": "module-opened:one", "working_days": 5, "at": "09:00"}
JOURNEY = journey(
    module("one", step("a", due={"from": "opens", "days": 1, "at": "17:00"}), opens=START),
    module("two", "b", opens=FIVE),
    nudges=tuple(
        nudge(f"n{day}", {"event": "module-opened", "module": "one"}, wait={"days": day, "at": "10:00"})
        for day in (1, 2, 2, 8)
    ),
)
TOKYO = {"start": "2027-03-17", "zone": "Asia/Tokyo"}


def check(*expectations):
    return check_expectations(JOURNEY, parse_expectations(list(expectations), pointer="/expectations"))


@pytest.mark.parametrize(
    "expect",
    [
        {"module": "two", "opens": "2027-03-25 09:00"},
        {"step": "one/a", "opens": "2027-03-17 09:00"},
        {"step": "one/a", "due": "2027-03-18 17:00"},
        {"step": "one/a", "opens": "2027-03-17 09:00", "due": "2027-03-18 17:00"},
        {"nudge": "n8", "sent": "2027-03-25 10:00"},
    ],
)
def test_check_expectations_is_silent_when_they_come_true(expect):
    assert check({**TOKYO, "expect": expect}) == []


def test_check_expectations_takes_the_calendar_that_is_named():
    assert check({**TOKYO, "calendar": "FR", "expect": {"module": "two", "opens": "2027-03-24 09:00"}}) == []


def test_check_expectations_says_what_was_found_and_why():
    assert check(
        {**TOKYO, "expect": {"module": "two", "opens": "2027-03-25 09:00"}},
        {**TOKYO, "expect": {"module": "two", "opens": "2027-03-24 09:00", "due": "2027-03-26 09:00"}},
        {**TOKYO, "expect": {"nudge": "n8", "sent": "2027-03-25 11:00"}},
        {**TOKYO, "expect": {"module": "gone", "opens": "2027-03-25 09:00"}},
        {**TOKYO, "expect": {"step": "two/a", "opens": "2027-03-25 09:00"}},
        {**TOKYO, "expect": {"nudge": "gone", "sent": "2027-03-25 09:00"}},
    ) == [
        "expectations/1: two opens for a start on 2027-03-17 in Asia/Tokyo: expected 2027-03-24 09:00, "
        "found 2027-03-25 09:00 (5 working days after Module 1 opens, at 09:00; "
        "moved from Wednesday 24 March: Monday 22 March (substitute holiday) is a day off)",
        "expectations/1: two due for a start on 2027-03-17 in Asia/Tokyo: expected 2027-03-26 09:00, "
        "found at no known time (it has no deadline)",
        "expectations/2: nudge n8 sent for a start on 2027-03-17 in Asia/Tokyo: expected 2027-03-25 11:00, "
        "found 2027-03-25 10:00",
        "expectations/3: there is no gone in this journey. Check the key.",
        "expectations/4: there is no two/a in this journey. Check the key.",
        "expectations/5: no message of nudge gone is planned for a start on 2027-03-17 in Asia/Tokyo. "
        "Check its key and its trigger.",
    ]


def test_check_expectations_says_what_holds_something_closed():
    outline = journey(module("one", "a"), module("two", "b", opens={"released": "two"}))
    expectations = parse_expectations([{**TOKYO, "expect": {"module": "two", "opens": "2027-03-25 09:00"}}], pointer="")

    assert check_expectations(outline, expectations)[0].endswith(
        "found at no known time (Opens when a facilitator opens it)"
    )


def test_never_is_broken_when_the_number_is_reached():
    assert check({**TOKYO, "never": {"messages_per_day": 3, "messages_per_week": 4}}) == []
    assert check({**TOKYO, "never": {"messages_per_day": 2, "messages_per_week": 3}}) == [
        "expectations/0: 2 messages on 2027-03-19 for a start on 2027-03-17 in Asia/Tokyo, and never 2 was asked",
        "expectations/0: 3 messages in week 11 of 2027 for a start on 2027-03-17 in Asia/Tokyo, and never 3 was asked",
    ]


def test_never_without_a_start_is_asked_of_every_start_that_is_expected():
    two = {"start": "2027-03-01", "zone": "Europe/Paris", "expect": {"module": "one", "opens": "2027-03-01 09:00"}}
    one = {**TOKYO, "expect": {"module": "two", "opens": "2027-03-25 09:00"}}

    assert len(check(one, two, {"never": {"messages_per_day": 2}})) == 2
    assert len(check({"never": {"messages_per_day": 2}})) == 1


def test_parse_expectations_takes_dates_that_yaml_has_read():
    (expected,) = parse_expectations(
        [{"start": date(2027, 3, 17), "zone": "Asia/Tokyo", "expect": {"module": "two", "opens": "2027-03-25 09:00"}}],
        pointer="",
    )

    assert expected[0].run.start_on == date(2027, 3, 17)


@pytest.mark.parametrize(
    ("value", "pointer", "says"),
    [
        ({}, "", "Write a list of expectations"),
        (["x"], "/0", "This is text"),
        ([{}], "/0", "Say either what to expect"),
        ([{**TOKYO, "expect": {"module": "a", "opens": "2027-03-25 09:00"}, "never": {}}], "/0", "Say either"),
        ([{**TOKYO, "when": 1, "expect": {"module": "a", "opens": "2027-03-25 09:00"}}], "/0/when", "not belong"),
        ([{"zone": "UTC", "expect": {"module": "a", "opens": "2027-03-25 09:00"}}], "/0/start", "is not a date"),
        ([{"start": "2027-03-17", "expect": {"module": "a", "opens": "2027-03-25 09:00"}}], "/0/zone", "time zone"),
        ([{**TOKYO, "zone": "Mars", "expect": {"module": "a", "opens": "2027-03-25 09:00"}}], "/0/zone", "time zone"),
        (
            [{**TOKYO, "calendar": "XX", "expect": {"module": "a", "opens": "2027-03-25 09:00"}}],
            "/0/calendar",
            "no holiday calendar",
        ),
        ([{**TOKYO, "expect": {"opens": "2027-03-25 09:00"}}], "/0/expect", "Name one module"),
        ([{**TOKYO, "expect": {"module": "a"}}], "/0/expect", "Say when"),
        ([{**TOKYO, "expect": {"module": "a", "opens": "2027-03-25"}}], "/0/expect/opens", "YYYY-MM-DD HH:MM"),
        ([{**TOKYO, "expect": {"module": "a", "opens": 3}}], "/0/expect/opens", "YYYY-MM-DD HH:MM"),
        ([{**TOKYO, "expect": {"step": "a", "opens": "2027-03-25 09:00"}}], "/0/expect/step", "MODULE/STEP"),
        ([{**TOKYO, "expect": {"nudge": "a", "opens": "2027-03-25 09:00"}}], "/0/expect", "Say when: sent"),
        ([{"never": {}}], "/0/never", "Name a limit"),
        ([{"never": {"messages_per_week": 0}}], "/0/never/messages_per_week", "from 1"),
        ([{"never": {"messages": 2}}], "/0/never/messages", "Did you mean"),
    ],
)
def test_parse_expectations_names_the_place_and_the_remedy_of_a_fault(value, pointer, says):
    with pytest.raises(RuleError) as raised:
        parse_expectations(value, pointer="")

    assert raised.value.faults[0].pointer == pointer
    assert says in raised.value.faults[0].message

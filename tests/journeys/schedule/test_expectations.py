from datetime import date

import pytest

from journeys.schedule.expectations import check_expectations, parse_expectations, verdicts
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


LATE = {"start": "2027-03-01", "zone": "UTC", "pace": "2-days-late"}
PLAIN = {"start": "2027-03-01", "zone": "UTC"}
SPARED = journey(
    module("one", step("a", minutes=30, due={"from": "opens", "days": 1, "at": "17:00"}), "b", opens=START),
    module("two", "c", opens={"completed": "one/a"}),
    nudges=(
        nudge(
            "ask",
            {"event": "module-opened", "module": "one"},
            wait={"days": 1, "at": "10:00"},
            unless=[{"completed": "one/a"}],
        ),
        nudge("always", {"event": "module-opened", "module": "one"}, wait={"days": 5, "at": "19:00"}),
    ),
)


def said(expectation, outline=SPARED):
    """What is wrong with one expectation; None where it comes true."""
    found = check_expectations(outline, parse_expectations([expectation], pointer=""))
    return found[0].partition(": ")[2] if found else None


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        (
            {**LATE, "expect": {"module": "two", "opens": "2027-03-03 09:00"}},
            {**LATE, "expect": {"module": "two", "opens": "2027-03-01 09:00"}},
            "(2-days-late): expected 2027-03-01 09:00, found 2027-03-03 09:00",
        ),
        (
            {**PLAIN, "pace": "stops-after:one", "expect": {"step": "two/c", "done": "never"}},
            {**PLAIN, "pace": "stops-after:two", "expect": {"step": "two/c", "done": "never"}},
            "expected never, found 2027-03-01 09:00",
        ),
        (
            {**PLAIN, "expect": {"module": "two", "due": "never"}},
            {**PLAIN, "expect": {"module": "one", "due": "never", "opens": "never"}},
            "expected never, found 2027-03-01 09:00",
        ),
        (
            {**LATE, "expect": {"module": "one", "done": date(2027, 3, 5)}},
            {**LATE, "expect": {"module": "one", "done": "2027-03-05 10:00"}},
            "expected 2027-03-05 10:00, found 2027-03-05 09:00",
        ),
        (
            {**LATE, "expect": {"module": "two", "locked": "2027-03-03 08:59"}},
            {**LATE, "expect": {"module": "two", "locked": "2027-03-03 09:00"}},
            "expected still locked on 2027-03-03 09:00, and it opens 2027-03-03 09:00",
        ),
        (
            {**LATE, "expect": {"module": "one", "before": "two/c"}},
            {**PLAIN, "expect": {"module": "one", "before": "two/c"}},
            "expected one before two/c; one opens 2027-03-01 09:00, two/c opens 2027-03-01 09:00",
        ),
        (
            {**LATE, "expect": {"module": "two", "within": {"from": "start", "days": 2}}},
            {**LATE, "expect": {"module": "two", "within": {"from": "start", "days": 2, "at": "08:00"}}},
            "expected by 2027-03-03 08:00, found 2027-03-03 09:00",
        ),
        (
            {**LATE, "expect": {"module": "two", "within": {"from": "completed:one/a", "working_days": 1}}},
            {**LATE, "expect": {"module": "two", "within": {"from": "end", "days": 1}}},
            "that moment never comes. Choose a pace that reaches it",
        ),
        (
            {**PLAIN, "expect": {"nudge": "ask", "sent": "never"}},
            {**LATE, "expect": {"nudge": "ask", "sent": "never"}},
            "expected never, found 2027-03-02 10:00",
        ),
        (
            {**PLAIN, "expect": {"nudge": "ask", "planned": "2027-03-02 10:00"}},
            {**PLAIN, "expect": {"nudge": "ask", "sent": "2027-03-02 10:00"}},
            "expected 2027-03-02 10:00, found never (not needed: you have finished A)",
        ),
        (
            {**LATE, "expect": {"module": "one", "sent": ["2027-03-06 19:00", "2027-03-02 10:00"]}},
            {**LATE, "expect": {"module": "one", "sent": ["2027-03-02 10:00"]}},
            "expected 2027-03-02 10:00, found 2027-03-02 10:00, 2027-03-06 19:00",
        ),
        (
            {**PLAIN, "expect": {"nudge": "ask", "planned": ["2027-03-02 10:00"]}},
            {**PLAIN, "expect": {"nudge": "gone", "sent": []}},
            "there is no nudge gone in this journey",
        ),
        (
            {**LATE, "expect": {"finished": date(2027, 3, 5)}},
            {**LATE, "expect": {"finished": "never"}},
            "the journey is finished for a start on 2027-03-01 in UTC (2-days-late): expected never, found 2027-03-05",
        ),
        (
            {**PLAIN, "expect": {"messages": 1, "openings": 2, "deadlines": 1}},
            {**LATE, "expect": {"messages": 1}},
            "2 messages for a start on 2027-03-01 in UTC (2-days-late), expected 1 (ask, always)",
        ),
        ({"never": {"messages_on": ["sun"]}}, {"never": {"messages_on": ["sat"]}}, "never on a sat was asked"),
        ({"never": {"messages_before": "10:00"}}, {"never": {"messages_before": "10:01"}}, "never before 10:01"),
        ({"never": {"messages_after": "19:00"}}, {"never": {"messages_after": "18:59"}}, "never after 18:59 was asked"),
        (
            {"never": {"days_between_messages": 3}},
            {"never": {"days_between_messages": 4}},
            "4 days between the messages on 2027-03-02 and 2027-03-06",
        ),
        ({"never": {"minutes_per_week": 41}}, {"never": {"minutes_per_week": 40}}, "40 minutes in week 9 of 2027"),
        (
            {"only": {"messages_on": ["tue", "sat"], "messages_at": ["10:00", "19:00"]}},
            {"only": {"messages_on": ["tue"]}},
            "1 message not on tue for a start on 2027-03-01 in UTC: always on sat 2027-03-06 19:00",
        ),
        ({"only": {"opens_at": ["09:00"]}}, {"only": {"opens_at": ["08:00"]}}, "2 openings not at 08:00"),
        ({"only": {"due_on": ["tue"]}}, {"only": {"due_at": ["18:00"]}}, "1 deadline not at 18:00"),
    ],
)
def test_each_form_comes_true_or_says_what_the_schedule_has(right, wrong, says):
    assert said(right) is None
    assert says in (said(wrong) or "")


def test_every_verdict_says_what_the_schedule_has_also_where_it_comes_true():
    read = parse_expectations(
        [
            {**LATE, "expect": {"module": "two", "opens": "2027-03-03 09:00"}},
            {"never": {"messages_per_week": 4}},
            {"only": {"opens_at": ["09:00"]}},
        ],
        pointer="",
    )

    assert [one.sentence for found in verdicts(SPARED, read) for one in found] == [
        "two opens for a start on 2027-03-01 in UTC (2-days-late): 2027-03-03 09:00 (after you finish A)",
        "the most is 2 messages in week 9 of 2027 for a start on 2027-03-01 in UTC (2-days-late)",
        "every opening comes at 09:00",
    ]


def test_a_pace_that_names_a_module_which_is_gone_is_told_once_and_hurts_no_other():
    read = parse_expectations(
        [
            {**PLAIN, "pace": "stops-after:gone", "expect": {"finished": "never"}},
            {**PLAIN, "expect": {"messages": 1}},
            {"never": {"messages_per_day": 2}},
        ],
        pointer="",
    )

    (fault,) = check_expectations(SPARED, read)
    assert fault.startswith("expectations/0: “stops-after:gone” is not a pace")


def test_a_message_after_a_quiet_stretch_is_sent_to_whoever_was_quiet():
    outline = journey(
        module("one", "a", "b", opens=START),
        nudges=(nudge("quiet", {"event": "inactive", "days": 3, "at": "10:00"}, unless=[{"completed": "one/b"}]),),
    )

    assert said({**PLAIN, "pace": "7-days-late", "expect": {"messages": 2}}, outline) is None
    assert said({**PLAIN, "expect": {"messages": 0}}, outline) is None


@pytest.mark.parametrize(
    ("value", "pointer", "says"),
    [
        ([{**PLAIN, "pace": "slow", "expect": {"messages": 1}}], "/0/pace", "is not a pace"),
        ([{**PLAIN, "pace": "99-days-late", "expect": {"messages": 1}}], "/0/pace", "at most 60 days late"),
        ([{**PLAIN, "title": "", "expect": {"messages": 1}}], "/0/title", "one line"),
        ([{**PLAIN, "expect": {"messages": -1}}], "/0/expect/messages", "from 0"),
        ([{**PLAIN, "expect": {"messages": 1, "message": 1}}], "/0/expect/message", "Did you mean messages"),
        ([{**PLAIN, "expect": {"finished": "soon"}}], "/0/expect/finished", "or never"),
        ([{**PLAIN, "expect": {"module": "a", "locked": "never"}}], "/0/expect/locked", "YYYY-MM-DD HH:MM"),
        ([{**PLAIN, "expect": {"module": "a", "before": "a/b/c"}}], "/0/expect/before", "names nothing"),
        ([{**PLAIN, "expect": {"module": "a", "within": {"days": 2}}}], "/0/expect/within", "nothing to wait for"),
        ([{**PLAIN, "expect": {"module": "a", "sent": ["soon"]}}], "/0/expect/sent/0", "not a local day"),
        ([{"never": {"messages_on": "sat"}}], "/0/never/messages_on", "Write a list"),
        ([{"never": {"messages_on": ["saturday"]}}], "/0/never/messages_on/0", "not a weekday"),
        ([{"never": {"messages_before": 9}}], "/0/never/messages_before", "in quotes"),
        ([{"only": {}}], "/0/only", "Say what comes only then"),
        ([{"only": {"due_at": ["9"]}}], "/0/only/due_at/0", "not an hour"),
        ([{"pace": "on-time", "only": {"due_at": ["09:00"]}}], "/0/start", "is not a date"),
        ([{"never": {"messages_per_week": 4}}] * 101, "", "Keep the 100"),
    ],
)
def test_the_later_forms_name_the_place_and_the_remedy_too(value, pointer, says):
    with pytest.raises(RuleError) as raised:
        parse_expectations(value, pointer="")

    assert raised.value.faults[0].pointer == pointer
    assert says in raised.value.faults[0].message

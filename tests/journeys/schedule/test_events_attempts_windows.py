"""Rules that wait for events, count attempts and keep to windows: when they hold, and how each says so."""

from datetime import UTC, date, datetime

import pytest

from journeys.schedule.calendar import calendar_for
from journeys.schedule.checks import outline_faults
from journeys.schedule.facts import Pause, Try
from journeys.schedule.grammar import RuleError, parse_due, parse_opens, parse_rule, to_data
from journeys.schedule.outline import Outline
from journeys.schedule.placing import moment_after
from journeys.schedule.words import as_condition, in_words
from tests.journeys.schedule.outlines import PARIS, START, at, facts, journey, local, module, run, step

WINDOW = {"weekdays": ["mon", "tue", "wed"], "from": "09:00", "to": "17:00"}
FORMS = [
    {"event": "town-hall"},
    {"from": "event:town-hall", "working_days": 2, "at": "09:00"},
    {"passed": "one/check", "ratio": 0.6, "within_attempts": 2},
    {"failed": "one/check"},
    {"failed": "one/check", "attempts": 2},
    {"from": "failed:one/check", "attempts": 2, "working_days": 3},
    {"from": "failed:one/check", "hours": 1},
    {"from": "completed:one/check", "hours": 4, "window": WINDOW},
    {"from": "start", "days": 3, "window": {"weekdays": ["sat", "sun"]}},
    {"from": "start", "days": 3, "at": "10:00", "window": {"from": "09:00", "to": "17:00"}},
]


def with_events(outline: Outline) -> Outline:
    return Outline(outline.key, outline.title, outline.modules, outline.nudges, {"town-hall": "Town hall"})


def tries(*moments: str, passed=False, ratio=0.2):
    return {"check": tuple(Try(at(moment), passed, ratio) for moment in moments)}


@pytest.mark.parametrize("data", FORMS)
def test_every_form_reads_back_as_it_was_written(data):
    rule = parse_rule(data, pointer="")

    assert to_data(rule) == data
    assert parse_rule(to_data(rule), pointer="") == rule
    assert in_words(rule, {})
    assert as_condition(rule, {}) != as_condition(rule, {}, negated=True)


@pytest.mark.parametrize(
    ("data", "pointer", "words"),
    [
        ({"event": "Town hall!"}, "/event", "is not a key"),
        ({"event": "a", "released": "b"}, "", "side by side"),
        ({"failed": "one"}, "/failed", "is a module"),
        ({"failed": "one/check", "attempts": 0}, "/attempts", "out of bounds"),
        ({"passed": "one/check", "within_attempts": "two"}, "/within_attempts", "whole number"),
        ({"from": "start", "days": 1, "attempts": 2}, "/attempts", "Only from: failed"),
        ({"from": "failed:one", "days": 1}, "/from", "is a module"),
        ({"from": "evnt:x", "days": 1}, "/from", "Did you mean event:KEY?"),
        ({"from": "start", "days": 1, "window": {}}, "/window", "Say which weekdays"),
        ({"from": "start", "days": 1, "window": {"from": "09:00"}}, "/window", "from and to"),
        ({"from": "start", "days": 1, "window": {"from": "17:00", "to": "09:00"}}, "/window/to", "not after"),
        ({"from": "start", "days": 1, "at": "08:00", "window": WINDOW}, "/window", "lies outside 09:00 to 17:00"),
        ({"from": "start", "days": 1, "weekday": "fri", "window": WINDOW}, "/window", "fri is not among"),
        ({"from": "start", "days": 1, "window": {"weekdays": ["mo"]}}, "/window/weekdays/0", "not a weekday"),
        ({"from": "start", "days": 1, "window": {"weekdays": ["mon", "mon"]}}, "/window/weekdays", "twice"),
        ({"from": "start", "days": 1, "window": {"weekdays": []}}, "/window/weekdays", "no list of weekdays"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_place(data, pointer, words):
    with pytest.raises(RuleError) as refusal:
        parse_rule(data, pointer="")

    assert [fault.pointer for fault in refusal.value.faults] == [pointer]
    assert words in refusal.value.faults[0].message


def test_a_module_waits_for_an_event_and_says_so():
    outline = with_events(
        journey(
            module("one", "a", opens={"event": "town-hall"}),
            module("two", "b", opens={"from": "event:town-hall", "working_days": 2, "at": "09:00"}),
        )
    )
    closed = run(outline)

    assert closed.modules["one"].blocked_by == ("Opens as soon as “Town hall” has taken place",)
    assert closed.modules["two"].blocked_by == ("Opens 2 working days after “Town hall” has taken place, at 09:00",)
    opened = run(outline, events={"town-hall": at("2027-03-05 15:00")})
    assert local(opened.modules["one"].opens_at) == "2027-03-05 15:00"
    assert local(opened.modules["two"].opens_at) == "2027-03-09 09:00"
    assert opened.modules["two"].opens_why == "2 working days after “Town hall” has taken place, at 09:00"


def test_an_event_that_the_journey_does_not_have_is_a_fault():
    outline = with_events(journey(module("one", "a", opens={"event": "townhall"})))

    (fault,) = outline_faults(outline)
    assert fault.pointer == "/modules/0/opens"
    assert fault.message.startswith("There is no event “townhall”. The events are town-hall")


TWICE = {"failed": "one/check", "attempts": 2}
MEETING = step("meet", title="Meet the facilitator", opens=TWICE, due={"from": "opens", "working_days": 3})


def remedial():
    return journey(
        module("one", "read", step("check", title="The check", kind="quiz"), MEETING, opens=START),
        module("two", "b"),
    )


def test_whoever_fails_twice_meets_the_facilitator_within_three_working_days():
    done = {"read": at("2027-03-01 10:00"), "check": at("2027-03-01 11:00")}
    found = run(remedial(), completed=done, tries=tries("2027-03-01 11:00", "2027-03-04 14:00"))

    meeting = found.steps["meet"]
    assert (local(meeting.opens_at), local(meeting.due_at)) == ("2027-03-04 14:00", "2027-03-09 14:00")
    assert meeting.opens_why == "after you answer The check twice without passing"
    assert meeting.required
    assert found.next_due(at("2027-03-05 09:00")) == meeting


def test_whoever_fails_less_finishes_the_module_without_the_meeting():
    done = {"read": at("2027-03-01 10:00"), "check": at("2027-03-01 11:00")}
    found = run(remedial(), completed=done, tries=tries("2027-03-01 11:00"))

    assert not found.steps["meet"].required
    assert found.steps["meet"].blocked_by == ("Opens after you answer The check twice without passing",)
    assert local(found.modules["two"].opens_at) == "2027-03-01 11:00"


def test_a_failure_after_the_module_was_finished_takes_nothing_back():
    done = {"read": at("2027-03-01 10:00"), "check": at("2027-03-01 11:00")}
    later = run(remedial(), completed=done, tries=tries("2027-03-01 11:00", "2027-03-02 11:00"))
    before = run(remedial(), completed={**done, "read": at("2027-03-03 10:00")}, tries=later.moments.facts.tries)

    assert local(later.modules["one"].done_at) == "2027-03-01 11:00"
    assert local(later.modules["two"].opens_at) == "2027-03-01 11:00"
    assert before.modules["one"].done_at is None
    met = run(
        remedial(),
        completed={**done, "read": at("2027-03-03 10:00"), "meet": at("2027-03-05 10:00")},
        tries=later.moments.facts.tries,
    )
    assert local(met.modules["two"].opens_at) == "2027-03-05 10:00"


@pytest.mark.parametrize(
    ("rule", "moment"),
    [
        ({"passed": "one/check", "within_attempts": 1}, None),
        ({"passed": "one/check", "within_attempts": 2}, "2027-03-02 09:00"),
        ({"passed": "one/check", "ratio": 0.9, "within_attempts": 2}, None),
        ({"passed": "one/check", "ratio": 0.9, "within_attempts": 3}, "2027-03-03 09:00"),
        ({"failed": "one/check"}, "2027-03-01 12:00"),
        ({"from": "failed:one/check", "days": 1}, "2027-03-02 12:00"),
        ({"not": {"failed": "one/check"}}, "2027-03-01 09:00"),
    ],
)
def test_results_over_attempts(rule, moment):
    outline = journey(module("one", step("check", kind="quiz"), opens=START), module("two", "b", opens=rule))
    known = (
        Try(at("2027-03-01 12:00"), False, 0.5),
        Try(at("2027-03-02 09:00"), True, 0.8),
        Try(at("2027-03-03 09:00"), True, 0.95),
    )
    found = run(outline, completed={"check": known[0].at}, passed={"check": known[1].at}, tries={"check": known})

    expected = moment if rule != {"not": {"failed": "one/check"}} else "2027-03-01 00:00"
    assert local(found.modules["two"].opens_at) == expected


def test_attempts_that_are_used_up_say_so():
    rule = {"passed": "one/check", "within_attempts": 1}
    outline = journey(
        module("one", step("check", title="The check", kind="quiz"), opens=START), module("two", "b", opens=rule)
    )
    found = run(outline, tries=tries("2027-03-01 12:00"))

    assert found.modules["two"].blocked_by == (
        "Stays closed, because you have not passed The check at the first attempt",
    )


def test_a_pass_that_was_recorded_without_an_attempt_counts():
    outline = journey(
        module("one", step("check", kind="quiz"), opens=START),
        module("two", "b", opens={"passed": "one/check", "within_attempts": 1}),
    )
    found = run(outline, completed={"check": at("2027-03-01 12:00")}, passed={"check": at("2027-03-01 12:00")})

    assert local(found.modules["two"].opens_at) == "2027-03-01 12:00"


def test_what_only_a_failure_opens_is_no_fault():
    assert outline_faults(remedial()) == ()


@pytest.mark.parametrize(
    ("offset", "anchor", "moment", "why"),
    [
        ({"hours": 4}, "2027-03-01 08:00", "2027-03-01 12:00", ""),
        ({"hours": 4}, "2027-03-01 02:00", "2027-03-01 09:00", "06:00 on Monday 1 March lies outside"),
        ({"hours": 4}, "2027-03-01 15:00", "2027-03-02 09:00", "19:00 on Monday 1 March lies outside"),
        ({"hours": 4}, "2027-03-03 15:00", "2027-03-08 09:00", "19:00 on Wednesday 3 March lies outside"),
        ({"days": 3, "at": "10:00"}, "2027-03-01 08:00", "2027-03-08 10:00", "10:00 on Thursday 4 March lies outside"),
        ({"days": 1}, "2027-03-01 18:00", "2027-03-03 09:00", "18:00 on Tuesday 2 March lies outside"),
        ({"working_days": 3, "at": "10:00"}, "2027-03-24 09:00", "2027-03-30 10:00", "Easter Monday"),
    ],
)
def test_a_window_moves_a_moment_forward_and_says_why(offset, anchor, moment, why):
    rule = {"from": "completed:one/a", **offset, "window": WINDOW}
    outline = journey(module("one", "a", opens=START), module("two", "b", opens=rule))
    found = run(outline, completed={"a": at(anchor)})

    assert local(found.modules["two"].opens_at) == moment
    assert why in found.modules["two"].opens_why
    if why.endswith("outside"):
        assert f"{why} Monday to Wednesday, 09:00 to 17:00" in found.modules["two"].opens_why


def test_a_window_holds_after_a_pause():
    rule = parse_opens({"from": "start", "days": 7, "at": "10:00", "window": WINDOW}, pointer="")
    outline = journey(module("one", "a", opens=to_data(rule)))
    pause = Pause(at("2027-03-03 12:00"), at("2027-03-06 12:00"))

    found = run(outline, pauses=(pause,))

    assert local(found.modules["one"].opens_at) == "2027-03-15 10:00"
    held = run(outline, pauses=(Pause(at("2027-03-08 09:00"), at("2027-03-08 20:00")),))
    assert local(held.modules["one"].opens_at) == "2027-03-09 09:00"


def test_a_window_of_days_that_are_never_worked_still_ends():
    rule = {"from": "start", "working_days": 1, "window": {"weekdays": ["sat", "sun"]}}
    found = run(journey(module("one", "a", opens=rule)))

    assert local(found.modules["one"].opens_at) == "2027-03-06 00:00"


def test_a_deadline_from_the_end_closes_with_its_window():
    due = {"from": "end", "days": 0, "window": {"from": "09:00", "to": "17:00"}}
    found = run(journey(module("one", "a", due=due, opens=START)), end_on=date(2027, 5, 3))

    assert local(found.modules["one"].due_at) == "2027-05-03 17:00"
    assert parse_due(due, pointer="") is not None


def test_windows_hold_where_the_clocks_change():
    window = parse_rule({"from": "start", "hours": 1, "window": {"from": "02:30", "to": "12:00"}}, pointer="").offset
    placed = moment_after(
        window, datetime(2027, 3, 27, 23, 0, tzinfo=UTC), zone=PARIS, calendar=calendar_for(None, PARIS)
    )

    # 02:30 is skipped in Paris on 28 March.
    assert local(placed.at) == "2027-03-28 03:30"


def test_facts_of_events_and_attempts_are_told_apart():
    one, other = facts(tries=tries("2027-03-01 12:00")), facts(tries=tries("2027-03-01 13:00"))

    assert one != other
    assert hash(one) != hash(other)
    assert hash(facts(events={"a": at("2027-03-01 12:00")})) != hash(facts())

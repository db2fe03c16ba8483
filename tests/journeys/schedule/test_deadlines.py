from datetime import date

import pytest

from journeys.schedule.facts import Pause, Shift
from tests.journeys.schedule.outlines import (
    START,
    at,
    chain,
    journey,
    local,
    module,
    openings,
    run,
    step,
)


@pytest.mark.parametrize(
    ("due", "moment"),
    [
        ({"from": "opens", "working_days": 4, "at": "18:00"}, "2027-03-05 18:00"),
        ({"from": "opens", "working_days": 0, "at": "18:00"}, "2027-03-01 18:00"),
        ({"from": "opens", "working_days": 0, "at": "08:00"}, "2027-03-02 08:00"),
        ({"from": "opens", "days": 4}, "2027-03-05 09:00"),
        ({"from": "start", "weeks": 1}, "2027-03-08 23:59"),
        ({"from": "end", "days": 0}, "2027-04-30 23:59"),
        ({"date": "2027-03-20"}, "2027-03-20 23:59"),
        ({"date": "2027-02-20", "at": "09:00"}, "2027-03-01 09:00"),
        ({"from": "completed:one/a", "days": 1}, None),
    ],
)
def test_timeline_places_deadlines_never_before_the_opening(due, moment):
    outline = journey(module("one", "a", opens=START, due=due))

    assert local(run(outline, end_on=date(2027, 4, 30)).modules["one"].due_at) == moment


def test_timeline_extends_a_deadline_and_says_so():
    due = {"from": "opens", "working_days": 4, "at": "18:00"}
    found = run(chain(due=due), extensions={"two": date(2027, 3, 20)})

    assert local(found.modules["two"].due_at) == "2027-03-20 18:00"
    assert found.modules["two"].due_why == (
        "extended to Saturday 20 March; was 4 working days after it opens, at 18:00"
    )
    assert found.modules["two"].due_moved_from == date(2027, 3, 12)
    assert local(found.modules["one"].due_at) == "2027-03-05 18:00"


def test_timeline_extends_the_latest_of_what_applies_and_nothing_earlier():
    due = {"from": "opens", "working_days": 4, "at": "18:00"}
    inner = journey(module("one", step("a", due={"from": "opens", "days": 1, "at": "17:00"}), opens=START, due=due))
    found = run(inner, extensions={"": date(2027, 3, 3), "one": date(2027, 3, 4), "one/a": date(2027, 3, 2)})

    assert local(found.modules["one"].due_at) == "2027-03-05 18:00"
    assert local(found.steps["a"].due_at) == "2027-03-04 17:00"


def test_timeline_opens_nothing_while_paused_and_moves_what_follows():
    due = {"from": "opens", "working_days": 4, "at": "18:00"}
    pause = Pause(at("2027-03-05 12:00"), at("2027-03-12 12:00"))
    found = run(chain(due=due), opened={"one": at("2027-03-01 09:00")}, pauses=(pause,))

    assert openings(found, ["one", "two", "three"]) == ["2027-03-01 09:00", "2027-03-15 09:00", "2027-03-22 09:00"]
    assert local(found.modules["one"].due_at) == "2027-03-12 18:00"
    assert found.modules["two"].moved_from == date(2027, 3, 8)
    assert found.modules["two"].opens_why.endswith("moved from Monday 8 March: 7 days of pause")
    assert local(found.modules["three"].due_at) == "2027-03-26 18:00"


def test_timeline_waits_in_words_while_a_pause_lasts():
    due = {"from": "opens", "working_days": 4, "at": "18:00"}
    found = run(chain(due=due), pauses=(Pause(at("2027-03-05 12:00")),))

    assert local(found.modules["one"].opens_at) == "2027-03-01 09:00"
    assert found.modules["two"].opens_at is None
    assert found.modules["two"].blocked_by == ("This journey is paused for you; it goes on when you resume it",)
    assert found.modules["one"].due_at is None
    assert found.next_opens(at("2027-03-06 09:00")) is None


def test_timeline_opens_after_the_pause_what_a_completion_would_have_opened_in_it():
    outline = journey(module("one", "a"), module("two", "b"))
    pause = Pause(at("2027-03-05 12:00"), at("2027-03-12 12:00"))
    found = run(outline, completed={"a": at("2027-03-06 10:00")}, pauses=(pause,))

    assert local(found.modules["two"].opens_at) == "2027-03-12 12:00"
    assert found.modules["two"].opens_why == "after you finish Module 1; moved from Saturday 6 March: paused"


def test_timeline_begins_after_a_pause_that_covers_the_start():
    covering = Pause(at("2027-02-20 12:00"), at("2027-03-04 12:00"))
    over_before = Pause(at("2027-02-01 12:00"), at("2027-02-20 12:00"))

    assert openings(run(chain(), pauses=(covering,)), ["one", "two"]) == ["2027-03-04 12:00", "2027-03-11 09:00"]
    assert openings(run(chain(), pauses=(over_before,)), ["one"]) == ["2027-03-01 09:00"]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ("2027-02-20 10:00", ["2027-03-08 09:00", "2027-03-15 09:00", "2027-03-22 09:00"]),
        ("2027-03-03 10:00", ["2027-03-01 09:00", "2027-03-15 09:00", "2027-03-22 09:00"]),
        ("2027-03-09 10:00", ["2027-03-01 09:00", "2027-03-08 09:00", "2027-03-22 09:00"]),
    ],
)
def test_timeline_shifts_what_was_still_to_come(made, expected):
    assert openings(run(chain(), shifts=(Shift(at(made), 7),)), ["one", "two", "three"]) == expected


@pytest.mark.parametrize(
    ("known", "opens", "due"),
    [
        ({}, "2027-03-10 09:00", "2027-03-20 23:59"),
        ({"pauses": (Pause(at("2027-03-03 12:00"), at("2027-03-06 12:00")),)}, "2027-03-13 09:00", "2027-03-23 23:59"),
        ({"pauses": (Pause(at("2027-02-20 12:00"), at("2027-03-04 12:00")),)}, "2027-03-13 09:00", "2027-03-23 23:59"),
        ({"pauses": (Pause(at("2027-02-20 12:00"), at("2027-02-24 12:00")),)}, "2027-03-10 09:00", "2027-03-20 23:59"),
        ({"shifts": (Shift(at("2027-02-20 12:00"), 7),)}, "2027-03-17 09:00", "2027-03-27 23:59"),
        ({"shifts": (Shift(at("2027-03-15 12:00"), 7),)}, "2027-03-10 09:00", "2027-03-27 23:59"),
    ],
)
def test_fixed_dates_and_the_end_move_too(known, opens, due):
    fixed = journey(module("one", "a", opens={"date": "2027-03-10", "at": "09:00"}, due={"date": "2027-03-20"}))
    ends = journey(
        module("one", "a", opens={"from": "end", "days": -10, "at": "09:00"}, due={"from": "end", "days": 0})
    )

    for found in (run(fixed, **known), run(ends, end_on=date(2027, 3, 20), **known)):
        assert local(found.modules["one"].due_at) == due
        assert local(found.modules["one"].opens_at) == opens


def test_a_date_before_the_start_does_not_fall_into_a_pause_either():
    pause = Pause(at("2027-02-25 12:00"), at("2027-03-02 12:00"))
    outline = journey(module("one", "a", opens={"date": "2027-02-27", "at": "09:00"}, due={"date": "2027-02-28"}))

    found = run(outline, pauses=(pause,)).modules["one"]

    assert (local(found.opens_at), local(found.due_at)) == ("2027-03-02 12:00", "2027-03-02 23:59")


def test_next_due_is_the_earliest_deadline_not_met_also_when_it_has_passed():
    due = {"from": "opens", "working_days": 4, "at": "18:00"}
    found = run(chain(due=due))

    assert found.next_due(at("2027-03-02 09:00")).key == "one"
    assert found.next_due(at("2027-03-20 09:00")).key == "one"
    done = {"a": at("2027-03-02 10:00"), "b": at("2027-03-02 11:00")}
    assert run(chain(due=due), completed=done).next_due(at("2027-03-20 09:00")).key == "two"
    everything = done | {"c": at("2027-03-09 10:00"), "d": at("2027-03-16 10:00")}
    assert run(chain(due=due), completed=everything).next_due(at("2027-03-20 09:00")) is None


def test_next_due_leaves_out_what_nobody_can_act_on():
    outline = journey(module("one", "a"), module("two", "b", due={"date": "2027-03-05"}))

    assert run(outline).next_due(at("2027-03-03 09:00")).key == "two"
    assert run(outline).next_due(at("2027-03-06 09:00")) is None
    assert (
        run(chain(due={"date": "2027-03-20"}), exempted=frozenset("ab")).next_due(at("2027-03-02 09:00")).key == "two"
    )

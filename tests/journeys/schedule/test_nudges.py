from datetime import date, timedelta

import pytest

from journeys.schedule.calendar import calendar_for
from journeys.schedule.facts import Facts, Pause
from journeys.schedule.nudges import nudge_moments, still_needed
from tests.journeys.schedule.outlines import PARIS, TOKYO, at, facts, journey, local, module, nudge, run, step

START = {"from": "start", "working_days": 0, "at": "09:00"}
DUE = {"from": "opens", "working_days": 4, "at": "18:00"}
OPENED = {"event": "module-opened", "module": "one"}
SOON = {"event": "step-due-soon", "before": {"working_days": 1, "at": "10:00"}}
QUIET = {"event": "inactive", "days": 5, "at": "10:00"}
THURSDAYS = {"event": "weekly", "weekday": "thu", "at": "16:00"}


def with_nudges(*nudges, due=None):
    return journey(module("one", "a", "b", opens=START, due=due), module("two", "c"), nudges=nudges)


def moments(outline, known: Facts | None = None, *, after="2027-03-01 00:00", **more):
    known = known or facts(**more)
    calendar = calendar_for(None, known.zone)
    return nudge_moments(outline, known, run(outline, known), calendar, after=at(after))


def needed(outline, known: Facts | None = None, *, now, subject="", **more):
    known = known or facts(**more)
    return still_needed(outline.nudges[0], outline, known, run(outline, known), subject=subject, now=at(now))


def test_a_message_follows_the_opening_of_a_module():
    outline = with_nudges(nudge("hello", OPENED, wait={"working_days": 2, "at": "16:00"}))

    (moment,) = moments(outline)

    assert local(moment.due_at) == "2027-03-03 16:00"
    assert (moment.rule_key, moment.category, moment.subject) == ("hello", "practice", "one")
    assert (moment.anchor, moment.nominal_local) == ("2027-03-01", "2027-03-03T16:00")
    assert moment.why == "2 working days after Module 1 opens, at 16:00"
    assert moment.expires_at == moment.due_at + timedelta(days=2)


def test_a_message_without_a_wait_follows_at_once():
    (moment,) = moments(with_nudges(nudge("hello", OPENED)))

    assert local(moment.due_at) == "2027-03-01 09:00"


def test_a_message_is_moved_from_a_holiday_and_says_so():
    outline = with_nudges(nudge("hello", OPENED, wait={"working_days": 3, "at": "09:00"}))

    (moment,) = moments(outline, facts(start_on=date(2027, 3, 17), zone=TOKYO))

    assert local(moment.due_at, TOKYO) == "2027-03-23 09:00"
    assert moment.moved_from == date(2027, 3, 22)
    assert moment.why.endswith("; moved from Monday 22 March: substitute holiday")


def test_a_message_keeps_the_hour_of_the_person_in_a_cohort_with_its_own_zone():
    outline = with_nudges(nudge("hello", OPENED, wait={"working_days": 2, "at": "16:00"}))

    (moment,) = moments(outline, facts(zone=TOKYO, anchor_zone=PARIS))

    assert local(moment.due_at, TOKYO) == "2027-03-03 16:00"


def test_a_message_hangs_on_the_recorded_opening_and_keeps_its_key_when_the_record_is_a_little_late():
    outline = with_nudges(nudge("hello", OPENED, wait={"working_days": 2, "at": "16:00"}))

    (planned,) = moments(outline)
    (recorded,) = moments(outline, opened={"one": at("2027-03-01 09:03")})
    (other_day,) = moments(outline, opened={"one": at("2027-03-04 09:00")})

    assert (planned.anchor, planned.nominal_local) == (recorded.anchor, recorded.nominal_local)
    assert other_day.anchor != planned.anchor


def test_no_message_for_a_module_whose_opening_is_not_known_or_lies_before_the_person_joined():
    late = nudge("late", {"event": "module-opened", "module": "two"})
    early = nudge("early", OPENED, wait={"working_days": 2, "at": "16:00"})

    assert moments(with_nudges(late)) == ()
    assert moments(with_nudges(early), enrolled_at=at("2027-03-10 09:00")) == ()


def test_the_wall_time_that_was_meant_stays_where_the_clocks_skip_it():
    hello = nudge("hello", OPENED, wait={"days": 1, "at": "02:30"})
    outline = journey(module("one", "a"), nudges=(hello,))

    (moment,) = moments(outline, facts(start_on=date(2027, 3, 27)))

    assert local(moment.due_at) == "2027-03-28 03:30"
    assert moment.nominal_local == "2027-03-28T02:30"


def test_a_message_before_each_deadline_that_has_to_be_met():
    outline = journey(
        module("one", step("a", due={"from": "opens", "days": 2, "at": "17:00"}), opens=START, due=DUE),
        module("two", step("c", due=DUE), due=DUE),
        nudges=(nudge("soon", SOON),),
    )

    found = moments(outline)

    assert [(one.subject, local(one.due_at)) for one in found] == [
        ("one", "2027-03-04 10:00"),
        ("one/a", "2027-03-02 10:00"),
    ]
    assert found[0].anchor == "2027-03-05T17:00:00+00:00"
    assert found[0].expires_at == at("2027-03-05 18:00")
    assert found[0].why == "1 working day before Module 1 is due, at 10:00; Module 1 is due on Friday 5 March"


def test_a_message_before_one_deadline_only():
    outline = journey(
        module("one", step("a", due=DUE), step("b", due=DUE, opens=START), opens=START, due=DUE),
        nudges=(nudge("soon", {**SOON, "step": "one/b"}),),
    )

    assert [one.subject for one in moments(outline)] == ["one/b"]


def test_a_deadline_that_moves_is_another_occurrence():
    outline = with_nudges(nudge("soon", SOON), due=DUE)

    (before,) = moments(outline)
    (after,) = moments(outline, extensions={"one": date(2027, 3, 12)})

    assert local(after.due_at) == "2027-03-11 10:00"
    assert after.anchor != before.anchor


@pytest.mark.parametrize(
    ("before", "moment"),
    [
        ({"hours": 24}, "2027-03-04 18:00"),
        ({"days": 2}, "2027-03-03 18:00"),
        ({"days": 0, "at": "20:00"}, "2027-03-04 20:00"),  # after the deadline of that day: the day before
        ({"working_days": 9, "at": "10:00"}, "2027-03-01 09:00"),  # not before it is open
    ],
)
def test_a_message_before_a_deadline_leaves_time_for_it(before, moment):
    outline = with_nudges(nudge("soon", {"event": "step-due-soon", "before": before}), due=DUE)

    assert [local(one.due_at) for one in moments(outline)] == [moment]


def test_a_message_before_a_deadline_steps_back_over_holidays():
    due = {"date": "2027-03-30", "at": "18:00"}
    outline = with_nudges(nudge("soon", SOON), due=due)

    assert [local(one.due_at) for one in moments(outline)] == ["2027-03-26 10:00"]


def test_no_message_before_a_deadline_of_what_is_done_exempt_closed_or_paused():
    outline = with_nudges(nudge("soon", SOON), due=DUE)
    done = {"a": at("2027-03-02 09:00"), "b": at("2027-03-02 09:30")}

    assert moments(outline, completed=done) == ()
    assert moments(outline, exempted=frozenset("ab")) == ()
    assert moments(outline, pauses=(Pause(at("2027-03-02 09:00")),)) == ()
    closed = journey(module("one", "a"), module("two", "b", due={"date": "2027-03-20"}), nudges=outline.nudges)
    assert moments(closed) == ()


def test_a_message_after_days_without_activity_while_something_is_open():
    outline = with_nudges(nudge("quiet", QUIET))

    (never,) = moments(outline)
    (active,) = moments(outline, last_activity_at=at("2027-03-03 15:00"), completed={"a": at("2027-03-03 15:00")})

    assert (local(never.due_at), never.anchor) == ("2027-03-06 10:00", "2027-03-01")
    assert (local(active.due_at), active.anchor) == ("2027-03-08 10:00", "2027-03-03")
    assert active.why == (
        "after 5 days without activity while something is open, at 10:00; counted from Wednesday 3 March"
    )


def test_days_without_activity_count_from_when_there_is_something_to_do():
    outline = journey(
        module("one", "a", opens=START),
        module("two", "b", opens={"from": "start", "days": 9, "at": "09:00"}),
        nudges=(nudge("quiet", QUIET),),
    )
    done = {"a": at("2027-03-02 09:00")}

    (waiting,) = moments(outline, completed=done, last_activity_at=at("2027-03-02 09:00"))

    assert local(waiting.due_at) == "2027-03-15 10:00"
    both = done | {"b": at("2027-03-11 09:00")}
    assert moments(outline, completed=both, last_activity_at=at("2027-03-11 09:00")) == ()


def test_days_of_a_pause_are_not_days_without_activity():
    outline = with_nudges(nudge("quiet", QUIET))
    known = {"last_activity_at": at("2027-03-02 09:00")}

    (moment,) = moments(outline, **known, pauses=(Pause(at("2027-03-03 09:00"), at("2027-03-10 09:00")),))

    assert local(moment.due_at) == "2027-03-14 10:00"
    assert moments(outline, **known, pauses=(Pause(at("2027-03-03 09:00")),)) == ()


def test_a_weekly_message_gives_its_next_moment():
    outline = with_nudges(nudge("week", THURSDAYS))

    assert [local(one.due_at) for one in moments(outline)] == ["2027-03-04 16:00"]
    assert [local(one.due_at) for one in moments(outline, after="2027-03-04 16:00")] == ["2027-03-04 16:00"]
    (summer,) = moments(outline, after="2027-03-27 00:00")
    assert (local(summer.due_at), summer.anchor, summer.nominal_local) == (
        "2027-04-01 16:00",
        "2027-04-01",
        "2027-04-01T16:00",
    )


def test_a_weekly_message_runs_from_the_first_opening_to_the_end():
    outline = with_nudges(nudge("week", THURSDAYS))
    done = {key: at("2027-03-10 09:00") for key in "abc"}

    assert local(moments(outline, after="2027-01-01 00:00")[0].due_at) == "2027-03-04 16:00"
    assert moments(outline, after="2027-03-05 00:00", end_on=date(2027, 3, 11))
    assert moments(outline, after="2027-03-05 00:00", end_on=date(2027, 3, 10)) == ()
    assert moments(outline, after="2027-03-10 09:00", completed=done) == ()


def test_a_weekly_message_skips_a_pause():
    outline = with_nudges(nudge("week", THURSDAYS))
    pause = Pause(at("2027-03-03 09:00"), at("2027-03-12 09:00"))

    assert [local(one.due_at) for one in moments(outline, pauses=(pause,))] == ["2027-03-18 16:00"]
    assert moments(outline, pauses=(Pause(at("2027-03-03 09:00")),)) == ()


def test_still_needed_gives_the_condition_that_stopped_it():
    unless = [
        {"any": [{"completed": "one/a"}, {"not": {"completed": "one/b"}}]},
        {"from": "module-opened:one", "days": 5},
    ]
    outline = with_nudges(nudge("hello", OPENED, unless=unless))
    done = {"b": at("2027-03-01 10:00")}

    assert needed(outline, now="2027-03-02 09:00") == "you have finished A or you have not finished B"
    assert needed(outline, now="2027-03-02 09:00", completed=done) is None
    assert needed(outline, now="2027-03-06 09:00", completed=done) == "5 days have passed since Module 1 opened"
    later = done | {"a": at("2027-03-03 10:00")}
    assert needed(outline, now="2027-03-03 09:59", completed=later) is None
    assert needed(outline, now="2027-03-03 10:00", completed=later) is not None


def test_still_needed_asks_whether_the_module_is_open():
    outline = with_nudges(nudge("hello", OPENED))

    assert needed(outline, now="2027-03-01 08:59") == "Module 1 is not open"
    assert needed(outline, now="2027-03-01 09:00") is None


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({}, None),
        ({"completed": {"a": at("2027-03-02 10:00"), "b": at("2027-03-02 11:00")}}, "you have finished Module 1"),
        ({"exempted": frozenset("ab")}, "Module 1 is not asked of you any more"),
        ({"extensions": {"one": date(2027, 3, 12)}}, "the deadline of Module 1 was moved to Friday 12 March"),
    ],
)
def test_still_needed_asks_whether_the_deadline_still_stands(known, reason):
    outline = with_nudges(nudge("soon", SOON), due=DUE)

    assert needed(outline, now="2027-03-04 10:00", subject="one", **known) == reason


def test_still_needed_lets_a_deadline_that_has_passed_rest():
    outline = with_nudges(nudge("soon", SOON), due=DUE)

    assert needed(outline, now="2027-03-05 18:00", subject="one") == (
        "the deadline of Module 1 has passed or was taken away"
    )
    assert needed(outline, now="2027-03-04 10:00", subject="gone") == "gone is not asked of you any more"


def test_still_needed_asks_whether_it_is_still_quiet():
    outline = with_nudges(nudge("quiet", QUIET))
    everything = {key: at("2027-03-02 10:00") for key in "abc"}

    assert needed(outline, now="2027-03-06 10:00") is None
    assert needed(outline, now="2027-03-06 10:00", last_activity_at=at("2027-03-05 10:00")) == (
        "there was activity, or nothing to do, in the meantime"
    )
    assert needed(outline, now="2027-03-09 10:00", completed=everything) == "nothing is open that waits for you"


def test_still_needed_ends_weekly_messages_with_the_journey():
    outline = with_nudges(nudge("week", THURSDAYS))
    everything = {key: at("2027-03-02 10:00") for key in "abc"}

    assert needed(outline, now="2027-03-04 16:00") is None
    assert needed(outline, now="2027-03-04 16:00", completed=everything) == "the journey is over"
    assert needed(outline, now="2027-03-04 16:00", end_on=date(2027, 3, 3)) == "the journey is over"

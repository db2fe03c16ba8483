"""Messages after a missed deadline, and so long after, or before, a moment of the journey."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from journeys.schedule.checks import outline_faults
from journeys.schedule.expectations import check_expectations, parse_expectations
from journeys.schedule.facts import Pause, Shift, Try
from journeys.schedule.grammar import parse_trigger, trigger_to_data
from journeys.schedule.tree import RuleError
from journeys.schedule.words import trigger_in_words
from tests.journeys.schedule.outlines import TOKYO, at, facts, journey, local, module, nudge, step
from tests.journeys.schedule.test_nudges import moments, needed

START = {"from": "start", "working_days": 0, "at": "09:00"}
DUE = {"from": "opens", "working_days": 4, "at": "18:00"}
LATE = {"event": "overdue", "after": {"working_days": 1, "at": "10:00"}}


def with_trigger(trigger, *, due=DUE, events=None):
    outline = journey(
        module("one", "a", step("b", kind="quiz"), opens=START, due=due),
        module("two", "c"),
        nudges=(nudge("it", trigger),),
    )
    return replace(outline, events=events or {})


def when(trigger, known=None, *, zone="Europe/Paris", **more):
    outline = with_trigger(trigger, events={"kick-off": "Kick-off"})
    return [(one.subject, local(one.due_at, zone)) for one in moments(outline, known, **more)]


# Whatever was missed


def test_a_message_follows_a_deadline_that_was_missed():
    (moment,) = moments(with_trigger(LATE))

    # Due on Friday at 18:00; one working day later.
    assert (moment.subject, local(moment.due_at)) == ("one", "2027-03-08 10:00")
    assert moment.anchor == at("2027-03-05 18:00").isoformat()
    assert moment.why == "1 working day after Module 1 was due, if it is not done, at 10:00"


@pytest.mark.parametrize(
    ("done", "count"),
    [("2027-03-05 17:00", 0), ("2027-03-08 09:00", 0), ("2027-03-08 11:00", 1)],
)
def test_whoever_is_done_before_it_hears_nothing(done, count):
    completed = {"a": at("2027-03-02 09:00"), "b": at(done)}

    assert len(moments(with_trigger(LATE), completed=completed)) == count


def test_an_overdue_message_can_be_about_one_thing():
    assert when({**LATE, "module": "two"}) == []
    assert when({**LATE, "module": "one"}) == [("one", "2027-03-08 10:00")]


def test_an_overdue_message_is_asked_again_when_its_moment_comes():
    outline, now = with_trigger(LATE), "2027-03-08 10:00"

    assert needed(outline, subject="one", now=now) is None
    done = {"a": at("2027-03-08 09:00"), "b": at("2027-03-08 09:30")}
    assert needed(outline, subject="one", now=now, completed=done) == "you have finished Module 1"
    later = {"one": date(2027, 3, 20)}
    moved = "the deadline of Module 1 was moved or taken away"
    assert needed(outline, subject="one", now=now, extensions=later) == moved
    assert needed(outline, subject="gone", now=now) == "gone is not asked of you any more"


def test_a_pause_moves_an_overdue_message():
    pauses = (Pause(at("2027-03-06 00:00"), at("2027-03-16 00:00")),)

    (moment,) = moments(with_trigger(LATE), pauses=pauses)

    assert moment.due_at > at("2027-03-16 00:00")


# A moment to count from


@pytest.mark.parametrize(
    ("trigger", "subject", "due"),
    [
        ({"from": "start", "days": 2, "at": "09:00"}, "", "2027-03-03 09:00"),
        ({"from": "enrolled", "hours": 1}, "", "2027-03-01 01:00"),
        ({"from": "end", "working_days": -2, "at": "09:00"}, "", "2027-05-26 09:00"),
        ({"from": "end", "weeks": 1, "weekday": "mon", "at": "09:00"}, "", "2027-06-07 09:00"),
        ({"from": "completed:one/a", "days": 1, "at": "09:00"}, "one/a", "2027-03-03 09:00"),
        ({"from": "module-opened:one", "hours": 3}, "one", "2027-03-01 12:00"),
        ({"from": "event:kick-off", "days": 1, "at": "09:00"}, "", "2027-03-05 09:00"),
        ({"from": "finished", "days": 21, "at": "09:00"}, "", None),
    ],
)
def test_a_message_counts_from_a_moment(trigger, subject, due):
    found = when(
        {"event": "moment", **trigger},
        end_on=date(2027, 5, 28),
        completed={"a": at("2027-03-02 15:00")},
        events={"kick-off": at("2027-03-04 11:00")},
    )

    assert found == ([] if due is None else [(subject, due)])


def test_a_booster_comes_so_long_after_the_whole_journey_is_finished():
    completed = {key: at("2027-03-02 15:00") for key in "abc"}

    assert when({"event": "moment", "from": "finished", "days": 21, "at": "09:00"}, completed=completed) == [
        ("", "2027-03-23 09:00")
    ]


def test_somebody_who_failed_twice_hears_once():
    tries = {"b": tuple(Try(at(f"2027-03-0{day} 10:00"), passed=False) for day in (2, 3, 4))}
    trigger = {"event": "moment", "from": "failed:one/b", "attempts": 2, "hours": 1}

    assert when(trigger, tries=tries) == [("one/b", "2027-03-03 11:00")]


def test_messages_about_start_and_end_keep_the_hours_of_the_person_and_follow_a_shift():
    trigger = {"event": "moment", "from": "end", "days": -1, "at": "09:00"}
    known = facts(zone=TOKYO, anchor_zone="Europe/Paris", end_on=date(2027, 5, 28))
    moved = facts(end_on=date(2027, 5, 28), shifts=(Shift(datetime(2027, 3, 2, tzinfo=UTC), 7),))

    assert when(trigger, known, zone=TOKYO) == [("", "2027-05-27 09:00")]
    assert when(trigger, moved) == [("", "2027-06-03 09:00")]


def test_what_lies_before_somebody_joined_is_left_out():
    late = facts(enrolled_at=at("2027-03-10 12:00"))

    assert when({"event": "moment", "from": "start", "days": 2, "at": "09:00"}, late) == []


def test_a_moment_is_asked_again_when_it_comes():
    outline = with_trigger({"event": "moment", "from": "end", "days": -1, "at": "09:00"})

    assert needed(outline, now="2027-05-27 09:00", end_on=date(2027, 5, 28)) is None
    moved = "its moment was moved to Friday 4 June"
    assert needed(outline, now="2027-05-27 09:00", end_on=date(2027, 6, 5)) == moved
    assert needed(outline, now="2027-05-27 09:00") == "the moment that it counts from is not known any more"


# As it is written


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (LATE, "1 working day after anything required was due, if it is not done, at 10:00"),
        ({**LATE, "step": "one/a"}, "1 working day after A was due, if it is not done, at 10:00"),
        (
            {"event": "moment", "from": "finished", "days": 7, "at": "09:00"},
            "7 days after you finish the journey, at 09:00",
        ),
        ({"event": "moment", "from": "end", "days": -2, "at": "09:00"}, "2 days before the end, at 09:00"),
        ({"event": "moment", "from": "failed:one/b", "attempts": 2, "hours": 1}, None),
        ({"event": "moment", "from": "event:kick-off", "days": 0}, None),
    ],
)
def test_a_trigger_is_read_and_written_and_said(data, words):
    trigger = parse_trigger(data, pointer="")

    assert parse_trigger(trigger_to_data(trigger), pointer="") == trigger
    assert trigger_to_data(trigger) == data
    said = trigger_in_words(trigger, with_trigger(LATE).titles)
    assert said == words or words is None


@pytest.mark.parametrize(
    ("data", "pointer", "piece"),
    [
        ({"event": "moment"}, "/from", "Say which moment counts"),
        ({"event": "moment", "from": "end", "days": 1}, "", "at which hour"),
        ({"event": "moment", "from": "opens", "days": 1}, "/from", "due only"),
        ({"event": "moment", "from": "enrolled", "days": -1}, "/days", ""),
        ({"event": "moment", "from": "start"}, "", ""),
        ({"event": "moment", "from": "start", "days": 1, "at": "09:00", "step": "one/a"}, "/step", "does not belong"),
        ({"event": "overdue"}, "/after", "Write a mapping"),
        ({"event": "overdue", "after": {"minutes": 5}}, "/after/minutes", "does not belong"),
        ({"event": "overdue", "after": {"days": 1}, "step": "one/a", "module": "one"}, "", "not both"),
    ],
)
def test_a_trigger_that_makes_no_sense_is_refused_in_its_place(data, pointer, piece):
    with pytest.raises(RuleError) as refusal:
        parse_trigger(data, pointer="")

    assert pointer in [fault.pointer for fault in refusal.value.faults]
    assert piece in " ".join(fault.message for fault in refusal.value.faults)


def test_only_messages_count_from_the_end_of_the_whole_journey():
    with pytest.raises(RuleError, match="is not a moment to count from"):
        journey(module("one", "a", opens={"from": "finished", "days": 1}))


def test_a_trigger_that_names_what_is_not_there_is_a_fault():
    def faults(trigger):
        return [(fault.pointer, fault.message) for fault in outline_faults(with_trigger(trigger))]

    assert faults({"event": "moment", "from": "completed:gone", "days": 1})[0][0] == "/nudges/0/trigger"
    assert "no event “kick-off”" in faults({"event": "moment", "from": "event:kick-off", "days": 1})[0][1]
    assert "has no deadline" in faults({**LATE, "module": "two"})[0][1]


def test_expectations_speak_of_them():
    outline = with_trigger({"event": "moment", "from": "finished", "days": 21, "at": "09:00"})
    run = {"start": "2027-03-01", "zone": "Europe/Paris"}
    sent = [{**run, "expect": {"nudge": "it", "sent": "2027-03-22 09:00"}}]

    assert check_expectations(outline, parse_expectations(sent, pointer="")) == []
    late = with_trigger(LATE)
    expected = [
        {**run, "pace": "stops-after:one", "expect": {"nudge": "it", "sent": "never"}},
        {**run, "pace": "14-days-late", "expect": {"nudge": "it", "sent": "2027-03-08 10:00"}},
    ]
    assert check_expectations(late, parse_expectations(expected, pointer="")) == []

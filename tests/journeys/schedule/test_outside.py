"""What others do in a simulated run: events, what a facilitator opens, the cohort's end."""

from dataclasses import replace
from datetime import date

import pytest

from journeys.schedule.calendar import calendar_for
from journeys.schedule.expectations import check_expectations, parse_expectations
from journeys.schedule.grammar import RuleError
from journeys.schedule.outside import Outside, UnknownHappening, in_order
from journeys.schedule.simulate import simulation
from tests.journeys.schedule.outlines import TOKYO, journey, local, module, step

JOURNEY = replace(
    journey(
        module("one", "a"),
        module("after-it", "b", opens={"from": "event:town-hall", "working_days": 1, "at": "10:00"}),
        module("by-hand", step("c", opens={"released": "by-hand/c"}), opens={"released": "by-hand"}),
        module("last", "d", opens={"from": "end", "working_days": -2, "at": "09:00"}),
    ),
    events={"town-hall": "the town hall"},
)
RUN = {"start": "2027-03-01", "zone": "Asia/Tokyo"}


def opened(outside, *, cohort_zone=None):
    found = simulation(
        JOURNEY,
        start_on=date(2027, 3, 1),
        zone=TOKYO,
        calendar=calendar_for(None, TOKYO),
        cohort_zone=cohort_zone,
        outside=outside,
    )
    return {str(one.reference): local(one.opens_at, TOKYO) for one in found.timeline.placements}


def test_nobody_acts_unless_a_day_is_said():
    found = opened(Outside())

    assert found["one"] is not None
    assert [found[key] for key in ("after-it", "by-hand", "last")] == [None, None, None]


def test_each_thing_others_do_opens_what_waits_for_it():
    events, released = in_order([("town-hall", date(2027, 3, 5))]), in_order([("by-hand", date(2027, 3, 9))])
    found = opened(Outside(date(2027, 3, 31), events, released))

    # Friday's event and one working day; the hour of who opens by hand; two working days before the last one.
    assert found["after-it"] == "2027-03-08 10:00"
    assert (found["by-hand"], found["by-hand/c"]) == ("2027-03-09 09:00", None)
    assert found["last"] == "2027-03-29 09:00"


def test_others_act_by_the_clock_of_the_cohort():
    found = opened(Outside(released=in_order([("by-hand", date(2027, 3, 9))])), cohort_zone="Europe/Paris")

    assert found["by-hand"] == "2027-03-09 17:00"


@pytest.mark.parametrize(
    ("outside", "field", "sentence"),
    [
        (Outside(events=(("summit", date(2027, 3, 5)),)), "events", "Its events are town-hall."),
        (Outside(released=(("gone", date(2027, 3, 5)),)), "released", "There is no gone in this journey."),
        (Outside(released=(("one/b", date(2027, 3, 5)),)), "released", "There is no one/b in this journey."),
    ],
)
def test_what_the_journey_does_not_have_is_refused_by_name(outside, field, sentence):
    with pytest.raises(UnknownHappening, match=sentence) as refusal:
        opened(outside)

    assert refusal.value.field == field


def check(*expectations):
    return check_expectations(JOURNEY, parse_expectations(list(expectations), pointer="/expectations"))


def test_expectations_imagine_what_others_do():
    expect = {"module": "after-it", "opens": "2027-03-08 10:00"}

    assert check({**RUN, "events": {"town-hall": "2027-03-05"}, "expect": expect}) == []
    assert (
        check({**RUN, "released": {"by-hand": date(2027, 3, 9)}, "expect": {"module": "by-hand", "due": "never"}}) == []
    )
    assert check({**RUN, "end": "2027-03-31", "expect": {"module": "last", "opens": "2027-03-29 09:00"}}) == []
    (found,) = check({**RUN, "events": {"town-hall": "2027-03-08"}, "expect": expect})
    assert "for a start on 2027-03-01 in Asia/Tokyo (town-hall on 2027-03-08)" in found
    assert "found 2027-03-09 10:00" in found


def test_an_expectation_of_an_event_that_is_not_there_does_not_come_true():
    (found,) = check({**RUN, "events": {"summit": "2027-03-05"}, "expect": {"finished": "never"}})

    assert found.endswith("There is no event “summit” in this journey. Its events are town-hall.")


def test_days_that_cannot_be_read_are_named_with_their_place():
    wrong = {
        **RUN,
        "end": "soon",
        "events": {"town-hall": "2027-02-30"},
        "released": ["one"],
        "expect": {"finished": "never"},
    }
    with pytest.raises(RuleError) as refusal:
        parse_expectations([wrong], pointer="/expectations")

    assert [fault.pointer for fault in refusal.value.faults] == [
        "/expectations/0/end",
        "/expectations/0/events/town-hall",
        "/expectations/0/released",
    ]

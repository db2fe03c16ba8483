"""What is true of somebody imagined on a day."""

from datetime import date, time

import pytest

from journeys.schedule.calendar import calendar_for
from journeys.schedule.outline import ModuleOutline, Outline, StepOutline
from journeys.schedule.tree import After, Anchor, Offset
from learners.preview.rules import BRAND_NEW, Persona, Tried, imagined_facts, params_of, read_tried, write_tried

START = date(2027, 3, 1)


def module(key, weeks, *steps):
    opens = After(Anchor("start"), Offset(weeks, "weeks", at=time(9)))
    return ModuleOutline(key, key.title(), opens=opens, steps=tuple(StepOutline(one, key, one) for one in steps))


OUTLINE = Outline("ask", "Ask", (module("first", 0, "read", "try"), module("second", 1, "again")))


def somebody(day, pace="on-time", **values):
    return Persona(START, day, time(12), "Europe/Paris", pace, **values)


def done_by(persona):
    return sorted(imagined_facts(OUTLINE, persona, calendar_for(None, persona.zone)).completed)


@pytest.mark.parametrize(
    ("pace", "day", "done"),
    [
        ("on-time", 0, []),
        ("on-time", 1, []),
        ("on-time", 2, ["read", "try"]),
        ("on-time", 8, ["read", "try"]),
        ("on-time", 9, ["again", "read", "try"]),
        ("3-days-late", 4, []),
        ("3-days-late", 5, ["read"]),
        ("stops-after:first", 60, ["read", "try"]),
        ("absent:1", 14, []),
        ("absent:1", 16, ["again", "read", "try"]),
        (BRAND_NEW, 60, []),
    ],
)
def test_what_opened_before_the_day_is_done_by_pace_and_what_opened_on_it_is_not(pace, day, done):
    assert done_by(somebody(day, pace)) == done


def test_what_was_tried_is_done_now_as_it_was_judged():
    persona = somebody(1, tried=(Tried("read", passed=False, ratio=0.25), Tried("gone")))

    facts = imagined_facts(OUTLINE, persona, calendar_for(None, persona.zone))

    assert facts.completed == {"read": persona.now}
    assert facts.passed == {}
    assert facts.ratios == {"read": 0.25}
    assert facts.last_activity_at == persona.now


def test_each_try_counts_for_a_rule_that_asks_how_often():
    failed = Tried("read", passed=False, ratio=0.25)
    persona = somebody(1).having_tried(failed).having_tried(failed)

    facts = imagined_facts(OUTLINE, persona, calendar_for(None, persona.zone))

    assert [one.passed for one in facts.tries["read"]] == [False, False]
    assert list(facts.completed) == ["read"]


def test_a_trial_never_replaces_what_was_done_on_a_day_before():
    persona = somebody(3, tried=(Tried("read", passed=True),))

    facts = imagined_facts(OUTLINE, persona, calendar_for(None, persona.zone))

    assert facts.completed["read"] < persona.now


def test_what_was_tried_is_read_as_it_was_written_and_nothing_else():
    tried = (Tried("read"), Tried("recall", passed=True), Tried("decide", passed=False, ratio=0.3333))

    assert read_tried(write_tried(tried)) == tried
    assert read_tried("read,,../../etc,x:2,recall:1:9,<b>:0") == (Tried("read"),)


def test_another_day_begins_with_nothing_tried():
    persona = somebody(1, tried=(Tried("read"),), is_put_away=True, is_narrow=True, direction="rtl")

    other = persona.on_day(2)

    assert dict(params_of(other)) == {
        "start": "2027-03-01",
        "day": "2",
        "at": "12:00",
        "zone": "Europe/Paris",
        "pace": "on-time",
        "direction": "rtl",
        "width": "narrow",
    }

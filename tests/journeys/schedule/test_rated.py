"""Rules that ask how somebody rated themselves: when they hold, how they are said, and what they do not give away."""

from dataclasses import replace

import pytest

from content.kinds.self_rating import MOST_LEVELS
from journeys.schedule.calendar import calendar_for
from journeys.schedule.facts import Level
from journeys.schedule.fields import MAX_LEVEL
from journeys.schedule.grammar import RuleError, parse_rule, to_data
from journeys.schedule.outline import BehaviorOutline
from journeys.schedule.simulate import simulation
from journeys.schedule.words import as_condition, in_words
from tests.journeys.schedule.outlines import MONDAY, PARIS, START, at, facts, journey, module, run, step

LOW = {"rated": "one/look", "at_most": 2}
HIGH = {"rated": "one/look", "at_least": 3}
GIVEN = "2027-03-02 10:00"


def asking(opens, *, levels=4):
    """A self-rating of two behaviors, and a module that hangs on it."""
    rating = replace(step("look", kind="self_rating", title="Where you start"), rates=("ask", "listen"))
    outline = journey(module("one", rating, opens=START), module("extra", "drill", opens=opens))
    named = {"ask": BehaviorOutline("Ask first", levels), "listen": BehaviorOutline("Listen", levels)}
    return replace(outline, behaviors=named)


def rated(**levels):
    given = tuple(Level(key, level, at(GIVEN)) for key, level in levels.items())
    return facts(completed={"look": at(GIVEN)}, levels={"look": given})


@pytest.mark.parametrize(
    "data", [LOW, HIGH, LOW | {"behavior": "ask"}, {"not": HIGH}, {"at_least": 1, "of": [LOW, HIGH]}]
)
def test_every_form_reads_back_as_it_was_written(data):
    rule = parse_rule(data, pointer="")

    assert to_data(rule) == data
    assert as_condition(rule, {}) != as_condition(rule, {}, negated=True)


@pytest.mark.parametrize(
    ("data", "pointer", "words"),
    [
        ({"rated": "one/look"}, "", "at_least"),
        ({"rated": "one/look", "at_least": 1, "at_most": 2}, "", "at_least"),
        ({"rated": "one", "at_most": 2}, "/rated", "is a module"),
        ({"rated": "one/look", "at_most": 0}, "/at_most", "out of bounds"),
        ({"rated": "one/look", "at_most": MAX_LEVEL + 1}, "/at_most", "out of bounds"),
        ({"rated": "one/look", "at_most": 2, "behavior": "no key!"}, "/behavior", "is not a key"),
    ],
)
def test_a_fault_says_where_it_is(data, pointer, words):
    with pytest.raises(RuleError) as caught:
        parse_rule(data, pointer="")

    assert [fault.pointer for fault in caught.value.faults] == [pointer]
    assert words in str(caught.value)


def test_a_rule_knows_as_many_levels_as_a_behavior_may_have():
    assert MAX_LEVEL == MOST_LEVELS


@pytest.mark.parametrize(
    ("rule", "levels", "opens"),
    [
        (LOW, {"ask": 2, "listen": 4}, True),
        (LOW, {"ask": 3, "listen": 3}, False),
        (HIGH, {"ask": 3, "listen": 4}, True),
        (HIGH, {"ask": 4, "listen": 2}, False),
        (LOW | {"behavior": "listen"}, {"ask": 1, "listen": 3}, False),
        (LOW | {"behavior": "listen"}, {"ask": 4, "listen": 1}, True),
        (LOW | {"behavior": "listen"}, {"ask": 1}, False),
        (LOW, {}, False),
    ],
)
def test_the_lowest_level_or_that_of_the_named_behavior_decides(rule, levels, opens):
    placed = run(asking(rule), rated(**levels)).modules["extra"]

    assert placed.opens_at == (at(GIVEN) if opens else None)


def test_a_module_for_some_is_asked_of_those_for_whom_it_opened_alone():
    low, high = rated(ask=1, listen=1), rated(ask=4, listen=4)

    assert run(asking(LOW), low).completed_at is None
    assert run(asking(LOW), high).completed_at == at(GIVEN)


@pytest.mark.parametrize("rule", [LOW, HIGH, *({"all": [{"date": "2027-03-05"}, {"not": one}]} for one in (LOW, HIGH))])
def test_why_it_is_closed_names_the_rule_and_is_the_same_whichever_level_was_given(rule):
    told = {
        run(asking(rule), rated(ask=level, listen=level)).modules["extra"].blocked_by
        for level in (1, 2, 3, 4)
        if run(asking(rule), rated(ask=level, listen=level)).modules["extra"].opens_at is None
    }

    assert len(told) == 1
    assert "Where you start" in str(told)
    assert "because" not in str(told)


def test_it_is_said_with_the_words_of_the_behavior():
    outline = asking(LOW | {"behavior": "ask"})

    said = in_words(outline.modules[1].opens, outline.titles)
    assert said == "once you rate yourself 2 or lower on Where you start, for “Ask first”"


@pytest.mark.parametrize(
    ("pace", "opens"), [("on-time", True), ("rates:1", True), ("rates:2", True), ("rates:3", False)]
)
def test_somebody_imagined_gives_the_middle_level_or_the_one_of_their_pace(pace, opens):
    outline = asking(LOW)

    found = simulation(outline, start_on=MONDAY, zone=PARIS, calendar=calendar_for(None, PARIS), pace=pace)
    assert (found.timeline.modules["extra"].opens_at is not None) is opens

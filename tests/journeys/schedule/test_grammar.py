from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.schedule.grammar import (
    MAX_DEPTH,
    MAX_PARTS,
    RuleError,
    parse_due,
    parse_opens,
    parse_rule,
    parse_trigger,
    parse_unless,
    parse_wait,
    references,
    to_data,
    trigger_to_data,
    wait_to_data,
)
from journeys.schedule.tree import (
    After,
    AllOf,
    Anchor,
    AnyOf,
    AtLeast,
    Completed,
    DueSoon,
    Inactive,
    ModuleOpened,
    Not,
    Offset,
    OnDate,
    Passed,
    Reference,
    Released,
    Weekly,
)
from tests.journeys.schedule.strategies import rules, steady

STEP = Reference("m", "s")


def faults_of(parse, value):
    with pytest.raises(RuleError) as raised:
        parse(value, pointer="/modules/0/opens")
    return [(fault.pointer.removeprefix("/modules/0/opens"), fault.message) for fault in raised.value.faults]


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ({"from": "start", "days": 3}, After(Anchor("start"), Offset(3, "days"))),
        ({"from": "enrolled", "minutes": 30}, After(Anchor("enrolled"), Offset(30, "minutes"))),
        ({"from": "enrolled", "hours": 72}, After(Anchor("enrolled"), Offset(72, "hours"))),
        ({"from": "end", "weeks": -2}, After(Anchor("end"), Offset(-2, "weeks"))),
        ({"from": "start", "days": -3}, After(Anchor("start"), Offset(-3, "days"))),
        (
            {"from": "opens", "working_days": 5, "at": "18:00"},
            After(Anchor("opens"), Offset(5, "working_days", time(18))),
        ),
        (
            {"from": "module-opened:m", "working_days": 0, "at": "09:00", "weekday": "sun"},
            After(Anchor("module-opened", Reference("m")), Offset(0, "working_days", time(9), 6)),
        ),
        ({"from": "completed:m/s", "weeks": 7}, After(Anchor("completed", STEP), Offset(7, "weeks"))),
        ({"from": "completed:m", "days": 1}, After(Anchor("completed", Reference("m")), Offset(1, "days"))),
        ({"date": "2027-03-03", "at": "09:00"}, OnDate(date(2027, 3, 3), time(9))),
        ({"date": date(2028, 2, 29)}, OnDate(date(2028, 2, 29))),
        ({"completed": "m/s"}, Completed(STEP)),
        ({"completed": "m"}, Completed(Reference("m"))),
        ({"passed": "m/s"}, Passed(STEP)),
        ({"passed": "m/s", "ratio": 1}, Passed(STEP, 1.0)),
        ({"released": "m"}, Released(Reference("m"))),
        ({"released": "m/s"}, Released(STEP)),
        ({"all": [{"completed": "m"}]}, AllOf((Completed(Reference("m")),))),
        ({"any": [{"completed": "m"}, {"released": "m/s"}]}, AnyOf((Completed(Reference("m")), Released(STEP)))),
        ({"not": {"passed": "m/s"}}, Not(Passed(STEP))),
        (
            {"at_least": 1, "of": [{"completed": "m"}, {"released": "m"}]},
            AtLeast(1, (Completed(Reference("m")), Released(Reference("m")))),
        ),
    ],
)
def test_parse_rule_reads_every_form_and_writes_it_back(value, rule):
    assert parse_rule(value, pointer="") == rule
    assert parse_rule(to_data(rule), pointer="") == rule


def test_to_data_is_the_canonical_order_whatever_the_order_written():
    written = {"at": "09:00", "weekday": "mon", "weeks": 2, "from": "start"}

    assert list(to_data(parse_rule(written, pointer="")).items()) == [
        ("from", "start"),
        ("weeks", 2),
        ("weekday", "mon"),
        ("at", "09:00"),
    ]


@steady
@given(rules())
def test_parse_rule_reads_back_whatever_to_data_writes(rule):
    assert parse_rule(to_data(rule), pointer="") == rule


@pytest.mark.parametrize(
    ("value", "pointer", "says"),
    [
        (None, "", "This is empty. Write a mapping"),
        ([], "", "This is a list. Write a mapping"),
        ("start", "", "This is text. Write a mapping"),
        ({}, "", "nothing to wait for"),
        ({"form": "start", "days": 1}, "", "nothing to wait for"),
        ({"completed": "m", "released": "m"}, "", "completed and released stand side by side"),
        ({"from": "begin", "days": 1}, "/from", "is not a moment to count from"),
        ({"from": "module-open:m", "days": 1}, "/from", "Did you mean module-opened:KEY?"),
        ({"from": "start:x", "days": 1}, "/from", "is not a moment to count from"),
        ({"from": 3, "days": 1}, "/from", "is not a moment to count from"),
        ({"from": "module-opened:m/s", "days": 1}, "/from", "is not a key"),
        ({"from": "completed:", "days": 1}, "/from", "names nothing"),
        ({"from": "start"}, "", "Say how long"),
        ({"from": "start", "days": 1, "weeks": 1}, "", "Give one length only"),
        ({"from": "start", "day": 1}, "/day", "Did you mean days?"),
        ({"from": "start", "days": "5"}, "/days", "without quotes"),
        ({"from": "start", "days": True}, "/days", "true or false"),
        ({"from": "start", "days": 1.5}, "/days", "whole number"),
        ({"from": "enrolled", "days": -1}, "/days", "from 0 to 3650"),
        ({"from": "start", "days": 999_999_999}, "/days", "out of bounds"),
        ({"from": "start", "days": 1, "at": 540}, "/at", "in quotes"),
        ({"from": "start", "days": 1, "at": "9:00"}, "/at", "is not an hour"),
        ({"from": "start", "days": 1, "at": "24:00"}, "/at", "is not an hour"),
        ({"from": "start", "days": 1, "at": None}, "/at", "is not an hour"),
        ({"from": "start", "days": 1, "weekday": "monday"}, "/weekday", "is not a weekday"),
        ({"from": "start", "hours": 1, "at": "09:00"}, "", "counted exactly"),
        ({"from": "start", "minutes": 1, "weekday": "mon"}, "", "counted exactly"),
        ({"date": "2027-02-29"}, "/date", "is not a date"),
        ({"date": "1927-02-28"}, "/date", "2000 to 2199"),
        ({"date": datetime(2027, 2, 28, 9)}, "/date", "is not a date"),
        ({"date": "2027-02-28", "weekday": "mon"}, "/weekday", "does not belong here"),
        ({"completed": "m/s/t"}, "/completed", "names nothing"),
        ({"completed": ["m"]}, "/completed", "names nothing"),
        ({"completed": "m s"}, "/completed", "names nothing"),
        ({"completed": "m", "ratio": 0.5}, "/ratio", "does not belong here"),
        ({"passed": "m"}, "/passed", "needs one step"),
        ({"passed": "m/s", "ratio": 60}, "/ratio", "up to 1"),
        ({"passed": "m/s", "ratio": 0}, "/ratio", "above 0"),
        ({"passed": "m/s", "ratio": float("nan")}, "/ratio", "is not a share"),
        ({"passed": "m/s", "ratio": True}, "/ratio", "is not a share"),
        ({"all": {"completed": "m"}}, "/all", "Write a list of rules"),
        ({"any": []}, "/any", "The list is empty"),
        ({"not": [{"completed": "m"}]}, "/not", "This is a list"),
        ({"at_least": 2}, "", "add of"),
        ({"at_least": 0, "of": [{"completed": "m"}]}, "/at_least", "from 1"),
        ({"at_least": 2, "of": [{"completed": "m"}]}, "/at_least", "2 of 1 can never hold"),
        ({"completed": "m", True: 1}, "/True", "does not belong here"),
        ({"completed": "m", "a/b~c": 1}, "/a~1b~0c", "does not belong here"),
    ],
)
def test_parse_rule_names_the_place_and_the_remedy_of_a_fault(value, pointer, says):
    found = faults_of(parse_rule, value)

    assert [where for where, _ in found] == [pointer]
    assert says in found[0][1]


def test_parse_rule_gathers_every_fault():
    value = {
        "all": [
            {"from": "begin", "days": "x", "at": 9},
            {"passed": "m", "ratio": 7},
            {"at_least": 9, "of": [{"completed": "m"}, {"nothing": 1}]},
        ]
    }

    assert [where for where, _ in faults_of(parse_rule, value)] == [
        "/all/0/from",
        "/all/0/at",
        "/all/0/days",
        "/all/1/passed",
        "/all/1/ratio",
        "/all/2/of/1",
    ]


def test_parse_rule_bounds_the_depth():
    def nested(depth):
        return {"completed": "m"} if depth == 1 else {"not": nested(depth - 1)}

    assert parse_rule(nested(MAX_DEPTH), pointer="")
    assert "at most 8 deep" in faults_of(parse_rule, nested(MAX_DEPTH + 1))[0][1]


def test_parse_rule_stops_at_a_rule_that_contains_itself():
    rule: dict = {}
    rule["all"] = [rule, rule]

    messages = {message for _, message in faults_of(parse_rule, rule)}

    assert any("at most 8 deep" in message for message in messages)


def test_parse_rule_bounds_the_parts_of_a_rule_that_repeats_itself():
    part: object = {"completed": "m"}
    for _ in range(MAX_DEPTH - 1):
        part = {"any": [part] * 40}

    found = faults_of(parse_rule, part)

    assert any(f"at most {MAX_PARTS} parts" in message for _, message in found)
    assert len(found) < MAX_PARTS


def test_parse_opens_refuses_to_count_from_its_own_opening():
    value = {"from": "opens", "days": 1}

    assert parse_due(value, pointer="") == After(Anchor("opens"), Offset(1, "days"))
    assert "belongs to due only" in faults_of(parse_opens, value)[0][1]
    assert "belongs to due only" in faults_of(parse_unless, [value])[0][1]


def test_parse_unless_reads_a_list_and_an_empty_one():
    assert parse_unless([], pointer="") == ()
    assert parse_unless([{"completed": "m/s"}], pointer="") == (Completed(STEP),)
    assert faults_of(parse_unless, {"completed": "m"})[0][1].startswith("Write a list of rules")
    assert faults_of(parse_unless, [{"completed": "m"}, {"completed": 3}])[0][0] == "/1/completed"


def test_parse_wait_reads_a_length_and_refuses_an_anchor():
    wait = parse_wait({"days": 75, "weekday": "tue", "at": "10:00"}, pointer="")

    assert wait == Offset(75, "days", time(10), 1)
    assert parse_wait(wait_to_data(wait), pointer="") == wait
    assert faults_of(parse_wait, {"from": "start", "days": 1})[0][0] == "/from"
    assert faults_of(parse_wait, "2 days")[0][1].startswith("This is text")
    assert "from 0" in faults_of(parse_wait, {"days": -1})[0][1]


@pytest.mark.parametrize(
    ("value", "trigger"),
    [
        ({"event": "module-opened", "module": "m"}, ModuleOpened("m")),
        (
            {"event": "step-due-soon", "before": {"working_days": 1, "at": "09:00"}},
            DueSoon(Offset(1, "working_days", time(9))),
        ),
        ({"event": "step-due-soon", "step": "m/s", "before": {"hours": 24}}, DueSoon(Offset(24, "hours"), STEP)),
        (
            {"event": "step-due-soon", "module": "m", "before": {"days": 2}},
            DueSoon(Offset(2, "days"), Reference("m")),
        ),
        ({"event": "inactive", "days": 5, "at": "10:00"}, Inactive(5, "days", time(10))),
        ({"event": "inactive", "working_days": 3, "at": "10:00"}, Inactive(3, "working_days", time(10))),
        ({"event": "weekly", "weekday": "thu", "at": "16:00"}, Weekly(3, time(16))),
    ],
)
def test_parse_trigger_reads_every_event_and_writes_it_back(value, trigger):
    assert parse_trigger(value, pointer="") == trigger
    assert trigger_to_data(trigger) == value


@pytest.mark.parametrize(
    ("value", "pointer", "says"),
    [
        ({}, "/event", "is not an event"),
        ({"event": "birthday"}, "/event", "module-opened, step-due-soon, overdue, moment, inactive, weekly"),
        ([], "", "This is a list"),
        ({"event": "module-opened"}, "/module", "is not a key"),
        ({"event": "module-opened", "module": "m", "wait": 1}, "/wait", "does not belong here"),
        ({"event": "step-due-soon"}, "/before", "This is empty"),
        ({"event": "step-due-soon", "before": {"weeks": 1}}, "/before/weeks", "does not belong here"),
        ({"event": "step-due-soon", "step": "s", "before": {"days": 1}}, "/step", "MODULE/STEP"),
        ({"event": "step-due-soon", "step": "m/s", "module": "m", "before": {"days": 1}}, "", "not both"),
        ({"event": "inactive", "days": 0, "at": "10:00"}, "/days", "from 1"),
        ({"event": "inactive", "days": 5}, "", "at which hour"),
        ({"event": "weekly", "weekday": "thursday", "at": "16:00"}, "/weekday", "is not a weekday"),
        ({"event": "weekly", "weekday": "thu"}, "/at", "is not an hour"),
    ],
)
def test_parse_trigger_names_the_place_and_the_remedy_of_a_fault(value, pointer, says):
    found = faults_of(parse_trigger, value)

    assert found[0][0] == pointer
    assert says in found[0][1]


def test_references_gathers_anchors_and_facts():
    rule = parse_rule(
        {
            "all": [
                {"from": "module-opened:a", "days": 1},
                {"not": {"at_least": 1, "of": [{"passed": "b/s"}, {"released": "c"}]}},
                {"from": "completed:d/t", "days": 1},
                {"from": "start", "days": 1},
                {"date": "2027-01-01"},
            ]
        },
        pointer="",
    )

    assert references(rule) == {Reference("a"), Reference("b", "s"), Reference("c"), Reference("d", "t")}


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["from", "date", "completed", "passed", "all", "any", "not", "at_least", "of", "days", "at"]
            )
            | st.text(max_size=4),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@steady
@given(json_like)
def test_parse_rule_refuses_anything_malformed_without_falling_over(value):
    faults = ()
    try:
        rule = parse_rule(value, pointer="")
    except RuleError as error:
        rule, faults = None, error.faults

    assert (rule is None) == bool(faults)
    assert all(fault.message.endswith((".", "?")) for fault in faults)

import pytest

from journeys.schedule.checks import outline_faults
from tests.journeys.schedule.outlines import journey, module, nudge, step


def faults(*modules, nudges=()):
    return [(fault.pointer, fault.message) for fault in outline_faults(journey(*modules, nudges=nudges))]


def test_a_sound_outline_has_no_fault():
    soon = nudge("soon", {"event": "step-due-soon", "module": "two", "before": {"days": 1}})
    due = {"from": "opens", "days": 3}

    assert faults(module("one", "a"), module("two", "b", opens={"completed": "one/a"}, due=due), nudges=[soon]) == []


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"completed": "gone"}, "There is no module “gone”. The modules are one, two."),
        ({"from": "module-opened:gone", "days": 1}, "There is no module “gone”"),
        ({"completed": "one/b"}, "There is no step “one/b”. Did you mean two/b?"),
        ({"all": [{"not": {"passed": "one/gone"}}]}, "There is no step “one/gone”. Write MODULE/STEP"),
        ({"released": "two/gone"}, "There is no step “two/gone”"),
    ],
)
def test_a_reference_to_what_is_not_there_is_a_fault(rule, says):
    found = faults(module("one", "a"), module("two", "b", opens=rule))

    assert [pointer for pointer, _ in found] == ["/modules/1/opens"]
    assert says in found[0][1]


def test_every_place_of_a_rule_is_looked_at():
    gone = {"completed": "gone"}
    outline = [module("one", step("a", opens=gone, due=gone, after="one/gone"), opens=gone, due=gone)]
    nudges = [
        nudge("n", {"event": "module-opened", "module": "gone"}, unless=[{"completed": "one"}, gone]),
        nudge("m", {"event": "step-due-soon", "step": "one/gone", "before": {"days": 1}}),
    ]

    assert sorted(pointer for pointer, _ in faults(*outline, nudges=nudges)) == [
        "/modules/0/due",
        "/modules/0/opens",
        "/modules/0/steps/0/after",
        "/modules/0/steps/0/due",
        "/modules/0/steps/0/opens",
        "/nudges/0/trigger",
        "/nudges/0/unless/1",
        "/nudges/1/trigger",
    ]


def test_a_key_used_twice_is_a_fault():
    found = faults(module("one", "a", "b"), module("one", "a"))

    assert [pointer for pointer, _ in found] == ["/modules", "/steps"]
    assert "“a” is used 2 times" in found[1][1]


def test_a_wait_beside_another_trigger_and_a_reminder_of_no_deadline_are_faults():
    weekly = nudge("w", {"event": "weekly", "weekday": "mon", "at": "09:00"}, wait={"days": 1})
    soon = nudge("s", {"event": "step-due-soon", "step": "one/a", "before": {"days": 1}})

    found = faults(module("one", "a"), nudges=[weekly, soon])

    assert [pointer for pointer, _ in found] == ["/nudges/0/wait", "/nudges/1/trigger"]
    assert "has no deadline" in found[1][1]


@pytest.mark.parametrize(
    ("one", "two", "pointer"),
    [
        ({"completed": "two"}, {"completed": "one"}, "/modules/0/opens"),
        ({"completed": "one"}, None, "/modules/0/opens"),
        ({"from": "module-opened:two", "days": 1}, {"from": "completed:one/a", "days": 1}, "/modules/0/opens"),
        ({"all": [{"from": "start", "days": 1}, {"completed": "two/b"}]}, None, "/modules/0/opens"),
        ({"at_least": 2, "of": [{"completed": "two/b"}, {"released": "one"}]}, None, "/modules/0/opens"),
    ],
)
def test_what_waits_for_itself_is_a_fault(one, two, pointer):
    found = faults(module("one", "a", opens=one), module("two", "b", opens=two))

    assert found[0][0] == pointer
    assert found[0][1].startswith("This can never open: ")
    assert " waits for " in found[0][1]


def test_a_step_that_waits_for_its_own_module_is_a_fault_only_where_it_is_required():
    own = {"completed": "one"}

    assert [pointer for pointer, _ in faults(module("one", "a", step("b", opens=own)))] == ["/modules/0/steps/1/opens"]
    assert faults(module("one", "a", step("b", opens=own, required=False))) == []


@pytest.mark.parametrize(
    "one",
    [
        {"any": [{"completed": "two/b"}, {"from": "start", "days": 1}]},
        {"any": [{"completed": "two/b"}, {"released": "one"}]},
        {"not": {"completed": "two/b"}},
    ],
)
def test_a_circle_with_a_way_out_is_no_fault(one):
    assert faults(module("one", "a", opens=one), module("two", "b", opens={"completed": "one/a"})) == []

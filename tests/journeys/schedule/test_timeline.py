from datetime import date, timedelta

import pytest

from journeys.schedule.calendar import UnknownZone, calendar_for
from journeys.schedule.pace import Pace
from journeys.schedule.timeline import timeline
from tests.journeys.schedule.outlines import (
    FIVE,
    PARIS,
    START,
    TOKYO,
    at,
    chain,
    facts,
    journey,
    local,
    module,
    openings,
    run,
    step,
)


def test_timeline_places_modules_from_each_other():
    assert openings(run(chain()), ["one", "two", "three"]) == [
        "2027-03-01 09:00",
        "2027-03-08 09:00",
        "2027-03-15 09:00",
    ]


def test_timeline_says_why_and_what_moved_it():
    outline = journey(module("one", "a", opens=START), module("two", "b", opens={"from": "module-opened:one", **FIVE}))
    found = run(outline, facts(start_on=date(2027, 3, 17), zone=TOKYO))

    two = found.modules["two"]
    assert two.opens_why == (
        "5 working days after Module 1 opens, at 09:00; "
        "moved from Wednesday 24 March: Monday 22 March (substitute holiday) is a day off"
    )
    assert two.moved_from == date(2027, 3, 24)
    assert found.modules["one"].opens_why == "at the start, on a working day, at 09:00"


def test_timeline_places_in_the_zone_of_the_cohort_where_it_has_one():
    known = facts(zone=TOKYO, anchor_zone=PARIS)

    assert openings(run(chain(), known), ["two"]) == ["2027-03-08 09:00"]


def test_timeline_opens_by_default_one_after_the_other():
    outline = journey(module("one", "a", step("b", required=False), "c"), module("two", "d"))
    fresh = run(outline)

    assert local(fresh.modules["one"].opens_at) == "2027-03-01 00:00"
    assert local(fresh.steps["a"].opens_at) == "2027-03-01 00:00"
    assert fresh.steps["b"].blocked_by == ("Opens after you finish A",)
    assert fresh.steps["c"].blocked_by == ("Opens after you finish A",)
    assert fresh.modules["two"].blocked_by == ("Opens after you finish Module 1",)
    assert fresh.steps["d"].blocked_by == ("Opens with Module 2",)

    later = run(outline, completed={"a": at("2027-03-02 10:00"), "c": at("2027-03-03 10:00")})

    assert local(later.steps["c"].opens_at) == "2027-03-02 10:00"
    assert local(later.modules["two"].opens_at) == "2027-03-03 10:00"
    assert local(later.steps["d"].opens_at) == "2027-03-03 10:00"


def test_timeline_opens_a_reflection_after_what_it_follows():
    outline = journey(module("one", "a", step("b", required=False), step("look-back", after="one/b")))
    known = {"a": at("2027-03-02 10:00")}

    assert run(outline, completed=known).steps["look-back"].blocked_by == ("Opens after you finish B",)
    assert run(outline, completed=known | {"b": at("2027-03-04 10:00")}).is_open("look-back", at("2027-03-04 10:00"))


def test_timeline_never_opens_a_step_before_its_module():
    early = step("a", opens={"from": "start", "days": 0})
    outline = journey(module("one", early, opens={"from": "start", "days": 3, "at": "09:00"}))
    found = run(outline)

    assert local(found.steps["a"].opens_at) == "2027-03-04 09:00"
    assert found.steps["a"].opens_why == "with Module 1"


def test_timeline_blocks_with_every_missing_part_in_words():
    outline = journey(
        module("one", step("tasks", title="Ten tasks of your week"), step("quiz", title="Recall")),
        module(
            "two",
            "c",
            opens={
                "all": [
                    {"completed": "one/tasks"},
                    {"from": "start", "days": 1},
                    {"passed": "one/quiz", "ratio": 0.6},
                    {"any": [{"released": "two"}, {"completed": "one"}]},
                ]
            },
        ),
        module("three", "d", opens={"from": "module-opened:two", **FIVE}),
        module("four", "e", opens={"from": "end", "weeks": -1}),
    )
    found = run(outline)

    assert found.modules["two"].opens_at is None
    assert found.modules["two"].blocked_by == (
        "Opens after you finish Ten tasks of your week, and after you pass Recall with at least 60%, "
        "and (when a facilitator opens it, or after you finish Module 1)",
    )
    assert found.modules["three"].blocked_by == ("Opens 5 working days after Module 2 opens, at 09:00",)
    assert found.modules["four"].blocked_by == ("Opens 1 week before the end; the end is not set yet",)
    assert found.modules["one"].blocked_by == ()


@pytest.mark.parametrize(
    ("rule", "moment"),
    [
        ({"all": [{"completed": "one/a"}, {"from": "start", "days": 5, "at": "09:00"}]}, "2027-03-06 09:00"),
        ({"all": [{"completed": "one/b"}, {"from": "start", "days": 5, "at": "09:00"}]}, "2027-03-07 10:00"),
        ({"any": [{"completed": "one/b"}, {"from": "start", "days": 5, "at": "09:00"}]}, "2027-03-06 09:00"),
        ({"any": [{"completed": "one/a"}, {"completed": "one/c"}]}, "2027-03-02 10:00"),
        (
            {"at_least": 2, "of": [{"completed": "one/c"}, {"completed": "one/b"}, {"completed": "one/a"}]},
            "2027-03-07 10:00",
        ),
        ({"at_least": 3, "of": [{"completed": "one/c"}, {"completed": "one/b"}, {"completed": "one/a"}]}, None),
        ({"at_least": 1, "of": [{"completed": "one/b"}, {"completed": "one/a"}]}, "2027-03-02 10:00"),
        (
            {
                "all": [
                    {"date": "2027-03-10"},
                    {
                        "not": {
                            "at_least": 1,
                            "of": [{"completed": "one/a"}, {"completed": "one/c"}, {"released": "one"}],
                        }
                    },
                ]
            },
            None,
        ),
        ({"from": "completed:one/b", "working_days": 1, "at": "09:00"}, "2027-03-08 09:00"),
        ({"from": "enrolled", "hours": 30}, "2027-03-02 06:00"),
        ({"from": "end", "days": -2, "at": "09:00"}, "2027-04-28 09:00"),
        ({"date": "2027-03-20", "at": "09:00"}, "2027-03-20 09:00"),
        ({"date": "2027-03-20"}, "2027-03-20 00:00"),
        ({"released": "two"}, "2027-03-11 10:00"),
        ({"passed": "one/a"}, "2027-03-03 10:00"),
        ({"passed": "one/a", "ratio": 0.7}, "2027-03-03 10:00"),
        ({"passed": "one/a", "ratio": 0.8}, None),
        ({"passed": "one/b"}, None),
        ({"not": {"completed": "one/c"}}, "2027-03-01 00:00"),
        ({"all": [{"from": "start", "days": 4}, {"not": {"completed": "one/a"}}]}, None),
        ({"all": [{"from": "start", "days": 4}, {"not": {"completed": "one/b"}}]}, "2027-03-05 00:00"),
        ({"all": [{"completed": "one/b"}, {"not": {"not": {"completed": "one/a"}}}]}, "2027-03-07 10:00"),
        ({"all": [{"from": "start", "days": 1}, {"not": {"date": "2027-03-02"}}]}, None),
        ({"not": {"any": [{"completed": "one/c"}, {"date": "2027-04-01"}]}}, "2027-03-01 00:00"),
        (
            {
                "all": [
                    {"date": "2027-03-10"},
                    {
                        "not": {
                            "at_least": 2,
                            "of": [{"completed": "one/a"}, {"completed": "one/b"}, {"completed": "one/c"}],
                        }
                    },
                ]
            },
            None,
        ),
    ],
)
def test_timeline_opens_at_the_first_instant_at_which_the_rule_holds(rule, moment):
    outline = journey(module("one", "a", "b", "c"), module("two", "d", opens=rule))
    found = run(
        outline,
        end_on=date(2027, 4, 30),
        completed={"a": at("2027-03-02 10:00"), "b": at("2027-03-07 10:00")},
        passed={"a": at("2027-03-03 10:00")},
        ratios={"a": 0.7, "b": 0.3},
        released={"two": at("2027-03-11 10:00")} if "released" in rule else {},
    )

    assert local(found.modules["two"].opens_at) == moment


def test_timeline_says_which_condition_keeps_something_closed():
    rule = {"all": [{"date": "2027-03-10"}, {"not": {"completed": "one/a"}}]}
    outline = journey(module("one", "a"), module("two", "b", opens=rule))

    assert run(outline, completed={"a": at("2027-03-02 10:00")}).modules["two"].blocked_by == (
        "Stays closed, because you have finished A",
    )


def test_timeline_keeps_a_recorded_opening():
    rule = {"completed": "one/b"}
    outline = journey(module("one", "a", "b"), module("two", "c", opens=rule))
    found = run(outline, opened={"two": at("2027-03-04 09:00")})

    assert local(found.modules["two"].opens_at) == "2027-03-04 09:00"
    assert local(found.steps["c"].opens_at) == "2027-03-04 09:00"
    assert found.modules["two"].blocked_by == ()


def test_timeline_opens_what_a_facilitator_releases():
    released = {"two": at("2027-03-02 11:00"), "one/b": at("2027-03-02 12:00")}
    found = run(chain(), released=released)

    assert local(found.modules["two"].opens_at) == "2027-03-02 11:00"
    assert found.modules["two"].opens_why == "opened by a facilitator"
    assert local(found.steps["b"].opens_at) == "2027-03-02 12:00"
    assert local(found.modules["three"].opens_at) == "2027-03-09 09:00"


def test_timeline_is_not_delayed_by_a_release_that_comes_after_the_rule():
    found = run(chain(), released={"two": at("2027-03-20 11:00")})

    assert local(found.modules["two"].opens_at) == "2027-03-08 09:00"
    assert found.modules["two"].opens_why == "5 working days after Module 1 opens, at 09:00"


def test_timeline_leaves_a_release_to_the_rule_that_names_it():
    rule = {"all": [{"released": "two"}, {"completed": "one/a"}]}
    outline = journey(module("one", "a"), module("two", "b", opens=rule))

    blocked = run(outline, released={"two": at("2027-03-02 11:00")})

    assert blocked.modules["two"].blocked_by == ("Opens after you finish A",)


def test_timeline_counts_an_exempted_step_as_completed_when_it_opens():
    outline = journey(module("one", "a", "b", "c"), module("two", "d"))
    known = {"a": at("2027-03-02 10:00"), "c": at("2027-03-03 10:00")}
    found = run(outline, completed=known, exempted=frozenset({"b"}))

    assert local(found.steps["c"].opens_at) == "2027-03-02 10:00"
    assert local(found.modules["two"].opens_at) == "2027-03-03 10:00"
    assert found.steps["b"].done_at is None
    assert not found.steps["b"].required
    assert local(found.module_completed_at("one")) == "2027-03-03 10:00"


def test_timeline_is_not_delayed_by_an_exempted_step_that_is_done_anyway():
    outline = journey(module("one", "a"), module("two", "b", opens={"from": "completed:one/a", "days": 1}))
    exempted = frozenset({"a"})

    before = run(outline, exempted=exempted)
    after = run(outline, exempted=exempted, completed={"a": at("2027-03-20 10:00")})

    assert after.modules["two"].opens_at == before.modules["two"].opens_at


def test_timeline_completes_a_module_that_requires_nothing_when_it_opens():
    outline = journey(module("one", step("a", required=False), opens=START), module("two", "b"))
    found = run(outline)

    assert local(found.modules["two"].opens_at) == "2027-03-01 09:00"
    assert found.modules["one"].done_at is None
    assert not found.modules["one"].required


def test_timeline_opens_at_once_when_the_hour_has_passed():
    outline = journey(
        module("one", "a", opens=START),
        module("two", "b", opens={"from": "completed:one", "working_days": 0, "at": "09:00"}),
    )

    found = run(outline, completed={"a": at("2027-03-03 14:00")})

    assert local(found.modules["two"].opens_at) == "2027-03-03 14:00"


def test_timeline_explains_a_circle_instead_of_going_round():
    outline = journey(
        module("one", step("a", title="First", opens={"completed": "two/b"})),
        module("two", step("b", title="Second", opens={"completed": "one/a"}), opens=START),
        module("three", "c", opens={"from": "module-opened:four", "days": 1}),
        module("four", "d", opens={"from": "module-opened:three", "days": 1}),
    )
    found = run(outline)

    assert found.steps["a"].blocked_by == (
        "This cannot open: First waits for Second, and Second waits for First. "
        "Ask whoever runs this journey to correct it",
    )
    assert "Module 4 waits for Module 3, and Module 3 waits for Module 4" in found.modules["four"].blocked_by[0]
    assert local(found.modules["one"].opens_at) == "2027-03-01 00:00"


def test_timeline_finds_the_way_out_of_a_circle_that_has_one():
    late = {"from": "start", "days": 5, "at": "09:00"}
    outline = journey(
        module("one", step("a", opens={"any": [{"completed": "two/b"}, late]}), opens=START),
        module("two", step("b", opens={"completed": "one/a"}), opens=START),
    )

    assert local(run(outline).steps["a"].opens_at) == "2027-03-06 09:00"
    done = run(outline, completed={"b": at("2027-03-03 10:00")})
    assert local(done.steps["a"].opens_at) == "2027-03-03 10:00"


def test_timeline_goes_round_a_circle_as_often_as_it_takes():
    one = {"any": [{"completed": "two/b"}, {"from": "start", "days": 5}]}
    three = {"any": [{"completed": "one/a"}, {"from": "start", "days": 1}]}
    outline = journey(
        module("one", step("a", opens=one), opens=START),
        module("two", step("b", opens={"completed": "three/c"}), opens=START),
        module("three", step("c", opens=three), opens=START),
    )

    found = timeline(outline, facts(), calendar_for(None, PARIS), pace=Pace())

    assert [local(found.steps[key].opens_at) for key in "abc"] == ["2027-03-02 00:00"] * 3


@pytest.mark.parametrize("others", [0, 1])
def test_timeline_does_not_let_things_that_open_together_shut_each_other_out(others):
    outline = journey(
        module("one", step("a", opens={"not": {"completed": "two/b"}}), opens=START),
        module("two", step("b", opens={"completed": "one/a"}), *["c"][:others], opens=START),
    )

    found = timeline(outline, facts(), calendar_for(None, PARIS), pace=Pace())

    assert [local(found.steps[key].opens_at) for key in "ab"] == ["2027-03-01 09:00"] * 2


def test_timeline_blocks_on_what_is_not_in_the_journey():
    outline = journey(module("one", "a"), module("two", "b", opens={"completed": "one/gone"}))

    assert "Module 2 waits for one/gone, which is not in this journey" in run(outline).modules["two"].blocked_by[0]


def test_timeline_counts_passing_by_ratio_or_by_the_fact():
    rule = {"passed": "one/a", "ratio": 0.6}
    outline = journey(module("one", "a"), module("two", "b", opens=rule))
    passed = {"a": at("2027-03-03 10:00")}

    assert run(outline, passed=passed).is_open("two", at("2027-03-03 10:00"))
    assert not run(outline, passed=passed, ratios={"a": 0.5}).is_open("two", at("2027-03-09 10:00"))
    assert run(outline, completed=passed, ratios={"a": 0.6}).is_open("two", at("2027-03-03 10:00"))


def test_is_open_is_true_for_what_is_done_even_when_it_would_be_closed():
    outline = journey(module("one", "a"), module("three", "d", "e"))
    found = run(outline, completed={"d": at("2027-03-02 10:00")})

    assert found.is_open("d", at("2027-03-02 10:00"))
    assert found.is_open("three/d", at("2027-03-02 10:00"))
    assert not found.is_open("three", at("2027-03-02 10:00"))
    assert not found.is_open("e", at("2027-03-02 10:00"))
    assert not found.is_open("nowhere", at("2027-03-02 10:00"))


def test_next_opens_is_the_first_thing_still_to_open():
    found = run(chain())

    assert found.next_opens(at("2027-03-01 08:00")).key == "one"
    assert found.next_opens(at("2027-03-01 09:00")).key == "two"
    assert found.next_opens(at("2027-03-15 09:00")) is None


def test_completed_at_is_the_last_required_step():
    outline = journey(module("one", "a", step("b", required=False)), module("two", "c"))
    done = {"a": at("2027-03-02 10:00"), "c": at("2027-03-01 10:00")}

    assert run(outline, completed=done).completed_at == at("2027-03-02 10:00")
    assert run(outline, completed={"a": at("2027-03-02 10:00")}).completed_at is None
    assert run(outline, completed={"a": at("2027-03-02 10:00")}, exempted=frozenset("c")).completed_at is not None


def test_timeline_refuses_a_zone_nobody_knows():
    with pytest.raises(UnknownZone):
        run(chain(), facts(zone=PARIS, anchor_zone="Mars/Base"), calendar_for(None, PARIS))


def test_timeline_settles_a_long_chain_written_backward():
    count = 60
    modules = [
        module(f"m{number}", f"s{number}", opens={"from": f"module-opened:m{number + 1}", "days": 1, "at": "09:00"})
        for number in range(count)
    ]
    outline = journey(*modules, module(f"m{count}", "last", opens=START))

    found = run(outline)

    assert local(found.modules["m0"].opens_at) == f"{date(2027, 3, 1) + timedelta(days=count)} 09:00"

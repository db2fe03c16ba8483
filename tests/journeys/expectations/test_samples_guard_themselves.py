"""
The three journeys notice by their own expectations when somebody breaks one of their rules.

100 rules gone wrong are drawn by the seed and the operators of this folder; at least 90 are caught. All of them run
under `make proof`, which names the survivors; a slice of it runs always. Two kinds of mutants are passed over, each by
its name and with its proof: those that change nothing, and those that no run of the simulator shows, so that nobody
could have expected anything else.
"""

import re
import sys
from itertools import islice

import pytest

from journeys.bundle.queries.samples import sample_paths
from tests.journeys.expectations.equivalence import imagined_difference, people_difference, same_plan
from tests.journeys.expectations.mutants import MUTANTS, SEED, contents, every_mutant, mutants
from tests.journeys.expectations.operators import WRONG, Names

MOST = 25
LEAST_CAUGHT = 90
SLICE = 15
# Wrong in writing only: the rule that was taken away is the default of its place. The tests below prove it.
EQUIVALENT = frozenset(
    {
        "feedback-that-lands steps/ask-two-people/opens: rule dropped → None",
        "feedback-that-lands steps/say-one-thing/opens: rule dropped → None",
        "feedback-that-lands steps/take-one-in/opens: rule dropped → None",
        "feedback-that-lands steps/the-minute-after/opens: rule dropped → None",
        "feedback-that-lands steps/what-asking-cost/opens: rule dropped → None",
        "judgment-with-ai steps/absent-voice/opens: rule dropped → None",
        "judgment-with-ai steps/ai-use-protocol/opens: rule dropped → None",
        "judgment-with-ai steps/fluent-wording/opens: rule dropped → None",
        "judgment-with-ai steps/lost-value/opens: rule dropped → None",
        "judgment-with-ai steps/own-check-list/opens: rule dropped → None",
        "leading-through-ambiguity steps/ask-what-it-bought/opens: rule dropped → None",
        "leading-through-ambiguity steps/next-bad-news/opens: rule dropped → None",
        "leading-through-ambiguity steps/why-before-what/opens: rule dropped → None",
    }
)


# Shown by no run that can be imagined, of those that the seed draws: an optional step that nobody imagined does, a late
# joiner, an opening by hand on a day off. Some of them would be noticed in real life, and none can be expected.
UNSHOWN = frozenset(
    {
        "feedback-that-lands steps/two-cameras/opens: hour -1"
        " → {'from': 'module-opened:see-what-a-camera-sees', 'working_days': 0, 'at': '08:00'}",
        "judgment-with-ai modules/what-got-easier/opens: anchor changed"
        " → {'from': 'enrolled', 'working_days': 0, 'at': '09:00'}",
        "judgment-with-ai nudges/bring-the-weakest-rule/unless: part dropped → []",
        "judgment-with-ai steps/prompt-clinic/opens: unit changed"
        " → {'from': 'module-opened:ask-well-check-well', 'days': 0, 'at': '09:00'}",
        "judgment-with-ai steps/three-red-lines/opens: anchor changed"
        " → {'from': 'module-opened:decide-or-create', 'working_days': 0, 'at': '09:00'}",
        "judgment-with-ai steps/three-red-lines/opens: unit changed"
        " → {'from': 'module-opened:lines-we-do-not-cross', 'days': 0, 'at': '09:00'}",
        "leading-through-ambiguity steps/what-you-pretended-to-know/opens: reference swapped"
        " → {'completed': 'known-unknown-decide/say-when'}",
    }
)


def test_the_equivalent_mutants_are_those_whose_filled_in_rules_are_the_same():
    dropped = [one for one in every_mutant(operator="rule dropped") if one.where.startswith("steps/")]

    same = [one for one in dropped if same_plan(contents()[one.journey].outline, one.content.outline)]
    assert {one.name for one in same} == EQUIVALENT
    people = (people_difference(contents()[one.journey].outline, one.content.outline, people=10) for one in same)
    assert set(people) == {None}


@pytest.mark.proof
@pytest.mark.parametrize("name", sorted(UNSHOWN))
def test_no_run_that_can_be_imagined_shows_a_mutant_that_is_passed_over(name):
    mutant = next(one for one in mutants(SEED, 2 * MUTANTS, leave_out=EQUIVALENT) if one.name == name)

    assert imagined_difference(contents()[mutant.journey].outline, mutant.content.outline) is None


def test_people_and_runs_tell_a_mutant_that_only_looks_harmless():
    where = "steps/prompt-clinic/opens"
    mutant = next(one for one in every_mutant(operator="rule dropped") if one.where == where)

    first, second = contents()[mutant.journey].outline, mutant.content.outline
    assert people_difference(first, second, people=100) is not None
    assert imagined_difference(first, second) is not None


def test_a_slice_of_the_mutants_is_caught():
    drawn = list(islice(mutants(SEED, SLICE, leave_out=EQUIVALENT | UNSHOWN), SLICE))

    assert sum(mutant.is_caught for mutant in drawn) >= SLICE * LEAST_CAUGHT // 100


@pytest.mark.proof
def test_at_least_90_of_100_mutants_are_caught():
    drawn = list(mutants(SEED, MUTANTS, leave_out=EQUIVALENT | UNSHOWN))
    survived = [mutant.name for mutant in drawn if not mutant.is_caught]

    told = f"\n{len(drawn) - len(survived)} of {len(drawn)} mutants caught; survived:"
    sys.stdout.write("\n  ".join([told, *survived, ""]))
    assert len(survived) <= MUTANTS - LEAST_CAUGHT


@pytest.mark.parametrize("key", sorted(sample_paths()))
def test_a_journey_expects_little_and_says_it_briefly(key):
    text = (sample_paths()[key] / "journey.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.split("\nexpectations:\n")[1].splitlines() if not line.startswith("  #")]
    items = re.split(r"^  - ", "\n".join(lines), flags=re.MULTILINE)[1:]

    assert 12 <= len(items) <= MOST
    assert max(len(item.strip().splitlines()) for item in items) <= 2
    assert max(map(len, lines)) <= 120
    # One item says something of one thing or of the whole; none lists the calendar.
    assert max(item.count("2027-") for item in items) <= 6


@pytest.mark.parametrize(
    ("field", "data", "operators"),
    [
        (
            "opens",
            {"from": "module-opened:a", "working_days": 5, "at": "09:00", "weekday": "mon"},
            {"amount + 1", "amount - 1", "unit changed", "hour +1", "hour -1", "weekday changed", "weekday dropped"}
            | {"anchor changed", "rule dropped"},
        ),
        (
            "opens",
            {"all": [{"completed": "a/x"}, {"any": [{"released": "b"}, {"passed": "a/y", "ratio": 0.6}]}]},
            {"all and any swapped", "part dropped", "reference swapped", "passed to completed", "ratio changed"}
            | {"rule dropped"},
        ),
        (
            "opens",
            {"at_least": 1, "of": [{"completed": "a/x"}, {"completed": "a/y"}]},
            {"at_least +1", "part dropped", "reference swapped", "rule dropped"},
        ),
        ("due", {"from": "opens", "days": 0}, {"amount + 1", "unit changed", "anchor changed", "rule dropped"}),
        ("wait", {"hours": 2}, {"amount + 1", "amount - 1", "unit changed", "rule dropped"}),
        ("unless", [{"not": {"completed": "a/x"}}], {"part dropped", "negated", "not dropped", "reference swapped"}),
        ("trigger", {"event": "module-opened", "module": "a"}, {"reference swapped", "event changed"}),
    ],
)
def test_the_operators_change_what_they_are_named_after(field, data, operators):
    names = Names(("a", "b"), {"a": ("a/x", "a/y"), "b": ()})

    found = list(WRONG[field](data, names))
    assert {operator for operator, _rule in found} == operators
    assert all(rule != data for _operator, rule in found)

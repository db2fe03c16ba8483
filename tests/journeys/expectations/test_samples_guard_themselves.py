"""
The three journeys notice by their own expectations when somebody breaks one of their rules.

100 rules gone wrong are drawn by the seed and the operators of this folder; at least 90 are caught. The whole of it
runs under `make proof`, which names the survivors where they are too many; a slice of it runs always.
"""

import re
from itertools import islice

import pytest

from journeys.bundle.queries.samples import sample_paths
from tests.journeys.expectations.equivalence import first_difference, same_plan
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


def test_the_equivalent_mutants_are_those_whose_filled_in_rules_are_the_same():
    dropped = [one for one in every_mutant(operator="rule dropped") if one.where.startswith("steps/")]

    same = {one.name for one in dropped if same_plan(contents()[one.journey].outline, one.content.outline)}
    assert same == EQUIVALENT


@pytest.mark.proof
@pytest.mark.parametrize("name", sorted(EQUIVALENT))
def test_nobody_notices_an_equivalent_mutant(name):
    mutant = next(one for one in every_mutant(operator="rule dropped") if one.name == name)

    assert first_difference(contents()[mutant.journey].outline, mutant.content.outline) is None


def test_people_notice_a_mutant_that_only_looks_harmless():
    where = "steps/prompt-clinic/opens"
    mutant = next(one for one in every_mutant(operator="rule dropped") if one.where == where)

    assert first_difference(contents()[mutant.journey].outline, mutant.content.outline, people=100) is not None


def test_a_slice_of_the_mutants_is_caught():
    drawn = list(islice(mutants(SEED, SLICE, leave_out=EQUIVALENT), SLICE))

    assert sum(mutant.is_caught for mutant in drawn) >= SLICE * LEAST_CAUGHT // 100


@pytest.mark.proof
def test_at_least_90_of_100_mutants_are_caught():
    survived = [mutant.name for mutant in mutants(SEED, MUTANTS, leave_out=EQUIVALENT) if not mutant.is_caught]

    assert len(survived) <= MUTANTS - LEAST_CAUGHT, survived


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

"""What the invented people write fits the step that asks for it."""

from random import Random

from config.demo.answers import answer
from config.demo.people import FEEDBACK
from config.demo.words import PLANS
from content.kinds.registry import parse_spec
from journeys.bundle.queries.samples import SAMPLES

EXAMPLE = {"if": "Jo asks me for help", "then": "I ask what she has tried"}
SPEC = parse_spec("commitment", {"examples": [EXAMPLE], "check_in": {"days": 3}})


def test_a_plan_fits_its_step():
    plans = [answer("commitment", "commit-one-source", SPEC, FEEDBACK[0], Random(seed)) for seed in range(20)]

    assert {(plan.cue, plan.action) for plan in plans} == set(PLANS["commit-one-source"])


def test_a_step_without_words_of_our_own_takes_one_of_its_examples():
    plan = answer("commitment", "another", SPEC, FEEDBACK[0], Random(1))

    assert (plan.cue, plan.action) == ("Jo asks me for help", "ask what she has tried")


def test_plans_are_written_for_steps_of_the_samples_that_ask_for_one():
    texts = [path.read_text() for path in SAMPLES.glob("*/modules/*/*.md")]
    asking = {text.split("key: ")[1].split()[0] for text in texts if "\nkind: commitment\n" in text}

    assert set(PLANS) <= asking

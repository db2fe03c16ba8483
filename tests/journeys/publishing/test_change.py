"""What changes between two versions, in plain words."""

from dataclasses import replace

import pytest

from journeys.authoring.rules.content import SkillAim, StepContent, VersionContent, Why
from journeys.publishing.rules import Keys, change_between
from tests.journeys.publishing.contents import (
    FIRST,
    LOOK,
    NUDGE,
    PLAN,
    READ,
    SECOND,
    SOUND,
    TRY,
    with_module,
    with_nudge,
    with_step,
)

MORE = StepContent("first", "more", "article", "More", 3, "knows", body="More.")
LATER = {"from": "module-opened:first", "working_days": 7, "at": "09:00"}
TOLD = {**TRY.spec, "steps": ["Tell."]}
QUIET = {"never": {"messages_per_week": 4}}
BEHAVIOR = replace(SOUND.indicators[0], text="Asks at once")

WORDS: dict[str, tuple[VersionContent, list[str]]] = {
    "nothing": (SOUND, []),
    "the title": (replace(SOUND, title="Ask"), ["The title changes from “Ask first” to “Ask”."]),
    "the summary": (replace(SOUND, summary="New."), ["The summary has new words."]),
    "the license": (replace(SOUND, license=""), ["The license changes from “CC-BY-4.0” to “none”."]),
    "the weeks": (replace(SOUND, weeks=3), ["The length changes from “2 weeks” to “3 weeks”."]),
    "the skills": (
        replace(SOUND, skills=(SkillAim("communication", 3),)),
        ["The journey aims at “communication” (above all)."],
    ),
    "a behavior": (replace(SOUND, indicators=(BEHAVIOR,)), ["The behavior “Asks at once” has new words."]),
    "no behavior": (replace(SOUND, indicators=()), ["The behavior “Asks first” is gone."]),
    "no expectations": (
        replace(SOUND, expectations=()),
        ["Every expectation is gone (1): nothing holds the calendar any more."],
    ),
    "more expectations": (
        replace(SOUND, expectations=(*SOUND.expectations, QUIET)),
        ["Expectations: 1 new, 2 in all."],
    ),
    "other expectations": (
        replace(SOUND, expectations=(QUIET,)),
        ["Expectations: 1 new or changed in the place of 1, 1 in all."],
    ),
    "a module's title": (with_module("first", title="1st"), ["Module “First” is now called “1st”."]),
    "an outcome": (with_module("first", outcome="Ask three."), ["Module “First” promises: “Ask three.”"]),
    "a why": (with_module("first", why=Why("You try.", "", "")), ["Module “First” tells its why in new words."]),
    "when a module opens": (
        with_module("second", opens=LATER),
        [
            "Module “Second” opens 7 working days after “First” opens, at 09:00; "
            "until now 5 working days after “First” opens, at 09:00.",
            "Module 2, “Second”, opens 2 days later.",
            "Module 2, “Second”, is due 4 days later.",
        ],
    ),
    "an hour": (
        with_module("second", opens={**LATER, "working_days": 5, "at": "08:30"}),
        [
            "Module “Second” opens 5 working days after “First” opens, at 08:30; "
            "until now 5 working days after “First” opens, at 09:00.",
            "Module 2, “Second”, opens 30 minutes earlier.",
        ],
    ),
    "no deadline": (
        with_module("second", due=None),
        ["Module “Second” is due at no fixed time; until now 4 working days after it opens, at 18:00."],
    ),
    "the order of modules": (
        replace(SOUND, modules=(SECOND, FIRST)),
        [
            "Module “First” now comes after “Second”.",
        ],
    ),
    "a module gone": (
        replace(SOUND, modules=(FIRST,)),
        ["Module “Second” is gone.", "“Plan” is gone."],
    ),
    "a step more": (with_module("first", steps=(READ, TRY, LOOK, MORE)), ["“More” is new in “First”."]),
    "a step gone": (with_module("first", steps=(READ, TRY)), ["“Look back” is gone."]),
    "the order of steps": (with_module("first", steps=(TRY, LOOK, READ)), ["“Read” now comes after “Look back”."]),
    "a step elsewhere": (
        replace(
            SOUND,
            modules=(
                replace(FIRST, steps=(TRY, LOOK)),
                replace(SECOND, steps=(PLAN, replace(READ, module="second"))),
            ),
        ),
        ["“Read” moves from “First” to “Second”."],
    ),
    "a step's title": (with_step("read", title="Look"), ["“Read” is now called “Look”."]),
    "its minutes": (with_step("read", minutes=5), ["“Read” takes 5 minutes; until now 3."]),
    "its text": (with_step("read", body="New."), ["“Read” has a new text."]),
    "what it asks": (with_step("try", spec=TOLD), ["“Try it” has changed in what it asks or shows."]),
    "optional": (with_step("read", required=False), ["“Read” is now optional."]),
    "what it serves": (with_step("read", serves="practices"), ["“Read” serves practices; until now knows."]),
    "its topic": (with_step("read", topic="communication"), ["“Read” has the topic communication; until now none."]),
    "when it opens": (
        with_step("try", opens={"completed": "first/read"}),
        ["“Try it” opens after you finish “Read”; until now after what comes before it."],
    ),
    "a message gone": (replace(SOUND, nudges=()), ["Nudge “Try it today.” is gone."]),
    "a message more": (
        replace(SOUND, nudges=(NUDGE, replace(NUDGE, key="again", unless=()))),
        ["Nudge “Try it today.” is new: when “First” opens, 2 working days later, at 16:00."],
    ),
    "when it is sent": (
        with_nudge(wait={"working_days": 3, "at": "16:00"}),
        [
            "Nudge “Try it today.” is sent when “First” opens, 3 working days later, at 16:00, unless you have "
            "finished “Try it”; until now when “First” opens, 2 working days later, at 16:00, unless you have finished "
            "“Try it”.",
        ],
    ),
    "its words": (with_nudge(texts=("Now?",)), ["Nudge “Now?” has new words."]),
    "its channel": (
        with_nudge(channels=("in-app",)),
        ["Nudge “Try it today.” goes to the Today page; until now by e-mail."],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WORDS)
def test_a_change_is_said_in_words(name):
    new, words = WORDS[name]

    assert list(change_between(SOUND, new).words) == words


def test_keys_are_kept_added_and_removed():
    new = replace(SOUND, modules=(replace(FIRST, steps=(READ, MORE)),), nudges=())

    change = change_between(SOUND, new)

    assert change.modules == Keys(kept=("first",), removed=("second",))
    assert change.steps == Keys(kept=("read",), added=("more",), removed=("try", "look", "plan"))
    assert change.nudges == Keys(removed=("try-it",))


def test_a_version_that_cannot_open_has_no_dates_to_compare():
    stuck = with_module("second", opens={"completed": "second"})

    assert len(change_between(SOUND, stuck).words) == 1

"""The checks before publishing find what is there and nothing else."""

from dataclasses import replace

import pytest

from journeys.authoring.rules.content import SkillAim, StepContent, VersionContent, Why
from journeys.bundle.queries import read_bundle
from journeys.bundle.queries.samples import sample_paths
from journeys.publishing.queries import check_content
from tests.journeys.publishing.contents import (
    EVERY_OCCASION,
    LOOK,
    NUDGE,
    PLAN,
    SOUND,
    TRY,
    rating,
    with_module,
    with_nudge,
    with_step,
)

WEEKLY = replace(NUDGE, key="weekly", trigger={"event": "weekly", "weekday": "wed", "at": "09:00"}, wait=None)
FILM = {"assets/a.mp4": "digest"}
THINKING = SkillAim("critical-thinking")
VIDEO = StepContent("first", "read", "video", "Watch", 3, "knows", spec={"source": "https://example.org/film"})


def _nudges(*days: int) -> VersionContent:
    """The sound version with one message on each of these working days."""
    rules = [replace(NUDGE, key=f"n-{n}", wait={"working_days": day, "at": "16:00"}) for n, day in enumerate(days)]
    return replace(SOUND, nudges=tuple(rules))


def _expecting(moment: str, module: str = "second") -> VersionContent:
    wrong = {"start": "2027-03-01", "zone": "UTC", "expect": {"module": module, "opens": moment}}
    return replace(SOUND, expectations=(wrong,))


ERRORS = {
    "no module": (replace(SOUND, modules=(), nudges=(), expectations=()), "no_module", ""),
    "a module without steps": (with_module("second", steps=()), "module_without_steps", "modules/second"),
    "a rule of a module that names nothing": (
        with_module("second", opens={"completed": "first/nowhere"}),
        "unknown_reference",
        "modules/second/opens/completed",
    ),
    "a rule of a step that names nothing": (
        with_step("plan", due={"any": [{"completed": "third"}, {"date": "2027-03-03"}]}),
        "unknown_reference",
        "steps/plan/due/any/0/completed",
    ),
    "a message that hangs on nothing": (
        with_nudge(trigger={"event": "module-opened", "module": "third"}),
        "unknown_reference",
        "nudges/try-it/trigger/module",
    ),
    "a message that unless names nothing": (
        with_nudge(unless=({"completed": "first/gone"},)),
        "unknown_reference",
        "nudges/try-it/unless/0/completed",
    ),
    "a wait where the trigger says when": (
        with_nudge(trigger={"event": "weekly", "weekday": "mon", "at": "09:00"}),
        "rule_cannot_hold",
        "nudges/try-it/wait",
    ),
    "an activity that is not finished": (
        with_step("try", spec={**TRY.spec, "steps": []}),
        "activity_unfinished",
        "steps/try/steps",
    ),
    "an article without a text": (with_step("read", body=" "), "text_missing", "steps/read"),
    "a film elsewhere without a transcript": (
        with_module("first", steps=(VIDEO, TRY, LOOK)),
        "transcript_missing",
        "steps/read/transcript",
    ),
    "a film of our own without captions": (
        with_step("read", kind="video", spec={"source": "assets/a.mp4", "transcript": "."}, assets=FILM),
        "activity_unfinished",
        "steps/read/captions",
    ),
    "an indicator that is not the journey's": (
        with_step("try", spec={**TRY.spec, "indicator": "tells"}),
        "unknown_indicator",
        "steps/try/indicator",
    ),
    "a reflection after nothing known": (
        with_step("look", spec={**LOOK.spec, "after": "first/gone"}),
        "unknown_reference",
        "steps/look/after",
    ),
    "a rating of a behavior that is not the journey's": (
        rating(("baseline", "first"), indicators=["asks", "tells"]),
        "unknown_indicator",
        "steps/baseline/indicators/1",
    ),
    "a reflection before what it follows": (
        with_module("first", steps=(LOOK, *SOUND.modules[0].steps[:2])),
        "reflection_too_early",
        "steps/look/after",
    ),
    "a quote of a practice that is none": (
        with_step("look", spec={**LOOK.spec, "after": "first/read"}),
        "nothing_to_quote",
        "steps/look/quote",
    ),
    "a quote of a plan that nobody made": (
        with_step("look", spec={**LOOK.spec, "quote": "commitment"}),
        "nothing_to_quote",
        "steps/look/quote",
    ),
    "an expectation that fails": (_expecting("2027-03-09 09:00"), "expectation_fails", "expectations/0"),
    "an expectation of a module that is gone": (
        _expecting("2027-03-08 09:00", module="third"),
        "expectation_fails",
        "expectations/0",
    ),
}  # fmt: skip

WARNINGS = {
    "no summary": (replace(SOUND, summary=""), "no_summary", ""),
    "no license": (replace(SOUND, license=""), "no_license", ""),
    "no indicator": (
        replace(with_step("try", spec={k: v for k, v in TRY.spec.items() if k != "indicator"}), indicators=()),
        "no_indicator",
        "",
    ),
    "a module that names no skill": (with_module("second", skills=()), "module_without_skill", "modules/second"),
    "a why that is missing": (with_module("second", why=Why("You try.", "", "")), "why_missing", "modules/second/why"),
    "a module that asks for nothing": (with_step("plan", required=False), "nothing_required", "modules/second"),
    "a skill that no step serves": (
        replace(SOUND, skills=(*SOUND.skills, THINKING)),
        "skill_without_step",
        "skills/critical-thinking",
    ),
    "a skill that is never practiced": (
        replace(with_step("plan", topic=THINKING.skill, serves="knows"), skills=(*SOUND.skills, THINKING)),
        "skill_without_practice",
        "skills/critical-thinking",
    ),
    "a skill that nothing shows": (
        replace(with_step("plan", topic=THINKING.skill), skills=(*SOUND.skills, THINKING)),
        "skill_without_evidence",
        "skills/critical-thinking",
    ),
    "a reflection tied to nothing": (
        with_step("look", spec={"prompt": "What happened?"}),
        "reflection_tied_to_nothing",
        "steps/look",
    ),
    "a picture that is not there": (with_step("read", body="![Plan](assets/a.png)"), "asset_missing", "steps/read"),
    "a rating at the end alone": (rating(("post", "second")), "rating_without_baseline", "steps/post"),
    "a look back alone": (rating(("then", "second")), "rating_without_baseline", "steps/then"),
    "a rating at the beginning alone": (rating(("baseline", "first")), "rating_without_post", "steps/baseline"),
    "a rating at the end before the one at the beginning": (
        rating(("post", "first"), ("baseline", "second")),
        "rating_before_baseline",
        "steps/post",
    ),
    "a follow-up that all must give": (
        rating(("baseline", "first"), ("post", "second"), ("follow_up", "second"), required=True),
        "follow_up_required",
        "steps/follow_up/required",
    ),
    "a follow-up in the second week": (
        rating(("baseline", "first"), ("post", "second"), ("follow_up", "second"), days=20),
        "follow_up_too_soon",
        "steps/follow_up/opens",
    ),
    "more than 40 minutes a week": (with_step("try", minutes=35), "too_many_minutes", "modules/first"),
    "two messages in a day": (_nudges(2, 2), "too_many_messages_a_day", ""),
    "four messages in a week": (_nudges(0, 1, 2, 3), "too_many_messages_a_week", ""),
}  # fmt: skip


def test_a_sound_version_has_no_finding():
    assert check_content(SOUND) == []


def test_a_version_that_is_rated_on_all_occasions_has_no_finding():
    assert check_content(rating(*EVERY_OCCASION)) == []


def _asking(rule):
    """A version with ratings on all occasions, whose second module hangs on one."""
    content = rating(*EVERY_OCCASION)
    opens = {"all": [rule, {"from": "start", "weeks": 1, "at": "09:00"}]}
    modules = tuple(replace(one, opens=opens) if one.key == "second" else one for one in content.modules)
    return replace(content, modules=modules)


@pytest.mark.parametrize(
    ("rule", "code", "where"),
    [
        ({"rated": "first/baseline", "at_most": 2}, "", ""),
        ({"rated": "first/baseline", "at_most": 2, "behavior": "asks"}, "", ""),
        ({"rated": "first/try", "at_most": 2}, "never_rated", "/rated"),
        ({"rated": "first/baseline", "at_most": 2, "behavior": "sings"}, "behavior_not_rated", "/behavior"),
        ({"rated": "first/baseline", "at_most": 7}, "no_such_level", "/at_most"),
        ({"not": {"rated": "first/baseline", "at_most": 2}}, "rated_negated", "/not"),
    ],
)
def test_a_rule_asks_for_a_rating_that_is_given_there(rule, code, where):
    found = [one for one in check_content(_asking(rule)) if one.level == "error"]

    assert [(one.code, one.where) for one in found] == ([(code, f"modules/second/opens/all/0{where}")] if code else [])


def test_a_step_that_opens_in_a_week_of_its_own_does_not_weigh_on_its_module():
    assert check_content(rating(*EVERY_OCCASION, minutes=36)) == []


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_found_once_with_its_place(name):
    content, code, where = ERRORS[name]

    found = [finding for finding in check_content(content) if finding.level == "error"]

    assert [(finding.code, finding.where) for finding in found] == [(code, where)]
    assert found[0].detail.endswith((".", "?"))


@pytest.mark.parametrize(
    ("content", "first"),
    [
        (with_module("first", opens={"completed": "second"}), "modules/first/opens"),
        (with_step("try", opens={"completed": "first/try"}), "steps/try/opens"),
        (with_module("second", opens={"completed": "second"}), "modules/second/opens"),
    ],
)
def test_everything_that_a_circle_keeps_shut_is_found(content, first):
    found = check_content(content)

    assert {(finding.level, finding.code) for finding in found} == {("error", "rule_cannot_hold")}
    assert first in [finding.where for finding in found]


@pytest.mark.parametrize("name", WARNINGS)
def test_a_warning_is_found_once_with_its_place(name):
    content, code, where = WARNINGS[name]

    found = check_content(content)

    assert [(finding.level, finding.code, finding.where) for finding in found] == [("warning", code, where)]


@pytest.mark.parametrize("content", [_nudges(0, 1, 2), replace(SOUND, nudges=(WEEKLY,)), with_step("try", minutes=33)])
def test_what_is_just_enough_is_not_too_much(content):
    assert check_content(content) == []


def test_a_live_session_takes_time_of_its_own():
    session = StepContent(
        "second", "meet", "live_session", "Meet", 60, "practices",
        spec={"purpose": "Talk.", "agenda": [{"minutes": 60, "text": "Talk."}]},
    )  # fmt: skip

    assert check_content(with_module("second", steps=(PLAN, session))) == []


def test_errors_come_first():
    content = replace(with_step("read", body=""), license="", summary="")

    assert [finding.level for finding in check_content(content)] == ["error", "warning", "warning"]


@pytest.mark.parametrize("key", sample_paths())
def test_the_samples_have_no_finding_and_their_expectations_come_true(key):
    content = read_bundle(sample_paths()[key]).content

    assert len(content.expectations) >= 12
    assert check_content(content) == []


def test_a_journey_over_weeks_that_can_be_done_in_the_first_one_is_noted():
    content = replace(with_module("second", opens=None, due=None), expectations=())

    (found,) = [one for one in check_content(content) if one.code == "all_in_first_week"]

    assert (found.level, found.where) == ("warning", "modules/second/opens")
    assert "takes 2 weeks" in found.detail
    assert "all_in_first_week" not in {one.code for one in check_content(replace(content, weeks=1))}
    assert "all_in_first_week" not in {one.code for one in check_content(SOUND)}

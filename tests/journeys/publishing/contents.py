"""A sound version as plain values, to be broken one part at a time."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from journeys.authoring.rules.content import (
    IndicatorContent,
    ModuleContent,
    NudgeContent,
    SkillAim,
    StepContent,
    VersionContent,
    Why,
)

WHY = Why("You try it.", "Each meeting.", "You learn more.")
READ = StepContent("first", "read", "article", "Read", 3, "knows", body="Read this.")
TRY = StepContent(
    "first",
    "try",
    "practice",
    "Try it",
    10,
    "evidence",
    spec={"situation": "In a meeting.", "steps": ["Ask."], "report": ["What?"], "indicator": "asks"},
)
LOOK = StepContent(
    "first",
    "look",
    "reflection",
    "Look back",
    4,
    "reflects",
    spec={"prompt": "What happened?", "after": "first/try", "quote": "practice"},
)
PLAN = StepContent(
    "second",
    "plan",
    "commitment",
    "Plan",
    3,
    "practices",
    spec={"examples": [{"if": "a meeting ends", "then": "I ask"}], "check_in": {"days": 1}},
)
FIRST = ModuleContent("first", "First", "Ask one.", (SkillAim("communication"),), WHY, steps=(READ, TRY, LOOK))
SECOND = ModuleContent(
    "second",
    "Second",
    "Ask two.",
    (SkillAim("communication"),),
    WHY,
    opens={"from": "module-opened:first", "working_days": 5, "at": "09:00"},
    due={"from": "opens", "working_days": 4, "at": "18:00"},
    steps=(PLAN,),
)
NUDGE = NudgeContent(
    "try-it",
    "practice",
    {"event": "module-opened", "module": "first"},
    {"working_days": 2, "at": "16:00"},
    ({"completed": "first/try"},),
    ("email",),
    ("Try it today.",),
)
SOUND = VersionContent(
    key="ask-first",
    title="Ask first",
    summary="Ask before you tell.",
    license="CC-BY-4.0",
    weeks=2,
    skills=(SkillAim("communication", 2),),
    indicators=(IndicatorContent("asks", "communication", "Asks first", ("a", "b", "c", "d")),),
    modules=(FIRST, SECOND),
    nudges=(NUDGE,),
    expectations=({"start": "2027-03-01", "zone": "UTC", "expect": {"module": "second", "opens": "2027-03-08 09:00"}},),
)


EVERY_OCCASION = (("baseline", "first"), ("post", "second"), ("then", "second"), ("follow_up", "second"))


def rating(
    *asked: tuple[str, str],
    indicators: Sequence[str] = ("asks",),
    days: int = 75,
    required: bool = False,
    minutes: int = 1,
) -> VersionContent:
    """The sound version with self-ratings: (occasion, module). days, required, minutes: of the follow-up."""
    modules = {module.key: module for module in SOUND.modules}
    for occasion, module in asked:
        is_later = occasion == "follow_up"
        step = StepContent(
            module,
            occasion,
            "self_rating",
            "Rate yourself",
            minutes if is_later else 1,
            "reflects",
            required=required if is_later else True,
            opens={"from": "start", "days": days, "at": "09:00"} if is_later else None,
            spec={"occasion": occasion, "indicators": list(indicators)},
        )
        modules[module] = replace(modules[module], steps=(*modules[module].steps, step))
    return replace(SOUND, modules=tuple(modules.values()))


def with_module(key: str, **changes: Any) -> VersionContent:
    """The sound version with one module changed."""
    return replace(SOUND, modules=tuple(replace(m, **changes) if m.key == key else m for m in SOUND.modules))


def with_step(key: str, **changes: Any) -> VersionContent:
    """The sound version with one step changed."""
    return replace(
        SOUND,
        modules=tuple(
            replace(m, steps=tuple(replace(s, **changes) if s.key == key else s for s in m.steps))
            for m in SOUND.modules
        ),
    )


def with_nudge(**changes: Any) -> VersionContent:
    """The sound version with its message changed."""
    return replace(SOUND, nudges=(replace(NUDGE, **changes),))

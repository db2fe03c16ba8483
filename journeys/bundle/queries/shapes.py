"""The shape of journey.yaml and of an activity's front matter; the JSON Schemas are made from it."""

import re
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from content.kinds.shapes import Flag, Line, Markdown, Part, Slug, Whole

FORMAT: Final = "waymark-journey/1"
CATEGORIES = Literal["practice", "reflection", "step", "due", "live", "digest", "service"]


def _folded(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


def _as_aim(value: object) -> object:
    return {"skill": value} if isinstance(value, str) else value


Title = Annotated[str, StringConstraints(min_length=1, max_length=200), BeforeValidator(_folded)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=64), BeforeValidator(_folded)]
# Their patterns stand in the schema only: reading tells what to write in words of its own.
LANGUAGE: Final = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
FOLDER: Final = re.compile(r"^[0-9A-Za-z][0-9A-Za-z_-]*$")
Language = Annotated[str, StringConstraints(max_length=16), Field(json_schema_extra={"pattern": LANGUAGE.pattern})]
FolderName = Annotated[str, StringConstraints(max_length=80), Field(json_schema_extra={"pattern": FOLDER.pattern})]


class SkillPart(Part):
    """A skill and how much it weighs."""

    skill: Slug = Field(description="the key of a skill")
    weight: Annotated[Whole, Field(ge=1, le=3)] = 1


ModuleSkill = Annotated[SkillPart, BeforeValidator(_as_aim)]


class IndicatorPart(Part):
    """A behavior that the journey makes visible, with four anchors, lowest first."""

    key: Slug = Field(description="a short name for the behavior")
    skill: Slug = Field(description="the key of the skill it shows")
    text: Line = Field(description="what a colleague could see")
    levels: tuple[Line, ...] = Field(min_length=4, max_length=4, description="four anchors, lowest first")


class EventPart(Part):
    """Something outside the journey that rules may wait for and somebody records."""

    key: Slug = Field(description="a short name that never changes")
    title: Title = Field(description="what people call it")


class WhyPart(Part):
    """How it is practiced, when at work it occurs, why it is worth it."""

    capability: Markdown | None = None
    opportunity: Markdown | None = None
    motivation: Markdown | None = None


class ModulePart(Part):
    """One module; its activities are the files of its folder."""

    key: Slug = Field(description="a short name that never changes")
    folder: FolderName = Field(description="the name of its folder in modules")
    title: Title = Field(description="what learners call it")
    outcome: Line = Field(description="what learners will be able to do")
    skills: tuple[ModuleSkill, ...] = Field(default=(), max_length=14)
    why: WhyPart = WhyPart()
    opens: Any = None
    due: Any = None


class NudgePart(Part):
    """One nudge rule; text holds wordings used in turn."""

    key: Slug = Field(description="a short name that never changes")
    category: CATEGORIES = Field(description="practice, reflection, step, due, live, digest or service")
    trigger: Any = Field(description="what sets it off")
    wait: Any = None
    unless: Any = Field(default_factory=list)
    channel: tuple[Literal["email", "in-app"], ...] = Field(min_length=1, max_length=2, description="email, in-app")
    text: tuple[Markdown, ...] = Field(min_length=1, max_length=20, description="what to write, at least one wording")


class Manifest(Part):
    """journey.yaml as a whole."""

    format: Literal["waymark-journey/1"] = Field(description="waymark-journey/1")
    key: Slug = Field(description="a short name that never changes")
    title: Title = Field(description="what learners call it")
    summary: Markdown | None = None
    language: Language = Field(description="the language of its texts, such as en")
    license: Short | None = None
    weeks: Annotated[Whole, Field(ge=1, le=104)] = Field(description="how many weeks it takes")
    skills: tuple[SkillPart, ...] = Field(default=(), max_length=30)
    indicators: tuple[IndicatorPart, ...] = Field(default=(), max_length=60)
    events: tuple[EventPart, ...] = Field(default=(), max_length=60)
    modules: tuple[ModulePart, ...] = Field(default=(), max_length=60)
    nudges: tuple[NudgePart, ...] = Field(default=(), max_length=200)
    expectations: Any = Field(default_factory=list)


class Front(Part):
    """The common keys of an activity's front matter; the rest belongs to its kind."""

    key: Slug = Field(description="a short name that never changes")
    kind: Line = Field(description="the kind of activity")
    title: Title = Field(description="what learners call it")
    minutes: Annotated[Whole, Field(ge=1, le=600)] = Field(description="how long it takes")
    serves: Literal["knows", "practices", "reflects", "evidence"] = Field(
        description="knows, practices, reflects or evidence"
    )
    required: Flag = True
    opens: Any = None
    due: Any = None
    topic: Slug | None = None


COMMON: Final = tuple(Front.model_fields)

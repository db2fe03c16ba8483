"""Everything a version holds, as plain values: what is copied, compared, checked and exported."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeAlias

from journeys.schedule.grammar import parse_due, parse_opens, parse_trigger, parse_unless, parse_wait
from journeys.schedule.outline import BehaviorOutline, ModuleOutline, NudgeOutline, Outline, StepOutline

Data: TypeAlias = dict[str, Any]
LONGEST_NAME: Final = 48


@dataclass(frozen=True, slots=True)
class SkillAim:
    """A skill by its key, with its weight (1 to 3)."""

    skill: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class IndicatorContent:
    """A behavior that the version makes visible; levels from the lowest anchor up."""

    key: str
    skill: str
    text: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventContent:
    """Something outside the journey that rules may wait for and somebody records; its title is a name for it."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Why:
    """How the skill is practiced, when at work the moment occurs, why it is worth it."""

    capability: str = ""
    opportunity: str = ""
    motivation: str = ""


@dataclass(frozen=True)
class StepContent:
    """
    One step with its activity. opens and due are canonical rule data, spec the kind's data, body Markdown.

    assets: path as the text names it → SHA-256 of the file. revision_id: the row that holds the wording, where the
    content was read from the database; two contents are compared without it.
    """

    module: str
    key: str
    kind: str
    title: str
    minutes: int
    serves: str
    topic: str = ""
    required: bool = True
    opens: Data | None = None
    due: Data | None = None
    spec: Data = field(default_factory=dict)
    body: str = ""
    assets: Mapping[str, str] = field(default_factory=dict)
    revision_id: int | None = field(default=None, compare=False)

    @property
    def reference(self) -> str:
        """The step as rules name it, MODULE/STEP."""
        return f"{self.module}/{self.key}"


@dataclass(frozen=True)
class ModuleContent:
    """One module with its steps in order."""

    key: str
    title: str
    outcome: str
    skills: tuple[SkillAim, ...] = ()
    why: Why = Why()
    opens: Data | None = None
    due: Data | None = None
    steps: tuple[StepContent, ...] = ()

    @property
    def minutes(self) -> int:
        """The self-paced minutes; a live session's own come on top."""
        return sum(step.minutes for step in self.steps if step.kind != "live_session")

    def skills_of(self, step: StepContent) -> frozenset[str]:
        """Return the skills that one of its steps serves: those of the module, and the step's topic."""
        return frozenset({step.topic, *(aim.skill for aim in self.skills)} - {""})


@dataclass(frozen=True)
class NudgeContent:
    """One nudge rule; trigger, wait and unless are canonical rule data."""

    key: str
    category: str
    trigger: Data
    wait: Data | None = None
    unless: tuple[Data, ...] = ()
    channels: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What a designer knows it by: the beginning of its first wording."""
        words = self.texts[0] if self.texts else self.key
        return words if len(words) <= LONGEST_NAME else f"{words[:LONGEST_NAME].rstrip()}…"


@dataclass(frozen=True)
class VersionContent:
    """A whole version, in order."""

    key: str
    title: str
    summary: str = ""
    language: str = "en"
    license: str = ""
    weeks: int = 8
    skills: tuple[SkillAim, ...] = ()
    indicators: tuple[IndicatorContent, ...] = ()
    events: tuple[EventContent, ...] = ()
    modules: tuple[ModuleContent, ...] = ()
    nudges: tuple[NudgeContent, ...] = ()
    expectations: tuple[Data, ...] = ()

    @property
    def steps(self) -> Iterator[StepContent]:
        """Every step, in order."""
        return (step for module in self.modules for step in module.steps)

    @cached_property
    def outline(self) -> Outline:
        """
        The version reduced to what the schedule needs.

        Raises RuleError where a rule cannot be read; rows and read bundles hold readable rules only.
        """
        return outline_from(self.key, self.title, self.modules, self.nudges, self.events, self.indicators)


def outline_from(
    key: str,
    title: str,
    modules: tuple[ModuleContent, ...],
    nudges: tuple[NudgeContent, ...],
    events: tuple[EventContent, ...] = (),
    indicators: tuple[IndicatorContent, ...] = (),
) -> Outline:
    """
    Return the outline of these modules, nudge rules and events. Raises RuleError where a rule cannot be read.

    indicators: needed only where a rule asks for a rating.
    """
    return Outline(
        key=key,
        title=title,
        modules=tuple(_module(module) for module in modules),
        nudges=tuple(_nudge(nudge) for nudge in nudges),
        events={event.key: event.title for event in events},
        behaviors={one.key: BehaviorOutline(one.text, len(one.levels)) for one in indicators},
    )


def _module(module: ModuleContent) -> ModuleOutline:
    return ModuleOutline(
        key=module.key,
        title=module.title,
        opens=parse_opens(module.opens, pointer="/opens") if module.opens else None,
        due=parse_due(module.due, pointer="/due") if module.due else None,
        steps=tuple(_step(step) for step in module.steps),
    )


def _step(step: StepContent) -> StepOutline:
    return StepOutline(
        key=step.key,
        module_key=step.module,
        title=step.title,
        kind=step.kind,
        minutes=step.minutes,
        serves=step.serves,
        required=step.required,
        opens=parse_opens(step.opens, pointer="/opens") if step.opens else None,
        due=parse_due(step.due, pointer="/due") if step.due else None,
        after=step.spec.get("after"),
        rates=tuple(step.spec.get("indicators", ())) if step.kind == "self_rating" else (),
    )


def _nudge(nudge: NudgeContent) -> NudgeOutline:
    return NudgeOutline(
        key=nudge.key,
        category=nudge.category,
        trigger=parse_trigger(nudge.trigger, pointer="/trigger"),
        wait=parse_wait(nudge.wait, pointer="/wait") if nudge.wait else None,
        unless=parse_unless(list(nudge.unless), pointer="/unless"),
        channels=nudge.channels,
        texts=nudge.texts,
    )

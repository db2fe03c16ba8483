"""What a journey version asks of a learner, reduced to what a schedule needs: keys, titles, rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from journeys.schedule.tree import AtMoment, Offset, Reference, Rule, Trigger
from journeys.schedule.writing import asks_ratings, counts_attempts


@dataclass(frozen=True)
class StepOutline:
    """
    One step. `opens` None means the default: after the previous required step, the first one with its module.

    after: MODULE/STEP that a reflection follows, or None; without `opens` it is waited for too.
    rates: keys of the behaviors that a self-rating asks about.
    """

    key: str
    module_key: str
    title: str
    kind: str = "article"
    minutes: int = 0
    serves: str = ""
    required: bool = True
    opens: Rule | None = None
    due: Rule | None = None
    after: str | None = None
    rates: tuple[str, ...] = ()

    @cached_property
    def reference(self) -> Reference:
        """Give the step as rules name it, MODULE/STEP."""
        return Reference(self.module_key, self.key)

    @cached_property
    def name(self) -> str:
        """Give the same as a text: what openings are kept under."""
        return str(self.reference)


@dataclass(frozen=True)
class ModuleOutline:
    """One module with its steps in order. `opens` None means: after the previous module, the first one at the start."""

    key: str
    title: str
    opens: Rule | None = None
    due: Rule | None = None
    steps: tuple[StepOutline, ...] = ()


@dataclass(frozen=True)
class NudgeOutline:
    """One nudge rule. `unless` means any of them; `wait` is for the module-opened trigger, None sends at once."""

    key: str
    category: str
    trigger: Trigger
    wait: Offset | None = None
    unless: tuple[Rule, ...] = ()
    channels: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BehaviorOutline:
    """A behavior that people rate themselves on, and how many levels it has."""

    title: str
    levels: int


@dataclass(frozen=True, eq=False)
class Outline:
    """
    A whole journey version, in order. Build it once per version and keep it: the schedule caches by it.

    Two outlines are equal when they are the same object. Comparing every rule on every look-up would cost more than the
    schedule itself, and did, wherever a second outline of the same version lived in the process.

    events: what happens outside the journey and rules may wait for, key → title.
    behaviors: by key; there wherever a rule asks for a rating.
    """

    key: str
    title: str
    modules: tuple[ModuleOutline, ...]
    nudges: tuple[NudgeOutline, ...] = ()
    events: Mapping[str, str] = field(default_factory=dict)
    behaviors: Mapping[str, BehaviorOutline] = field(default_factory=dict)

    @cached_property
    def modules_by_key(self) -> dict[str, ModuleOutline]:
        """Give each module under its key."""
        return {module.key: module for module in self.modules}

    @cached_property
    def steps_by_key(self) -> dict[str, StepOutline]:
        """Give each step under its bare key, which is unique in a version."""
        return {step.key: step for module in self.modules for step in module.steps}

    @cached_property
    def titles(self) -> dict[str, str]:
        """Give what to call each module ("Module 2"), step (its title), "event:KEY" and "behavior:KEY" in words."""
        numbered = {module.key: f"Module {number}" for number, module in enumerate(self.modules, start=1)}
        told = {f"event:{key}": f"“{title}”" for key, title in self.events.items()}
        told |= {f"behavior:{key}": f"“{behavior.title}”" for key, behavior in self.behaviors.items()}
        return numbered | told | {str(step.reference): step.title for step in self.steps_by_key.values()}

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Give every rule of modules, steps and nudges, the moments of messages among them."""
        found: list[Rule | None] = []
        for module in self.modules:
            found += [module.opens, module.due]
            found += [rule for step in module.steps for rule in (step.opens, step.due)]
        for nudge in self.nudges:
            found += [*nudge.unless, nudge.trigger.moment if isinstance(nudge.trigger, AtMoment) else None]
        return tuple(rule for rule in found if rule is not None)

    @cached_property
    def counts_attempts(self) -> bool:
        """Tell whether any rule asks for single attempts, so that facts need them."""
        return any(counts_attempts(rule) for rule in self.rules)

    @cached_property
    def asks_ratings(self) -> bool:
        """Tell whether any rule asks how people rated themselves, so that facts need it."""
        return any(asks_ratings(rule) for rule in self.rules)

    def step_at(self, reference: Reference) -> StepOutline | None:
        """Find the step that MODULE/STEP names, or None when this version has no such step."""
        step = self.steps_by_key.get(reference.step)
        return step if step is not None and step.module_key == reference.module else None

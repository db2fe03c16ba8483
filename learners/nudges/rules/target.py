"""Which step the button of a message opens."""

from collections.abc import Iterator
from datetime import datetime

from journeys.schedule.outline import NudgeOutline, Outline, StepOutline
from journeys.schedule.timeline import Timeline
from journeys.schedule.tree import AllOf, AnyOf, AtLeast, Completed, Rule


def target_of(
    rule: NudgeOutline | None, outline: Outline, timeline: Timeline, *, subject: str, now: datetime
) -> StepOutline | None:
    """
    Return the open, unfinished step that a message is about, or None for the journey's map.

    First the step whose completion would make the message needless, then the subject itself, then the next required
    step of its module, then the next of the journey.
    """
    wanted = [*_steps_awaited(rule, outline), *_steps_of(outline, subject)]
    every = [step for module in outline.modules for step in module.steps]
    for step in (*wanted, *(step for step in every if step.required)):
        placed = timeline.steps.get(step.key)
        if placed is not None and placed.done_at is None and timeline.is_open(str(step.reference), now):
            return step
    return None


def _steps_awaited(rule: NudgeOutline | None, outline: Outline) -> Iterator[StepOutline]:
    for condition in rule.unless if rule is not None else ():
        yield from _completions(condition, outline)


def _completions(rule: Rule, outline: Outline) -> Iterator[StepOutline]:
    if isinstance(rule, Completed):
        step = outline.step_at(rule.reference) if rule.reference.step else None
        if step is not None:
            yield step
    elif isinstance(rule, AllOf | AnyOf | AtLeast):
        for part in rule.parts:
            yield from _completions(part, outline)


def _steps_of(outline: Outline, subject: str) -> Iterator[StepOutline]:
    module_key, _, step_key = subject.partition("/")
    step = outline.steps_by_key.get(step_key or module_key)
    if step is not None and step_key:
        yield step
    module = outline.modules_by_key.get(module_key)
    if module is not None:
        yield from (step for step in module.steps if step.required)

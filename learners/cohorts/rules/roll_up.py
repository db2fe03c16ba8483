"""The roll-up of one enrollment: what its row repeats of the completions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from journeys.schedule.facts import Facts
from journeys.schedule.outline import ModuleOutline, Outline, StepOutline
from journeys.schedule.timeline import Timeline

LOCKED: Final = "locked"
OPEN: Final = "open"
STARTED: Final = "started"
PRACTICED: Final = "practiced"
EVIDENCE: Final = "evidence"
COMPLETED: Final = "completed"
MODULE_STATES: Final = (LOCKED, OPEN, STARTED, PRACTICED, EVIDENCE, COMPLETED)

AT_WORK: Final = frozenset({"practices", "evidence"})


@dataclass(frozen=True, slots=True)
class RollUp:
    """
    What an enrollment's row holds. Steps a person is exempted from count nowhere.

    required, completed: required steps and those of them that are completed. practiced: completed steps, required or
    not, that serve practices or evidence. current_module: the first that is not completed, else the last; its position
    counts from 1. next_opens_at: the next opening after the instant of the roll-up. next_due_at: the earliest deadline
    not met that somebody can act on or that is still to come. finished_at: when everything required was done, or None.
    """

    required: int
    completed: int
    practiced: int
    current_module: str
    current_position: int
    module_states: Mapping[str, str]
    next_opens_at: datetime | None
    next_due_at: datetime | None
    finished_at: datetime | None


def roll_up(outline: Outline, facts: Facts, timeline: Timeline, *, now: datetime) -> RollUp:
    """
    Compute the roll-up as of one instant.

    It holds until next_opens_at or next_due_at, whichever comes first: nothing else in it depends on the time.
    """
    required = [step for step in outline.steps_by_key.values() if timeline.steps[step.key].required]
    done = [step for step in required if step.key in facts.completed]
    states = {module.key: module_state(module, facts, timeline, now=now) for module in outline.modules}
    current, position = _current(outline, timeline)
    opens, due = timeline.next_opens(now), timeline.next_due(now)
    finished = bool(required) and len(done) == len(required)
    return RollUp(
        required=len(required),
        completed=len(done),
        practiced=sum(1 for step in outline.steps_by_key.values() if _practiced(step, facts)),
        current_module=current,
        current_position=position,
        module_states=states,
        next_opens_at=opens.opens_at if opens is not None and not finished else None,
        next_due_at=due.due_at if due is not None and not finished else None,
        finished_at=max(facts.completed[step.key] for step in done) if finished else None,
    )


def module_state(module: ModuleOutline, facts: Facts, timeline: Timeline, *, now: datetime) -> str:
    """Name the furthest a person got in a module, one of MODULE_STATES."""
    done = [step for step in module.steps if step.key in facts.completed]
    if timeline.modules[module.key].done_at is not None:
        return COMPLETED
    if any(step.serves == "evidence" or step.key in facts.passed and step.kind == "practice" for step in done):
        return EVIDENCE
    if any(step.serves in AT_WORK for step in done):
        return PRACTICED
    if done:
        return STARTED
    return OPEN if timeline.is_open(module.key, now) else LOCKED


def _practiced(step: StepOutline, facts: Facts) -> bool:
    return step.serves in AT_WORK and step.key in facts.completed


def _current(outline: Outline, timeline: Timeline) -> tuple[str, int]:
    if not outline.modules:
        return "", 0
    for position, module in enumerate(outline.modules, start=1):
        placed = timeline.modules[module.key]
        if placed.required and placed.done_at is None:
            return module.key, position
    return outline.modules[-1].key, len(outline.modules)

"""Who moves to a new version, who stays, and why; and what a move changes for one person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from journeys.schedule.facts import Facts
from journeys.schedule.outline import Outline
from journeys.schedule.plan import plan_of
from journeys.schedule.timeline import Timeline

KEEP: Final = "keep"
NOT_STARTED: Final = "not_started"
EVERYONE: Final = "everyone"
POLICIES: Final = (KEEP, NOT_STARTED, EVERYONE)

MOVES: Final = "moves"
IS_THERE: Final = "is_there"
FINISHED: Final = "finished"
WITHDRAWN: Final = "withdrawn"
KEPT: Final = "kept"
STARTED: Final = "started"
WOULD_FINISH: Final = "would_finish"
# In the order in which they are told; the first concerns the designer most.
VERDICTS: Final = (MOVES, STARTED, WOULD_FINISH, KEPT, FINISHED, WITHDRAWN, IS_THERE)


@dataclass(frozen=True, slots=True)
class Traveler:
    """
    What decides whether one person moves.

    status: of the enrollment. has_started: did anything at all. completed, exempted: bare step keys.
    """

    status: str
    is_there: bool
    has_started: bool
    completed: frozenset[str] = frozenset()
    exempted: frozenset[str] = frozenset()


def required_keys(outline: Outline) -> frozenset[str]:
    """Return the bare keys of the steps that a version requires of everybody, whatever they fail or rate."""
    plan = plan_of(outline)
    return frozenset(
        step.key
        for step in outline.steps_by_key.values()
        if step.required and step.key not in plan.for_some and step.module_key not in plan.modules_for_some
    )


def verdict(traveler: Traveler, *, policy: str, required: frozenset[str]) -> str:
    """
    Decide about one person; one of VERDICTS, the first that applies.

    required: of the version to move to. Whoever has finished stays finished, and a version finishes nobody by asking
    less: they would be told that they are through without having done the last thing that was asked of them.
    """
    if traveler.is_there:
        return IS_THERE
    if traveler.status == "completed":
        return FINISHED
    if traveler.status == "withdrawn":
        return WITHDRAWN
    if policy == KEEP:
        return KEPT
    if policy == NOT_STARTED and traveler.has_started:
        return STARTED
    if required and not required - traveler.completed - traveler.exempted:
        return WOULD_FINISH
    return MOVES


@dataclass(frozen=True, slots=True)
class Effect:
    """
    What a move changes for one person at one instant.

    done_before, required_before and the same after: required steps. closed: titles of steps that are open and not done
    before and locked after. on_record: how many completed steps the new version does not have; they stay on record.
    due_before, due_after: the next deadline. becomes_behind: it has passed after the move and had not before.
    """

    done_before: int
    required_before: int
    done_after: int
    required_after: int
    closed: tuple[str, ...]
    on_record: int
    due_before: datetime | None
    due_after: datetime | None
    becomes_behind: bool


def effect_of(
    facts: Facts, before: tuple[Outline, Timeline], after: tuple[Outline, Timeline], *, now: datetime
) -> Effect:
    """Compare where a person stands under both versions, with the same facts."""
    (old, old_line), (new, new_line) = before, after
    due_before, due_after = _next_due(old_line, now), _next_due(new_line, now)
    was_behind = due_before is not None and due_before < now
    return Effect(
        *_counts(old, facts),
        *_counts(new, facts),
        closed=tuple(_closed(facts, old_line, new, new_line, now)),
        on_record=len(set(facts.completed) - set(new.steps_by_key)),
        due_before=due_before,
        due_after=due_after,
        becomes_behind=due_after is not None and due_after < now and not was_behind,
    )


def _counts(outline: Outline, facts: Facts) -> tuple[int, int]:
    asked = required_keys(outline) - facts.exempted
    return len(asked & set(facts.completed)), len(asked)


def _closed(facts: Facts, old_line: Timeline, new: Outline, new_line: Timeline, now: datetime) -> list[str]:
    return [
        step.title
        for key, step in new.steps_by_key.items()
        if key not in facts.completed
        and _is_open(old_line, key, now)
        and not new_line.is_open(str(step.reference), now)
    ]


def _is_open(line: Timeline, key: str, now: datetime) -> bool:
    placed = line.steps.get(key)
    return placed is not None and line.is_open(placed.reference, now)


def _next_due(line: Timeline, now: datetime) -> datetime | None:
    found = line.next_due(now)
    return found.due_at if found is not None else None


def still_untouched(opened: Collection[str], touched: Collection[str]) -> list[str]:
    """Return, in order, the modules that a move opened and in which nothing was done since."""
    return [key for key in opened if key not in set(touched)]

"""The schedule of one enrollment: when each module and step opens and is due, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from journeys.schedule.calendar import WorkCalendar
from journeys.schedule.deadlines import due_of
from journeys.schedule.facts import Facts
from journeys.schedule.moments import Moments
from journeys.schedule.openings import blocked_by, opening_of
from journeys.schedule.outline import Outline
from journeys.schedule.pace import Pace
from journeys.schedule.plan import Node
from journeys.schedule.tree import Reference, Rule


@dataclass(frozen=True, slots=True)
class Placement:
    """
    Where one module or step stands in time. Every instant is aware UTC.

    key: the module's key, or the bare key of the step; module_key: None for a module.
    opens_at: None while it is not known, and then blocked_by says in sentences what has to happen first.
    opens_why, due_why: the reason in words, with what moved it; "" for a deadline that nobody set.
    moved_from: the local date on which it would have opened without days off, pauses and shifts, if another.
    done_at: completed (a module: all its required steps), or None.
    required: this person has to do it (a module: at least one step of it).
    due_moved_from: as moved_from, of the deadline.
    """

    key: str
    module_key: str | None
    opens_at: datetime | None
    opens_why: str
    blocked_by: tuple[str, ...]
    due_at: datetime | None
    due_why: str
    moved_from: date | None
    done_at: datetime | None
    required: bool = True
    due_moved_from: date | None = None

    @property
    def reference(self) -> str:
        """Name the thing as rules do: KEY, or MODULE/STEP."""
        return self.key if self.module_key is None else f"{self.module_key}/{self.key}"


class Timeline:
    """
    All placements of one enrollment: `modules` by key, `steps` by bare step key, and `placements` in the order of the
    outline, each module before its steps.

    A step never opens before its module. What is open stays open, whatever is completed later.
    """

    def __init__(self, moments: Moments) -> None:
        placed = {key: _placement(moments, node) for key, node in moments.plan.nodes.items()}
        self.modules: Mapping[str, Placement] = {one.key: one for one in placed.values() if one.module_key is None}
        self.steps: Mapping[str, Placement] = {one.key: one for one in placed.values() if one.module_key is not None}
        self.placements: tuple[Placement, ...] = tuple(placed.values())
        self._placed = placed
        self.moments = moments

    @property
    def completed_at(self) -> datetime | None:
        """Find when the last required step of the journey was completed; None before, and where nothing is required."""
        done = [step.done_at for step in self.steps.values() if step.required]
        latest = [at for at in done if at is not None]
        return max(latest) if latest and len(latest) == len(done) else None

    def placement(self, key: str) -> Placement | None:
        """Find a module by its key, or a step by MODULE/STEP or its bare key; a module comes before a step."""
        return self._placed.get(key) or self.steps.get(key)

    def is_open(self, key: str, now: datetime) -> bool:
        """Tell whether a module or step can be entered; what is completed always can. An unknown key is not open."""
        found = self.placement(key)
        if found is None:
            return False
        opened = found.opens_at is not None and found.opens_at <= now
        return opened or (found.done_at is not None and found.done_at <= now)

    def next_opens(self, now: datetime) -> Placement | None:
        """Find what opens next after `now` and is not done, or None; a module comes before its steps."""
        coming = [
            (one.opens_at, one)
            for one in self.placements
            if one.opens_at is not None and one.opens_at > now and one.done_at is None
        ]
        return min(coming, key=lambda pair: pair[0])[1] if coming else None

    def next_due(self, now: datetime) -> Placement | None:
        """
        Find the earliest deadline not met yet, also one that has passed; None when there is none.

        Deadlines that passed for things not open at `now` do not count: nobody can act on them.
        """
        waiting = [
            (one.due_at, one)
            for one in self.placements
            if one.due_at is not None
            and one.required
            and one.done_at is None
            and (one.due_at >= now or self.is_open(one.reference, now))
        ]
        return min(waiting, key=lambda pair: pair[0])[1] if waiting else None

    def module_completed_at(self, key: str) -> datetime | None:
        """Find when the last required step of a module was completed; a module that requires nothing: its opening."""
        return self.moments.completed_at(Reference(key))

    def holds(self, rule: Rule, now: datetime) -> bool:
        """Tell whether a rule holds for this person at an instant (aware UTC)."""
        return self.moments.holds(rule, now)


def timeline(outline: Outline, facts: Facts, calendar: WorkCalendar, *, pace: Pace | None = None) -> Timeline:
    """
    Compute when everything in an outline opens and is due for one person.

    pace: imagine somebody who completes what the facts do not; None imagines nothing.
    Bounded work whatever the rules say: rules that wait for each other in a circle end as blocked, with the circle in
    words. Raises UnknownZone.
    """
    return Timeline(Moments(outline, facts, calendar, pace))


def _placement(moments: Moments, node: Node) -> Placement:
    opens_at = moments.opens[node.key]
    opening = opening_of(moments, node)
    deadline = due_of(moments, node)
    step = node.step
    if step is None:
        required = any(moments.is_required(part) for part in node.module.steps)
        done_at = moments.completed_at(Reference(node.key)) if required else None
    else:
        required = moments.is_required(step)
        done_at = moments.done_at(step)
    return Placement(
        key=node.key if step is None else step.key,
        module_key=None if step is None else step.module_key,
        opens_at=opens_at,
        opens_why=opening.why,
        blocked_by=blocked_by(moments, node),
        due_at=deadline.at,
        due_why=deadline.why,
        moved_from=opening.moved_from,
        done_at=done_at,
        required=required,
        due_moved_from=deadline.moved_from,
    )

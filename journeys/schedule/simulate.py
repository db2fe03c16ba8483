"""The schedule of an imagined learner: the same computation as in production, with imagined completions."""

from datetime import date, time
from typing import Final

from journeys.schedule.calendar import WorkCalendar, to_instant
from journeys.schedule.entries import (
    Entry,
    conditions_of,
    message_entry,
    placement_entries,
    planned_moments,
    sorted_entries,
)
from journeys.schedule.facts import Facts
from journeys.schedule.messages import NudgeMoment, Planner, inactive_moments
from journeys.schedule.nudges import still_needed
from journeys.schedule.outline import Outline
from journeys.schedule.outside import NOBODY_ACTS, Outside
from journeys.schedule.pace import Pace, UnknownPace, pace_named
from journeys.schedule.timeline import Timeline, timeline
from journeys.schedule.tree import Inactive, Reference
from journeys.schedule.words import as_condition

__all__ = ["Simulation", "UnknownPace", "simulate", "simulation"]

_MIDNIGHT: Final = time(0, 0)


class Simulation:
    """One imagined run: its facts, its timeline, and every message that is planned for it, needed or not."""

    def __init__(self, outline: Outline, facts: Facts, calendar: WorkCalendar, pace: Pace) -> None:
        self.outline = outline
        self.facts = facts
        self.timeline: Timeline = timeline(outline, facts, calendar, pace=pace)
        self.placed = self._placed(every_step=False)
        self.messages = self._messages(calendar)

    def entries(self, *, every_step: bool = False) -> list[Entry]:
        """
        List what opens, is due and is planned to be sent, with what would keep each message from being sent.

        every_step: also the steps that open together with their module.
        """
        placed = self._placed(every_step=True) if every_step else self.placed
        conditions = conditions_of(self.outline)
        messages = (
            message_entry(self.outline, self.facts, moment, condition=conditions[moment.rule_key])
            for moment in self.messages
        )
        return sorted_entries([*placed, *messages])

    def _placed(self, *, every_step: bool) -> list[Entry]:
        """Leave out deadlines of what never opens for this person: what holds it back is late itself."""
        closed = {one.reference for one in self.timeline.placements if one.opens_at is None}
        placed = placement_entries(self.outline, self.facts, self.timeline, every_step=every_step)
        return [entry for entry in placed if entry.kind != "due" or entry.key not in closed]

    def spared(self, message: NudgeMoment) -> str | None:
        """Say why the imagined learner would not be sent a planned message; None when it goes out."""
        nudge = next(one for one in self.outline.nudges if one.key == message.rule_key)
        if isinstance(nudge.trigger, Inactive):
            # What the learner did in the meantime was weighed when the message was planned.
            held = (rule for rule in nudge.unless if self.timeline.holds(rule, message.due_at))
            return next((as_condition(rule, self.outline.titles) for rule in held), None)
        return still_needed(nudge, self.outline, self.facts, self.timeline, subject=message.subject, now=message.due_at)

    def _messages(self, calendar: WorkCalendar) -> list[NudgeMoment]:
        planner = Planner.of(self.outline, self.facts, self.timeline, calendar)
        done = {step.done_at for step in self.timeline.steps.values() if step.done_at is not None}
        activity = sorted({self.facts.enrolled_at, *done})
        quiet: list[NudgeMoment] = []
        for nudge in self.outline.nudges:
            if isinstance(nudge.trigger, Inactive):
                quiet += inactive_moments(planner, nudge, nudge.trigger, activity)
        return planned_moments(self.outline, self.facts, self.timeline, calendar, self.placed, quiet=quiet)


def simulation(
    outline: Outline,
    *,
    start_on: date,
    zone: str,
    calendar: WorkCalendar,
    pace: str = "on-time",
    cohort_zone: str | None = None,
    outside: Outside = NOBODY_ACTS,
) -> Simulation:
    """
    Imagine one run. cohort_zone: where openings and deadlines keep that zone's hours; messages keep the learner's.

    outside: the days on which others act. Raises UnknownZone, UnknownPace, UnknownHappening.
    """
    outside.check(outline)
    placed_in = cohort_zone or zone
    begins = to_instant(start_on, _MIDNIGHT, placed_in)
    facts = Facts(start_on=start_on, zone=zone, enrolled_at=begins, anchor_zone=cohort_zone, **outside.facts(placed_in))
    named = pace_named(pace, tuple(outline.modules_by_key), start_on=start_on)
    if named.fails is not None and outline.step_at(Reference(*named.fails.split("/"))) is None:
        raise UnknownPace(pace)
    return Simulation(outline, facts, calendar, named)


def simulate(
    outline: Outline,
    *,
    start_on: date,
    zone: str,
    calendar: WorkCalendar,
    pace: str = "on-time",
    cohort_zone: str | None = None,
    outside: Outside = NOBODY_ACTS,
) -> list[Entry]:
    """
    List the schedule of an imagined learner, who does each required step and leaves the others.

    pace: "on-time" completes a step the moment it opens; "N-days-late"; "stops-after:MODULE"; "absent:WEEK";
    "fails:MODULE/STEP"; "rates:2".
    Every planned message is listed, with what would keep it from being sent: whether it is needed depends on what the
    learner will have done by then. outside: the days on which others act; without them no event takes place, nothing is
    opened by hand and the cohort has no end. Raises UnknownZone, UnknownPace, UnknownHappening.
    """
    run = simulation(
        outline, start_on=start_on, zone=zone, calendar=calendar, pace=pace, cohort_zone=cohort_zone, outside=outside
    )
    return run.entries()

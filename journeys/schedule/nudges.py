"""Which messages are planned, when and why, and whether one is still needed when its moment comes."""

from collections.abc import Iterator
from datetime import datetime

from journeys.schedule.calendar import WorkCalendar
from journeys.schedule.facts import Facts
from journeys.schedule.messages import (
    NudgeMoment,
    Planner,
    due_soon_moments,
    inactive_moments,
    last_activity,
    module_opened_moments,
    moment_moments,
    overdue_moments,
    run_of,
    weekly_moments,
)
from journeys.schedule.outline import NudgeOutline, Outline
from journeys.schedule.timeline import Timeline
from journeys.schedule.tree import AtMoment, DueSoon, Inactive, ModuleOpened, Overdue
from journeys.schedule.words import as_condition, day_in_words
from journeys.schedule.writing import asks_ratings

__all__ = ["NudgeMoment", "nudge_moments", "still_needed"]


def nudge_moments(
    outline: Outline, facts: Facts, timeline: Timeline, calendar: WorkCalendar, *, after: datetime
) -> tuple[NudgeMoment, ...]:
    """
    Plan the messages of one person: one moment per rule and subject.

    A weekly message gives its next moment not before `after` (aware UTC). The others come once per anchor, so they
    are given whether they have passed or not. What lies before the person joined, hangs on an opening that is not
    known yet, or is held back by a pause is left out. `unless` is not asked here: it may change until the moment.
    """
    planner = Planner.of(outline, facts, timeline, calendar)
    moments: list[NudgeMoment] = []
    for nudge in outline.nudges:
        trigger = nudge.trigger
        if isinstance(trigger, ModuleOpened):
            moments += module_opened_moments(planner, nudge, trigger)
        elif isinstance(trigger, DueSoon):
            moments += due_soon_moments(planner, nudge, trigger)
        elif isinstance(trigger, Overdue):
            moments += overdue_moments(planner, nudge, trigger)
        elif isinstance(trigger, AtMoment):
            moments += moment_moments(planner, nudge, trigger)
        elif isinstance(trigger, Inactive):
            moments += inactive_moments(planner, nudge, trigger, [last_activity(planner)])
        else:
            moments += _first(weekly_moments(planner, nudge, trigger, after=after))
    return tuple(moments)


def still_needed(
    nudge: NudgeOutline,
    outline: Outline,
    facts: Facts,
    timeline: Timeline,
    *,
    subject: str,
    now: datetime,
) -> str | None:
    """
    Ask a planned message again: None when it is still needed at `now` (aware UTC), else the reason why not, in words.

    subject: as in NudgeMoment.
    """
    for rule in nudge.unless:
        if timeline.holds(rule, now):
            said = as_condition(rule, outline.titles)
            # Staff read why a message was held back. What a rating keeps back is told as the rule, not as the answer.
            return f"its rule holds it back, which asks whether {said}" if asks_ratings(rule) else said
    planner = Planner.of(outline, facts, timeline, timeline.moments.where.calendar)
    return _settled(planner, nudge, subject, now)


def _settled(planner: Planner, nudge: NudgeOutline, subject: str, now: datetime) -> str | None:
    """Ask the trigger of a message whether its moment is still what it was when it was planned."""
    trigger = nudge.trigger
    if isinstance(trigger, ModuleOpened):
        if planner.timeline.is_open(trigger.module, now):
            return None
        return f"{planner.outline.titles.get(trigger.module, trigger.module)} is not open"
    if isinstance(trigger, DueSoon):
        return _due_soon_settled(planner, nudge, trigger, subject, now)
    if isinstance(trigger, Overdue):
        return _overdue_settled(planner, nudge, trigger, subject, now)
    if isinstance(trigger, AtMoment):
        return _moment_settled(planner, nudge, trigger, now)
    if isinstance(trigger, Inactive):
        return _quiet_settled(planner, nudge, trigger, now)
    _, end = run_of(planner)
    return "the journey is over" if end is not None and now >= end else None


def _due_soon_settled(
    planner: Planner, nudge: NudgeOutline, trigger: DueSoon, subject: str, now: datetime
) -> str | None:
    if reason := _done_with(planner, subject, now):
        return reason
    one = planner.timeline.placement(subject)
    due = None if one is None else one.due_at
    title = planner.outline.titles.get(subject, subject)
    if due is None or due <= now:
        return f"the deadline of {title} has passed or was taken away"
    again = [moment for moment in due_soon_moments(planner, nudge, trigger) if moment.subject == subject]
    if not again or again[0].due_at > now:
        return f"the deadline of {title} was moved to {day_in_words(planner.where.local_date(due))}"
    return None


def _overdue_settled(
    planner: Planner, nudge: NudgeOutline, trigger: Overdue, subject: str, now: datetime
) -> str | None:
    if reason := _done_with(planner, subject, now):
        return reason
    again = [moment for moment in overdue_moments(planner, nudge, trigger) if moment.subject == subject]
    title = planner.outline.titles.get(subject, subject)
    return None if again and again[0].due_at <= now else f"the deadline of {title} was moved or taken away"


def _done_with(planner: Planner, subject: str, now: datetime) -> str | None:
    """Say why what a deadline is about asks nothing of this person any more; None while it does."""
    one = planner.timeline.placement(subject)
    title = planner.outline.titles.get(subject, subject)
    if one is None or not one.required:
        return f"{title} is not asked of you any more"
    return f"you have finished {title}" if one.done_at is not None and one.done_at <= now else None


def _moment_settled(planner: Planner, nudge: NudgeOutline, trigger: AtMoment, now: datetime) -> str | None:
    again = moment_moments(planner, nudge, trigger)
    if not again:
        return "the moment that it counts from is not known any more"
    day = planner.where.local_date(again[0].due_at)
    return None if again[0].due_at <= now else f"its moment was moved to {day_in_words(day)}"


def _quiet_settled(planner: Planner, nudge: NudgeOutline, trigger: Inactive, now: datetime) -> str | None:
    again = inactive_moments(planner, nudge, trigger, [last_activity(planner)])
    if not again:
        return "nothing is open that waits for you"
    return None if again[0].due_at <= now else "there was activity, or nothing to do, in the meantime"


def _first(moments: Iterator[NudgeMoment]) -> list[NudgeMoment]:
    first = next(moments, None)
    return [] if first is None else [first]

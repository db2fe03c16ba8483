"""The messages that each kind of trigger plans for one person."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from journeys.schedule.calendar import WorkCalendar, to_instant, zone_named
from journeys.schedule.facts import Facts
from journeys.schedule.fixed import FixedDates
from journeys.schedule.outline import NudgeOutline, Outline
from journeys.schedule.placing import Place, Placed, in_order, place
from journeys.schedule.timeline import Placement, Timeline
from journeys.schedule.tree import (
    After,
    Anchor,
    AtMoment,
    DueSoon,
    Inactive,
    ModuleOpened,
    Offset,
    Overdue,
    Reference,
    Weekly,
)
from journeys.schedule.words import as_condition, day_in_words, in_words, moves_in_words, trigger_in_words

# A message that could not leave within two days of its moment has lost its point.
LATENESS: Final = timedelta(hours=48)
_ONE_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NudgeMoment:
    """
    One message that is planned.

    subject: the module's key, MODULE/STEP, or "" for a message about the whole journey.
    anchor: what the moment hangs on, for the key that keeps a message from going out twice: the UTC date of the
    opening, the instant of the deadline, the local date of the last activity, the local date of the week's message.
    due_at, expires_at: aware UTC. nominal_local: the wall time that was meant, "2027-03-05T16:00", also where the
    clocks skip it. moved_from: the local date it had before days off, pauses and shifts.
    """

    rule_key: str
    category: str
    subject: str
    anchor: str
    due_at: datetime
    nominal_local: str
    expires_at: datetime
    why: str
    moved_from: date | None = None


@dataclass(frozen=True, slots=True)
class Planner:
    """What messages are planned with. Hours are the person's own, also in a cohort that has its own zone."""

    outline: Outline
    facts: Facts
    timeline: Timeline
    where: Place

    @classmethod
    def of(cls, outline: Outline, facts: Facts, timeline: Timeline, calendar: WorkCalendar) -> "Planner":
        """Prepare to plan for one person."""
        own = Place(zone_named(facts.zone), calendar, in_order(facts.pauses, facts.shifts))
        return cls(outline, facts, timeline, own)


def module_opened_moments(planner: Planner, nudge: NudgeOutline, trigger: ModuleOpened) -> list[NudgeMoment]:
    """Plan the message that follows the opening of a module."""
    module = planner.timeline.modules.get(trigger.module)
    if module is None or module.opens_at is None:
        return []
    opened = module.opens_at
    wait = nudge.wait
    placed = Placed(opened, planner.where.local_date(opened))
    if wait is not None:
        placed = place(wait, opened, planner.where, when_passed="next-day")
    why = trigger_in_words(trigger, planner.outline.titles)
    if wait is not None:
        why = in_words(After(Anchor("module-opened", Reference(trigger.module)), wait), planner.outline.titles)
    return _planned(planner, nudge, trigger.module, opened.date().isoformat(), placed, why, wait)


def due_soon_moments(planner: Planner, nudge: NudgeOutline, trigger: DueSoon) -> list[NudgeMoment]:
    """Plan the messages before deadlines that this person still has to meet."""
    found: list[NudgeMoment] = []
    for one in _with_deadline(planner, trigger):
        placed = _before(planner, trigger.before, one)
        if placed is None or placed.at is None or (one.done_at is not None and one.done_at <= placed.at):
            continue
        due = one.due_at or placed.at
        title = planner.outline.titles[one.reference]
        named = DueSoon(trigger.before, Reference(*one.reference.split("/")))
        due_day = day_in_words(planner.where.local_date(due))
        why = f"{trigger_in_words(named, planner.outline.titles)}; {title} is due on {due_day}"
        moments = _planned(planner, nudge, one.reference, due.isoformat(), placed, why, trigger.before, expires_at=due)
        found += moments
    return found


def overdue_moments(planner: Planner, nudge: NudgeOutline, trigger: Overdue) -> list[NudgeMoment]:
    """Plan the messages after deadlines that this person has missed, or would miss by doing nothing."""
    found: list[NudgeMoment] = []
    for one in _with_deadline(planner, trigger):
        due = one.due_at
        if due is None or (one.done_at is not None and one.done_at <= due):
            continue
        placed = place(trigger.after, due, planner.where, when_passed="next-day")
        if placed.at is None or (one.done_at is not None and one.done_at <= placed.at):
            continue
        named = Overdue(trigger.after, Reference(*one.reference.split("/")))
        why = trigger_in_words(named, planner.outline.titles)
        found += _planned(planner, nudge, one.reference, due.isoformat(), placed, why, trigger.after)
    return found


def moment_moments(planner: Planner, nudge: NudgeOutline, trigger: AtMoment) -> list[NudgeMoment]:
    """Plan the one message so long after a moment, or before the start or the end, by the person's own clock."""
    leaf, facts = trigger.moment, planner.facts
    anchor = leaf.anchor
    if anchor.kind in ("start", "end"):
        day = facts.start_on if anchor.kind == "start" else facts.end_on
        fixed = FixedDates(facts, planner.where)
        ahead = fixed.begins if anchor.kind == "start" else fixed.ends
        if day is None or ahead is None:
            return []
        key, placed = day.isoformat(), fixed.counted(leaf, ahead.at, when_passed="next-day")
    else:
        since = planner.timeline.moments.anchor_at(leaf, planner.timeline.completed_at)
        if since is None:
            return []
        key, placed = since.date().isoformat(), place(leaf.offset, since, planner.where, when_passed="next-day")
    why = trigger_in_words(trigger, planner.outline.titles)
    return _planned(planner, nudge, str(anchor.reference or ""), key, placed, why, leaf.offset)


def inactive_moments(
    planner: Planner, nudge: NudgeOutline, trigger: Inactive, activity: Sequence[datetime]
) -> list[NudgeMoment]:
    """
    Plan the message after a quiet stretch: one for each activity that nothing followed in time.

    Days count from the activity, or from when something was open to do, if that was later; a pause counts nothing.
    """
    offset = Offset(trigger.amount, trigger.unit, trigger.at)
    found: list[NudgeMoment] = []
    for index, active_at in enumerate(activity):
        since = _waiting_since(planner, active_at)
        if since is None:
            continue
        placed = place(offset, since, planner.where, when_passed="next-day")
        following = activity[index + 1] if index + 1 < len(activity) else None
        if placed.at is None or (following is not None and following <= placed.at):
            continue
        day = planner.where.local_date(since)
        why = f"{trigger_in_words(trigger, planner.outline.titles)}; counted from {day_in_words(day)}"
        found += _planned(planner, nudge, "", day.isoformat(), placed, why, offset)
    return found


def weekly_moments(planner: Planner, nudge: NudgeOutline, trigger: Weekly, *, after: datetime) -> Iterator[NudgeMoment]:
    """
    Go through the messages of a weekly rule, not before `after`, from the first opening to the end of the run.

    Endless where the run has no end: take what is needed. Pauses are skipped; shifts change nothing.
    """
    begin, end = run_of(planner)
    if begin is None:
        return
    first = max(after, begin)
    day = planner.where.local_date(first)
    day += timedelta(days=(trigger.weekday - day.weekday()) % 7)
    why = trigger_in_words(trigger, planner.outline.titles)
    while day.year < date.max.year:
        at = to_instant(day, trigger.at, planner.where.zone)
        open_at = planner.timeline.moments.out_of_pause(at)
        if open_at is None or (end is not None and at >= end):
            return
        if at >= first and open_at == at:
            nominal = Offset(0, "days", trigger.at)
            yield from _planned(planner, nudge, "", day.isoformat(), Placed(at, day), why, nominal)
        day += _WEEK


def needed_words(nudge: NudgeOutline, outline: Outline) -> str:
    """Say what would keep a message from being sent, such as "unless you have finished Ten tasks"; "" for nothing."""
    conditions = [as_condition(rule, outline.titles) for rule in nudge.unless]
    return f"unless {' or '.join(conditions)}" if conditions else ""


def _planned(
    planner: Planner,
    nudge: NudgeOutline,
    subject: str,
    anchor: str,
    placed: Placed,
    why: str,
    offset: Offset | None,
    *,
    expires_at: datetime | None = None,
) -> list[NudgeMoment]:
    """Make the moment, unless a pause holds it back or it lies before the person joined."""
    if placed.at is None or placed.at < planner.facts.enrolled_at:
        return []
    moves = moves_in_words(placed)
    moment = NudgeMoment(
        rule_key=nudge.key,
        category=nudge.category,
        subject=subject,
        anchor=anchor,
        due_at=placed.at,
        nominal_local=_nominal(planner, placed.at, placed.day, offset),
        expires_at=expires_at or placed.at + LATENESS,
        why=f"{why}; {moves}" if moves else why,
        moved_from=placed.planned,
    )
    return [moment]


def _nominal(planner: Planner, at: datetime, day: date, offset: Offset | None) -> str:
    local = at.astimezone(planner.where.zone)
    hour = local.time() if offset is None or offset.at is None or local.date() != day else offset.at
    return f"{day.isoformat()}T{hour:%H:%M}"


def _with_deadline(planner: Planner, trigger: DueSoon | Overdue) -> Iterable[Placement]:
    if trigger.subject is not None:
        one = planner.timeline.placement(str(trigger.subject))
        found = [] if one is None else [one]
    else:
        found = [*planner.timeline.modules.values(), *planner.timeline.steps.values()]
    return [one for one in found if one.required and one.due_at is not None and one.opens_at is not None]


def _before(planner: Planner, before: Offset, one: Placement) -> Placed | None:
    """Place a message before a deadline, when the thing is open and no pause is on; None when that leaves no time."""
    if one.due_at is None or one.opens_at is None:
        return None
    where, due = planner.where, one.due_at
    if before.unit == "hours":
        at = due - timedelta(hours=before.amount)
        day = where.local_date(at)
    else:
        local = due.astimezone(where.zone)
        hour = before.at or local.time()
        day = _days_before(before, local.date(), where.calendar)
        at = to_instant(day, hour, where.zone)
        if at >= due:
            day = _days_before(Offset(1, before.unit), day, where.calendar)
            at = to_instant(day, hour, where.zone)
    free = planner.timeline.moments.out_of_pause(max(at, one.opens_at))
    if free is None or free >= due:
        return None
    return Placed(at, day) if free == at else Placed(free, where.local_date(free))


def _days_before(before: Offset, day: date, calendar: WorkCalendar) -> date:
    if before.unit == "working_days" and before.amount:
        return calendar.add_working_days(day, -before.amount)
    return day - before.amount * _ONE_DAY


def last_activity(planner: Planner) -> datetime:
    """Find when the person was last active; joining and completing count."""
    known = [planner.facts.enrolled_at, *planner.facts.completed.values()]
    return max(known if planner.facts.last_activity_at is None else [*known, planner.facts.last_activity_at])


def _waiting_since(planner: Planner, active_at: datetime) -> datetime | None:
    """Since when something required has been open to do, at the earliest since the last activity; None for never."""
    openings = [
        step.opens_at
        for step in planner.timeline.steps.values()
        if step.required and step.opens_at is not None and (step.done_at is None or step.done_at > active_at)
    ]
    return max(min(openings), active_at, planner.facts.enrolled_at) if openings else None


def run_of(planner: Planner) -> tuple[datetime | None, datetime | None]:
    """Find from when to when the enrollment runs: first opening to completion or to the end of its last day."""
    openings = [one.opens_at for one in planner.timeline.modules.values() if one.opens_at is not None]
    last_day = planner.timeline.moments.end
    ends = [planner.timeline.completed_at, None if last_day is None else last_day + _ONE_DAY]
    known = [end for end in ends if end is not None]
    begin = max(min(openings), planner.facts.enrolled_at) if openings else None
    return begin, min(known) if known else None

"""The schedule of one person as a list to read: what opens, is due and is sent, with the reason of each."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import takewhile
from typing import Final, Literal, TypeAlias

from journeys.schedule.calendar import WorkCalendar, zone_named
from journeys.schedule.facts import Facts
from journeys.schedule.messages import NudgeMoment, Planner, needed_words, weekly_moments
from journeys.schedule.nudges import nudge_moments, still_needed
from journeys.schedule.outline import Outline
from journeys.schedule.timeline import Placement, Timeline
from journeys.schedule.tree import Inactive, Weekly

EntryKind: TypeAlias = Literal["opens", "due", "nudge"]

ORDER: Final[dict[EntryKind, int]] = {"opens": 0, "due": 1, "nudge": 2}


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One line of a schedule.

    at_utc, at_local: the same instant, in UTC and in the learner's zone. what, why: in words.
    moved_from: the local date it had before days off, pauses and shifts, if another.
    key: the module's key, MODULE/STEP, or the key of the nudge rule.
    subject: what a message is about: a module's key, MODULE/STEP, or "" for the whole journey.
    """

    at_utc: datetime
    at_local: datetime
    kind: EntryKind
    what: str
    why: str
    moved_from: date | None
    key: str = ""
    subject: str = ""


def entries(outline: Outline, facts: Facts, timeline: Timeline, calendar: WorkCalendar) -> list[Entry]:
    """
    List what opens, is due and is sent for one person, past and to come, in order of time.

    As things stand: a step is listed where it opens apart from its module, and a message only if it would be sent at
    its moment. A message after inactivity assumes that nothing happens until then. Weekly messages go on to the end of
    the run or, where that is open, to the last other entry.
    """
    rules = {nudge.key: nudge for nudge in outline.nudges}
    placed = placement_entries(outline, facts, timeline)
    moments = [moment for moment in planned_moments(outline, facts, timeline, calendar, placed)]
    needed = [
        moment
        for moment in moments
        if still_needed(rules[moment.rule_key], outline, facts, timeline, subject=moment.subject, now=moment.due_at)
        is None
    ]
    return sorted_entries([*placed, *(message_entry(outline, facts, moment) for moment in needed)])


def entry_data(entry: Entry) -> dict[str, str | None]:
    """Write an entry as the plain data that commands and the API print: instants in RFC 3339, dates in ISO 8601."""
    return {
        "at_utc": entry.at_utc.isoformat().replace("+00:00", "Z"),
        "at_local": entry.at_local.isoformat(),
        "kind": entry.kind,
        "what": entry.what,
        "why": entry.why,
        "moved_from": None if entry.moved_from is None else entry.moved_from.isoformat(),
    }


def placement_entries(outline: Outline, facts: Facts, timeline: Timeline, *, every_step: bool = False) -> list[Entry]:
    """List openings and deadlines; a step that opens together with its module only where every_step is asked for."""
    found: list[Entry] = []
    for one in timeline.placements:
        title = outline.titles[one.reference]
        if one.module_key is None:
            title = f"{title}: {outline.modules_by_key[one.key].title}"
            found += _placement_entries(facts, one, title, opens=True)
        else:
            apart = every_step or one.opens_at != timeline.modules[one.module_key].opens_at
            found += _placement_entries(facts, one, title, opens=apart)
    return found


def planned_moments(
    outline: Outline,
    facts: Facts,
    timeline: Timeline,
    calendar: WorkCalendar,
    placed: list[Entry],
    *,
    quiet: list[NudgeMoment] | None = None,
) -> list[NudgeMoment]:
    """
    Plan every message of a run, needed or not; all others and `placed` bound the weekly ones of a run without an end.

    quiet: the messages after inactivity of somebody imagined; None = the one that would come as things stand.
    """
    planner = Planner.of(outline, facts, timeline, calendar)
    apart = Weekly if quiet is None else (Weekly, Inactive)
    given = {nudge.key for nudge in outline.nudges if isinstance(nudge.trigger, apart)}
    stand = nudge_moments(outline, facts, timeline, calendar, after=facts.enrolled_at)
    moments = [*(moment for moment in stand if moment.rule_key not in given), *(quiet or ())]
    last = max([facts.enrolled_at, *(entry.at_utc for entry in placed), *(moment.due_at for moment in moments)])
    for nudge in outline.nudges:
        if isinstance(nudge.trigger, Weekly):
            coming = weekly_moments(planner, nudge, nudge.trigger, after=facts.enrolled_at)
            moments += takewhile(lambda moment: moment.due_at <= last, coming)
    return moments


def message_entry(outline: Outline, facts: Facts, moment: NudgeMoment, *, condition: str = "") -> Entry:
    """Write one message as an entry; `condition` says what would keep it from being sent."""
    why = f"{moment.why}; {condition}" if condition else moment.why
    what = f"Message {moment.rule_key} ({moment.category})"
    entry = _entry(facts, moment.due_at, "nudge", what, why, moment.moved_from, moment.rule_key)
    return replace(entry, subject=moment.subject)


def conditions_of(outline: Outline) -> dict[str, str]:
    """Say for each nudge rule what would keep its message from being sent."""
    return {nudge.key: needed_words(nudge, outline) for nudge in outline.nudges}


def sorted_entries(found: list[Entry]) -> list[Entry]:
    """Sort by time; at the same instant openings come first, then deadlines, then messages."""
    return sorted(found, key=lambda entry: (entry.at_utc, ORDER[entry.kind]))


def _placement_entries(facts: Facts, one: Placement, title: str, *, opens: bool) -> list[Entry]:
    found: list[Entry] = []
    if opens and one.opens_at is not None:
        what = f"{title} opens" if one.module_key else title.replace(":", " opens:", 1)
        found.append(_entry(facts, one.opens_at, "opens", what, one.opens_why, one.moved_from, one.reference))
    if one.due_at is not None and one.required:
        what = f"{title} is due" if one.module_key else title.replace(":", " is due:", 1)
        found.append(_entry(facts, one.due_at, "due", what, one.due_why, one.due_moved_from, one.reference))
    return found


def _entry(
    facts: Facts, at: datetime, kind: EntryKind, what: str, why: str, moved_from: date | None, key: str
) -> Entry:
    return Entry(at.astimezone(UTC), at.astimezone(zone_named(facts.zone)), kind, what, why, moved_from, key)

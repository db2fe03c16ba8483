"""What the time machine shows: the rows and weeks of one imagined run, or of two side by side. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from journeys.authoring.rules.content import VersionContent
from journeys.schedule.compare import Pair, Week, compare, weeks
from journeys.schedule.entries import Entry
from journeys.schedule.outside import Outside
from journeys.schedule.simulate import Simulation, simulation
from journeys.studio.forms.simulate import ImaginedPerson
from journeys.studio.rules import MOST_MESSAGES, MOST_MINUTES

COLUMNS = ("kind", "what", "at_local", "at_utc", "why", "moved_from")
OTHER_COLUMNS = ("other_at_local", "other_at_utc", "other_why", "other_moved_from")

# The page on which what an entry comes from is mended.
UrlOf = Callable[[Entry], str]
# The page of a module, or of MODULE/STEP.
PlaceOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Row:
    """One event in words, with the way to its rule; `other` is the same event for the second person."""

    kind: str
    what: str
    url: str
    mine: Entry | None
    other: Entry | None

    @property
    def is_moved(self) -> bool:
        """Whether it takes place on another day than a reader would expect, for either person."""
        return any(one is not None and one.moved_from is not None for one in (self.mine, self.other))


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One week of one person, with a note where it has too much in it. who: "" where there is only one person."""

    week: Week
    who: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """Something that never opens for somebody, with what it waits for. who: "" where there is only one person."""

    title: str
    why: str
    url: str
    who: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A whole result."""

    first: ImaginedPerson
    second: ImaginedPerson | None
    rows: tuple[Row, ...]
    weeks: tuple[WeekRow, ...]
    moved: int
    closed: tuple[Closed, ...]


def shown(
    content: VersionContent,
    *,
    start_on: date,
    first: ImaginedPerson,
    second: ImaginedPerson | None,
    cohort_zone: str,
    outside: Outside,
    url_of: UrlOf,
    place_of: PlaceOf,
) -> Shown:
    """Imagine one run or two, with the scheduler of production. No query; the rules must be sound."""
    mine = _run(content, first, start_on, cohort_zone, outside)
    other = _run(content, second, start_on, cohort_zone, outside) if second else None
    entries, others = mine.entries(), other.entries() if other else []
    pairs = compare(mine, other) if other else [Pair(entry, entry, None) for entry in entries]
    names = {nudge.key: nudge.name for nudge in content.nudges}
    rows = tuple(
        Row(_kind(one.event), _what(one.event, names), url_of(one.event), one.first, one.second) for one in pairs
    )
    return Shown(
        first=first,
        second=second,
        rows=rows,
        weeks=tuple(_weeks(content, entries, others, both=second is not None)),
        moved=sum(one.moved_from is not None for one in [*entries, *others]),
        closed=tuple(_closed(mine, "" if other is None else _("First person"), place_of))
        + (() if other is None else tuple(_closed(other, _("Second person"), place_of))),
    )


def _run(
    content: VersionContent, person: ImaginedPerson, start_on: date, cohort_zone: str, outside: Outside
) -> Simulation:
    return simulation(
        content.outline,
        start_on=start_on,
        zone=person.zone,
        calendar=person.calendar,
        pace=person.pace,
        cohort_zone=cohort_zone or None,
        outside=outside,
    )


def _closed(run: Simulation, who: str, place_of: PlaceOf) -> Iterator[Closed]:
    """
    Go through what never opens: modules, and in open ones the steps that have a rule of their own.

    A step without one waits for the step before it, which says it already.
    """
    for one in run.timeline.placements:
        module, _slash, key = one.reference.partition("/")
        step = run.outline.steps_by_key.get(key)
        is_told = step is None or (step.opens is not None and run.timeline.modules[module].opens_at is not None)
        if one.opens_at is None and is_told:
            yield Closed(run.outline.titles[one.reference], "; ".join(one.blocked_by), place_of(one.reference), who)


def _kind(entry: Entry) -> str:
    return {"opens": _("Opens"), "due": _("Due"), "nudge": _("Message")}[entry.kind]


def _what(entry: Entry, names: dict[str, str]) -> str:
    """A message is known by how it begins; everything else says itself what it is."""
    return names.get(entry.key, entry.what) if entry.kind == "nudge" else entry.what


def _weeks(content: VersionContent, mine: list[Entry], others: list[Entry], *, both: bool) -> list[WeekRow]:
    names = (_("First person"), _("Second person")) if both else ("", "")
    found = [
        WeekRow(week, who, tuple(_notes(week)))
        for who, entries in zip(names, (mine, others), strict=True)
        for week in weeks(content.outline, entries)
    ]
    return sorted(found, key=lambda row: row.week.starts_on)


def _notes(week: Week) -> Iterator[str]:
    if week.minutes > MOST_MINUTES:
        words = _("%(count)d minutes open, more than %(most)d. Shorten a step, or open something later.")
        yield words % {"count": week.minutes, "most": MOST_MINUTES}
    if week.messages > MOST_MESSAGES:
        words = _("%(count)d messages are planned, more than %(most)d: the rest would be held back.")
        yield words % {"count": week.messages, "most": MOST_MESSAGES}

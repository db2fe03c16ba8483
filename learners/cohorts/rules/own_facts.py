"""What a cohort and its adjustments tell the schedule about one person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from journeys.authoring.rules.calendars import OwnDays, work_calendar
from journeys.schedule.calendar import WorkCalendar, calendar_for
from journeys.schedule.facts import Facts, Level, Pause, Shift, Try

DAY_OFF = "day off"


@dataclass(frozen=True, slots=True)
class Terms:
    """
    Under which dates one person runs: the cohort's values, the person's own start and zone.

    own_days: the work calendar that the cohort has chosen, or None. happened: when events took place for the cohort,
    each with its key and ISO instant.
    """

    zone: str
    enrolled_at: datetime
    starts_on: date | None = None
    cohort_starts_on: date | None = None
    ends_on: date | None = None
    cohort_zone: str | None = None
    country: str = ""
    days_off: tuple[str, ...] = ()
    own_days: OwnDays | None = None
    happened: tuple[tuple[str, str], ...] = ()
    last_activity_at: datetime | None = None

    @property
    def start_on(self) -> date:
        """The person's own start, else the cohort's, else the local day on which they were enrolled."""
        return self.starts_on or self.cohort_starts_on or self.enrolled_at.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, slots=True)
class Adjusted:
    """One adjustment as a plain value; see EnrollmentAdjustment."""

    kind: str
    effective_at: datetime
    key: str = ""
    days: int | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What completions say, by bare step key."""

    completed: Mapping[str, datetime] = field(default_factory=dict)
    passed: Mapping[str, datetime] = field(default_factory=dict)
    ratios: Mapping[str, float] = field(default_factory=dict)
    opened: Mapping[str, datetime] = field(default_factory=dict)
    tries: Mapping[str, tuple[Try, ...]] = field(default_factory=dict)
    levels: Mapping[str, tuple[Level, ...]] = field(default_factory=dict)


def facts_of(terms: Terms, adjustments: Sequence[Adjusted] = (), done: Done | None = None) -> Facts:
    """Put together everything that the schedule may know; adjustments in the order they were made."""
    done = done or Done()
    return Facts(
        start_on=terms.start_on,
        zone=terms.zone,
        enrolled_at=terms.enrolled_at,
        anchor_zone=terms.cohort_zone,
        end_on=terms.ends_on,
        completed=done.completed,
        passed=done.passed,
        ratios=done.ratios,
        opened=done.opened,
        tries=done.tries,
        levels=done.levels,
        events=events_of(terms, adjustments),
        released={a.key: a.effective_at for a in reversed(adjustments) if a.kind == "release"},
        exempted=frozenset(a.key.rpartition("/")[2] for a in adjustments if a.kind == "exempt"),
        shifts=tuple(Shift(a.effective_at, a.days) for a in adjustments if a.kind == "shift" and a.days),
        extensions={a.key: a.until_on for a in adjustments if a.kind == "extend" and a.until_on},
        pauses=pauses_of(adjustments),
        last_activity_at=terms.last_activity_at,
    )


def events_of(terms: Terms, adjustments: Iterable[Adjusted]) -> dict[str, datetime]:
    """Return when each event took place for a person: recorded for the cohort or for them, whichever was earlier."""
    found = instants_of(terms.happened)
    for one in adjustments:
        if one.kind == "event":
            found[one.key] = min(found.get(one.key, one.effective_at), one.effective_at)
    return found


def instants_of(happened: Iterable[tuple[str, str]]) -> dict[str, datetime]:
    """Return when events took place from how a cohort's row keeps it."""
    return {key: datetime.fromisoformat(at) for key, at in happened}


def pauses_of(adjustments: Iterable[Adjusted]) -> tuple[Pause, ...]:
    """Pair each pause with the resume after it; the last one may still last. A second pause inside one adds nothing."""
    found: list[Pause] = []
    since: datetime | None = None
    for adjustment in adjustments:
        if adjustment.kind == "pause" and since is None:
            since = adjustment.effective_at
        elif adjustment.kind == "resume" and since is not None:
            found.append(Pause(since, adjustment.effective_at))
            since = None
    if since is not None:
        found.append(Pause(since))
    return tuple(found)


def calendar_of(terms: Terms) -> WorkCalendar:
    """
    Find the calendar that the cohort has chosen, else that of its country or of the learner's zone's country.

    The cohort's own days off come on top.
    """
    extra = [(date.fromisoformat(day), DAY_OFF) for day in terms.days_off]
    if terms.own_days is not None:
        return work_calendar(terms.own_days, terms.zone, days_off=extra)
    return calendar_for(terms.country or None, terms.zone, days_off=extra)

"""Everything the schedule may know about one enrollment, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause from one instant to another; `until_at` None while it lasts. Aware UTC."""

    from_at: datetime
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """A move of everything still to come, made at one instant (aware UTC), by so many days; negative is earlier."""

    made_at: datetime
    days: int


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt at a step that was judged at this instant (aware UTC); passed None where nobody passes or fails."""

    at: datetime
    passed: bool | None = None
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """A level that somebody gave themselves, 1 being the lowest, for the behavior of this key at this instant (UTC)."""

    behavior: str
    level: int
    at: datetime


@dataclass(frozen=True)
class Facts:
    """
    What is true of one enrollment. Every instant is aware UTC; every local hour is read in `anchor_zone` or `zone`.

    start_on: the cohort's start, or the person's on an individual clock.
    zone: the learner's time zone. anchor_zone: the cohort's, where the cohort says `zone: cohort`, else None.
    completed, passed, ratios: by bare step key; ratios are 0 to 1.
    tries: judged attempts in their order, by bare step key; only where a rule of the journey counts them.
    levels: how the person rated themselves, by bare step key; only where a rule of the journey asks. Private: what
    follows from them may be shown, they may not.
    events: when what happens outside the journey was recorded as having happened, by the key of the event.
    released: by hand of a facilitator; the key is a module's or MODULE/STEP.
    opened: openings already recorded, by module key. Record the instant of the schedule (`Placement.opens_at`), not
    the time of the worker that noticed it, or the moments that hang on it change.
    exempted: bare keys of steps this person need not do; each counts as completed when it opens.
    shifts: a list and not a sum, because a shift moves only what was still to come when it was made.
    extensions: a later last day, by module key, MODULE/STEP, or "" for everything that has a deadline.
    """

    start_on: date
    zone: str
    enrolled_at: datetime
    anchor_zone: str | None = None
    end_on: date | None = None
    completed: Mapping[str, datetime] = field(default_factory=dict)
    passed: Mapping[str, datetime] = field(default_factory=dict)
    ratios: Mapping[str, float] = field(default_factory=dict)
    tries: Mapping[str, tuple[Try, ...]] = field(default_factory=dict)
    levels: Mapping[str, tuple[Level, ...]] = field(default_factory=dict)
    events: Mapping[str, datetime] = field(default_factory=dict)
    released: Mapping[str, datetime] = field(default_factory=dict)
    opened: Mapping[str, datetime] = field(default_factory=dict)
    exempted: frozenset[str] = frozenset()
    shifts: tuple[Shift, ...] = ()
    extensions: Mapping[str, date] = field(default_factory=dict)
    pauses: tuple[Pause, ...] = ()
    last_activity_at: datetime | None = None

    def __hash__(self) -> int:
        """Facts that are equal have the same: what was computed from them can be remembered."""
        done = (self.completed, self.passed, self.ratios, self.tries, self.levels)
        kept = (*done, self.events, self.released, self.opened, self.extensions)
        terms = (self.start_on, self.zone, self.enrolled_at, self.anchor_zone, self.end_on, self.last_activity_at)
        changes = (self.exempted, self.shifts, self.pauses)
        return hash((terms, changes, *(frozenset(one.items()) for one in kept)))

    @cached_property
    def placing_zone(self) -> str:
        """Name the zone in which openings and deadlines are placed."""
        return self.anchor_zone or self.zone

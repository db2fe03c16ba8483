"""The shapes that expectations take once they are read: frozen values, compared by content."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Final, Literal, TypeAlias

from journeys.schedule.outside import NOBODY_ACTS, Outside
from journeys.schedule.tree import Rule

Event: TypeAlias = Literal["opens", "due", "done", "sent", "planned", "finished"]
Limit: TypeAlias = Literal["messages_per_day", "messages_per_week", "minutes_per_week", "days_between_messages"]
Kind: TypeAlias = Literal["messages", "opens", "due"]
Countable: TypeAlias = Literal["messages", "openings", "deadlines"]

ON_TIME: Final = "on-time"
NEVER: Final = "never"
LIMITS: Final[tuple[Limit, ...]] = (
    "messages_per_day",
    "messages_per_week",
    "minutes_per_week",
    "days_between_messages",
)
COUNTABLE: Final[tuple[Countable, ...]] = ("messages", "openings", "deadlines")
KINDS: Final[tuple[Kind, ...]] = ("messages", "opens", "due")


@dataclass(frozen=True, slots=True)
class Run:
    """
    Whom an expectation imagines.

    calendar: a country code, None for that of the zone. pace: as `pace` reads it. outside: the days on which others
    act.
    """

    start_on: date
    zone: str
    calendar: str | None = None
    pace: str = ON_TIME
    outside: Outside = NOBODY_ACTS


@dataclass(frozen=True, slots=True)
class Moment:
    """
    Something happens at a local day and hour, or never.

    day: None means never. at: None means any hour of the day. subject: "" where the journey is finished. Of several
    messages of a nudge one is enough.
    """

    run: Run
    event: Event
    subject: str
    day: date | None
    at: time | None


@dataclass(frozen=True, slots=True)
class Messages:
    """The messages of a nudge, or about a module or step, go out at these local days and hours and at no other."""

    run: Run
    event: Event
    subject: str
    is_nudge: bool
    moments: tuple[tuple[date, time], ...]


@dataclass(frozen=True, slots=True)
class Locked:
    """A module or step is not open at this local day and hour."""

    run: Run
    subject: str
    day: date
    at: time


@dataclass(frozen=True, slots=True)
class Before:
    """A module or step opens before another one does."""

    run: Run
    subject: str
    other: str


@dataclass(frozen=True, slots=True)
class Within:
    """A module or step opens no later than the moment of a rule."""

    run: Run
    subject: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Total:
    """
    So many there are over the whole run: messages that are really sent, or deadlines, or openings.

    A step that opens together with its module is no opening of its own.
    """

    run: Run
    what: Countable
    count: int


@dataclass(frozen=True, slots=True)
class Never:
    """
    So much is never reached, and no message is sent then. run None: every run that other expectations imagine.

    on: weekdays from Monday = 0. before, after: local hours.
    """

    run: Run | None
    limits: tuple[tuple[Limit, int], ...] = ()
    on: frozenset[int] = frozenset()
    before: time | None = None
    after: time | None = None


@dataclass(frozen=True, slots=True)
class Only:
    """One kind of thing happens on these weekdays and at these local hours only; empty means any. run: as in Never."""

    run: Run | None
    kind: Kind
    on: frozenset[int] = frozenset()
    at: frozenset[time] = frozenset()


Part: TypeAlias = Moment | Messages | Locked | Before | Within | Total | Never | Only
# One item of the list; it holds when each of its parts does.
Expectation: TypeAlias = tuple[Part, ...]


def runs_named(expectations: Iterable[Expectation]) -> tuple[Run, ...]:
    """Return each run that an `expect` imagines, once, in order."""
    parts = (part for one in expectations for part in one if not isinstance(part, Never | Only))
    return tuple(dict.fromkeys(part.run for part in parts))

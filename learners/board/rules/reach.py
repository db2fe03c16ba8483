"""Whom to reach out to, and why: rules that a person can check by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from journeys.schedule.calendar import WorkCalendar

QUIET_WORKING_DAYS: Final = 10
START_WORKING_DAYS: Final = 5
UNANSWERED_CHECK_INS: Final = 2
# Ten working days take at least twelve days on the calendar; nobody who was there later needs a closer look.
SURELY_QUIET_DAYS: Final = 12
MOST_COUNTED: Final = 120

QUIET: Final = "no-activity"
NOT_STARTED: Final = "not-started"
UNANSWERED: Final = "check-ins-unanswered"
RULES: Final = (QUIET, NOT_STARTED, UNANSWERED)

UNDER_WAY: Final = frozenset({"invited", "active"})
LOCKED: Final = "locked"


@dataclass(frozen=True, slots=True)
class Seen:
    """
    What is known of one person when it is decided whether to reach out.

    start_on: their first day. current_state: of the module they are in, "locked" when they wait for it to open.
    unanswered: check-ins whose moment has passed without an answer; unanswered_since: the moment of the oldest.
    """

    status: str
    zone: str
    start_on: date
    completed: int
    current_state: str
    last_activity_at: datetime | None
    unanswered: int = 0
    unanswered_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """A reason to reach out: which rule, the reason in words, and since when it has been building up."""

    rule: str
    reason: str
    since_on: date


def flags_of(seen: Seen, calendar: WorkCalendar, *, now: datetime) -> tuple[Flag, ...]:
    """
    Return the reasons to reach out to this person; none for somebody who is paused, through or gone.

    no-activity: they were there, something is open, and nothing happened for 10 working days of their own calendar.
    not-started: their first working day is 5 working days behind them and they have done nothing.
    check-ins-unanswered: two or more of their check-ins have come without an answer.
    """
    if seen.status not in UNDER_WAY:
        return ()
    today = now.astimezone(ZoneInfo(seen.zone)).date()
    return tuple(_flags(seen, calendar, today))


def _flags(seen: Seen, calendar: WorkCalendar, today: date) -> Iterator[Flag]:
    if seen.last_activity_at is None:
        if calendar.add_working_days(seen.start_on, START_WORKING_DAYS) <= today:
            days = _days_in_words(calendar, seen.start_on, today)
            yield Flag(NOT_STARTED, f"Has not started; the first day was {days} ago.", seen.start_on)
    else:
        last_on = seen.last_activity_at.astimezone(ZoneInfo(seen.zone)).date()
        waits = seen.current_state == LOCKED
        if not waits and calendar.add_working_days(last_on, QUIET_WORKING_DAYS) <= today:
            days = _days_in_words(calendar, last_on, today)
            yield Flag(QUIET, f"No activity for {days}.", last_on)
    if seen.unanswered >= UNANSWERED_CHECK_INS and seen.unanswered_since is not None:
        since_on = seen.unanswered_since.astimezone(ZoneInfo(seen.zone)).date()
        yield Flag(UNANSWERED, f"{seen.unanswered} check-ins came and have no answer yet.", since_on)


def _days_in_words(calendar: WorkCalendar, since: date, today: date) -> str:
    count = 0
    day = since
    while count <= MOST_COUNTED:
        day = calendar.add_working_days(day, 1)
        if day > today:
            return f"{count} working days"
        count += 1
    return f"more than {MOST_COUNTED} working days"

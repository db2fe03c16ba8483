"""Place one moment: so long after an anchor, at a local hour, on a working day, moved by pauses and shifts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from journeys.schedule.calendar import WorkCalendar, to_instant
from journeys.schedule.facts import Pause, Shift
from journeys.schedule.tree import Offset, Window

# What happens when the hour has passed already on the day that was counted: an opening happens at once, a deadline
# or a message takes the next day.
WhenPassed: TypeAlias = Literal["at-once", "next-day"]

FOREVER: Final = datetime.max.replace(tzinfo=UTC)
ALWAYS: Final = datetime.min.replace(tzinfo=UTC)
_ONE_DAY: Final = timedelta(days=1)
_DAYS_AHEAD: Final = 60


@dataclass(frozen=True, slots=True)
class Placed:
    """
    A moment and how it came to be.

    at: aware UTC; None while a pause without an end holds it back. day: its local date.
    planned: the local date it would have without days off, pauses and shifts, when that is another one; else None.
    days_off: the holidays that moved it; worked: days that would be off and are not. paused_days, shifted_days: how far
    pauses and shifts moved it.
    held: it would have fallen into a pause and takes place at its end.
    outside: the local moment that its window moved forward, and the window.
    """

    at: datetime | None
    day: date
    planned: date | None = None
    days_off: tuple[tuple[date, str], ...] = ()
    paused_days: int = 0
    shifted_days: int = 0
    held: bool = False
    worked: tuple[tuple[date, str], ...] = ()
    outside: tuple[datetime, Window] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where moments are placed: the zone of the local hours, the days that are worked, and what moved the person."""

    zone: ZoneInfo
    calendar: WorkCalendar
    changes: tuple[Pause | Shift, ...] = ()

    def local_date(self, instant: datetime) -> date:
        """Read the local date of an instant."""
        return instant.astimezone(self.zone).date()


def in_order(pauses: Iterable[Pause], shifts: Iterable[Shift]) -> tuple[Pause | Shift, ...]:
    """Join pauses and shifts in the order in which they took effect."""
    return tuple(sorted((*pauses, *shifts), key=_takes_effect))


def place(offset: Offset, anchor: datetime, where: Place, *, when_passed: WhenPassed) -> Placed:
    """
    Place the moment that lies `offset` after `anchor` (aware UTC), moved by what has changed since the anchor.

    Hours and minutes are counted exactly. Everything else counts local days and keeps the local hour: `at`, or the
    anchor's own. Never before the anchor, unless the amount is negative.
    """
    if offset.unit in ("hours", "minutes"):
        exact = anchor + timedelta(**{offset.unit: offset.amount})
        return _changed(Placed(exact, where.local_date(exact)), offset, anchor, where, when_passed)
    local = anchor.astimezone(where.zone)
    at = local.time() if offset.at is None else offset.at
    counted, planned = _counted(offset, local.date(), where.calendar)
    instant = to_instant(counted, at, where.zone)
    if offset.amount >= 0 and instant < anchor:
        if when_passed == "at-once":
            return _changed(Placed(anchor, local.date()), offset, anchor, where, when_passed)
        counted = planned = _settled(counted + _ONE_DAY, offset, where.calendar)
        instant = to_instant(counted, at, where.zone)
    if planned == counted:
        placed = Placed(instant, counted)
    elif offset.unit == "working_days":
        days_off = _days_off(local.date(), counted, planned, where.calendar)
        worked = _worked(local.date(), counted, planned, where.calendar)
        placed = Placed(instant, counted, planned, days_off, worked=worked)
    else:
        placed = Placed(instant, counted, planned)
    return _changed(placed, offset, anchor, where, when_passed)


def _changed(placed: Placed, offset: Offset, anchor: datetime, where: Place, when_passed: WhenPassed) -> Placed:
    """Move a moment into its window, and by what has changed since its anchor."""
    if offset.window is not None and placed.at is not None:
        placed = _in_window(placed, placed.at, offset, offset.window, where)
    return moved(placed, offset, anchor, where, when_passed=when_passed) if where.changes else placed


def moved(placed: Placed, offset: Offset | None, since: datetime, where: Place, *, when_passed: WhenPassed) -> Placed:
    """
    Move a moment by the pauses and shifts that took effect between `since` and itself.

    A pause moves by its local calendar days after `since`, and nothing falls into it; one without an end leaves no
    moment at all. A shift moves by its days, never to before it was made. The weekday and working day that the
    offset asks for are found again afterwards.
    """
    at, day, paused, shifted, held = placed.at, placed.day, 0, 0, False
    for change in where.changes:
        if at is None or at < _takes_effect(change):
            break
        if isinstance(change, Shift):
            if change.made_at >= since:
                at, day = _later(at, day, change.days, offset, where)
                at, day = _fitted(max(at, change.made_at), day, offset, where)
                shifted += change.days
        elif change.until_at is None:
            at = None
        elif change.until_at > max(since, change.from_at):
            begun = max(change.from_at, since)
            days = (where.local_date(change.until_at) - where.local_date(begun)).days
            at, day = _later(at, day, days, offset, where)
            if at < change.until_at and when_passed == "next-day":
                at, day = _later(at, day, 1, offset, where)
                days += 1
            elif at < change.until_at:
                at, day = _fitted(change.until_at, where.local_date(change.until_at), offset, where)
                held = True
            paused, since = paused + days, change.until_at
    if (at, day) == (placed.at, placed.day):
        return placed
    planned = placed.planned or (placed.day if day != placed.day else None)
    return replace(
        placed,
        at=at,
        day=day,
        planned=planned,
        paused_days=placed.paused_days + paused,
        shifted_days=placed.shifted_days + shifted,
        held=held or placed.held,
    )


def moment_after(wait: Offset, anchor: datetime, *, zone: str | ZoneInfo, calendar: WorkCalendar) -> Placed:
    """Place a message or a check-in: `wait` after `anchor` (aware UTC), in the person's own zone."""
    own = ZoneInfo(zone) if isinstance(zone, str) else zone
    return place(wait, anchor, Place(own, calendar), when_passed="next-day")


def _counted(offset: Offset, day: date, calendar: WorkCalendar) -> tuple[date, date]:
    """Count from a local day: the date with days off regarded, and the one that a reader of the rule would expect."""
    if offset.unit == "working_days":
        plain = calendar.add_weekdays(day, offset.amount) if offset.amount else day
        counted = calendar.add_working_days(day, offset.amount)
        return _settled(counted, offset, calendar), _to_weekday(plain, offset.weekday)
    counted = day + timedelta(days=offset.amount * (7 if offset.unit == "weeks" else 1))
    counted = _to_weekday(counted, offset.weekday)
    return counted, counted


def _settled(day: date, offset: Offset | None, calendar: WorkCalendar) -> date:
    """Move a day forward to the weekday asked for and, where working days are counted, to a day that is worked."""
    if offset is None or offset.unit in ("hours", "minutes"):
        return day
    day = _to_weekday(day, offset.weekday)
    return calendar.next_working_day(day) if offset.unit == "working_days" else day


def _to_weekday(day: date, weekday: int | None) -> date:
    return day if weekday is None else day + timedelta(days=(weekday - day.weekday()) % 7)


def _later(at: datetime, day: date, days: int, offset: Offset | None, where: Place) -> tuple[datetime, date]:
    hour: time = offset.at if offset is not None and offset.at is not None else at.astimezone(where.zone).time()
    day = _settled(day + timedelta(days=days), offset, where.calendar)
    return _fitted(to_instant(day, hour, where.zone), day, offset, where)


def _fitted(at: datetime, day: date, offset: Offset | None, where: Place) -> tuple[datetime, date]:
    """Find the window again after a move; without one the moment stays."""
    if offset is None or offset.window is None:
        return at, day
    local = _forward(at.astimezone(where.zone), offset, offset.window, where.calendar)
    return to_instant(local.date(), local.time(), where.zone), local.date()


def _in_window(placed: Placed, at: datetime, offset: Offset, window: Window, where: Place) -> Placed:
    local = at.astimezone(where.zone)
    within = _forward(local, offset, window, where.calendar)
    if within == local:
        return placed
    day = within.date()
    planned = placed.planned or (local.date() if day != local.date() else None)
    instant = to_instant(day, within.time(), where.zone)
    return replace(placed, at=instant, day=day, planned=planned, outside=(local, window))


def _forward(local: datetime, offset: Offset, window: Window, calendar: WorkCalendar) -> datetime:
    """Move a local moment forward into a window; a day that is counted keeps its hour on the way to another day."""
    first, last = window.from_at or time(0), window.to_at or time.max
    day, hour = local.date(), local.time()
    if hour > last:
        day, hour = day + _ONE_DAY, first
    fitting = _day_in(day, offset, window, calendar)
    if fitting != day and offset.unit in ("hours", "minutes"):
        hour = first
    hour = max(hour, first)
    return local if (fitting, hour) == (local.date(), local.time()) else datetime.combine(fitting, hour, local.tzinfo)


def _day_in(day: date, offset: Offset, window: Window, calendar: WorkCalendar) -> date:
    """Find the day itself or the next of the window's weekdays; where none of those is ever worked, they win."""
    if not window.weekdays:
        return calendar.next_working_day(day) if offset.unit == "working_days" else day
    nearest = day
    while nearest.weekday() not in window.weekdays:
        nearest += _ONE_DAY
    if offset.unit != "working_days":
        return nearest
    later = nearest
    for _ in range(_DAYS_AHEAD):
        if later.weekday() in window.weekdays and calendar.is_working_day(later):
            return later
        later += _ONE_DAY
    return nearest


def _days_off(counted_from: date, counted: date, planned: date, calendar: WorkCalendar) -> tuple[tuple[date, str], ...]:
    """Name the planned day when it is one of the days off itself, else the holidays that the count stepped over."""
    name = calendar.name_of_day_off(planned)
    if name is not None:
        return ((planned, name),)
    first, last = min(counted_from, counted), max(counted_from, counted)
    between = (first + timedelta(days=days) for days in range(1, (last - first).days))
    return tuple((day, name) for day in between if (name := calendar.name_of_holiday(day)) is not None)


def _worked(counted_from: date, counted: date, planned: date, calendar: WorkCalendar) -> tuple[tuple[date, str], ...]:
    """Name the days that are worked although they would be off, as far as a reader of the rule has to count them."""
    first, last = min(counted_from, counted, planned), max(counted_from, counted, planned)
    days = (first + timedelta(days=days) for days in range((last - first).days + 1))
    return tuple((day, name) for day in days if (name := calendar.name_of_working_day(day)) is not None)


def _takes_effect(change: Pause | Shift) -> datetime:
    return change.from_at if isinstance(change, Pause) else change.made_at

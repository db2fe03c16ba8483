"""Moments that no fact decides: the start, the end, fixed dates, and what counts back from the start or the end."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final

from journeys.schedule.calendar import to_instant
from journeys.schedule.facts import Facts
from journeys.schedule.placing import ALWAYS, FOREVER, Place, Placed, WhenPassed, in_order, moved, place
from journeys.schedule.tree import After, Offset, OnDate

_DAY_BEGINS: Final = time(0, 0)
_DAY_ENDS: Final = time(23, 59)


@dataclass(frozen=True, slots=True)
class Fixed:
    """The start or the end: as it was planned, and as pauses and shifts moved it."""

    planned: datetime
    at: datetime


class FixedDates:
    """
    The start, the end and every fixed date of one person.

    Shifts move them whenever they were made. Pauses count from the start, or from the date itself where that is
    earlier: one that was over before has nothing to make up for.
    """

    def __init__(self, facts: Facts, where: Place) -> None:
        self._where = where
        self._shifts = Place(where.zone, where.calendar, in_order((), facts.shifts))
        self._pauses = Place(where.zone, where.calendar, in_order(facts.pauses, ()))
        self._pauses_since = FOREVER
        self.begins = self._fixed(facts.start_on)
        self._pauses_since = self.begins.planned
        self.ends = None if facts.end_on is None else self._fixed(facts.end_on)

    def on_date(self, leaf: OnDate, *, when_passed: WhenPassed) -> Placed:
        """Place a fixed date; without an hour an opening takes the beginning of the day, a deadline its end."""
        at = leaf.at or (_DAY_ENDS if when_passed == "next-day" else _DAY_BEGINS)
        fixed = Placed(to_instant(leaf.on, at, self._where.zone), leaf.on)
        return self._moved(fixed, Offset(0, "days", at), when_passed)

    def counted(self, leaf: After, anchor: datetime, *, when_passed: WhenPassed) -> Placed:
        """
        Place a moment so long after the anchor, or before the start or the end.

        What moves the start or the end after a moment before it came too late for that moment.
        """
        offset = leaf.offset
        if when_passed == "next-day" and _has_the_whole_day(leaf):
            closes = _DAY_ENDS if offset.window is None else offset.window.to_at or _DAY_ENDS
            offset = replace(offset, at=closes)
        ahead = self.ends if leaf.anchor.kind == "end" else self.begins
        if offset.amount >= 0 or ahead is None:
            return place(offset, anchor, self._where, when_passed=when_passed)
        unmoved = Place(self._where.zone, self._where.calendar)
        return self._moved(place(offset, ahead.planned, unmoved, when_passed=when_passed), offset, when_passed)

    def _fixed(self, day: date) -> Fixed:
        """While a pause without an end covers a date, the planned one stands: all that hangs on it is paused too."""
        planned = to_instant(day, _DAY_BEGINS, self._where.zone)
        placed = self._moved(Placed(planned, day), Offset(0, "days", _DAY_BEGINS), "at-once")
        return Fixed(planned, placed.at or planned)

    def _moved(self, fixed: Placed, offset: Offset, when_passed: WhenPassed) -> Placed:
        shifted = moved(fixed, offset, ALWAYS, self._shifts, when_passed=when_passed)
        if shifted.at is None:
            return shifted
        since = min(shifted.at, self._pauses_since)
        return moved(shifted, offset, since, self._pauses, when_passed=when_passed)


def _has_the_whole_day(leaf: After) -> bool:
    """A deadline counted in days from a date, and not from an instant, has the whole of its last day."""
    offset = leaf.offset
    return leaf.anchor.kind in ("start", "end") and offset.at is None and offset.unit not in ("hours", "minutes")

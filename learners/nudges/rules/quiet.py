"""Quiet hours and quiet days, in the person's own time zone."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from journeys.schedule.zones import UnknownZone, to_instant, zone_named
from learners.people.rules import ContactRules

_MIDNIGHT: Final = time(0, 0)
# Six quiet days in a row, each followed by quiet hours, are the longest silence that preferences allow.
_MOST_MOVES: Final = 16


def place_of(*names: str) -> ZoneInfo:
    """Return the first of these zones that exists, else UTC: an unknown zone must never mean "send anyway"."""
    for name in names:
        try:
            return zone_named(name)
        except UnknownZone:
            continue
    return zone_named("UTC")


def quiet_until(at: datetime, rules: ContactRules, *, fallback_zone: str = "UTC") -> datetime | None:
    """
    Return when the quiet that covers `at` ends, or None when nothing is quiet then. Aware UTC.

    The end of a quiet night may fall on a quiet day, and the other way round: the answer is the first moment after `at`
    that is neither. A moment that the clocks skip or repeat is read as the schedule reads it.
    """
    place = place_of(rules.zone, fallback_zone)
    moment = at
    for _ in range(_MOST_MOVES):
        end = _end_of_quiet(moment, rules, place)
        if end is None:
            break
        moment = end
    return None if moment == at else moment


def _end_of_quiet(at: datetime, rules: ContactRules, place: ZoneInfo) -> datetime | None:
    local = at.astimezone(place)
    if local.weekday() in rules.quiet_days:
        return _later(at, local.date() + timedelta(days=1), _MIDNIGHT, place)
    start, end, hour = rules.quiet_from, rules.quiet_until, local.time().replace(fold=0)
    if start < end and start <= hour < end:
        return _later(at, local.date(), end, place)
    if start > end and hour >= start:
        return _later(at, local.date() + timedelta(days=1), end, place)
    if start > end and hour < end:
        return _later(at, local.date(), end, place)
    return None


def _later(at: datetime, day: date, hour: time, place: ZoneInfo) -> datetime:
    """Return the local moment as an instant behind `at`: in a repeated hour the first pass may already be over."""
    first = to_instant(day, hour, place)
    if first > at:
        return first
    second = datetime.combine(day, hour.replace(fold=1), tzinfo=place).astimezone(UTC)
    return second if second > at else at + timedelta(minutes=1)

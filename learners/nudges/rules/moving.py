"""What becomes of a timer after it was due: done, moved to its next occurrence, or asked again."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from journeys.schedule.messages import LATENESS
from journeys.schedule.zones import UnknownZone, to_instant
from learners.nudges.rules.quiet import place_of


@dataclass(frozen=True, slots=True)
class Next:
    """The next occurrence of a repeating timer: local date as anchor, nominal local time, instants."""

    anchor: str
    occurrence: str
    due_at: datetime
    expires_at: datetime


def next_occurrence(
    occurrence: str, *, zone: str, repeats_days: int, until_at: datetime | None, now: datetime
) -> Next | None:
    """
    Return the next occurrence behind `now` of a message that repeats every so many local days, None after the end.

    Counted in local days and hours, so that it stays at 16:00 over a clock change. Occurrences that passed while
    nothing ran are left out: the one that was due is being planned, and nobody wants the others.
    """
    nominal = datetime.fromisoformat(occurrence)
    days = timedelta(days=repeats_days)
    while True:
        nominal += days
        try:
            due_at = to_instant(nominal.date(), nominal.time(), zone)
        except UnknownZone:
            return None
        if until_at is not None and due_at >= until_at:
            return None
        if due_at > now:
            break
    anchor = nominal.date().isoformat()
    return Next(anchor, f"{anchor}T{nominal:%H:%M}", due_at, due_at + LATENESS)


def day_after(anchor: str, zone: str) -> datetime | None:
    """
    Return when the local day after the one that an inactivity message counts from begins; aware UTC.

    Activity from then on takes the message back. None for an anchor that is no date.
    """
    try:
        counted_from = date.fromisoformat(anchor)
    except ValueError:
        return None
    return to_instant(counted_from + timedelta(days=1), time(0), place_of(zone))


def nominal_in(moment: datetime, zone: str) -> str:
    """Return a moment as a nominal local time, to the minute."""
    return moment.astimezone(place_of(zone)).strftime("%Y-%m-%dT%H:%M")


def as_utc(moment: datetime) -> str:
    """Return an instant as an anchor: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

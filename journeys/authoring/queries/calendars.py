"""Work calendars of an organization."""

from datetime import date

from journeys.authoring.models import OrganizationCalendar
from journeys.authoring.models.calendar import Base
from journeys.authoring.rules.calendars import DayException, OwnDays
from journeys.schedule.calendar import NO_HOLIDAYS


def own_days(calendar: OrganizationCalendar) -> OwnDays:
    """Return a loaded calendar as a plain value; no query."""
    return OwnDays(
        country=NO_HOLIDAYS if calendar.base == Base.NONE else calendar.country,
        weekend=None if calendar.weekend is None else tuple(calendar.weekend),
        exceptions=exceptions_of(calendar),
    )


def exceptions_of(calendar: OrganizationCalendar) -> tuple[DayException, ...]:
    """Return the exceptions of a loaded calendar in the order of their dates; no query."""
    return tuple(
        DayException(date.fromisoformat(row["on"]), bool(row["works"]), row["reason"]) for row in calendar.exceptions
    )

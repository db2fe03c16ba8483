"""Work calendars of an organization."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from journeys.authoring.models import OrganizationCalendar
from journeys.authoring.models.calendar import Base
from journeys.authoring.rules.calendars import DayException, OwnDays
from journeys.schedule.calendar import NO_HOLIDAYS


def own_days(calendar: OrganizationCalendar) -> OwnDays:
    """Return a loaded calendar as a plain value; no query."""
    return days_of(calendar.base, calendar.country, calendar.weekend, calendar.exceptions)


def calendars_of(organization_id: int) -> dict[str, OwnDays]:
    """Return every calendar of an organization by its name, in the order of the names. One query."""
    rows = OrganizationCalendar.objects.filter(organization_id=organization_id).order_by("name")
    return {row.name: own_days(row) for row in rows}


def days_of(base: str, country: str, weekend: Sequence[int] | None, exceptions: Iterable[Mapping[str, Any]]) -> OwnDays:
    """Return the columns of a calendar's row as a plain value."""
    return OwnDays(
        country=NO_HOLIDAYS if base == Base.NONE else country,
        weekend=None if weekend is None else tuple(weekend),
        exceptions=tuple(
            DayException(date.fromisoformat(row["on"]), bool(row["works"]), row["reason"]) for row in exceptions
        ),
    )

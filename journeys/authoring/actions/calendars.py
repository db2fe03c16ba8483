"""Work calendars: writing one down, and changing it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from config.support.errors import Fault, InvalidInput
from journeys.authoring.models import OrganizationCalendar
from journeys.authoring.models.calendar import Base
from journeys.authoring.rules.calendars import DayException
from journeys.schedule.calendar import UnknownCountry, calendar_for

LONGEST_NAME: Final = 100


@transaction.atomic
def save_calendar(
    *,
    organization_id: int,
    calendar_id: int | None = None,
    name: str,
    base: str = Base.LEARNER,
    country: str = "",
    weekend: Sequence[int] | None = None,
    exceptions: Sequence[DayException] = (),
    now: datetime,
) -> OrganizationCalendar:
    """
    Write a work calendar down, or anew when calendar_id says which; at most 3 queries.

    weekend: None = that of the base, Monday = 0. exceptions: each date once.
    People under way are not touched here: see learners.progress.actions.change_calendar.
    Raises InvalidInput with every fault.
    """
    own = OrganizationCalendar.objects.filter(organization_id=organization_id)
    calendar = OrganizationCalendar(organization_id=organization_id)
    if calendar_id is not None:
        calendar = own.select_for_update(no_key=True).get(pk=calendar_id)
    calendar.name = " ".join(name.split())
    calendar.base = base
    calendar.country = country.strip().upper() if base == Base.COUNTRY else ""
    calendar.weekend = None if weekend is None else sorted(set(weekend))
    calendar.exceptions = [one.as_data() for one in sorted(exceptions, key=lambda one: one.on)]
    calendar.updated_at = now
    faults = list(calendar_faults(calendar))
    if faults:
        raise InvalidInput(faults=faults)
    calendar.save()
    return calendar


def calendar_faults(calendar: OrganizationCalendar) -> Iterator[Fault]:
    """Yield what is wrong with a calendar as it is about to be saved; one query."""
    twin = OrganizationCalendar.objects.filter(organization_id=calendar.organization_id, name=calendar.name)
    if twin.exclude(pk=calendar.pk).exists():
        yield Fault("/name", f"There is a calendar “{calendar.name}” already. Choose another name.")
    if not 1 <= len(calendar.name) <= LONGEST_NAME:
        yield Fault("/name", f"Give the calendar a name of at most {LONGEST_NAME} characters.")
    if calendar.base not in Base.values:
        yield Fault("/base", f"Choose one of {', '.join(Base.values)}.")
    if calendar.base == Base.COUNTRY:
        try:
            calendar_for(calendar.country or "?", "UTC")
        except UnknownCountry as error:
            yield Fault("/country", str(error) if calendar.country else "Say which country, such as JP or DE-BY.")
    if calendar.weekend is not None and len(calendar.weekend) > len(range(6)):
        yield Fault("/weekend", "Leave at least one weekday that is worked.")
    days = [row["on"] for row in calendar.exceptions]
    if len(set(days)) < len(days):
        yield Fault("/exceptions", "A day stands in the exceptions twice. Keep one line for each day.")

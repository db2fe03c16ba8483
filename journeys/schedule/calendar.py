"""Working days: the weekend and public holidays of a country, and what an organization adds or takes away."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import holidays

from journeys.schedule.zones import UnknownZone, country_of, to_instant, zone_named

__all__ = ["UnknownCountry", "UnknownZone", "WorkCalendar", "calendar_for", "country_of", "to_instant", "zone_named"]

WEEKEND: Final = "weekend"
# In place of a country: weekends only, no public holidays.
NO_HOLIDAYS: Final = "none"
_NO_COUNTRY_WEEKEND: Final = (5, 6)
_ONE_DAY: Final = timedelta(days=1)
_MEMORY: Final = 50_000
_ANY_YEAR: Final = 2024
# A month without one working day is no calendar; this only bounds the search.
_LONGEST_BREAK: Final = 366

# The library writes every name with capitals; these are plain words and not names.
_PLAIN_WORDS: Final = {"Substitute Holiday": "substitute holiday", "Bridge Public Holiday": "bridge day"}


class UnknownCountry(ValueError):
    """A country, or part of one, whose holidays are not known."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"“{code}” has no holiday calendar. Write a code such as JP, or DE-BY for a part of a country."
        )
        self.code = code


class WorkCalendar:
    """
    Which days are worked, with the name of each day off.

    country: ISO 3166 code, with a subdivision where wanted ("DE-BY"); None has Saturday and Sunday off and no holidays.
    days_off, working_days: what an organization adds, each date with its reason; a date in both is worked.
    weekend: the weekdays that are off in place of the country's, Monday = 0; working days that a country puts on its
    own weekend do not count then.
    Answers are remembered, so keep an instance: `calendar_for` does.
    Raises UnknownCountry.
    """

    def __init__(
        self,
        country: str | None,
        *,
        days_off: Mapping[date, str] | None = None,
        working_days: Mapping[date, str] | None = None,
        weekend: frozenset[int] | None = None,
    ) -> None:
        self.country = country
        self._days_off = dict(days_off or {})
        self._working_days = dict(working_days or {})
        self._own_weekend = weekend
        self._worked: dict[int, dict[date, str]] = {}
        self._years: dict[int, dict[date, str]] = {}
        self._weekends: dict[int, frozenset[date]] = {}
        self._added: dict[tuple[date, int], date] = {}
        self._plainly_added: dict[tuple[date, int], date] = {}
        # A wrong code is refused here and not when the first date is asked for; any year will do.
        _public_holidays(country, _ANY_YEAR)

    def is_working_day(self, day: date) -> bool:
        """Tell whether the day is worked."""
        return day not in self._year(day.year)

    def name_of_day_off(self, day: date) -> str | None:
        """Name why a day is off ("weekend", "Easter Monday"), or None for a working day."""
        return self._year(day.year).get(day)

    def name_of_holiday(self, day: date) -> str | None:
        """Name the day off when it would be worked otherwise, or None: a holiday on a weekend moves nothing."""
        name = self._year(day.year).get(day)
        return None if name is None or day in self._weekends[day.year] else name

    def name_of_working_day(self, day: date) -> str | None:
        """Name the reason for which a day is worked that would be off without it, or None."""
        self._year(day.year)
        return self._worked[day.year].get(day)

    def next_working_day(self, day: date) -> date:
        """Find the day itself when it is worked, else the next one that is."""
        for _ in range(_LONGEST_BREAK):
            if self.is_working_day(day):
                return day
            day += _ONE_DAY
        raise ValueError(f"No working day within a year before {day}: check the calendar's days off.")

    def add_working_days(self, day: date, count: int) -> date:
        """Count working days after a day, or before it when negative; 0 from a day off is the next working day."""
        found = self._added.get((day, count))
        if found is None:
            found = self.next_working_day(day) if count == 0 else self._count(day, count, skip_holidays=True)
            _remember(self._added, (day, count), found)
        return found

    def add_weekdays(self, day: date, count: int) -> date:
        """Count as add_working_days does, as if there were weekends only: where a date would fall without holidays."""
        found = self._plainly_added.get((day, count))
        if found is None:
            found = self._count(day, count, skip_holidays=False)
            _remember(self._plainly_added, (day, count), found)
        return found

    def _count(self, day: date, count: int, *, skip_holidays: bool) -> date:
        step, left, idle = (_ONE_DAY if count > 0 else -_ONE_DAY), abs(count), 0
        while left:
            day += step
            off = self._year(day.year)
            worked = day not in off if skip_holidays else day not in self._weekends[day.year]
            left, idle = (left - 1, 0) if worked else (left, idle + 1)
            if idle > _LONGEST_BREAK:
                raise ValueError(f"No working day within a year of {day}: check the calendar's days off.")
        return day

    def _year(self, year: int) -> dict[date, str]:
        known = self._years.get(year)
        if known is not None:
            return known
        public = _public_holidays(self.country, year)
        off: dict[date, str] = {}
        weekend: set[date] = set()
        for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
            day = date.fromordinal(ordinal)
            is_weekend = public.is_weekend(day) if self._own_weekend is None else day.weekday() in self._own_weekend
            if is_weekend:
                weekend.add(day)
            if is_weekend or day in public:
                off[day] = _named(public.get(day)) or WEEKEND
            if self._own_weekend is None and public.is_working_day(day):
                off.pop(day, None)
        off.update({day: name for day, name in self._days_off.items() if day.year == year})
        self._worked[year] = {day: name for day, name in self._working_days.items() if off.pop(day, None)}
        self._weekends[year] = frozenset(weekend)
        self._years[year] = off
        return off


def calendar_for(
    country: str | None,
    zone: str,
    *,
    days_off: Iterable[tuple[date, str]] = (),
    working_days: Iterable[tuple[date, str]] = (),
    weekend: Iterable[int] | None = None,
) -> WorkCalendar:
    """
    Find the calendar of a country or, without one, of the country in which the zone lies. Cached.

    country: NO_HOLIDAYS for weekends only. days_off, working_days, weekend: as of WorkCalendar, each day once.

    A zone of no country, and a territory whose holidays nobody keeps, have weekends only.
    Raises UnknownCountry for a country that was named, UnknownZone for a name that is no zone.
    """
    extra, worked = frozenset(days_off), frozenset(working_days)
    own = None if weekend is None else frozenset(weekend)
    if country == NO_HOLIDAYS:
        return _calendar(None, extra, worked, own)
    return _calendar(country.upper() if country else _country_with_holidays(zone), extra, worked, own)


@lru_cache(maxsize=1024)
def _calendar(
    country: str | None,
    days_off: frozenset[tuple[date, str]],
    working_days: frozenset[tuple[date, str]],
    weekend: frozenset[int] | None,
) -> WorkCalendar:
    return WorkCalendar(
        country, days_off=dict(sorted(days_off)), working_days=dict(sorted(working_days)), weekend=weekend
    )


@lru_cache(maxsize=1)
def countries_with_holidays() -> frozenset[str]:
    """List the ISO 3166 codes of the countries whose holidays are known, without their parts."""
    return frozenset(holidays.list_supported_countries(include_aliases=False))


@lru_cache(maxsize=1024)
def _country_with_holidays(zone: str) -> str | None:
    zone_named(zone)
    country = country_of(zone)
    return country if country in countries_with_holidays() else None


def _public_holidays(country: str | None, year: int) -> holidays.HolidayBase:
    if country is None:
        nothing = holidays.HolidayBase()
        nothing.weekend = set(_NO_COUNTRY_WEEKEND)
        return nothing
    code, _, part = country.partition("-")
    try:
        return holidays.country_holidays(code, subdiv=part or None, years=year, expand=False, language="en_US")
    except (NotImplementedError, AttributeError) as error:
        raise UnknownCountry(country) from error


def _named(name: str | None) -> str:
    """Several names fall on one day now and then; the library joins them, sometimes the same one twice."""
    unique = dict.fromkeys(part.strip() for part in (name or "").split(";") if part.strip())
    return " and ".join(_PLAIN_WORDS.get(part, part) for part in unique)


def _remember(memory: dict[tuple[date, int], date], key: tuple[date, int], value: date) -> None:
    if len(memory) >= _MEMORY:
        memory.clear()
    memory[key] = value

"""The days that an organization works: its exceptions read from a list, and the calendar that follows from them."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from journeys.schedule.calendar import WorkCalendar, calendar_for
from journeys.schedule.tree import RuleFault

MOST_EXCEPTIONS: Final = 1_000
LONGEST_REASON: Final = 80
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
EXAMPLE: Final = "2027-05-03, off, Founders’ day"
SAMPLE: Final = (("date", "off or working", "reason"), ("2027-05-03", "off", "Founders’ day"))

_WORDS: Final = {"off": False, "closed": False, "holiday": False, "working": True, "works": True, "worked": True}
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class DayException:
    """One day that is not as the base of the calendar has it: off, or worked, with the reason people read."""

    on: date
    works: bool
    reason: str

    def as_data(self) -> dict[str, object]:
        """Write it as a row keeps it."""
        return {"on": self.on.isoformat(), "works": self.works, "reason": self.reason}

    def as_line(self) -> str:
        """Write it as people do, one a line."""
        return f"{self.on.isoformat()}, {'working' if self.works else 'off'}, {self.reason}"


@dataclass(frozen=True, slots=True)
class OwnDays:
    """
    A calendar of an organization as a plain value.

    country: a code, NO_HOLIDAYS, or "" for the country of each learner's zone. weekend: None = the base's.
    """

    country: str = ""
    weekend: tuple[int, ...] | None = None
    exceptions: tuple[DayException, ...] = ()


def work_calendar(own: OwnDays, zone: str, *, days_off: Iterable[tuple[date, str]] = ()) -> WorkCalendar:
    """
    Find the calendar that an organization's days give somebody in a zone; remembered as calendar_for does.

    days_off: further dates with their reasons, which win over days that the organization works.
    Raises UnknownCountry, UnknownZone.
    """
    off = {one.on: one.reason for one in own.exceptions if not one.works} | dict(days_off)
    worked = ((one.on, one.reason) for one in own.exceptions if one.works and one.on not in off)
    return calendar_for(own.country or None, zone, days_off=off.items(), working_days=worked, weekend=own.weekend)


def calendar_named(name: str | None, zone: str, own: Mapping[str, OwnDays]) -> WorkCalendar:
    """
    Find the calendar that somebody names for a person in a zone: one of the organization's, or a country's by its code.

    own: those of the organization, by name; they go before a country of the same name. None or "": the zone's country.
    Raises UnknownCountry, UnknownZone.
    """
    days = own.get(name) if name else None
    return calendar_for(name or None, zone) if days is None else work_calendar(days, zone)


def read_exceptions(text: str) -> tuple[tuple[DayException, ...], list[RuleFault]]:
    """
    Read exceptions as people list them, one a line, with commas, semicolons or tabs: a date, off or working, a reason.

    Empty lines and a line of headings are passed over. Returns them in the order of their dates, and a fault for each
    line that could not be read; its pointer is /exceptions/LINE, lines from 1.
    """
    found: dict[date, DayException] = {}
    faults: list[RuleFault] = []
    for line, cells in _cells(text):
        read = _exception(cells)
        if isinstance(read, str):
            faults.append(RuleFault(f"/exceptions/{line}", f"Line {line}: {read}"))
        elif read.on in found:
            sentence = f"Line {line}: {read.on} stands above already. Keep one line for each day."
            faults.append(RuleFault(f"/exceptions/{line}", sentence))
        else:
            found[read.on] = read
    if len(found) > MOST_EXCEPTIONS:
        faults.append(RuleFault("/exceptions", f"Keep at most {MOST_EXCEPTIONS} days; these are {len(found)}."))
    return tuple(found[day] for day in sorted(found)), faults


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    separator = next((mark for mark in (";", "\t") if mark in text.partition("\n")[0]), ",")
    for number, written in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        if not written.strip():
            continue
        cells = [cell.strip() for cell in next(csv.reader([written], delimiter=separator))]
        is_heading = number == 1 and cells[0].casefold() in ("date", "day", "on")
        if not is_heading:
            yield number, cells


def _exception(cells: Sequence[str]) -> DayException | str:
    """Return the exception of a line, or what is wrong with it and what to do."""
    day = _day(cells[0])
    if day is None:
        return f"“{cells[0][:40]}” is not a date from {FIRST_YEAR} to {LAST_YEAR}. Write a line such as {EXAMPLE}"
    word = cells[1].casefold() if len(cells) > 1 else ""
    if word not in _WORDS:
        return f"Say whether {day} is off or working, such as {EXAMPLE}"
    reason = " ".join(", ".join(cell for cell in cells[2:] if cell).split())
    if not 1 <= len(reason) <= LONGEST_REASON:
        return f"Give {day} a reason of at most {LONGEST_REASON} characters. Learners read it where it moves a date."
    return DayException(day, _WORDS[word], reason)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return day if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR else None

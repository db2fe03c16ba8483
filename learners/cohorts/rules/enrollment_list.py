"""A list of people to enroll, as a spreadsheet program writes it."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal
from uuid import UUID

from learners.cohorts.rules.days import HINT, is_plausible

MAX_BYTES: Final = 5_000_000
MAX_ROWS: Final = 20_000
EXAMPLE: Final = "e-mail,name,time zone"
# A list to begin with: every column that is understood, and two people that nobody is.
SAMPLE: Final = (
    ("e-mail", "name", "time zone", "manager e-mail", "start date"),
    ("ana.lee@example.com", "Ana Lee", "Europe/Paris", "boss@example.com", ""),
    ("kenji.sato@example.com", "Kenji Sato", "Asia/Tokyo", "", "2027-03-03"),
)
SEPARATORS: Final = (",", ";", "\t")

# Headings as people write them, with blanks, dashes and underscores taken out.
HEADINGS: Final[dict[str, str]] = {
    "email": "email",
    "emailaddress": "email",
    "mail": "email",
    "name": "name",
    "fullname": "name",
    "timezone": "time_zone",
    "zone": "time_zone",
    "manageremail": "manager_email",
    "manager": "manager_email",
    "linemanager": "manager_email",
    "startdate": "starts_on",
    "startson": "starts_on",
    "start": "starts_on",
}

OutcomeWord = Literal["created", "already", "refused"]


@dataclass(frozen=True, slots=True)
class EnrollmentRow:
    """One person of a list, as it was written. line: where it stands, from 1 for the first line of the file."""

    line: int
    email: str
    name: str = ""
    time_zone: str = ""
    manager_email: str = ""
    starts_on: str = ""


@dataclass(frozen=True, slots=True)
class ListFault:
    """What is wrong with a list, and what to do; line 0 means the file as a whole."""

    line: int
    detail: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.detail}" if self.line else self.detail


@dataclass(frozen=True, slots=True)
class EnrollmentList:
    """The rows of a file, what kept others from being read, and the headings that were not understood."""

    rows: tuple[EnrollmentRow, ...] = ()
    faults: tuple[ListFault, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowResult:
    """
    What became of one row: created, already (nothing to do), or refused with the reason in detail.

    column: the heading under which the value stands that cannot be used, "" where it is the row as a whole.
    """

    line: int
    email: str
    outcome: OutcomeWord
    detail: str = ""
    enrollment_uuid: UUID | None = None
    column: str = ""


def read_enrollment_csv(data: bytes) -> EnrollmentList:
    """
    Read a CSV file of people: a heading line, then a person a line; columns in any order.

    Takes UTF-8 with or without a byte order mark, commas, semicolons or tabs, quoted fields with line ends in them, and
    blank lines. Needs a heading e-mail; knows name, time zone, manager e-mail and start date; others are listed as
    ignored. A file that cannot be read gives faults and no rows. Addresses and zones are checked when enrolling.
    """
    text = _decoded(data)
    if isinstance(text, ListFault):
        return EnrollmentList(faults=(text,))
    try:
        records = _records(text)
    except csv.Error as error:
        detail = f"This is not a CSV file that can be read ({error}). Save the list again as CSV UTF-8."
        return EnrollmentList(faults=(ListFault(0, detail),))
    if not records:
        return EnrollmentList(
            faults=(ListFault(0, f"The file is empty. Its first line names the columns: {EXAMPLE}."),)
        )
    return _read(records)


def _decoded(data: bytes) -> str | ListFault:
    if len(data) > MAX_BYTES:
        return ListFault(0, "The file is larger than 5 MB. Split it into smaller lists.")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return ListFault(line, "A letter cannot be read. Save the file as “CSV UTF-8” and choose it again.")
    if "\x00" in text:
        return ListFault(0, "This is not a text file. Save the list as CSV UTF-8 and choose it again.")
    return text


def _records(text: str) -> list[tuple[int, list[str]]]:
    """Return the lines that hold anything, each with the number of the line it starts on."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True)
    found: list[tuple[int, list[str]]] = []
    start = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            found.append((start, [cell.strip() for cell in cells]))
        start = reader.line_num + 1
    return found


def _read(records: Sequence[tuple[int, list[str]]]) -> EnrollmentList:
    (line, headings), *rest = records
    columns = [HEADINGS.get("".join(c for c in heading.lower() if c.isalnum())) for heading in headings]
    if "email" not in columns:
        return EnrollmentList(faults=(_no_address_column(line, headings),))
    twice = {column for column in columns if column is not None and columns.count(column) > 1}
    if twice:
        detail = f"Two columns mean the same: {', '.join(sorted(twice))}. Keep one of them."
        return EnrollmentList(faults=(ListFault(line, detail),))
    if not rest:
        return EnrollmentList(faults=(ListFault(line, "There is nobody below the headings. Add a person a line."),))
    if len(rest) > MAX_ROWS:
        detail = f"The list has {len(rest):,} people and {MAX_ROWS:,} fit at once. Split it into smaller lists."
        return EnrollmentList(faults=(ListFault(0, detail),))
    ignored = tuple(heading for heading, column in zip(headings, columns, strict=True) if column is None and heading)
    return EnrollmentList(rows=tuple(_row(number, columns, cells) for number, cells in rest), ignored=ignored)


def _no_address_column(line: int, headings: Sequence[str]) -> ListFault:
    if any("@" in heading for heading in headings):
        return ListFault(
            line, f"The first line names the columns, for example: {EXAMPLE}. Add it above the first person."
        )
    return ListFault(line, f"There is no column “e-mail”. The first line names the columns, for example: {EXAMPLE}.")


def _row(line: int, columns: Sequence[str | None], cells: Sequence[str]) -> EnrollmentRow:
    values = {column: cell for column, cell in zip(columns, cells, strict=False) if column is not None}
    return EnrollmentRow(
        line=line,
        email=values.get("email", ""),
        name=values.get("name", ""),
        time_zone=values.get("time_zone", ""),
        manager_email=values.get("manager_email", ""),
        starts_on=values.get("starts_on", ""),
    )


def read_day(value: str) -> date | None:
    """Read a day written as 2027-03-03, or None for an empty text. Raises ValueError with what to write instead."""
    text = value.strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"“{text}” is no day. Write it as 2027-03-03.") from error
    if not is_plausible(day):
        raise ValueError(f"“{text}” is too far away. {HINT}")
    return day

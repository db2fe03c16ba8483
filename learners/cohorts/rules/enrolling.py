"""Deciding about each row of a list before anything is written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from learners.cohorts.rules.enrollment_list import EnrollmentRow, RowResult, read_day

NAME_LENGTH: Final = 150

Clean = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row whose values can be used: addresses in lower case, the zone known, the day read."""

    line: int
    email: str
    name: str
    time_zone: str
    manager_email: str
    starts_on: date | None


@dataclass(frozen=True, slots=True)
class Sorted:
    """Rows that can go on, and the answers to those that cannot."""

    candidates: tuple[Candidate, ...]
    refused: tuple[RowResult, ...]


def sort_rows(rows: Sequence[EnrollmentRow], *, clean_email: Clean, clean_zone: Clean) -> Sorted:
    """
    Read every row, refuse those with a value that cannot be used, and answer repeated addresses as already there.

    The two cleaners return a usable value or raise ValueError with a sentence that says what to write.
    """
    seen: dict[str, int] = {}
    candidates: list[Candidate] = []
    answers: list[RowResult] = []
    for row in rows:
        read = _read(row, clean_email, clean_zone)
        if isinstance(read, RowResult):
            answers.append(read)
        elif read.email in seen:
            detail = f"The same address stands in line {seen[read.email]}."
            answers.append(RowResult(row.line, read.email, "already", detail))
        else:
            seen[read.email] = row.line
            candidates.append(read)
    return Sorted(tuple(candidates), tuple(answers))


def _read(row: EnrollmentRow, clean_email: Clean, clean_zone: Clean) -> Candidate | RowResult:
    column = "e-mail"
    try:
        email = clean_email(_given(row.email))
        column = "name"
        name = _short(" ".join(row.name.split()))
        column = "time zone"
        zone = clean_zone(row.time_zone)
        column = "manager e-mail"
        manager = _other(clean_email(row.manager_email) if row.manager_email.strip() else "", than=email)
        column = "start date"
        starts_on = read_day(row.starts_on)
    except ValueError as error:
        return RowResult(row.line, row.email.strip(), "refused", str(error), column=column)
    return Candidate(row.line, email, name, zone, manager, starts_on)


def _given(email: str) -> str:
    if not email.strip():
        raise ValueError("There is no e-mail address. Add one.")
    return email


def _short(name: str) -> str:
    if len(name) > NAME_LENGTH:
        raise ValueError(f"The name is longer than {NAME_LENGTH} characters. Shorten it.")
    return name


def _other(manager: str, *, than: str) -> str:
    if manager == than:
        raise ValueError("Nobody is their own line manager. Leave it empty.")
    return manager


def answer_known(candidate: Candidate, statuses: Mapping[str, str]) -> RowResult | None:
    """
    Answer a row whose person is in the cohort already, or None for somebody new.

    statuses: the newest enrollment's status by address.
    """
    status = statuses.get(candidate.email)
    if status is None:
        return None
    if status == "withdrawn":
        detail = "They withdrew from this cohort. Reinstate them instead."
        return RowResult(candidate.line, candidate.email, "refused", detail)
    return RowResult(candidate.line, candidate.email, "already", "They are in this cohort already.")

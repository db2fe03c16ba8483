"""A list of people to enroll as it would come out, for whoever checks it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from config.accounts.models import Membership, User
from learners.cohorts.models import Cohort
from learners.cohorts.models.cohort import Clock
from learners.cohorts.rules.enrollment_list import EnrollmentRow, RowResult, read_day
from learners.people.queries import members_by_email
from learners.people.words import ManagerNote, manager_notes

# Refused rows first: they are what a person has to do something about.
ORDER: Mapping[str, int] = {"refused": 0, "already": 1, "created": 2}


@dataclass(frozen=True, slots=True)
class ListLine:
    """
    One row and what becomes of it.

    name, zone, manager and start: for a row that is enrolled what is true afterwards, else what the list says.
    starts_on None: the day on which they are enrolled. is_known: a member before, so the name and zone that they gave
    themselves stand. Whom only other organizations know is shown as the list says: it is not for this one to learn.
    notes: what naming the row's line manager does besides.
    """

    result: RowResult
    name: str
    zone: str
    manager: str
    starts_on: date | None
    start_text: str
    is_known: bool = False
    notes: tuple[ManagerNote, ...] = ()


def members_named(cohort: Cohort, rows: Sequence[EnrollmentRow]) -> dict[str, Membership]:
    """Return who of a list, people and their managers, is a member at this moment, by address; one query."""
    named = {email for row in rows for email in (row.email, row.manager_email) if email}
    return members_by_email(organization_id=cohort.organization_id, emails=named)


def lines_of(
    cohort: Cohort,
    rows: Sequence[EnrollmentRow],
    results: Sequence[RowResult],
    *,
    before: Mapping[str, Membership],
    is_done: bool,
) -> list[ListLine]:
    """
    Return every row with what becomes of it, those to mend first; one query. The cohort with its organization.

    before: members_named as it was before anything was written. is_done: the results are written.
    """
    written = {row.line: row for row in rows}
    members = members_by_email(
        organization_id=cohort.organization_id, emails=[result.email for result in results if result.email]
    )
    notes = notes_of(rows, results, before=before, is_done=is_done, with_names=True)
    lines = []
    for result in sorted(results, key=lambda result: (ORDER[result.outcome], result.line)):
        row, member = written[result.line], members.get(result.email)
        line = _line(cohort, row, result, member.user if member is not None else None)
        if result.outcome == "created":
            line = replace(line, is_known=result.email in before, notes=tuple(notes[result.line]))
        lines.append(line)
    return lines


def notes_of(
    rows: Sequence[EnrollmentRow],
    results: Sequence[RowResult],
    *,
    before: Mapping[str, Membership],
    is_done: bool,
    with_names: bool,
) -> dict[int, list[ManagerNote]]:
    """
    Return what naming a line manager does besides, by the line of each row that is enrolled. No query.

    before: members_named as it was before anything was written. with_names: the asker may read names.
    """
    created = {result.line: result.email for result in results if result.outcome == "created"}
    invited = frozenset(created.values())
    return {
        row.line: manager_notes(
            email=created[row.line],
            manager_email=_address(row.manager_email),
            members=before,
            invited=invited,
            is_done=is_done,
            with_names=with_names,
        )
        for row in rows
        if row.line in created
    }


def _address(text: str) -> str:
    return text.strip().lower()


def _line(cohort: Cohort, row: EnrollmentRow, result: RowResult, known: User | None) -> ListLine:
    if result.outcome != "created":
        return ListLine(result, row.name, row.time_zone, row.manager_email, None, row.starts_on)
    own = read_day(row.starts_on)
    return ListLine(
        result,
        name=known.name if known is not None and known.name else " ".join(row.name.split()),
        zone=known.time_zone if known is not None else row.time_zone or cohort.organization.time_zone,
        manager=_address(row.manager_email),
        starts_on=own or (cohort.starts_on if cohort.clock == Clock.SHARED else None),
        start_text="",
    )

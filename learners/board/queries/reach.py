"""People to reach: those for whom a rule gives a reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from config.accounts.actor import Actor
from config.support.cursors import Cursor, Page, from_cursor, take_page
from learners.board.queries.learners import CHUNK, LearnerRow, learner_rows, list_learners, row_of
from learners.board.rules import START_WORKING_DAYS, SURELY_QUIET_DAYS, UNANSWERED_CHECK_INS, UNDER_WAY, Flag
from learners.cohorts.models import Enrollment

# The database narrows down by days on the calendar, a day early for those far east; the rules decide by working days.
EARLY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PersonToReach:
    """One enrollment and the reasons, of which there is at least one."""

    row: LearnerRow
    flags: tuple[Flag, ...]


def people_to_reach(
    actor: Actor,
    *,
    now: datetime,
    token: str | None,
    limit: int,
    cohort: UUID | None = None,
    journey: UUID | None = None,
    rule: str | None = None,
) -> Page[PersonToReach]:
    """
    Return one page of the people whom a rule gives a reason to reach, in the order of enrollment; those of the actor's
    own cohorts only, never the actor.

    One query for each 500 people that the database cannot rule out. Raises BadQuery for a cursor that we did not make.
    """
    candidates = _candidates(list_learners(actor, now=now, cohort=cohort, journey=journey), now)
    if actor.user_id is not None:
        candidates = candidates.exclude(user_id=actor.user_id)

    def found(cursor: Cursor | None) -> Iterator[PersonToReach]:
        for row in _walk(candidates, cursor):
            flags = row.flags(now)
            if flags and (rule is None or any(flag.rule == rule for flag in flags)):
                yield PersonToReach(row, flags)

    return take_page(found, token=token, limit=limit, id_of=lambda person: person.row.id)


def _candidates(enrollments: QuerySet[Enrollment], now: datetime) -> QuerySet[Enrollment]:
    quiet = Q(last_activity_at__lte=now - timedelta(days=SURELY_QUIET_DAYS) + EARLY)
    begun = (now - timedelta(days=START_WORKING_DAYS) + EARLY).date()
    started = Q(starts_on__lte=begun) | Q(starts_on__isnull=True, cohort__starts_on__lte=begun)
    alone = Q(starts_on__isnull=True, cohort__starts_on__isnull=True, enrolled_at__date__lte=begun)
    absent = Q(last_activity_at__isnull=True) & (started | alone)
    waiting = Q(unanswered__gte=UNANSWERED_CHECK_INS)
    return enrollments.filter(quiet | absent | waiting, status__in=UNDER_WAY, cohort__closed_at__isnull=True)


def _walk(candidates: QuerySet[Enrollment], cursor: Cursor | None) -> Iterator[LearnerRow]:
    backward = cursor is not None and cursor.backward
    while True:
        chunk = [row_of(columns) for columns in learner_rows(from_cursor(candidates, cursor))[:CHUNK]]
        yield from chunk
        if len(chunk) < CHUNK:
            return
        cursor = Cursor(chunk[-1].id, backward)

"""PLAN: due timers become deliveries, one a channel; each timer is done, moved, or asked again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from config.events.models import ActivityEvent
from learners.cohorts.models import Enrollment
from learners.nudges.actions.drafting import draft
from learners.nudges.actions.engine import note_fault
from learners.nudges.actions.inserting import insert_messages, move_timers
from learners.nudges.actions.telling import event_of_fate
from learners.nudges.dialect import among, in_one_go
from learners.nudges.models import NudgeDelivery, NudgeTimer
from learners.nudges.queries.due import due_cases, hold_due, rules_of, some_are_due


def plan(*, now: datetime, limit: int | None = None) -> tuple[int, int]:
    """
    Plan the messages of up to `limit` due timers and return how many timers were handled and how many rows planned.

    Due timers fall into few cases, because most of a herd stand alike before the guards: the guards are asked for each
    case, and one transaction of three set statements locks the timers, inserts the messages and moves the timers. The
    unique dedupe key makes a repeat, a second engine and a restored timer harmless. A guard that objects for good makes
    the row a suppressed one with its reason. A timer that cannot be planned at all is set aside with its fault and
    holds up no other. limit: as many as one transaction may take here. (0, 0) = nothing is due.
    """
    if not some_are_due(now=now):
        return 0, 0
    with transaction.atomic():
        due = hold_due(now=now, limit=limit or in_one_go())
        cases, faults = due_cases(due, now=now)
        rules = rules_of({case.version_id for case in cases if case.version_id is not None})
        drafts = draft(cases, rules, due, now=now)
        planned, suppressed = insert_messages(drafts.planned, now=now)
        move_timers(drafts.planned)
        _tell_suppressed(suppressed, now=now)
        _ask_again(drafts.again)
        _set_aside({**faults, **drafts.faults}, now=now)
    return len(due), planned


def _tell_suppressed(ids: Collection[int], *, now: datetime) -> None:
    if not ids:
        return
    stopped = NudgeDelivery.objects.filter(pk__in=among(ids)).select_related("cohort").order_by("pk")
    ActivityEvent.objects.bulk_create(
        [event_of_fate(row, cohort_uuid=row.cohort.uuid if row.cohort else None, now=now) for row in stopped]
    )


def _ask_again(timer_ids: Sequence[int]) -> None:
    if timer_ids:
        Enrollment.objects.filter(nudge_timers__in=among(timer_ids), needs_arming=False).update(needs_arming=True)


def _set_aside(faults: Mapping[str, Sequence[int]], *, now: datetime) -> None:
    for words, ids in faults.items():
        NudgeTimer.objects.filter(pk__in=among(ids)).update(due_at=None, fault=words)
        note_fault(words, now=now)

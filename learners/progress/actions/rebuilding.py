"""Rebuilding roll-ups from the completions, which are the one truth."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from learners.cohorts.actions.rolling import differences
from learners.cohorts.models import Enrollment
from learners.cohorts.queries import WITH_TERMS
from learners.cohorts.rules.roll_up import roll_up
from learners.progress.actions.locking import lock_standings
from learners.progress.actions.settling import AT_ONCE, settle
from learners.progress.queries.standing import Standing, timelines_of

AN_INSTANT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Difference:
    """One enrollment whose row is wrong: (stored, computed) by field."""

    enrollment_uuid: UUID
    fields: dict[str, tuple[Any, Any]]

    def __str__(self) -> str:
        parts = [f"{name} is {stored!r}, computed {true!r}" for name, (stored, true) in sorted(self.fields.items())]
        return f"{self.enrollment_uuid}: {'; '.join(parts)}"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many enrollments were looked at, and what was wrong with which."""

    looked_at: int
    differences: tuple[Difference, ...]


def rebuild_progress(*, check: bool, now: datetime) -> Rebuilt:
    """
    Compare every roll-up with the completions and, unless only checking, write those that differ.

    A row is right as of now, or as of just before an opening or a deadline that it names itself and that the next tick
    will bring. One transaction a batch of 200; reading costs 5 queries a batch and the outlines.
    """
    looked_at = 0
    found: list[Difference] = []
    for ids in _batches():
        looked_at += len(ids)
        found += _compare(ids, now=now) if check else _mend(ids, now=now)
    return Rebuilt(looked_at, tuple(found))


def _batches() -> Iterator[list[int]]:
    last = 0
    while True:
        ids = list(Enrollment.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        if not ids:
            return
        yield ids
        last = ids[-1]


def _compare(ids: list[int], *, now: datetime) -> list[Difference]:
    enrollments = list(Enrollment.objects.filter(pk__in=ids).select_related(*WITH_TERMS).order_by("pk"))
    standings = timelines_of(enrollments)
    compared = [(enrollment, _wrong(enrollment, standings[enrollment.pk], now)) for enrollment in enrollments]
    return [Difference(enrollment.uuid, wrong) for enrollment, wrong in compared if wrong]


@transaction.atomic
def _mend(ids: list[int], *, now: datetime) -> list[Difference]:
    wrong = []
    found = []
    for enrollment, standing in lock_standings(ids):
        fields = _wrong(enrollment, standing, now)
        if not fields:
            continue
        wrong.append((enrollment, standing))
        found.append(Difference(enrollment.uuid, fields))
        _restore_activity(enrollment, standing)
    if wrong:
        settle(wrong, actor_id=None, now=now)
    return found


def _wrong(enrollment: Enrollment, standing: Standing, now: datetime) -> dict[str, tuple[Any, Any]]:
    wrong = _differences_as_of(enrollment, standing, now)
    for moment in (enrollment.next_opens_at, enrollment.next_due_at):
        if wrong and moment is not None and moment <= now:
            wrong = _differences_as_of(enrollment, standing, moment - AN_INSTANT) and wrong
    last, stored = _last_completion(standing), enrollment.last_activity_at
    if last is not None and (stored is None or stored < last):
        wrong = {**wrong, "last_activity_at": (stored, last)}
    return wrong


def _differences_as_of(enrollment: Enrollment, standing: Standing, at: datetime) -> dict[str, tuple[Any, Any]]:
    return differences(enrollment, roll_up(standing.outline, standing.facts, standing.timeline, now=at))


def _last_completion(standing: Standing) -> datetime | None:
    return max(standing.facts.completed.values(), default=None)


def _restore_activity(enrollment: Enrollment, standing: Standing) -> None:
    last = _last_completion(standing)
    if last is not None:
        enrollment.last_activity_at = max(last, enrollment.last_activity_at or last)

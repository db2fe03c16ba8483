"""How many people of a cohort practice, are on the way, and are through."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from learners.board.rules import UNDER_WAY
from learners.cohorts.models import Enrollment
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.cohorts.rules.roll_up import AT_WORK
from learners.progress.models import Completion

WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Counts:
    """
    People by how they stand, without those who withdrew; on_the_way, behind, paused and finished add up to people.

    practiced: completed a step of practice or evidence in the last seven days. not_seen: of those on the way, people
    who have not opened it yet. zones: how many time zones the people live in.
    """

    people: int = 0
    practiced: int = 0
    on_the_way: int = 0
    behind: int = 0
    paused: int = 0
    finished: int = 0
    not_seen: int = 0
    zones: int = 0


def count_people(people: QuerySet[Enrollment], *, now: datetime) -> Counts:
    """Count the people among some enrollments; two queries."""
    counted = people.order_by().aggregate(**_wanted(now))
    practiced = _practicing(people, now=now).aggregate(n=Count("enrollment", distinct=True))["n"]
    return Counts(practiced=practiced, **_named(counted))


def count_by_cohort(people: QuerySet[Enrollment], *, cohort_ids: Iterable[int], now: datetime) -> dict[int, Counts]:
    """Count the people among some enrollments, cohort by cohort, for every id; two queries."""
    ids = list(cohort_ids)
    inside = people.filter(cohort_id__in=ids)
    found: Any = inside.order_by().values("cohort_id").annotate(**_wanted(now))
    rows = {row["cohort_id"]: row for row in found}
    grouped = _practicing(inside, now=now).order_by().values("enrollment__cohort_id")
    practiced = {
        row["enrollment__cohort_id"]: row["n"] for row in grouped.annotate(n=Count("enrollment", distinct=True))
    }
    none = dict.fromkeys(_wanted(now), 0)
    return {pk: Counts(practiced=practiced.get(pk, 0), **_named(rows.get(pk, none))) for pk in ids}


def _wanted(now: datetime) -> dict[str, Count]:
    under_way, present = Q(status__in=UNDER_WAY), ~Q(status=EnrollmentStatus.WITHDRAWN)
    late = Q(next_due_at__lt=now)
    return {
        "present": Count("id", filter=present),
        "places": Count("user__time_zone", filter=present, distinct=True),
        "under_way": Count("id", filter=under_way),
        "late": Count("id", filter=under_way & late),
        "halted": Count("id", filter=Q(status=EnrollmentStatus.PAUSED)),
        "through": Count("id", filter=Q(status=EnrollmentStatus.COMPLETED)),
        "unseen": Count("id", filter=Q(status=EnrollmentStatus.INVITED) & ~late),
    }


def _named(counted: dict[str, int]) -> dict[str, int]:
    return {
        "people": counted["present"],
        "on_the_way": counted["under_way"] - counted["late"],
        "behind": counted["late"],
        "paused": counted["halted"],
        "finished": counted["through"],
        "not_seen": counted["unseen"],
        "zones": counted["places"],
    }


def _practicing(people: QuerySet[Enrollment], *, now: datetime) -> QuerySet[Completion]:
    present = people.exclude(status=EnrollmentStatus.WITHDRAWN).order_by().values("pk")
    lately = Completion.objects.filter(completed_at__gt=now - WEEK, completed_at__lte=now)
    return lately.filter(enrollment__in=present, step__serves__in=AT_WORK)

"""All learners of a list one after the other, and what tells whether any of them changed."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet, Sum

from learners.board.queries.learners import CHUNK, LearnerRow, learner_rows, row_of
from learners.cohorts.models import Enrollment


def stream_learners(enrollments: QuerySet[Enrollment]) -> Iterator[LearnerRow]:
    """
    Return each enrollment in the order of ids, a chunk in memory at a time; one query a chunk of 500.

    Chunks follow the id and hold no cursor open, so a slow reader keeps no snapshot alive in the database.
    """
    last = 0
    while True:
        chunk = list(learner_rows(enrollments.filter(pk__gt=last)).order_by("id")[:CHUNK])
        yield from (row_of(columns) for columns in chunk)
        if len(chunk) < CHUNK:
            return
        last = chunk[-1]["id"]


def stream_stamp(enrollments: QuerySet[Enrollment], *, now: datetime, with_names: bool) -> tuple[Any, ...]:
    """
    Return what changes when any row of list_learners does: revisions, deadlines that passed, check-ins that wait,
    names, and the local day of each time zone, by which reasons to reach out are counted. Two queries.
    """
    counted = enrollments.order_by().aggregate(
        people=Count("pk"),
        revisions=Sum("revision"),
        newest=Max("updated_at"),
        late=Count("pk", filter=Q(next_due_at__lt=now)),
        waiting=Sum("unanswered"),
        since=Max("unanswered_since"),
    )
    columns = ("user__time_zone", "cohort__organization__time_zone", "user__name", "user__email")
    people = enrollments.order_by("pk").values_list(*columns)
    zones: set[str] = set()
    names = hashlib.sha256()
    for zone, fallback, name, email in people.iterator(chunk_size=2000):
        zones.add(zone or fallback)
        if with_names:
            names.update(f"{name}\0{email}\0".encode())
    days = tuple(sorted((zone, now.astimezone(ZoneInfo(zone)).date()) for zone in zones))
    return (*counted.values(), days, names.hexdigest())

"""Cohorts, as those see them who run them."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from config.accounts.actor import Actor
from learners.cohorts.models import Cohort
from learners.cohorts.queries import is_facilitator


def list_cohorts(
    actor: Actor,
    *,
    journey: UUID | None = None,
    status: str | None = None,
    updated_since: datetime | None = None,
) -> QuerySet[Cohort]:
    """
    Return the cohorts that the actor runs, with version and journey. One query when it is read.

    status: "open" or "closed".
    """
    cohorts = Cohort.objects.visible_to(actor).select_related("version__journey", "calendar")
    if journey is not None:
        cohorts = cohorts.filter(version__journey__uuid=journey)
    if status is not None:
        cohorts = cohorts.filter(closed_at__isnull=status == "open")
    if updated_since is not None:
        cohorts = cohorts.filter(updated_at__gte=updated_since)
    return cohorts


def may_change(actor: Actor, *, cohort_id: int) -> bool:
    """
    Tell whether the actor may change a cohort that they see, and the enrollments in it; at most one query.

    A key by its scope, a person as administrator or as facilitator; a manager reads.
    """
    if not actor.is_person or actor.is_administrator:
        return True
    return actor.user_id is not None and is_facilitator(user_id=actor.user_id, cohort_id=cohort_id)

"""Keeping what a learner answers."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from learners.cohorts.actions.presence import ACTIVITY_GRAIN
from learners.cohorts.models import Enrollment
from learners.progress.actions.locking import lock_standing, note_activity, require_open
from learners.progress.models import Attempt, AttemptState
from learners.progress.queries.done import latest_attempt


@transaction.atomic
def save_attempt(
    *,
    enrollment_id: int,
    step_key: str,
    response: Mapping[str, Any],
    response_version: int = 1,
    now: datetime,
) -> Attempt:
    """
    Keep an answer that is not finished, as autosave and single moves of a scenario do.

    Written into the attempt under way, or the next one after a judged one; a finished answer goes with complete_step.
    At most 8 queries once the version is known to the process.
    Raises StepLocked, EnrollmentClosed, UnknownStep, UnknownEnrollment.
    """
    enrollment, standing = lock_standing(enrollment_id)
    require_open(enrollment, standing, step_key, now=now)
    attempt = keep_attempt(
        enrollment,
        step_key,
        response=response,
        response_version=response_version,
        state=AttemptState.STARTED,
        now=now,
    )
    last = enrollment.last_activity_at
    if last is None or last < now - ACTIVITY_GRAIN:
        note_activity(enrollment, now)
        enrollment.revision += 1
        enrollment.updated_at = now
        enrollment.save(update_fields=["status", "joined_at", "last_activity_at", "revision", "updated_at"])
    return attempt


def keep_attempt(
    enrollment: Enrollment,
    step_key: str,
    *,
    response: Mapping[str, Any],
    response_version: int,
    state: str,
    waiting_on: str = "",
    passed: bool | None = None,
    score_scaled: Decimal | None = None,
    now: datetime,
) -> Attempt:
    """
    Write an answer into the attempt under way, or begin the next one after a judged one; two queries.

    An attempt that waits for another person keeps waiting while its text is mended. The enrollment's row is locked by
    the caller, so numbers cannot collide.
    """
    latest = latest_attempt(enrollment.pk, step_key)
    if latest is None or latest.state == AttemptState.JUDGED:
        number = latest.number + 1 if latest is not None else 1
        latest = Attempt(
            enrollment=enrollment, step_key=step_key, number=number, state=AttemptState.STARTED, started_at=now
        )
    if latest.state != AttemptState.WAITING:
        latest.state = state
        latest.waiting_on = waiting_on
    latest.response = dict(response)
    latest.response_version = response_version
    latest.passed, latest.score_scaled = passed, score_scaled
    latest.saved_at = now
    latest.save()
    return latest

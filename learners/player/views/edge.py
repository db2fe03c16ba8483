"""What every page of a learner takes from its request."""

from datetime import datetime
from typing import cast

from django.http import HttpRequest

from config.accounts.models import User
from learners.cohorts.actions import mark_joined
from learners.cohorts.models import Enrollment
from learners.cohorts.models.enrollment import EnrollmentStatus

YEAR = 365 * 24 * 3600


def person_of(request: HttpRequest) -> User:
    """Return the signed-in person; pages of members have one."""
    return cast(User, request.user)


def now_of(request: HttpRequest) -> datetime:
    """Return the one clock reading of this request, aware UTC."""
    return cast(datetime, request.now)  # type: ignore[attr-defined]


def note_first_visit(enrollment: Enrollment, now: datetime) -> None:
    """Note that somebody opened their journey for the first time; nothing is asked or written ever after."""
    if enrollment.joined_at is None and enrollment.status != EnrollmentStatus.WITHDRAWN:
        mark_joined(enrollment_id=enrollment.pk, now=now)

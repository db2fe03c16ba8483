"""What changes about cohorts and who is in them."""

from learners.cohorts.actions.cohorts import (
    close_cohort,
    create_cohort,
    remove_staff,
    schedule_live_session,
    set_staff,
)
from learners.cohorts.actions.enrolling import enroll, enroll_many
from learners.cohorts.actions.presence import mark_active, mark_joined, withdraw

__all__ = [
    "close_cohort",
    "create_cohort",
    "enroll",
    "enroll_many",
    "mark_active",
    "mark_joined",
    "remove_staff",
    "schedule_live_session",
    "set_staff",
    "withdraw",
]

"""Where Django finds the admin of the rooms."""

from learners.cohorts.admin import KeyLimitPage
from learners.nudges.admin import (
    DeliveryEventPage,
    EngineStatePage,
    NudgeDeliveryPage,
    NudgeTimerPage,
    SuppressionPage,
)
from learners.people.admin import MemberPage
from learners.progress.admin import (
    AttemptPage,
    CalendarPage,
    CohortPage,
    CompletionPage,
    EnrollmentPage,
    SignOffPage,
)

__all__ = [
    "AttemptPage",
    "CalendarPage",
    "CohortPage",
    "CompletionPage",
    "DeliveryEventPage",
    "EngineStatePage",
    "EnrollmentPage",
    "KeyLimitPage",
    "MemberPage",
    "NudgeDeliveryPage",
    "NudgeTimerPage",
    "SignOffPage",
    "SuppressionPage",
]

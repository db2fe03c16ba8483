"""Where Django finds the models of the rooms."""

from learners.cohorts.models import (
    ApiKeyCohort,
    Cohort,
    CohortStaff,
    Enrollment,
    EnrollmentAdjustment,
    LiveSession,
)
from learners.nudges.models import (
    ContactBudget,
    DeliveryEvent,
    EngineState,
    NudgeDelivery,
    NudgeTimer,
    Suppression,
)
from learners.people.models import ChannelChoice, InvitationMail, Preferences
from learners.progress.models import Attempt, Completion, ModuleOpening, Rating, SignOff
from learners.reflections.models import CheckIn, Commitment, Reflection
from learners.rollout.models import CohortMove, EnrollmentMove, Rollout

__all__ = [
    "ApiKeyCohort",
    "Attempt",
    "ChannelChoice",
    "CheckIn",
    "Cohort",
    "CohortMove",
    "CohortStaff",
    "Commitment",
    "Completion",
    "ContactBudget",
    "DeliveryEvent",
    "EngineState",
    "Enrollment",
    "EnrollmentAdjustment",
    "EnrollmentMove",
    "InvitationMail",
    "LiveSession",
    "ModuleOpening",
    "NudgeDelivery",
    "NudgeTimer",
    "Preferences",
    "Rating",
    "Reflection",
    "Rollout",
    "SignOff",
    "Suppression",
]

"""Where Django finds the models of the rooms."""

from journeys.authoring.models import (
    DraftEdit,
    Journey,
    JourneyVersion,
    Module,
    ModuleSkill,
    NudgeRule,
    OrganizationCalendar,
    Step,
    VersionIndicator,
    VersionSkill,
)
from journeys.studio.models import HeldForm

__all__ = [
    "DraftEdit",
    "HeldForm",
    "Journey",
    "JourneyVersion",
    "Module",
    "ModuleSkill",
    "NudgeRule",
    "OrganizationCalendar",
    "Step",
    "VersionIndicator",
    "VersionSkill",
]

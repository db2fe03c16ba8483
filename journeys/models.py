"""Where Django finds the models of the rooms."""

from journeys.authoring.models import (
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

__all__ = [
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

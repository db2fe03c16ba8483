"""Journeys, their versions, and what stands in a version."""

from journeys.authoring.models.calendar import OrganizationCalendar
from journeys.authoring.models.history import Act, DraftEdit
from journeys.authoring.models.journey import Journey, JourneyVersion, VersionIndicator, VersionSkill
from journeys.authoring.models.outline import Module, ModuleSkill, NudgeRule, Step

__all__ = [
    "Act",
    "DraftEdit",
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

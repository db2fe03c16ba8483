"""Where Django finds the admin of the rooms."""

from journeys.studio.admin import JourneyAdmin

__all__ = ["JourneyAdmin"]

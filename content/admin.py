"""Where Django finds the admin pages of the rooms."""

from content.activities.admin import ActivityAdmin
from content.skills.admin import BehaviorIndicatorAdmin, SkillFrameworkAdmin

__all__ = ["ActivityAdmin", "BehaviorIndicatorAdmin", "SkillFrameworkAdmin"]

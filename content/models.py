"""Where Django finds the models of the rooms."""

from content.activities.models import Activity, ActivityRevision, Asset, RevisionAsset
from content.skills.models import BehaviorIndicator, RatingLevel, Skill, SkillAlignment, SkillFramework
from content.uploads.models import HeldUpload

__all__ = [
    "Activity",
    "ActivityRevision",
    "Asset",
    "BehaviorIndicator",
    "HeldUpload",
    "RatingLevel",
    "RevisionAsset",
    "Skill",
    "SkillAlignment",
    "SkillFramework",
]

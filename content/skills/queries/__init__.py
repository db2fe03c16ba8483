"""Reads of skills and behaviors."""

from content.skills.queries.library import (
    BUILT_IN_FIRST,
    list_frameworks,
    list_indicators,
    list_skills,
    skill_by_key,
)

__all__ = ["BUILT_IN_FIRST", "list_frameworks", "list_indicators", "list_skills", "skill_by_key"]

"""Decisions about frameworks, skills and behaviors, and the files that frameworks come in. Pure."""

from content.skills.rules.faults import (
    FEWEST_LEVELS,
    LONGEST,
    MOST_LEVELS,
    framework_faults,
    indicator_faults,
    skill_faults,
)

__all__ = ["FEWEST_LEVELS", "LONGEST", "MOST_LEVELS", "framework_faults", "indicator_faults", "skill_faults"]

"""Writes of skills and behaviors."""

from content.skills.actions.built_in import BUILT_IN, load_built_in_framework
from content.skills.actions.frameworks import save_framework, save_skill
from content.skills.actions.importing import import_framework
from content.skills.actions.indicators import define_indicator

__all__ = [
    "BUILT_IN",
    "define_indicator",
    "import_framework",
    "load_built_in_framework",
    "save_framework",
    "save_skill",
]

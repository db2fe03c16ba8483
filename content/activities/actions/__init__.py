"""Writes of the library."""

from content.activities.actions.assets import store_asset
from content.activities.actions.authoring import archive_activity, bring_back, create_activity, revise_activity

__all__ = ["archive_activity", "bring_back", "create_activity", "revise_activity", "store_asset"]

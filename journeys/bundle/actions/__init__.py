"""Bundles into drafts, and versions into folders."""

from journeys.bundle.actions.exporting import export_version
from journeys.bundle.actions.importing import import_as_shown, import_bundle, replace_draft

__all__ = ["export_version", "import_as_shown", "import_bundle", "replace_draft"]

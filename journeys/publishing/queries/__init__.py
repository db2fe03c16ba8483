"""What stands against publishing a version, and what it changes."""

from journeys.publishing.queries.changes import diff_versions
from journeys.publishing.queries.checks import check_content, check_version, findings_of
from journeys.publishing.queries.history import changed_since, history_of

__all__ = ["changed_since", "check_content", "check_version", "diff_versions", "findings_of", "history_of"]

"""The change from one version to another."""

from journeys.authoring.queries.content import content_of
from journeys.publishing.rules.change import Change, change_between


def diff_versions(old_id: int, new_id: int) -> Change:
    """
    Return what the new version changes against the old one: keys by type, and plain words.

    Twice the queries of content_of. Raises UnknownVersion.
    """
    return change_between(content_of(old_id), content_of(new_id))

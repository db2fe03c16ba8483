"""Which version a journey's key means."""

from journeys.authoring.errors import UnknownVersion
from journeys.authoring.models import JourneyVersion
from journeys.authoring.models.journey import VersionStatus


def find_version(organization_id: int, key: str, *, number: int | None = None) -> JourneyVersion:
    """
    Return the version that a journey's key means to a script: the published one, else the draft, else the newest.

    number: that version instead. With its journey; one query. Raises UnknownVersion.
    """
    rank = {VersionStatus.PUBLISHED: 0, VersionStatus.DRAFT: 1, VersionStatus.RETIRED: 2}
    versions = JourneyVersion.objects.filter(journey__organization_id=organization_id, journey__key=key).select_related(
        "journey"
    )
    if number is not None:
        versions = versions.filter(number=number)
    found = sorted(versions, key=lambda version: (rank[VersionStatus(version.status)], -version.number))
    if not found:
        what = f"journey “{key}”" if number is None else f"version {number} of “{key}”"
        raise UnknownVersion(f"There is no {what} in this organization.")
    return found[0]

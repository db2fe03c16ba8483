"""What an import would do: to which journey, over which version, and what changes in plain words."""

from dataclasses import dataclass

from journeys.authoring.models import Journey, JourneyVersion
from journeys.authoring.models.journey import VersionStatus
from journeys.authoring.queries.content import content_of
from journeys.bundle.errors import BundleFaults
from journeys.bundle.queries.accepting import acceptance_faults
from journeys.bundle.queries.reading import Bundle
from journeys.publishing.rules.change import Change, change_between


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    An import that was not made yet.

    against: the draft that would be written over, else the published version that a new draft would follow; None for a
    new journey. change: what the bundle says other than that; None for a new journey. seen: a mark of the version and
    its edits, to be given back when the import is confirmed.
    """

    journey: Journey | None
    against: JourneyVersion | None
    change: Change | None
    is_same: bool

    @property
    def seen(self) -> str:
        return f"{self.against.uuid}:{self.against.edits}" if self.against else "new"

    @property
    def replaces(self) -> JourneyVersion | None:
        """The draft that would be written over."""
        return self.against if self.against and self.against.is_draft else None


def compare_bundle(bundle: Bundle, *, organization_id: int) -> Comparison:
    """
    Return what importing a bundle would do for an organization; 2 queries beside those of content_of and the checks.

    Raises BundleFaults for what the organization cannot take.
    """
    journey = Journey.objects.filter(organization_id=organization_id, key=bundle.content.key).first()
    faults = acceptance_faults(bundle, organization_id=organization_id, journey=journey)
    if faults:
        raise BundleFaults(faults=faults)
    against = _against(journey) if journey else None
    if against is None:
        return Comparison(journey, None, None, is_same=False)
    before = content_of(against.pk)
    return Comparison(journey, against, change_between(before, bundle.content), is_same=before == bundle.content)


def _against(journey: Journey) -> JourneyVersion | None:
    """The draft, else the live version, else the newest."""
    versions = list(journey.versions.order_by("-number"))
    order = (VersionStatus.DRAFT, VersionStatus.PUBLISHED)
    found = (next((one for one in versions if one.status == status), None) for status in order)
    return next((one for one in found if one), versions[0] if versions else None)

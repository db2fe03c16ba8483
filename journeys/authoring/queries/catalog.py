"""The journeys of an organization and their versions, as lists."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from config.accounts.actor import Actor
from journeys.authoring.errors import UnknownVersion
from journeys.authoring.models import Journey, JourneyVersion, VersionSkill
from journeys.authoring.models.journey import VersionStatus


def visible_versions(actor: Actor) -> QuerySet[JourneyVersion]:
    """Return the versions that the actor may read: a member who neither designs nor administers sees no draft."""
    versions = JourneyVersion.objects.visible_to(actor)
    if actor.is_person and not (actor.is_designer or actor.is_administrator):
        versions = versions.exclude(status=VersionStatus.DRAFT)
    return versions


def list_catalog(
    actor: Actor, *, status: str | None = None, updated_since: datetime | None = None
) -> QuerySet[Journey]:
    """
    Return the journeys that the actor may read, each with its versions in `known_versions`, newest first; two queries.

    status: journeys with a version of this status. updated_since: with a version created or published since.
    """
    versions = visible_versions(actor)
    matching = versions.filter(journey=OuterRef("pk"))
    if status is not None:
        matching = matching.filter(status=status)
    if updated_since is not None:
        matching = matching.filter(Q(created_at__gte=updated_since) | Q(published_at__gte=updated_since))
    ordered = Prefetch("versions", versions.order_by("-number"), to_attr="known_versions")
    return Journey.objects.visible_to(actor).filter(Exists(matching)).prefetch_related(ordered)


def shown_version(versions: Iterable[JourneyVersion]) -> JourneyVersion:
    """Return the version that stands for a journey: the one that is published, else the newest. No query."""
    known = list(versions)
    return next((version for version in known if version.status == VersionStatus.PUBLISHED), known[0])


def version_to_run(actor: Actor, *, journey: UUID | None, version: UUID | None) -> JourneyVersion:
    """
    Return the version that was named, or the one that is published of the journey that was named; one query.

    Raises UnknownVersion for what is not there or not the organization's.
    """
    versions = JourneyVersion.objects.visible_to(actor)
    found = None
    if version is not None:
        found = versions.filter(uuid=version).first()
    elif journey is not None:
        published = versions.filter(journey__uuid=journey, status=VersionStatus.PUBLISHED)
        found = published.order_by("-number").first()
    if found is None:
        raise UnknownVersion(
            "There is no such published version of a journey. Look at /api/v1/journeys/ for those there are."
        )
    return found


def aims_of(version_id: int) -> list[VersionSkill]:
    """Return the skills that a version aims at with their weights, in the designer's order; one query."""
    return list(VersionSkill.objects.filter(version_id=version_id).select_related("skill").order_by("position", "id"))


def list_versions(
    actor: Actor, journey: UUID, *, status: str | None = None, updated_since: datetime | None = None
) -> QuerySet[JourneyVersion]:
    """
    Return the versions of a journey that the actor may read; one query, and one when it is read.

    Raises UnknownVersion for a journey of which the actor may read none.
    """
    versions = visible_versions(actor).filter(journey__uuid=journey)
    if not versions.exists():
        raise UnknownVersion("There is no such journey.")
    if status is not None:
        versions = versions.filter(status=status)
    if updated_since is not None:
        versions = versions.filter(Q(created_at__gte=updated_since) | Q(published_at__gte=updated_since))
    return versions

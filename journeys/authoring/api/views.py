"""Journeys and their versions."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.accounts.api import ApiView
from config.support.pagination import fetch_page, page_shape
from journeys.authoring.api.shapes import (
    JourneyDetailShape,
    JourneyQuery,
    JourneyShape,
    VersionQuery,
    VersionShape,
)
from journeys.authoring.errors import UnknownVersion
from journeys.authoring.models import Journey, JourneyVersion
from journeys.authoring.models.journey import VersionStatus
from journeys.authoring.queries.catalog import aims_of, list_catalog, list_versions, shown_version
from journeys.authoring.queries.content import modules_of
from journeys.authoring.queries.outline import outline_for
from journeys.authoring.rules.content import ModuleContent
from journeys.schedule.words import in_words


def show_version(version: JourneyVersion) -> dict[str, Any]:
    """Return a version as the API shows it."""
    return {
        "id": version.uuid,
        "number": version.number,
        "status": version.status,
        "title": version.title,
        "weeks": version.weeks,
        "language": version.language,
        "created_at": version.created_at,
        "published_at": version.published_at,
        "publish_note": version.publish_note,
    }


def stamp_of_version(version: JourneyVersion) -> tuple[Any, ...]:
    """Return what changes with every edit and every change of status."""
    return (version.pk, version.edits, version.status, version.published_at)


def show_journey(journey: Journey) -> dict[str, Any]:
    """Return a journey as the API shows it; it comes from list_catalog."""
    versions: list[JourneyVersion] = journey.known_versions  # type: ignore[attr-defined]
    version = shown_version(versions)
    return {
        "id": journey.uuid,
        "key": journey.key,
        "title": version.title,
        "summary": version.summary,
        "language": version.language,
        "license": version.license,
        "weeks": version.weeks,
        "status": version.status,
        "version": show_version(version),
        "has_draft": any(one.status == VersionStatus.DRAFT for one in versions),
        "created_at": journey.created_at,
    }


def stamp_of_journey(journey: Journey) -> tuple[Any, ...]:
    """Return what changes when any version of the journey does."""
    versions: list[JourneyVersion] = journey.known_versions  # type: ignore[attr-defined]
    return (journey.pk, tuple(stamp_of_version(version) for version in versions))


class JourneyList(ApiView):
    """The journeys of your organization."""

    scopes = {"GET": "journeys:read"}
    queries = {"GET": JourneyQuery}

    @extend_schema(operation_id="list_journeys", responses=page_shape(JourneyShape))
    def get(self, request: Request) -> Response:
        """Return a page of journeys; drafts are for keys, designers and administrators."""
        query = dict(self.params)
        token, limit = query.pop("cursor", None), query.pop("limit")
        page = fetch_page(list_catalog(self.actor, **query), token=token, limit=limit)
        return self.tagged_page(page, show_journey, stamp_of_journey)


class JourneyDetail(ApiView):
    """One journey with its skills, modules and steps."""

    scopes = {"GET": "journeys:read"}

    @extend_schema(operation_id="read_journey", responses=JourneyDetailShape)
    def get(self, request: Request, journey: UUID) -> Response:
        """Return a journey as its published version has it, or its draft where nothing is published yet."""
        found = list_catalog(self.actor).filter(uuid=journey).first()
        if found is None:
            raise UnknownVersion("There is no such journey.")
        version = shown_version(found.known_versions)  # type: ignore[attr-defined]
        version.journey = found
        modules = modules_of(version.pk, whole=False)
        # A draft follows the newest wording of each activity, which changes without the version.
        wordings = tuple(step.revision_id for module in modules for step in module.steps)
        return self.tagged(
            [*stamp_of_journey(found), wordings], lambda: {**show_journey(found), **_show_content(version, modules)}
        )


def _show_content(version: JourneyVersion, modules: tuple[ModuleContent, ...]) -> dict[str, Any]:
    outline = outline_for(version)
    titles = outline.titles
    return {
        "skills": [
            {"id": aim.skill.uuid, "key": aim.skill.key, "title": aim.skill.title, "weight": aim.weight}
            for aim in aims_of(version.pk)
        ],
        "modules": [
            {
                "key": module.key,
                "title": module.title,
                "position": position,
                "outcome": module.outcome,
                "opens": in_words(planned.opens, titles) if planned.opens else None,
                "due": in_words(planned.due, titles) if planned.due else None,
                "steps": [
                    {
                        "key": step.key,
                        "title": step.title,
                        "kind": step.kind,
                        "minutes": step.minutes,
                        "serves": step.serves,
                        "required": step.required,
                    }
                    for step in module.steps
                ],
            }
            for position, (module, planned) in enumerate(zip(modules, outline.modules, strict=True), start=1)
        ],
    }


class VersionList(ApiView):
    """The versions of one journey."""

    scopes = {"GET": "journeys:read"}
    queries = {"GET": VersionQuery}

    @extend_schema(operation_id="list_journey_versions", responses=page_shape(VersionShape))
    def get(self, request: Request, journey: UUID) -> Response:
        """Return a page of versions, in the order in which they were made."""
        query = dict(self.params)
        token, limit = query.pop("cursor", None), query.pop("limit")
        versions = list_versions(self.actor, journey, **query)
        return self.tagged_page(fetch_page(versions, token=token, limit=limit), show_version, stamp_of_version)

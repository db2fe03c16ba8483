"""A bundle becomes a draft, whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from config.support.errors import Fault
from content.activities.actions import create_activity, revise_activity, store_asset
from content.activities.errors import ActivityInvalid, AssetRefused
from content.activities.models import Activity
from content.skills.actions import define_indicator
from journeys.authoring.actions.drafts import Rows, claim_draft, empty_version, fill_version
from journeys.authoring.actions.events import tell_of_version
from journeys.authoring.actions.history import editing
from journeys.authoring.actions.journeys import create_journey, new_draft
from journeys.authoring.models import Act, Journey, JourneyVersion
from journeys.authoring.models.journey import VersionStatus
from journeys.authoring.queries.content import content_of
from journeys.authoring.rules.content import StepContent, VersionContent
from journeys.bundle.errors import BundleFaults, DraftInTheWay, ShownOtherwise
from journeys.bundle.queries.accepting import acceptance_faults, activities_of, skills_by_key
from journeys.bundle.queries.comparing import compare_bundle
from journeys.bundle.queries.reading import Bundle


def import_bundle(*, bundle: Bundle, organization_id: int, author_id: int | None, now: datetime) -> JourneyVersion:
    """
    Write a bundle into a draft: of a new journey, or of the journey that has its key. All or nothing.

    A step that the journey had before keeps its activity; an activity whose words did not change keeps its revision.
    Idempotent: where the draft says the same already, it is returned untouched. Raises BundleFaults for what the
    organization cannot take (unknown skills, unknown references), DraftInTheWay.
    """
    with transaction.atomic():
        journey = Journey.objects.filter(organization_id=organization_id, key=bundle.content.key).first()
        work = _Work(bundle, organization_id, author_id, now)
        if journey is None:
            work.refuse_faults(None)
            version = create_journey(
                organization_id=organization_id,
                title=bundle.content.title,
                key=bundle.content.key,
                author_id=author_id,
                now=now,
            )
            return work.fill(version)
        draft = journey.versions.filter(status=VersionStatus.DRAFT).first()
        if draft is None:
            work.refuse_faults(journey)
            return work.fill(new_draft(journey_id=journey.pk, title=bundle.content.title, author_id=author_id, now=now))
        if content_of(draft.pk) != bundle.content:
            raise DraftInTheWay
        return draft


def replace_draft(
    *,
    bundle: Bundle,
    version_id: int,
    author_id: int | None,
    now: datetime,
    expected_edits: int | None = None,
) -> JourneyVersion:
    """
    Write a bundle over a draft of the same journey, on purpose: what the draft said is gone.

    Raises BundleFaults, VersionFrozen, EditedMeanwhile, UnknownVersion.
    """
    with transaction.atomic(), editing(by=author_id, now=now):
        version = claim_draft(version_id=version_id, expected_edits=expected_edits, act=Act.IMPORTED)
        journey = version.journey
        if journey.key != bundle.content.key:
            detail = (
                f"The bundle is of the journey “{bundle.content.key}”, the draft of “{journey.key}”. Name that one."
            )
            raise BundleFaults(faults=[Fault(bundle.places.of("key"), detail)])
        work = _Work(bundle, journey.organization_id, author_id, now)
        work.refuse_faults(journey)
        before = activities_of(journey)
        empty_version(version)
        return work.fill(version, before)


def import_as_shown(
    *, bundle: Bundle, seen: str, organization_id: int, author_id: int | None, now: datetime
) -> JourneyVersion:
    """
    Write a bundle into a draft just as compare_bundle showed it, over the journey's draft where it has one.

    seen: the mark of that comparison. Raises BundleFaults, and ShownOtherwise when another version or another edit
    stands there by now.
    """
    with transaction.atomic():
        comparison = compare_bundle(bundle, organization_id=organization_id)
        if comparison.seen != seen:
            raise ShownOtherwise
        if comparison.replaces is None:
            return import_bundle(bundle=bundle, organization_id=organization_id, author_id=author_id, now=now)
        draft = comparison.replaces
        return replace_draft(
            bundle=bundle, version_id=draft.pk, author_id=author_id, now=now, expected_edits=draft.edits
        )


@dataclass
class _Work:
    """One import under way, inside the caller's transaction."""

    bundle: Bundle
    organization_id: int
    author_id: int | None
    now: datetime

    @property
    def content(self) -> VersionContent:
        return self.bundle.content

    def refuse_faults(self, journey: Journey | None) -> None:
        """Raise every fault that only the organization's rows and the files themselves can show."""
        faults = acceptance_faults(self.bundle, organization_id=self.organization_id, journey=journey)
        if faults:
            raise BundleFaults(faults=faults)

    def fill(self, version: JourneyVersion, before: Mapping[str, Activity] | None = None) -> JourneyVersion:
        """Write everything; the version is an empty draft."""
        known = activities_of(version.journey) if before is None else before
        indicators = {
            part.key: define_indicator(
                organization_id=self.organization_id,
                skill_key=part.skill,
                key=part.key,
                text=part.text,
                levels=part.levels,
                now=self.now,
                author_id=self.author_id,
            ).pk
            for part in self.content.indicators
        }
        assets = self._assets()
        activities = {step.key: self._activity(step, known.get(step.key), assets) for step in self.content.steps}
        fill_version(
            version, self.content, Rows(skills_by_key(self.content, self.organization_id), indicators, activities)
        )
        tell_of_version("journey.imported", version, actor_id=self.author_id, now=self.now)
        return version

    def _assets(self) -> dict[str, int]:
        """Keep the bundle's files and return their rows by path."""
        found: dict[str, int] = {}
        faults: list[Fault] = []
        for path in self.bundle.assets:
            file = ContentFile(self.bundle.folder.data(path), name=path)
            try:
                asset = store_asset(organization_id=self.organization_id, name=path, file=file, now=self.now)
            except AssetRefused as refusal:
                faults.append(Fault(path, refusal.detail, refusal.code))
            else:
                found[path] = asset.pk
        if faults:
            raise BundleFaults(faults=faults)
        return found

    def _activity(self, step: StepContent, known: Activity | None, assets: Mapping[str, int]) -> int:
        words: dict[str, Any] = {
            "title": step.title,
            "minutes": step.minutes,
            "topic": step.topic,
            "body": step.body,
            "spec": step.spec,
            "author_id": self.author_id,
            "now": self.now,
            "assets": assets,
        }
        try:
            if known is not None:
                revise_activity(activity_id=known.pk, **words)
                return known.pk
            return create_activity(organization_id=self.organization_id, kind=step.kind, **words).pk
        except ActivityInvalid as refusal:
            place = self.bundle.places.of
            faults = [Fault(place(f"steps/{step.key}{f.pointer}"), f.detail, f.code) for f in refusal.faults]
            raise BundleFaults(faults=faults) from refusal

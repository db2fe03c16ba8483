"""A bundle becomes a draft, whole or not at all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q

from config.support.errors import Fault
from content.activities.actions import create_activity, revise_activity, store_asset
from content.activities.errors import ActivityInvalid, AssetRefused
from content.activities.models import Activity
from content.skills.actions import define_indicator
from content.skills.models import Skill
from content.skills.queries import BUILT_IN_FIRST
from journeys.authoring.actions.drafts import Rows, claim_draft, empty_version, fill_version
from journeys.authoring.actions.events import tell_of_version
from journeys.authoring.actions.journeys import create_journey, new_draft
from journeys.authoring.models import Journey, JourneyVersion, Step
from journeys.authoring.models.journey import VersionStatus
from journeys.authoring.queries.content import content_of
from journeys.authoring.rules.content import StepContent, VersionContent
from journeys.authoring.rules.references import known_references, rules_of, skills_named, unknown_references
from journeys.bundle.errors import BundleFaults, DraftInTheWay
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
    with transaction.atomic():
        version = claim_draft(version_id=version_id, expected_edits=expected_edits)
        journey = version.journey
        if journey.key != bundle.content.key:
            detail = (
                f"The bundle is of the journey “{bundle.content.key}”, the draft of “{journey.key}”. Name that one."
            )
            raise BundleFaults(faults=[Fault(bundle.places.of("key"), detail)])
        work = _Work(bundle, journey.organization_id, author_id, now)
        work.refuse_faults(journey)
        before = _activities_of(journey)
        empty_version(version)
        return work.fill(version, before)


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
        """Raise every fault that only the organization's rows can show."""
        places = self.bundle.places
        faults = [Fault(places.of(where), detail, code) for where, detail, code in self._faults(journey)]
        if faults:
            raise BundleFaults(faults=faults)

    def _faults(self, journey: Journey | None) -> Iterator[tuple[str, str, str]]:
        known_skills = self._skills()
        for where, key in skills_named(self.content):
            if key not in known_skills:
                detail = f"There is no skill “{key}”. Use a key of the built-in framework or of your own."
                yield where, detail, "unknown_skill"
        known = known_references(self.content)
        for where, data in rules_of(self.content):
            for fault in unknown_references(data, known):
                yield f"{where}{fault.pointer}", fault.message, "unknown_reference"
        kinds = {key: activity.kind for key, activity in _activities_of(journey).items()} if journey else {}
        for step in self.content.steps:
            if kinds.get(step.key, step.kind) != step.kind:
                was = kinds[step.key]
                detail = f"“{step.key}” has the kind {was} in an earlier version. Give the {step.kind} a new key."
                yield f"steps/{step.key}/key", detail, "key_taken"

    def _skills(self) -> dict[str, int]:
        """Skills by key, as the library finds them: the built-in one first, then the newest."""
        keys = {key for _where, key in skills_named(self.content)}
        mine = Q(framework__organization=None) | Q(framework__organization_id=self.organization_id)
        rows = (
            Skill.objects.filter(mine, key__in=keys).order_by(BUILT_IN_FIRST, "-framework_id").values_list("key", "pk")
        )
        found: dict[str, int] = {}
        for key, pk in rows:
            found.setdefault(key, pk)
        return found

    def fill(self, version: JourneyVersion, before: Mapping[str, Activity] | None = None) -> JourneyVersion:
        """Write everything; the version is an empty draft."""
        known = _activities_of(version.journey) if before is None else before
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
        fill_version(version, self.content, Rows(self._skills(), indicators, activities))
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


def _activities_of(journey: Journey) -> dict[str, Activity]:
    """The activity of each step key that any version of the journey has, the newest version's where they differ."""
    steps = Step.objects.filter(version__journey=journey).select_related("activity").order_by("version__number")
    return {step.key: step.activity for step in steps}

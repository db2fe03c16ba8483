"""Journeys and their versions: begin, draft, describe, discard."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from config.support.errors import Fault
from journeys.authoring.actions.drafts import Rows, claim_draft, fill_version
from journeys.authoring.actions.events import tell_of_version
from journeys.authoring.errors import DraftExists, InvalidAuthoring, KeyTaken, NothingToCopy
from journeys.authoring.models import (
    Act,
    Journey,
    JourneyVersion,
    ModuleSkill,
    Step,
    VersionIndicator,
    VersionSkill,
)
from journeys.authoring.models.journey import VersionStatus
from journeys.authoring.queries.content import content_of
from journeys.authoring.rules.keys import is_key, mint_key


def create_journey(
    *,
    organization_id: int,
    title: str,
    author_id: int | None,
    now: datetime,
    key: str = "",
    summary: str = "",
    language: str = "en",
    license: str = "",
    weeks: int = 8,
) -> JourneyVersion:
    """
    Begin a journey with an empty draft, and return the draft.

    key: minted from the title when empty; it never changes. Raises KeyTaken, InvalidAuthoring.
    """
    if not title.strip():
        raise InvalidAuthoring(faults=[Fault("/title", "Give the journey a title.", "missing")])
    with transaction.atomic():
        taken = set(Journey.objects.filter(organization_id=organization_id).values_list("key", flat=True))
        chosen = key or mint_key(title, taken=taken, fallback="journey")
        if not is_key(chosen):
            raise InvalidAuthoring(
                faults=[Fault("/key", "Use lower-case letters, digits and single hyphens, such as first-call.")]
            )
        journey = _new_journey(organization_id, chosen, author_id, now)
        version = JourneyVersion.objects.create(
            journey=journey,
            number=1,
            title=title.strip(),
            summary=summary,
            language=language,
            license=license,
            weeks=weeks,
            created_at=now,
            created_by_id=author_id,
        )
        tell_of_version("journey.created", version, actor_id=author_id, now=now)
    return version


def start_draft(*, journey_id: int, author_id: int | None, now: datetime) -> JourneyVersion:
    """
    Begin a draft as a copy of the newest published version; its steps follow their activities' newest wording again.

    Raises DraftExists, NothingToCopy.
    """
    with transaction.atomic():
        versions = JourneyVersion.objects.filter(journey_id=journey_id)
        if versions.filter(status=VersionStatus.DRAFT).exists():
            raise DraftExists
        source = versions.exclude(status=VersionStatus.DRAFT).order_by("-number").first()
        if source is None:
            raise NothingToCopy
        version = new_draft(journey_id=journey_id, title=source.title, author_id=author_id, now=now)
        fill_version(version, content_of(source.pk), rows_of(source.pk))
        tell_of_version("journey.drafted", version, actor_id=author_id, now=now)
    return version


def new_draft(*, journey_id: int, title: str, author_id: int | None, now: datetime) -> JourneyVersion:
    """
    Add an empty draft with the next number; the caller fills it in the same transaction.

    Raises DraftExists, also when another designer began one at the same moment.
    """
    newest = JourneyVersion.objects.filter(journey_id=journey_id).aggregate(newest=Max("number"))["newest"] or 0
    try:
        with transaction.atomic():
            version = JourneyVersion.objects.create(
                journey_id=journey_id, number=newest + 1, title=title, created_at=now, created_by_id=author_id
            )
    except IntegrityError as error:
        raise DraftExists from error
    return JourneyVersion.objects.select_related("journey").get(pk=version.pk)


def rows_of(version_id: int) -> Rows:
    """Return the rows that a version's content is made of, for a copy; 4 queries."""
    skills = dict(VersionSkill.objects.filter(version_id=version_id).values_list("skill__key", "skill_id"))
    module_skills = ModuleSkill.objects.filter(module__version_id=version_id).values_list("skill__key", "skill_id")
    indicators = VersionIndicator.objects.filter(version_id=version_id).values_list("indicator__key", "indicator_id")
    activities = Step.objects.filter(version_id=version_id).values_list("key", "activity_id")
    return Rows(skills={**dict(module_skills), **skills}, indicators=dict(indicators), activities=dict(activities))


def update_version(
    *,
    version_id: int,
    title: str,
    summary: str,
    language: str,
    license: str,
    weeks: int,
    expected_edits: int | None = None,
) -> JourneyVersion:
    """
    Describe a draft anew: what learners read before they join, its language, license and length in weeks.

    Raises VersionFrozen, EditedMeanwhile, UnknownVersion, InvalidAuthoring.
    """
    faults = []
    if not title.strip():
        faults.append(Fault("/title", "Give the journey a title.", "missing"))
    if not 1 <= weeks <= 104:
        faults.append(Fault("/weeks", "Give a number of weeks from 1 to 104."))
    if faults:
        raise InvalidAuthoring(faults=faults)
    with transaction.atomic():
        version = claim_draft(version_id=version_id, expected_edits=expected_edits, act=Act.DESCRIBED)
        version.title = title.strip()
        version.summary = summary
        version.language = language
        version.license = license
        version.weeks = weeks
        version.save(update_fields=["title", "summary", "language", "license", "weeks"])
    return version


def discard_draft(*, version_id: int, expected_edits: int | None = None) -> None:
    """
    Delete a draft; a journey that never had another version goes with it. Activities stay in the library.

    Raises VersionFrozen, EditedMeanwhile, UnknownVersion.
    """
    with transaction.atomic():
        version = claim_draft(version_id=version_id, expected_edits=expected_edits)
        journey = version.journey
        version.delete()
        if not journey.versions.exists():
            journey.delete()


def _new_journey(organization_id: int, key: str, author_id: int | None, now: datetime) -> Journey:
    try:
        with transaction.atomic():
            return Journey.objects.create(
                organization_id=organization_id, key=key, created_at=now, created_by_id=author_id
            )
    except IntegrityError as error:
        detail = f"Another journey has the key “{key}”. Choose another one."
        raise KeyTaken(faults=[Fault("/key", detail, "key_taken")]) from error

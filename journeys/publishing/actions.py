"""Freezing a version, and taking one out of use."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from config.support.errors import Fault
from journeys.authoring.actions.drafts import claim_draft
from journeys.authoring.actions.events import tell_of_version
from journeys.authoring.actions.history import editing
from journeys.authoring.errors import UnknownVersion
from journeys.authoring.models import Act, JourneyVersion, Step
from journeys.authoring.models.journey import VersionStatus
from journeys.authoring.queries.content import content_of
from journeys.authoring.rules.content import VersionContent
from journeys.publishing.errors import NotReady
from journeys.publishing.queries import check_content


def publish_version(
    *, version_id: int, actor_id: int | None, note: str = "", now: datetime, expected_edits: int | None = None
) -> JourneyVersion:
    """
    Freeze a draft: pin the wording of each step, keep what the checks note, date it, and retire the one before.

    People on the older version stay on it; moving them is another act. Raises NotReady with every error that the
    checks find, VersionFrozen, EditedMeanwhile, UnknownVersion.
    """
    with transaction.atomic(), editing(by=actor_id, now=now):
        version = claim_draft(version_id=version_id, expected_edits=expected_edits, act=Act.PUBLISHED)
        content = content_of(version_id)
        findings = check_content(content)
        errors = [finding for finding in findings if finding.level == "error"]
        if errors:
            raise NotReady(faults=[Fault(f.where, f.detail, f.code) for f in errors])
        _pin(version_id, content)
        JourneyVersion.objects.filter(journey_id=version.journey_id, status=VersionStatus.PUBLISHED).update(
            status=VersionStatus.RETIRED
        )
        version.status = VersionStatus.PUBLISHED
        version.published_at = now
        version.published_by_id = actor_id
        version.publish_note = note
        version.findings = [asdict(finding) for finding in findings]
        version.save(update_fields=["status", "published_at", "published_by", "publish_note", "findings"])
        tell_of_version("journey.published", version, actor_id=actor_id, now=now)
    return version


def retire_version(*, version_id: int, actor_id: int | None, now: datetime) -> JourneyVersion:
    """
    Take a published version out of use for new cohorts; people on it go on. Idempotent.

    Raises UnknownVersion, also for a draft, which is discarded instead.
    """
    with transaction.atomic():
        version = (
            JourneyVersion.objects.select_for_update(of=("self",))
            .select_related("journey")
            .filter(pk=version_id)
            .exclude(status=VersionStatus.DRAFT)
            .first()
        )
        if version is None:
            raise UnknownVersion("There is no such published version. A draft can be discarded.")
        if version.status != VersionStatus.RETIRED:
            version.status = VersionStatus.RETIRED
            version.save(update_fields=["status"])
            tell_of_version("journey.retired", version, actor_id=actor_id, now=now)
    return version


def _pin(version_id: int, content: VersionContent) -> None:
    """Pin each step to the wording that was checked, not to one that somebody has written since."""
    checked = {step.key: step.revision_id for step in content.steps}
    steps = list(Step.objects.filter(version_id=version_id))
    for step in steps:
        step.revision_id = checked[step.key]
    Step.objects.bulk_update(steps, ["revision"])

"""Reads of single steps."""

from collections.abc import Collection
from typing import Final

from config.support.prepared import Prepared, text, whole
from content.activities.models import ActivityRevision
from journeys.authoring.errors import UnknownStep
from journeys.authoring.models import JourneyVersion, Step

_step: Final = Prepared(
    lambda: Step.objects.select_related("module", "activity", "activity__latest", "revision").filter(
        version_id=whole("version"), key=text("key")
    )
)


def get_step(version_id: int, step_key: str) -> Step:
    """
    Return the step of this key, with its module, activity and both revisions loaded; one query.

    Raises UnknownStep.
    """
    step = _step.first(version=version_id, key=step_key)
    if step is None:
        raise UnknownStep(f"This version has no step “{step_key}”.")
    return step


def step_on_record(version: JourneyVersion, step_key: str) -> Step:
    """
    Return a step as a version has it or, where it has lost the step, as the newest published version that had it.

    For what people did under an earlier version of their journey: a key never gets another meaning. One query, two for
    a lost step. Raises UnknownStep.
    """
    step = _step.first(version=version.pk, key=step_key)
    if step is not None:
        return step
    lost = steps_on_record(version, [step_key])
    if step_key not in lost:
        raise UnknownStep(f"No version of this journey had a step “{step_key}”.")
    return lost[step_key]


def steps_on_record(version: JourneyVersion, step_keys: Collection[str]) -> dict[str, Step]:
    """Return each of these steps as the newest published version of the journey had it, by key; one query."""
    rows = Step.objects.filter(version__journey_id=version.journey_id, key__in=step_keys, revision__isnull=False)
    published = rows.exclude(version__published_at=None).select_related("module", "activity", "revision")
    return {step.key: step for step in published.order_by("version__number")}


def effective_revision(step: Step) -> ActivityRevision:
    """
    Return the wording that this step shows: the pinned one, else the activity's newest.

    No query when the step came from get_step, or with revision and activity__latest selected.
    """
    revision = step.revision or step.activity.latest
    if revision is None:
        raise UnknownStep(f"The activity of “{step.key}” has no wording yet.")
    return revision

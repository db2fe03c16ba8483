"""How a cohort moves as a whole: one pass over the roll-ups, whatever was completed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Count, Max, Q, Sum

from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries import outline_for
from learners.board.rules.places import translated
from learners.cohorts.models import Cohort, Enrollment
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.nudges.models import DeliveryState, NudgeDelivery

# Outcomes of messages are history: counting all of them anew for every look would cost more than the rest together.
OUTCOMES_KEPT_SECONDS: Final = 60
ENDED: Final = (DeliveryState.SENT, DeliveryState.SUPPRESSED, DeliveryState.FAILED, DeliveryState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class NudgeOutcomes:
    """What became of the cohort's messages that have ended, as of a moment at most a minute ago."""

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    suppressed: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CohortProgress:
    """
    Counts of people (learners: without those who withdrew) and of steps.

    by_status: every status. at_position: people under way or through, by the position (from 1) of the module they are
    in, in the cohort's own version: whoever is through is in its last one, whoever runs another version where their
    module stands in it, or the last one before it that it has. through: people who completed everything. behind: under
    way with a deadline that has passed. stamp: revisions and passed deadlines, for an entity tag.
    """

    learners: int
    by_status: dict[str, int]
    at_position: dict[int, int]
    required: int
    completed: int
    practiced: int
    behind: int
    outcomes: NudgeOutcomes
    stamp: tuple[Any, ...]

    @property
    def through(self) -> int:
        return self.by_status[EnrollmentStatus.COMPLETED]

    @property
    def under_way(self) -> int:
        """People who can be on schedule or behind."""
        return self.by_status[EnrollmentStatus.ACTIVE] + self.by_status[EnrollmentStatus.INVITED]

    def reached(self, position: int) -> int:
        """Return how many people are in the module at this position, in a later one, or through."""
        return sum(count for at, count in self.at_position.items() if at >= position)


def cohort_progress(cohort: Cohort, *, now: datetime) -> CohortProgress:
    """
    Return the summary of a cohort: one query over its roll-ups, and one a minute over the fate of its messages.

    One more where people of the cohort run other versions than its own. The cohort with its version and journey.
    """
    # Only columns of the index enrollment_cohort_summary are named here, so that it is read instead of the rows.
    groups: list[Any] = list(
        Enrollment.objects.filter(cohort=cohort)
        .order_by()
        .values("status", "version", "current_position")
        .annotate(
            people=Count("*"),
            steps_required=Sum("required"),
            steps_completed=Sum("completed"),
            steps_practiced=Sum("practiced"),
            late=Count("status", filter=Q(next_due_at__lt=now)),
            revisions=Sum("revision"),
            newest=Max("updated_at"),
        )
    )
    outcomes = nudge_outcomes(cohort.pk)
    present = [group for group in groups if group["status"] != EnrollmentStatus.WITHDRAWN]
    by_status = _tally(groups, "status")
    return CohortProgress(
        learners=sum(group["people"] for group in present),
        by_status={status: by_status.get(status, 0) for status in EnrollmentStatus.values},
        at_position=_positions(cohort, present),
        required=sum(group["steps_required"] for group in present),
        completed=sum(group["steps_completed"] for group in present),
        practiced=sum(group["steps_practiced"] for group in present),
        behind=sum(group["late"] for group in present),
        outcomes=outcomes,
        stamp=_stamp(cohort, groups, outcomes),
    )


def _positions(cohort: Cohort, groups: list[Any]) -> dict[int, int]:
    """Count people by where they stand in the cohort's own version."""
    others = {group["version"] for group in groups} - {cohort.version_id}
    versions = JourneyVersion.objects.filter(pk__in=others).select_related("journey") if others else ()
    own = [module.key for module in outline_for(cohort.version).modules]
    places = {
        version.pk: translated([module.key for module in outline_for(version).modules], own) for version in versions
    }
    counted: Counter[int] = Counter()
    for group in groups:
        place = group["current_position"]
        if group["status"] == EnrollmentStatus.COMPLETED:
            place = len(own)
        elif group["version"] in places:
            place = places[group["version"]].get(place, place)
        counted[place] += group["people"]
    return dict(counted)


def _tally(groups: Iterable[Any], name: str) -> dict[Any, int]:
    counted: Counter[Any] = Counter()
    for group in groups:
        counted[group[name]] += group["people"]
    return dict(counted)


def _stamp(cohort: Cohort, groups: list[Any], outcomes: NudgeOutcomes) -> tuple[Any, ...]:
    """Everything that the answer depends on: rows by count, revision and date, deadlines by how many have passed."""
    return (
        cohort.uuid.hex,
        cohort.updated_at,
        cohort.version_id,
        sum(group["people"] for group in groups),
        sum(group["revisions"] for group in groups),
        max((group["newest"] for group in groups), default=None),
        sum(group["late"] for group in groups),
        (outcomes.sent, outcomes.failed, outcomes.unknown, tuple(sorted(outcomes.suppressed.items()))),
    )


def nudge_outcomes(cohort_id: int) -> NudgeOutcomes:
    """Return what became of a cohort's messages; at most one query a minute and process, or Redis."""
    key = f"board:outcomes:{cohort_id}"
    known: NudgeOutcomes | None = cache.get(key)
    if known is None:
        known = _count_outcomes(cohort_id)
        cache.set(key, known, timeout=OUTCOMES_KEPT_SECONDS)
    return known


def _count_outcomes(cohort_id: int) -> NudgeOutcomes:
    ended = NudgeDelivery.objects.filter(cohort_id=cohort_id, state__in=ENDED).order_by()
    states: Counter[str] = Counter()
    suppressed: Counter[str] = Counter()
    for state, reason, count in ended.values_list("state", "reason").annotate(n=Count("id")):
        states[state] += count
        if state == DeliveryState.SUPPRESSED:
            suppressed[reason] += count
    return NudgeOutcomes(
        sent=states[DeliveryState.SENT],
        failed=states[DeliveryState.FAILED],
        unknown=states[DeliveryState.UNKNOWN],
        suppressed=dict(suppressed),
    )

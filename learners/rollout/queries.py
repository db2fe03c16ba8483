"""Who would move to a version, what that changes for each, and the log of what was done."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from config.accounts.actor import Actor
from config.accounts.models import User
from journeys.authoring.errors import UnknownVersion
from journeys.authoring.models import Journey, JourneyVersion
from journeys.authoring.queries import outline_for
from journeys.schedule.facts import Facts
from journeys.schedule.timeline import timeline
from learners.cohorts.models import Cohort, Enrollment, EnrollmentAdjustment
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.cohorts.queries import WITH_TERMS
from learners.progress.models import Completion
from learners.progress.queries import timelines_of
from learners.rollout.errors import UnknownRollout
from learners.rollout.models import EnrollmentMove, Rollout
from learners.rollout.rules import (
    IS_THERE,
    MOVES,
    POLICIES,
    VERDICTS,
    Effect,
    Traveler,
    effect_of,
    required_keys,
    verdict,
)

AT_ONCE: Final = 2_000
PEOPLE_A_PAGE: Final = 50
STILL: Final = (EnrollmentStatus.COMPLETED, EnrollmentStatus.WITHDRAWN)


def traveler_of(enrollment: Enrollment, facts: Facts, version_id: int) -> Traveler:
    """Return what decides about a person whose facts are known; no query."""
    return Traveler(
        status=enrollment.status,
        is_there=enrollment.version_id == version_id,
        has_started=enrollment.last_activity_at is not None or bool(facts.completed),
        completed=frozenset(facts.completed),
        exempted=facts.exempted,
    )


@dataclass(frozen=True, slots=True)
class CohortPlan:
    """One cohort with how many of its people have which verdict; those who are there already are not counted."""

    cohort: Cohort
    counts: Mapping[str, int]

    @property
    def people(self) -> int:
        return sum(self.counts.values())

    @property
    def moves(self) -> int:
        return self.counts.get(MOVES, 0)


@dataclass(frozen=True, slots=True)
class RolloutPlan:
    """What a rollout would do: cohorts by name, and people by verdict over all of them, in the order of VERDICTS."""

    cohorts: tuple[CohortPlan, ...]
    totals: Mapping[str, int]

    @property
    def moves(self) -> int:
        return self.totals.get(MOVES, 0)


def is_run(version: JourneyVersion) -> bool:
    """Tell whether any cohort runs this version."""
    return Cohort.objects.filter(version=version).exists()


def cohorts_elsewhere(version: JourneyVersion) -> QuerySet[Cohort]:
    """Return the cohorts of the journey that are not wholly on this version, by name; no query of its own."""
    elsewhere = Enrollment.objects.filter(cohort=OuterRef("pk")).exclude(version_id=version.pk)
    cohorts = Cohort.objects.filter(version__journey_id=version.journey_id).select_related("version")
    # A cohort that nobody joined yet counts too: its first people would begin with the old version.
    return cohorts.filter(Exists(elsewhere) | ~Q(version_id=version.pk)).order_by("name", "pk")


def plan_rollouts(version: JourneyVersion, *, cohort_ids: Collection[int] | None = None) -> dict[str, RolloutPlan]:
    """
    Count who would move and who would stay under each policy, for these cohorts or all that are elsewhere.

    Exact: the same rule decides when people are moved. Three queries for each 2,000 people, and two more.
    """
    cohorts = list(cohorts_elsewhere(version))
    if cohort_ids is not None:
        cohorts = [cohort for cohort in cohorts if cohort.pk in set(cohort_ids)]
    counts = {policy: {cohort.pk: Counter[str]() for cohort in cohorts} for policy in POLICIES}
    required = required_keys(outline_for(version))
    for cohort_id, traveler in _travelers([cohort.pk for cohort in cohorts], version.pk):
        for policy in POLICIES:
            counts[policy][cohort_id][verdict(traveler, policy=policy, required=required)] += 1
    return {policy: _plan(cohorts, counts[policy]) for policy in POLICIES}


def _plan(cohorts: Sequence[Cohort], counts: Mapping[int, Counter[str]]) -> RolloutPlan:
    return RolloutPlan(
        cohorts=tuple(CohortPlan(cohort, _ordered(counts[cohort.pk])) for cohort in cohorts),
        totals=_ordered(sum(counts.values(), Counter())),
    )


def _ordered(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: counts[name] for name in VERDICTS if counts.get(name) and name != IS_THERE}


def _travelers(cohort_ids: Sequence[int], version_id: int) -> Iterator[tuple[int, Traveler]]:
    last = 0
    people = Enrollment.objects.filter(cohort__in=cohort_ids).exclude(version_id=version_id).order_by("pk")
    columns = ("pk", "cohort_id", "status", "last_activity_at")
    while rows := list(people.filter(pk__gt=last).values_list(*columns)[:AT_ONCE]):
        last = rows[-1][0]
        under_way = [pk for pk, _, status, _ in rows if status not in STILL]
        completed, exempted = _completed(under_way), _exempted(under_way)
        for pk, cohort_id, status, last_activity_at in rows:
            yield (
                cohort_id,
                Traveler(
                    status=status,
                    is_there=False,
                    has_started=last_activity_at is not None or bool(completed[pk]),
                    completed=frozenset(completed[pk]),
                    exempted=frozenset(exempted[pk]),
                ),
            )


def _completed(enrollment_ids: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = Completion.objects.filter(enrollment__in=enrollment_ids)
    for pk, key in rows.values_list("enrollment_id", "step_key"):
        found[pk].add(key)
    return found


def _exempted(enrollment_ids: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = EnrollmentAdjustment.objects.filter(enrollment__in=enrollment_ids, kind="exempt")
    for pk, key in rows.values_list("enrollment_id", "key"):
        found[pk].add(key.rpartition("/")[2])
    return found


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person of a plan: what becomes of them, and for those who move what changes."""

    enrollment: Enrollment
    verdict: str
    effect: Effect | None


def list_affected(
    actor: Actor,
    version: JourneyVersion,
    *,
    policy: str,
    cohort_ids: Collection[int],
    page: str | int | None,
    now: datetime,
) -> tuple[list[PersonLine], "Page[Enrollment]"]:
    """
    Return a page of the people of a plan whom the actor may see by name, with what a move changes for each.

    Those under way come first. Designers who run no cohort see counts alone: progress by name is for those who look
    after people. About nine queries.
    """
    people = Enrollment.objects.visible_to(actor).filter(cohort__in=cohort_ids).exclude(version_id=version.pk)
    last = Case(When(status__in=STILL, then=Value(1)), default=Value(0))
    ordered = people.select_related(*WITH_TERMS).order_by(last, "cohort__name", "user__name", "pk")
    shown = Paginator(ordered, PEOPLE_A_PAGE).get_page(page)
    rows = list(shown.object_list)
    standings = timelines_of(rows)
    outline = outline_for(version)
    required = required_keys(outline)
    lines = []
    for enrollment in rows:
        standing = standings[enrollment.pk]
        said = verdict(traveler_of(enrollment, standing.facts, version.pk), policy=policy, required=required)
        effect = None
        if said == MOVES:
            after = timeline(outline, standing.facts, standing.calendar)
            effect = effect_of(standing.facts, (standing.outline, standing.timeline), (outline, after), now=now)
        lines.append(PersonLine(enrollment, said, effect))
    return lines, shown


def get_rollout(actor: Actor, rollout_uuid: UUID) -> Rollout:
    """Return one entry of the log with its version and who made it; one query. Raises UnknownRollout."""
    rollouts = Rollout.objects.visible_to(actor).select_related("version__journey", "started_by", "undoes")
    rollout = rollouts.filter(uuid=rollout_uuid).first()
    if rollout is None:
        raise UnknownRollout
    return rollout


def unfinished(journey_id: int) -> Rollout | None:
    """Return the rollout of a journey that is still moving people, if there is one; one query."""
    return Rollout.objects.filter(journey_id=journey_id, finished_at=None).first()


@dataclass(frozen=True, slots=True)
class LogEntry:
    """
    One thing that happened to a journey: a version was published, people were moved, or a move was taken back.

    rollout None: the version was published. by: a name, "" where nobody is known any more.
    """

    at: datetime
    by: str
    version: JourneyVersion
    note: str
    rollout: Rollout | None = None
    is_undone: bool = False


def read_log(actor: Actor, journey_uuid: UUID) -> tuple[Journey, list[LogEntry]]:
    """Return everything that was published and moved in a journey, newest first: 3 queries. Raises UnknownVersion."""
    journey = Journey.objects.visible_to(actor).filter(uuid=journey_uuid).first()
    if journey is None:
        raise UnknownVersion
    versions = journey.versions.exclude(published_at=None).select_related("published_by", "journey")
    log = [
        LogEntry(version.published_at, _name(version.published_by), version, version.publish_note)
        for version in versions
        if version.published_at is not None
    ]
    rollouts = list(Rollout.objects.filter(journey=journey).select_related("version", "started_by", "undoes"))
    undone = {rollout.undoes_id for rollout in rollouts}
    log += [
        LogEntry(
            rollout.started_at,
            _name(rollout.started_by),
            rollout.version,
            rollout.note,
            rollout,
            is_undone=rollout.pk in undone,
        )
        for rollout in rollouts
    ]
    return journey, sorted(log, key=lambda entry: entry.at, reverse=True)


def _name(person: User | None) -> str:
    return str(person) if person is not None else ""


def list_moved(actor: Actor, rollout: Rollout, *, page: str | int | None) -> "tuple[Page[EnrollmentMove], int]":
    """Return a page of those who were moved and whom the actor may see by name, and how many others there are."""
    visible = Enrollment.objects.visible_to(actor)
    moves = EnrollmentMove.objects.filter(rollout=rollout, enrollment__in=visible)
    related = ("enrollment__user", "enrollment__cohort", "from_version", "to_version")
    ordered = moves.select_related(*related).order_by("enrollment__cohort__name", "enrollment__user__name", "pk")
    shown = Paginator(ordered, PEOPLE_A_PAGE)
    return shown.get_page(page), rollout.moved - shown.count


def is_undone(rollout: Rollout) -> bool:
    """Tell whether a rollout was taken back; one query."""
    return Rollout.objects.filter(undoes=rollout).exists()

"""Where a learner stands on a journey, as pages show it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from journeys.schedule.facts import Facts
from learners.cohorts.models import Enrollment
from learners.player.queries.addresses import Addresses, OwnAddresses
from learners.player.rules import Trail, walk
from learners.progress.models import Attempt, AttemptState
from learners.progress.queries import Standing, timelines_of
from learners.reflections.queries import drafts_in


@dataclass(frozen=True)
class Walk:
    """One enrollment with its schedule and its trail. addresses: where its pages are."""

    enrollment: Enrollment
    standing: Standing
    trail: Trail
    addresses: Addresses

    @property
    def facts(self) -> Facts:
        return self.standing.facts

    @property
    def zone(self) -> str:
        """The learner's time zone: every hour on a page is read in it."""
        return self.standing.facts.zone


def load_walk(enrollment: Enrollment, *, now: datetime) -> Walk:
    """Return one person's walk: 4 queries for an enrollment that came with its terms and a version that is known."""
    return load_walks([enrollment], now=now)[0]


def load_walks_briefly(enrollments: Sequence[Enrollment], *, now: datetime) -> list[Walk]:
    """Return the walks in 3 queries, whatever their number: a step that was begun is called open."""
    standings = timelines_of(enrollments) if enrollments else {}
    return [_walk(one, standings[one.pk], set(), now) for one in enrollments]


def load_walks(enrollments: Sequence[Enrollment], *, now: datetime) -> list[Walk]:
    """Return the walks in the order of the enrollments: 4 queries whatever their number, none for none."""
    if not enrollments:
        return []
    standings = timelines_of(enrollments)
    started = _started([enrollment.pk for enrollment in enrollments])
    return [_walk(one, standings[one.pk], started[one.pk], now) for one in enrollments]


def _walk(enrollment: Enrollment, standing: Standing, started: set[str], now: datetime) -> Walk:
    trail = walk(standing.outline, standing.facts, standing.timeline, started=started, now=now)
    return Walk(enrollment, standing, trail, OwnAddresses(enrollment.uuid))


def _started(enrollment_ids: list[int]) -> dict[int, set[str]]:
    attempts = Attempt.objects.filter(enrollment_id__in=enrollment_ids, state=AttemptState.STARTED)
    keys: dict[int, set[str]] = defaultdict(set)
    begun = attempts.values_list("enrollment_id", "step_key").union(drafts_in(enrollment_ids))
    for enrollment_id, step_key in begun:
        keys[enrollment_id].add(step_key)
    return keys

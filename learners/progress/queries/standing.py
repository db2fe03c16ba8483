"""Where people stand: their facts, and the timeline that follows from them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from django.db.models import prefetch_related_objects

from config.support.prepared import Prepared, whole
from journeys.authoring.queries import outline_for
from journeys.schedule.calendar import WorkCalendar
from journeys.schedule.facts import Facts, Level, Try
from journeys.schedule.outline import Outline
from journeys.schedule.timeline import Timeline, timeline
from learners.cohorts.models import Enrollment
from learners.cohorts.queries import WITH_TERMS, adjustments_of, terms_of
from learners.cohorts.rules.own_facts import Done, calendar_of, facts_of
from learners.progress.models import Attempt, AttemptState, Completion, ModuleOpening, Rating

# A timeline follows from its arguments alone, and one visit asks for the same one several times: for the page, under
# the lock, for the messages. An outline and a calendar are equal only to themselves, facts are compared by value.
KEPT: Final = 256
_timeline_for: Final = lru_cache(maxsize=KEPT)(timeline)

_Completed: TypeAlias = tuple[int, str, datetime, datetime | None, Decimal | None]
_COMPLETED: Final = ("enrollment_id", "step_key", "completed_at", "passed_at", "score_scaled")
_OPENED: Final = ("enrollment_id", "module_key", "opened_at")
_completions_of_one: Final = Prepared(
    lambda: Completion.objects.filter(enrollment_id=whole("enrollment")).values_list(*_COMPLETED)
)
_openings_of_one: Final = Prepared(
    lambda: ModuleOpening.objects.filter(enrollment_id=whole("enrollment")).values_list(*_OPENED)
)


class Standing(NamedTuple):
    """Everything that follows from what one person did: outline, facts, timeline and work calendar."""

    outline: Outline
    facts: Facts
    timeline: Timeline
    calendar: WorkCalendar


def load_facts(enrollment: Enrollment) -> Facts:
    """Return the facts of one enrollment: 3 queries, 4 or 5 where a rule counts attempts or asks for ratings."""
    return load_facts_many([enrollment])[enrollment.pk]


def load_facts_many(enrollments: Sequence[Enrollment]) -> dict[int, Facts]:
    """
    Return the facts of many enrollments by id: 3 queries, whatever their number.

    One more where a rule counts attempts, and one where a rule asks for ratings.

    Up to 6 more load cohorts, organizations, people, versions and journeys where they were not selected with them
    (see cohorts.queries.WITH_TERMS).
    """
    enrollments = list(enrollments)
    prefetch_related_objects(enrollments, *WITH_TERMS)
    ids = [enrollment.pk for enrollment in enrollments]
    done, adjustments = done_by(enrollments), adjustments_of(ids)
    return {
        enrollment.pk: facts_of(terms_of(enrollment), adjustments.get(enrollment.pk, ()), done[enrollment.pk])
        for enrollment in enrollments
    }


def done_of(enrollment_ids: Iterable[int]) -> dict[int, Done]:
    """Return what completions and recorded openings say, for every id; two queries."""
    ids = list(enrollment_ids)
    completed: dict[int, dict[str, datetime]] = defaultdict(dict)
    passed: dict[int, dict[str, datetime]] = defaultdict(dict)
    ratios: dict[int, dict[str, float]] = defaultdict(dict)
    opened: dict[int, dict[str, datetime]] = defaultdict(dict)
    for pk, key, completed_at, passed_at, score in _completions(ids):
        completed[pk][key] = completed_at
        if passed_at is not None:
            passed[pk][key] = passed_at
        if score is not None:
            ratios[pk][key] = float(score)
    for pk, key, opened_at in _openings(ids):
        opened[pk][key] = opened_at
    return {pk: Done(completed[pk], passed[pk], ratios[pk], opened[pk]) for pk in ids}


def done_by(enrollments: Sequence[Enrollment]) -> dict[int, Done]:
    """
    Return what these people did, by enrollment id: two queries.

    One more where a rule of theirs counts attempts, and one where a rule asks for ratings. Nobody pays for what no rule
    asks for: attempts are the largest table, and ratings are private, so they are read only where they decide.
    """
    done = done_of(enrollment.pk for enrollment in enrollments)
    outlines = {enrollment.pk: outline_for(enrollment.version) for enrollment in enrollments}
    counting = [pk for pk, outline in outlines.items() if outline.counts_attempts]
    asking = [pk for pk, outline in outlines.items() if outline.asks_ratings]
    tries = tries_of(counting) if counting else {}
    levels = levels_of(asking) if asking else {}
    if not tries and not levels:
        return done
    return {pk: replace(one, tries=tries.get(pk, {}), levels=levels.get(pk, {})) for pk, one in done.items()}


def tries_of(enrollment_ids: Collection[int]) -> dict[int, dict[str, tuple[Try, ...]]]:
    """Return the judged attempts at each step in their order, by enrollment id and step key; one query."""
    rows = Attempt.objects.filter(enrollment_id__in=enrollment_ids, state=AttemptState.JUDGED)
    found: dict[int, dict[str, tuple[Try, ...]]] = defaultdict(dict)
    for row in rows.exclude(passed=None, score_scaled=None).order_by("number"):
        score = None if row.score_scaled is None else float(row.score_scaled)
        before = found[row.enrollment_id].get(row.step_key, ())
        found[row.enrollment_id][row.step_key] = (*before, Try(row.saved_at, row.passed, score))
    return found


def levels_of(enrollment_ids: Collection[int]) -> dict[int, dict[str, tuple[Level, ...]]]:
    """
    Return how people rated themselves at each step, by enrollment id and step key; one query.

    For the schedule alone: what follows from a rating may be shown to others, the rating may not.
    """
    rows = Rating.objects.filter(enrollment_id__in=enrollment_ids).order_by("id")
    found: dict[int, dict[str, tuple[Level, ...]]] = defaultdict(dict)
    columns = ("enrollment_id", "step_key", "indicator__key", "level__level", "rated_at")
    for pk, key, behavior, level, rated_at in rows.values_list(*columns):
        found[pk][key] = (*found[pk].get(key, ()), Level(behavior, level, rated_at))
    return found


def _completions(ids: Sequence[int]) -> Iterable[_Completed]:
    if len(ids) == 1:
        return _completions_of_one(enrollment=ids[0])
    return Completion.objects.filter(enrollment_id__in=ids).values_list(*_COMPLETED)


def _openings(ids: Sequence[int]) -> Iterable[tuple[int, str, datetime]]:
    if len(ids) == 1:
        return _openings_of_one(enrollment=ids[0])
    return ModuleOpening.objects.filter(enrollment_id__in=ids).values_list(*_OPENED)


def timeline_of(enrollment: Enrollment) -> Standing:
    """Return where one person stands: the queries of load_facts, and those of an outline that is not known yet."""
    return timelines_of([enrollment])[enrollment.pk]


def timelines_of(enrollments: Sequence[Enrollment]) -> dict[int, Standing]:
    """Return where many people stand, by enrollment id: the queries of load_facts_many, and the outlines' once."""
    every = load_facts_many(enrollments)
    return {enrollment.pk: standing_of(enrollment, every[enrollment.pk]) for enrollment in enrollments}


def standing_of(enrollment: Enrollment, facts: Facts) -> Standing:
    """Work out the timeline for facts that are known; no query for a published version known to this process."""
    outline = outline_for(enrollment.version)
    calendar = calendar_of(terms_of(enrollment))
    return Standing(outline, facts, _timeline_for(outline, facts, calendar), calendar)

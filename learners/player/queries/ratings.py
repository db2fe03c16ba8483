"""A learner's own ratings, all occasions side by side, each in the words that were chosen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from config.accounts.actor import Actor
from content.activities.queries import spec_of
from content.kinds.errors import SpecError
from content.kinds.self_rating import OCCASION_LABELS, SelfRatingSpec
from content.kinds.shapes import Words
from content.skills.models import BehaviorIndicator
from journeys.authoring.models import Step
from journeys.authoring.queries import effective_revision
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.cohorts.queries import list_own_enrollments
from learners.player.queries.walks import Walk, load_walks_briefly
from learners.player.rules import State, StepPlace
from learners.progress.models import Rating
from learners.ratings.queries import behaviors_by_version, own_ratings, with_levels
from learners.ratings.rules import OCCASIONS, Given, Move, counts_instead, move


@dataclass(frozen=True)
class OccasionLine:
    """
    One occasion of one behavior: what was chosen, or when it can be.

    place: of the level, 1 is the lowest; of: how many there are. step_url: of a rating that waits to be given.
    is_asked: whether the journey asks on this occasion at all.
    """

    occasion: str
    label: Words
    anchor: str = ""
    place: int = 0
    of: int = 0
    rated_at: datetime | None = None
    step_url: str = ""
    opens_at: datetime | None = None
    is_asked: bool = True


@dataclass(frozen=True)
class BehaviorRatings:
    """
    One behavior with its four occasions.

    shift: the look back beside the first answer; change, felt: the end beside the first answer, and beside the look
    back; lasting: weeks later beside the end. None where two cannot be compared; reworded: because the anchors changed.
    """

    key: str
    text: str
    levels: Sequence[str]
    lines: Sequence[OccasionLine]
    shift: Move | None
    change: Move | None
    felt: Move | None
    lasting: Move | None
    reworded: bool


@dataclass(frozen=True)
class JourneyRatings:
    """
    The ratings of one enrollment. waits: a rating that is open now; is_hidden: what was given before rests until then.
    """

    title: str
    map_url: str
    zone: str
    behaviors: Sequence[BehaviorRatings]
    waits: StepPlace | None
    waits_url: str
    is_hidden: bool


@dataclass(frozen=True)
class RatingsPage:
    """Every journey of the person that asks for ratings, the one under way first."""

    journeys: Sequence[JourneyRatings]


Asked = list[tuple[StepPlace, SelfRatingSpec]]


def load_ratings(actor: Actor, *, shows_all: bool, now: datetime) -> RatingsPage:
    """
    Return the person's own ratings in the active organization; 7 queries for known versions, whatever their number.

    While a rating is open that has not been given, earlier ones of its journey are left out, so that they do not lead
    the answer. shows_all: the person wants to see them nevertheless.
    """
    walks = load_walks_briefly(list(list_own_enrollments(actor)), now=now)
    asked = _asked(walks)
    given: dict[int, list[Rating]] = {}
    for rating in own_ratings(actor):
        given.setdefault(rating.enrollment_id, []).append(rating)
    words = behaviors_by_version(
        {walk.enrollment.version_id for walk in walks if asked.get(walk.enrollment.version_id)}
    )
    with_levels([*words.values(), *(rating.indicator for rows in given.values() for rating in rows)])
    found = [
        _journey(walk, _places(walk, asked), given.get(walk.enrollment.pk, []), words, shows_all) for walk in walks
    ]
    return RatingsPage([one for one in found if one.behaviors])


def has_ratings(walk: Walk) -> bool:
    """Say whether a journey asks for ratings; no query."""
    return any(step.outline.kind == "self_rating" for step in walk.trail.steps)


def _asked(walks: Sequence[Walk]) -> dict[int, dict[str, SelfRatingSpec]]:
    """What each rating step of each version asks, by version and step key; one query, none without such a step."""
    versions = {walk.enrollment.version_id for walk in walks if has_ratings(walk)}
    if not versions:
        return {}
    steps = Step.objects.filter(version_id__in=versions, activity__kind="self_rating")
    found: dict[int, dict[str, SelfRatingSpec]] = {}
    for step in steps.select_related("activity__latest", "revision"):
        try:
            spec = spec_of("self_rating", effective_revision(step))
        except SpecError:
            continue
        if isinstance(spec, SelfRatingSpec):
            found.setdefault(step.version_id, {})[step.key] = spec
    return found


def _places(walk: Walk, asked: Mapping[int, Mapping[str, SelfRatingSpec]]) -> Asked:
    specs = asked.get(walk.enrollment.version_id, {})
    return [(step, specs[step.key]) for step in walk.trail.steps if step.key in specs]


def _journey(
    walk: Walk,
    asked: Asked,
    given: Sequence[Rating],
    words: Mapping[tuple[int, str], BehaviorIndicator],
    shows_all: bool,
) -> JourneyRatings:
    waits = _waiting(walk, asked)
    is_hidden = bool(waits and given) and not shows_all
    enrollment = walk.enrollment
    shown = [] if is_hidden else given
    keys = dict.fromkeys(
        [*(key for _step, spec in asked for key in spec.indicators), *(r.indicator.key for r in given)]
    )
    behaviors = [
        _behavior(
            walk,
            key,
            asked,
            [row for row in shown if row.indicator.key == key],
            words.get((enrollment.version_id, key)),
        )
        for key in keys
        if (enrollment.version_id, key) in words or any(row.indicator.key == key for row in given)
    ]
    return JourneyRatings(
        title=walk.standing.outline.title,
        map_url=reverse("journey-map", args=[enrollment.uuid]),
        zone=walk.zone,
        behaviors=behaviors,
        waits=waits,
        waits_url=_url(walk, waits) if waits else "",
        is_hidden=is_hidden,
    )


def _waiting(walk: Walk, asked: Asked) -> StepPlace | None:
    """The first rating that is open and not given; nothing waits for somebody who has left."""
    if walk.enrollment.status == EnrollmentStatus.WITHDRAWN:
        return None
    return next((step for step, _spec in asked if step.state in (State.OPEN, State.STARTED)), None)


def _url(walk: Walk, step: StepPlace) -> str:
    return reverse("step", args=[walk.enrollment.uuid, step.key])


def _behavior(
    walk: Walk, key: str, asked: Asked, given: Sequence[Rating], worded: BehaviorIndicator | None
) -> BehaviorRatings:
    counted = _counted(given)
    indicator = worded or next(iter(given)).indicator
    marks = {occasion: Given(row.level.level, row.indicator_id) for occasion, row in counted.items()}
    baseline, then, post, later = (marks.get(one) for one in OCCASIONS)
    return BehaviorRatings(
        key=key,
        text=indicator.text,
        levels=[level.anchor for level in indicator.levels.all()],
        lines=[_line(walk, key, one, asked, counted.get(one)) for one in OCCASIONS],
        shift=move(baseline, then),
        change=move(baseline, post),
        felt=move(then, post),
        lasting=move(post, later),
        reworded=len({mark.wording for mark in marks.values()}) > 1,
    )


def _counted(given: Iterable[Rating]) -> dict[str, Rating]:
    """The one rating that counts on each occasion."""
    counted: dict[str, Rating] = {}
    for row in given:
        known = counted.get(row.occasion)
        if known is None or counts_instead(row.occasion, known.rated_at, row.rated_at):
            counted[row.occasion] = row
    return counted


def _line(walk: Walk, key: str, occasion: str, asked: Asked, rating: Rating | None) -> OccasionLine:
    label = OCCASION_LABELS[occasion]
    if rating is not None:
        return OccasionLine(
            occasion,
            label,
            anchor=rating.level.anchor,
            place=rating.level.level,
            of=len(rating.indicator.levels.all()),
            rated_at=rating.rated_at,
        )
    steps = [step for step, spec in asked if spec.occasion == occasion and key in spec.indicators]
    step = next((one for one in steps if one.state is not State.DONE), next(iter(steps), None))
    if step is None:
        return OccasionLine(occasion, label, is_asked=False)
    is_open = step.state in (State.OPEN, State.STARTED)
    return OccasionLine(
        occasion,
        label,
        step_url=_url(walk, step) if is_open else "",
        opens_at=None if step.is_reachable else step.placement.opens_at,
    )

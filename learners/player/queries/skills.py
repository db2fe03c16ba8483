"""What somebody practiced and showed, skill by skill: sentences and dates, never a total or a rank."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from config.accounts.actor import Actor
from journeys.authoring.models import Step, VersionIndicator
from journeys.authoring.queries import effective_revision
from learners.cohorts.queries import list_own_enrollments
from learners.player.queries.ratings import has_ratings
from learners.player.queries.texts import module_texts
from learners.player.queries.walks import Walk, load_walks_briefly
from learners.player.rules import State, StepPlace
from learners.progress.models import SignOff, SignOffState

PRACTICED, EVIDENCE, REFLECTED = "practiced", "evidence", "done"


@dataclass(frozen=True)
class Shown:
    """
    One thing that was done for a skill.

    state: practiced (tried at work), evidence (somebody confirmed it, or it left something to look at) or done (a
    reflection).
    behavior: the act that a practice made visible. confirmed_by: who confirmed it.
    """

    state: str
    title: str
    url: str
    at: datetime
    behavior: str = ""
    confirmed_by: str = ""


@dataclass(frozen=True)
class SkillCard:
    """One skill with what was done for it, newest first. journey: where it is practiced, for what is still to come."""

    title: str
    shown: Sequence[Shown]
    journey: str
    opens_at: datetime | None

    @property
    def practices(self) -> Sequence[Shown]:
        return [one for one in self.shown if one.state in (PRACTICED, EVIDENCE)]

    @property
    def confirmed(self) -> Sequence[Shown]:
        return [one for one in self.shown if one.confirmed_by]


@dataclass(frozen=True)
class ProgressPage:
    """The skills of the person's journeys, those that were practiced first."""

    skills: Sequence[SkillCard]
    zone: str
    next_url: str
    has_ratings: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(skill.shown for skill in self.skills)


def load_progress(actor: Actor, *, zone: str, now: datetime) -> ProgressPage:
    """Return what the person did for each skill in the active organization; 7 queries for known versions."""
    walks = load_walks_briefly(list(list_own_enrollments(actor)), now=now)
    confirmed = _confirmations(walks)
    behaviors = _behaviors(walks)
    cards: dict[str, SkillCard] = {}
    for walk in walks:
        for skill, shown, opens_at in _by_skill(walk, confirmed, behaviors, now=now):
            earlier = cards.get(skill)
            merged = sorted([*(earlier.shown if earlier else ()), *shown], key=lambda one: one.at, reverse=True)
            title = walk.standing.outline.title
            cards[skill] = SkillCard(skill, merged, title, opens_at)
    following = next((walk for walk in walks if walk.trail.next), None)
    url = ""
    if following and following.trail.next:
        url = reverse("step", args=[following.enrollment.uuid, following.trail.next.key])
    ordered = sorted(cards.values(), key=lambda card: not card.shown)
    return ProgressPage(skills=ordered, zone=zone, next_url=url, has_ratings=any(map(has_ratings, walks)))


Confirmations = Mapping[tuple[int, str], str]
Behaviors = Mapping[tuple[int, str], str]


def _confirmations(walks: Sequence[Walk]) -> Confirmations:
    """Who confirmed which practice, by enrollment and step key."""
    rows = SignOff.objects.filter(
        enrollment_id__in=[walk.enrollment.pk for walk in walks], state=SignOffState.CONFIRMED
    )
    return {(row.enrollment_id, row.step_key): str(row.signer) for row in rows.select_related("signer")}


def _behaviors(walks: Sequence[Walk]) -> Behaviors:
    """Which behavior a practice makes visible, by version and step key."""
    versions = {walk.enrollment.version_id for walk in walks}
    texts = {
        (row.version_id, row.indicator.key): row.indicator.text
        for row in VersionIndicator.objects.filter(version_id__in=versions).select_related("indicator")
    }
    steps = Step.objects.filter(version_id__in=versions, activity__kind="practice")
    found = {}
    for step in steps.select_related("activity__latest", "revision"):
        key = effective_revision(step).spec.get("indicator", "")
        if text := texts.get((step.version_id, key)):
            found[(step.version_id, step.key)] = text
    return found


def _by_skill(
    walk: Walk, confirmed: Confirmations, behaviors: Behaviors, *, now: datetime
) -> list[tuple[str, list[Shown], datetime | None]]:
    texts = module_texts(walk.enrollment.version)
    done: dict[str, list[Shown]] = {}
    opens: dict[str, list[datetime]] = {}
    for module in walk.trail.modules:
        shown = [
            _shown(walk, step, confirmed, behaviors)
            for step in module.steps
            if step.state is State.DONE and _counts(step)
        ]
        for skill in texts[module.key].skills:
            done.setdefault(skill, []).extend(shown)
            if module.placement.opens_at and module.placement.opens_at > now:
                opens.setdefault(skill, []).append(module.placement.opens_at)
    return [(skill, shown, min(opens.get(skill, []), default=None)) for skill, shown in done.items()]


def _counts(step: StepPlace) -> bool:
    """A try at work, what it left behind, or a look back; a plan or a meeting prepares one and is none."""
    return step.outline.kind in ("practice", "reflection") or step.outline.serves == "evidence"


def _shown(walk: Walk, step: StepPlace, confirmed: Confirmations, behaviors: Behaviors) -> Shown:
    enrollment = walk.enrollment
    signer = confirmed.get((enrollment.pk, step.key), "")
    if step.outline.kind == "reflection":
        state = REFLECTED
    else:
        state = EVIDENCE if signer or step.outline.serves == "evidence" else PRACTICED
    return Shown(
        state=state,
        title=step.outline.title,
        url=reverse("step", args=[enrollment.uuid, step.key]),
        at=walk.facts.completed[step.key],
        behavior=behaviors.get((enrollment.version_id, step.key), ""),
        confirmed_by=signer,
    )

"""The pages of somebody imagined: what the player's own pages are put together from, without a row about anybody."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Final

from django.utils.translation import gettext as _

from config.accounts.actor import Actor
from content.kinds.contract import Outcome
from content.kinds.registry import get_kind, parse_spec
from content.kinds.shapes import Response
from journeys.authoring.errors import UnknownStep
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries import effective_revision, get_step
from journeys.schedule.calendar import calendar_for
from journeys.schedule.nudges import nudge_moments, still_needed
from journeys.schedule.outline import Outline
from journeys.schedule.timeline import timeline
from journeys.studio.stand_ins import audiences_in, words_at
from learners.cohorts.models import Enrollment
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.nudges.models import Channel
from learners.nudges.rules.target import target_of
from learners.player.keepers import Kept, Place
from learners.player.queries.map import Beside as BesideMap
from learners.player.queries.map import MapPage, map_of
from learners.player.queries.own_words import Said
from learners.player.queries.recap import RecapPage, journey_recap_of, module_recap_of
from learners.player.queries.step import OpenStep, Sources
from learners.player.queries.today_page import FRESH_FOR, SHOWN_MESSAGES, Message, TodayPage, today_of
from learners.player.queries.today_page import Beside as BesideToday
from learners.player.queries.walks import Walk
from learners.player.rules import walk
from learners.preview.queries.addresses import PreviewAddresses
from learners.preview.rules import Persona, Tried, imagined_facts
from learners.progress.queries import Standing
from learners.ratings.queries import behaviors_of

# Kinds in which a learner writes something that is read again at the end of a module.
WRITTEN: Final = frozenset({"practice", "reflection", "commitment", "model_pair"})


@dataclass(frozen=True)
class Stage:
    """A version, and somebody imagined at one hour of it. Nothing here reads or writes a row about a person."""

    actor: Actor
    version: JourneyVersion
    outline: Outline
    persona: Persona

    @property
    def now(self) -> datetime:
        return self.persona.now

    @property
    def addresses(self) -> PreviewAddresses:
        return PreviewAddresses(self.version.uuid, self.persona)

    @cached_property
    def walk(self) -> Walk:
        """The walk as the player's pages take it, around an enrollment that is nobody's and is never saved."""
        calendar = calendar_for(None, self.persona.zone)
        facts = imagined_facts(self.outline, self.persona, calendar)
        standing = Standing(self.outline, facts, timeline(self.outline, facts, calendar), calendar)
        ended = standing.timeline.completed_at
        completed_at = ended if ended is not None and ended <= self.now else None
        nobody = Enrollment(
            version=self.version,
            status=EnrollmentStatus.ACTIVE if completed_at is None else EnrollmentStatus.COMPLETED,
            enrolled_at=facts.enrolled_at,
            last_activity_at=facts.last_activity_at,
            completed_at=completed_at,
        )
        trail = walk(self.outline, facts, standing.timeline, started=(), now=self.now)
        return Walk(nobody, standing, trail, self.addresses)

    def having_tried(self, key: str, outcome: Outcome) -> "Stage":
        """Return the same day after one more step."""
        tried = Tried(key, outcome.passed, outcome.score_scaled)
        return replace(self, persona=self.persona.having_tried(tried))


def stage_today(stage: Stage) -> TodayPage:
    """Return Today of somebody imagined; no query but for the texts of the version."""
    messages = () if stage.persona.is_put_away else tuple(_messages(stage))[-SHOWN_MESSAGES:][::-1]
    beside = BesideToday(
        name=_("Robin"), zone=stage.persona.zone, messages=messages, put_away_url=stage.addresses.put_away
    )
    return today_of([stage.walk], beside, now=stage.now)


def stage_map(stage: Stage) -> MapPage:
    """Return the map of somebody imagined, who is alone there; no query but for the texts of the version."""
    return map_of(stage.walk, BesideMap(), now=stage.now)


def stage_module_recap(stage: Stage, module_key: str) -> RecapPage:
    """Return the end of a module. Raises NotFound for one that the version does not have, or that is not open yet."""
    return module_recap_of(stage.walk, module_key, lambda: _written(stage), now=stage.now)


def stage_journey_recap(stage: Stage) -> RecapPage:
    """Return the whole journey, with a sentence where a learner's words stand."""
    return journey_recap_of(stage.walk, _written(stage), now=stage.now)


def stage_step(stage: Stage, key: str, response: Response | None = None) -> OpenStep:
    """
    Return a step with the answer so far; two queries, four for a self-rating.

    Raises UnknownStep, and SpecError for a step of a draft that is not finished.
    """
    step_place = stage.walk.trail.step(key)
    if step_place is None:
        raise UnknownStep
    row = get_step(stage.version.pk, key)
    revision, kind = effective_revision(row), get_kind(row.activity.kind)
    spec = parse_spec(kind.key, revision.spec)
    spec = spec.knowing(behaviors_of(stage.version.pk, spec.behavior_keys()))
    place = Place(stage.actor, stage.walk.enrollment, key, kind, spec)
    outcome = kind.judge(place.spec, response) if response is not None else None
    is_finished = outcome is not None and outcome.completed
    return OpenStep(
        walk=stage.walk,
        module=stage.walk.trail.module_of(step_place),
        step_place=step_place,
        row=row,
        revision=revision,
        place=place,
        kept=None if response is None else Kept(response, "", stage.now, is_finished=is_finished),
        outcome=outcome,
        sources=IMAGINED,
    )


def _quoted(step: OpenStep) -> str:
    titles = {str(one.outline.reference): one.outline.title for one in step.walk.trail.steps}
    return words_at(step.place.spec, titles)


# Dates of sessions and who confirms a practice belong to a cohort and its people; a version has none.
IMAGINED: Final = Sources(
    quoted=_quoted,
    audiences=lambda step: list(audiences_in(step.place.spec)),
    meeting=lambda step: None,
    sign_offs=lambda step: (),
    keeps_answers=False,
)


def _written(stage: Stage) -> Mapping[str, Said]:
    facts, steps = stage.walk.facts, stage.outline.steps_by_key
    return {
        key: Said(key, "reflection", _("What the learner wrote stands here."), at, stage.addresses.step(key))
        for key, at in facts.completed.items()
        if key in steps and steps[key].kind in WRITTEN
    }


def _messages(stage: Stage) -> Iterator[Message]:
    """
    Yield the messages of the last days that were needed when they were due and still lead to something, oldest first.

    The first wording of each; what guards would hold back because of other messages is not asked.
    """
    outline, facts, schedule, calendar = stage.walk.standing
    rules = {rule.key: rule for rule in outline.nudges if Channel.IN_APP in rule.channels and rule.texts}
    since = stage.now - FRESH_FOR
    planned = nudge_moments(outline, facts, schedule, calendar, after=since)
    for moment in sorted(planned, key=lambda one: one.due_at):
        rule = rules.get(moment.rule_key)
        if rule is None or not since < moment.due_at <= stage.now:
            continue
        if still_needed(rule, outline, facts, schedule, subject=moment.subject, now=moment.due_at) is not None:
            continue
        target = target_of(rule, outline, schedule, subject=moment.subject, now=moment.due_at)
        if target is None:
            yield Message(moment.rule_key, rule.texts[0], stage.addresses.map, outline.title)
        elif target.key not in facts.completed:
            yield Message(moment.rule_key, rule.texts[0], stage.addresses.step(target.key), _("Open the step"))

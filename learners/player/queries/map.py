"""What the journey map shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery

from config.accounts.actor import Actor
from content.kinds.registry import get_kind, parse_response, parse_spec
from journeys.authoring.models import Step
from journeys.authoring.queries import effective_revision, steps_on_record
from learners.cohorts.errors import UnknownEnrollment
from learners.cohorts.models import CohortStaff, Enrollment, LiveSession
from learners.cohorts.models.cohort import StaffRole
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.cohorts.queries import WITH_TERMS
from learners.player.queries.ratings import has_ratings
from learners.player.queries.texts import ModuleText, module_texts
from learners.player.queries.waiting import names_waited_for
from learners.player.queries.walks import Walk, load_walk
from learners.player.rules import ModulePlace, State, StepPlace, continued
from learners.progress.models import Attempt


@dataclass(frozen=True)
class StepLine:
    """One step in a module's list. url is empty for what is not open yet."""

    key: str
    title: str
    act: str
    state: str
    minutes: int
    url: str
    opens_at: datetime | None
    opens_why: str
    session_at: datetime | None
    waiting_for: str
    is_optional: bool
    is_exempt: bool
    is_meeting: bool


@dataclass(frozen=True)
class ModuleCard:
    """One module on the trail. mark: done, now or later, for the line; shape: the state's shape."""

    key: str
    number: int
    title: str
    outcome: str
    skills: Sequence[str]
    state: str
    mark: str
    shape: str
    is_here: bool
    is_unfolded: bool
    done: int
    done_at: datetime | None
    opens_at: datetime | None
    opens_why: str
    due_at: datetime | None
    minutes: int
    meeting_minutes: int
    url: str
    action_url: str
    action_title: str
    steps: Sequence[StepLine]


@dataclass(frozen=True)
class Company:
    """Who is on this journey too: facilitators by name, and how many other learners."""

    facilitators: Sequence[str]
    others: int


@dataclass(frozen=True)
class Finish:
    """What counts as finished, counted."""

    required: int
    optional: int
    practices: int
    reflections: int


@dataclass(frozen=True)
class Earlier:
    """Something that was done and is no longer part of the journey. said: prompts of a practice with the answers."""

    title: str
    completed_at: datetime
    said: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Beside:
    """
    What the map shows besides the walk: when sessions take place and whom practices wait for, by step key; who else
    is there; and what was done in steps that are gone.
    """

    sessions: Mapping[str, datetime] = field(default_factory=dict)
    waited_for: Mapping[str, str] = field(default_factory=dict)
    company: Company = Company(facilitators=(), others=0)
    on_record: Sequence[Earlier] = ()


@dataclass(frozen=True)
class MapPage:
    """The whole journey of one person; state: active, not_started, paused, completed or withdrawn."""

    enrolled: Enrollment
    recap_url: str
    title: str
    summary: str
    weeks: int
    minutes_a_week: int
    ends_on: date | None
    starts_at: datetime | None
    completed_at: datetime | None
    state: str
    zone: str
    now: datetime
    company: Company
    done: int
    stones: Sequence[str]
    modules: Sequence[ModuleCard]
    finish: Finish
    on_record: Sequence[Earlier]
    has_ratings: bool
    ratings_url: str


def load_map(actor: Actor, enrollment_uuid: UUID, *, now: datetime) -> MapPage:
    """
    Return the map of one's own enrollment; 8 queries once the version is known to the process.

    Raises UnknownEnrollment.
    """
    enrollment = _own_enrollment(actor, enrollment_uuid)
    walk = load_walk(enrollment, now=now)
    sessions = dict(LiveSession.objects.filter(cohort_id=enrollment.cohort_id).values_list("step_key", "starts_at"))
    beside = Beside(sessions, names_waited_for(enrollment.pk), _company(enrollment), _on_record(walk))
    return map_of(walk, beside, now=now)


def map_of(walk: Walk, beside: Beside, *, now: datetime) -> MapPage:
    """Put the map together; no query but for the texts of a version that is not known to the process."""
    enrollment, version = walk.enrollment, walk.enrollment.version
    texts = module_texts(version)
    cards = [_card(module, texts[module.key], walk, beside) for module in walk.trail.modules]
    minutes = sum(module.minutes for module in walk.trail.modules)
    return MapPage(
        enrolled=enrollment,
        recap_url=walk.addresses.journey_recap,
        title=version.title,
        summary=version.summary,
        weeks=version.weeks,
        minutes_a_week=max(5, round(minutes / max(1, version.weeks) / 5) * 5),
        ends_on=walk.facts.end_on,
        starts_at=walk.trail.modules[0].placement.opens_at if walk.trail.modules else None,
        completed_at=enrollment.completed_at,
        state=_state(walk),
        zone=walk.zone,
        now=now,
        company=beside.company,
        done=walk.trail.done_modules,
        stones=walk.trail.stones,
        modules=cards,
        finish=_finish(walk),
        on_record=beside.on_record,
        has_ratings=has_ratings(walk),
        ratings_url=walk.addresses.ratings,
    )


def _on_record(walk: Walk) -> list[Earlier]:
    """What was done in steps that the version has lost, oldest first; no query where there is none, else two."""
    lost = set(walk.facts.completed) - {step.key for module in walk.trail.modules for step in module.steps}
    if not lost:
        return []
    enrollment = walk.enrollment
    steps = steps_on_record(enrollment.version, lost)
    attempts = Attempt.objects.filter(enrollment=enrollment, step_key__in=lost).order_by("number")
    answers = {attempt.step_key: attempt.response for attempt in attempts}
    found = [
        Earlier(
            title=effective_revision(step).title,
            completed_at=walk.facts.completed[key],
            said=_report(step, answers.get(key)),
        )
        for key, step in steps.items()
    ]
    return sorted(found, key=lambda one: one.completed_at)


def _report(step: Step, response: Any) -> list[tuple[str, str]]:
    if step.activity.kind != "practice" or not response:
        return []
    spec: Any = parse_spec("practice", effective_revision(step).spec)
    answer: Any = parse_response("practice", response, spec=spec)
    return list(zip(spec.report, answer.report, strict=False))


def _own_enrollment(actor: Actor, enrollment_uuid: UUID) -> Any:
    """The actor's own enrollment with its terms, and how many others are in the cohort; one query."""
    present = Enrollment.objects.filter(cohort=OuterRef("cohort")).exclude(status=EnrollmentStatus.WITHDRAWN)
    counted = present.exclude(pk=OuterRef("pk")).order_by().values("cohort").annotate(n=Count("pk")).values("n")
    own = Enrollment.objects.of_learner(actor).select_related(*WITH_TERMS).annotate(others=Subquery(counted))
    enrollment = own.filter(uuid=enrollment_uuid).first()
    if enrollment is None:
        raise UnknownEnrollment
    return enrollment


def _state(walk: Walk) -> str:
    status = walk.enrollment.status
    if status in (EnrollmentStatus.PAUSED, EnrollmentStatus.COMPLETED, EnrollmentStatus.WITHDRAWN):
        return str(status)
    has_begun = any(module.state is not State.LATER for module in walk.trail.modules)
    return "active" if has_begun else "not_started"


def _company(enrollment: Any) -> Company:
    staff = CohortStaff.objects.filter(cohort_id=enrollment.cohort_id, role=StaffRole.FACILITATOR)
    names = [str(row.user) for row in staff.select_related("user").order_by("user__name", "user__email")]
    return Company(facilitators=names, others=enrollment.others or 0)


def _card(module: ModulePlace, text: ModuleText, walk: Walk, beside: Beside) -> ModuleCard:
    following = walk.trail.next if module.is_here else None
    return ModuleCard(
        key=module.key,
        number=module.number,
        title=text.title,
        outcome=continued(text.outcome),
        skills=text.skills,
        state=module.state,
        mark=_mark(module),
        shape="here" if module.is_here else module.state,
        is_here=module.is_here,
        is_unfolded=walk.trail.next is None and module.state in (State.OPEN, State.STARTED),
        done=module.done,
        done_at=module.placement.done_at,
        opens_at=module.placement.opens_at,
        opens_why=_why(module),
        due_at=module.placement.due_at,
        minutes=module.minutes,
        meeting_minutes=sum(step.outline.minutes for step in module.steps if step.is_meeting),
        url=_module_url(walk, module),
        action_url=walk.addresses.step(following.key) if following else "",
        action_title=following.outline.title if following else "",
        steps=[_line(step, walk, beside) for step in module.steps],
    )


def _mark(module: ModulePlace) -> str:
    if module.state is State.DONE:
        return "done"
    return "now" if module.is_here else "later"


def _module_url(walk: Walk, module: ModulePlace) -> str:
    if module.state is State.DONE:
        return walk.addresses.module_recap(module.key)
    first = next((step for step in module.steps if step.is_reachable), None)
    return walk.addresses.step(first.key) if first and not module.is_here else ""


def _why(place: ModulePlace | StepPlace) -> str:
    placement = place.placement
    if placement.opens_at is None and placement.blocked_by:
        return placement.blocked_by[0]
    return placement.opens_why


def _line(step: StepPlace, walk: Walk, beside: Beside) -> StepLine:
    return StepLine(
        key=step.key,
        title=step.outline.title,
        act=str(get_kind(step.outline.kind).act),
        state=step.state,
        minutes=step.outline.minutes,
        url=walk.addresses.step(step.key) if step.is_reachable else "",
        opens_at=step.placement.opens_at,
        opens_why=_why(step),
        session_at=beside.sessions.get(step.key) if step.is_meeting else None,
        waiting_for=beside.waited_for.get(step.key, ""),
        is_optional=not (step.placement.required or step.is_exempt),
        is_exempt=step.is_exempt,
        is_meeting=step.is_meeting,
    )


def _finish(walk: Walk) -> Finish:
    steps = [step for step in walk.trail.steps if not step.is_exempt]
    required = [step for step in steps if step.placement.required]
    return Finish(
        required=len(required),
        optional=len(steps) - len(required),
        practices=sum(step.outline.kind == "practice" for step in required),
        reflections=sum(step.outline.kind == "reflection" for step in required),
    )

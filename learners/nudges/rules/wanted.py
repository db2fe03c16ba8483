"""Which timers an enrollment should have now: the designer's messages, Waymark's own, openings and deadlines."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from journeys.schedule.calendar import WorkCalendar
from journeys.schedule.facts import Facts
from journeys.schedule.messages import Planner, run_of
from journeys.schedule.nudges import nudge_moments
from journeys.schedule.outline import Outline
from journeys.schedule.timeline import Timeline
from journeys.schedule.tree import Weekly
from learners.nudges.rules.built_in import (
    CHECK_IN,
    CHECK_IN_CATEGORY,
    CHECK_IN_IS_OF_USE,
    SIGN_OFF,
    SIGN_OFF_IS_OF_USE,
    WELCOME,
    WELCOME_IS_OF_USE,
)
from learners.nudges.rules.categories import SERVICE
from learners.nudges.rules.moving import as_utc, nominal_in

NUDGE: Final = "nudge"
OPENS: Final = "opens"
DUE: Final = "due"
EMAIL: Final = "email"
IN_APP: Final = "in-app"
CHECK_IN_CHANNELS: Final = (EMAIL, IN_APP)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One timer that should be armed. recipient_id: whom the message is for; 0 = the learner."""

    purpose: str
    rule_key: str
    subject: str
    due_at: datetime
    category: str = ""
    channels: tuple[str, ...] = ()
    anchor: str = ""
    occurrence: str = ""
    zone: str = ""
    expires_at: datetime | None = None
    until_at: datetime | None = None
    repeats_days: int = 0
    why: str = ""
    recipient_id: int = 0

    @property
    def slot(self) -> tuple[int, str, str, str]:
        """The place of this timer among those of one enrollment."""
        return (self.recipient_id, self.purpose, self.rule_key, self.subject)


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody was asked to confirm a practice."""

    uuid: UUID
    step_key: str
    signer_id: int
    asked_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """A learner's if-then plan whose check-in nobody has answered yet."""

    step_key: str
    check_in_at: datetime


def journey_timers(
    outline: Outline, facts: Facts, timeline: Timeline, calendar: WorkCalendar, *, now: datetime
) -> Iterator[Wanted]:
    """Give the designer's messages: the next moment of each rule and subject."""
    rules = {rule.key: rule for rule in outline.nudges}
    _, end = run_of(Planner.of(outline, facts, timeline, calendar))
    for moment in nudge_moments(outline, facts, timeline, calendar, after=now):
        rule = rules[moment.rule_key]
        is_weekly = isinstance(rule.trigger, Weekly)
        yield Wanted(
            purpose=NUDGE,
            rule_key=moment.rule_key,
            subject=moment.subject,
            due_at=moment.due_at,
            category=moment.category,
            channels=rule.channels,
            anchor=moment.anchor,
            occurrence=moment.nominal_local,
            zone=facts.zone,
            expires_at=moment.expires_at,
            until_at=end if is_weekly else None,
            repeats_days=7 if is_weekly else 0,
            why=moment.why[:400],
        )


@dataclass(frozen=True, slots=True)
class Told:
    """Up to which instants openings of steps and deadlines have been written down already."""

    opens: datetime
    due: datetime


def passing_timers(timeline: Timeline, *, opened: Mapping[str, datetime], told: Told) -> Iterator[Wanted]:
    """
    Give each module's coming opening, the steps that open next, and the next deadlines: no messages.

    Only the next instant of each is armed, so a person has few timers however long the journey is. It is counted from
    what was told last and not from the clock: what came due while nothing ran is still told. The deadline of something
    that nobody knows the opening of is not: it moves to the opening, and what holds it back is late itself.
    """
    for key, module in timeline.modules.items():
        if module.opens_at is not None and key not in opened:
            yield Wanted(OPENS, "", key, module.opens_at, anchor=module.opens_at.isoformat())
    steps = [step for step in timeline.steps.values() if step.done_at is None]
    yield from _first(OPENS, ((step.opens_at, step.reference) for step in steps), told.opens)
    coming = (one for one in [*timeline.modules.values(), *steps] if one.opens_at is not None)
    open_ends = [one for one in coming if one.required and one.done_at is None]
    yield from _first(DUE, ((one.due_at, one.reference) for one in open_ends), told.due)


def _first(purpose: str, moments: Iterable[tuple[datetime | None, str]], told: datetime) -> Iterator[Wanted]:
    """Give all that share the first instant after `told`."""
    coming = [(at, reference) for at, reference in moments if at is not None and at > told]
    first = min((at for at, _ in coming), default=None)
    for at, reference in coming:
        if at == first:
            # To the microsecond: what is told is what came after it, and a completion opens something at any instant.
            yield Wanted(purpose, "", reference, at, anchor=at.isoformat())


def welcome_timer(*, enrolled_at: datetime, zone: str) -> Wanted:
    """Give the one mail for a new enrollment."""
    return Wanted(
        purpose=NUDGE,
        rule_key=WELCOME,
        subject="",
        due_at=enrolled_at,
        category=SERVICE,
        channels=(EMAIL,),
        anchor=as_utc(enrolled_at),
        occurrence=nominal_in(enrolled_at, zone),
        zone=zone,
        expires_at=enrolled_at + WELCOME_IS_OF_USE,
        why="A new enrollment gets one welcome",
    )


def sign_off_timers(requests: Iterable[Request], *, zone: str) -> Iterator[Wanted]:
    """Give one mail to each person who was asked to confirm a practice; a new request is a new anchor."""
    for request in requests:
        yield Wanted(
            purpose=NUDGE,
            rule_key=SIGN_OFF,
            subject=request.step_key,
            due_at=request.asked_at,
            category=SERVICE,
            channels=(EMAIL,),
            anchor=str(request.uuid),
            occurrence=nominal_in(request.asked_at, zone),
            zone=zone,
            expires_at=min(request.expires_at, request.asked_at + SIGN_OFF_IS_OF_USE),
            why="A learner named this person to confirm a practice",
            recipient_id=request.signer_id,
        )


def check_in_timers(plans: Iterable[Plan], *, zone: str) -> Iterator[Wanted]:
    """Give the question whether the moment of a plan came, at the hour that was set with the plan."""
    for plan in plans:
        yield Wanted(
            purpose=NUDGE,
            rule_key=CHECK_IN,
            subject=plan.step_key,
            due_at=plan.check_in_at,
            category=CHECK_IN_CATEGORY,
            channels=CHECK_IN_CHANNELS,
            anchor=as_utc(plan.check_in_at),
            occurrence=nominal_in(plan.check_in_at, zone),
            zone=zone,
            expires_at=plan.check_in_at + CHECK_IN_IS_OF_USE,
            why="The learner made a plan that has a check-in",
        )

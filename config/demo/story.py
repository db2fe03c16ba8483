"""
How the demo came about: its people act on their days, and the engine runs whenever something is due.

Everything goes through the actions that pages and API use, under a clock that moves; nothing is written as if it had
happened. The clock jumps from one moment at which anything can happen to the next.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Min

from config.accounts.actor import LEARNER, Actor
from config.demo.answers import answer
from config.demo.mail import written_at
from config.demo.organization import Staff
from config.demo.people import Person
from learners.cohorts.models import Cohort, Enrollment
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.cohorts.queries import get_own_enrollment
from learners.nudges.actions.dispatch import dispatch
from learners.nudges.actions.tick import tick
from learners.nudges.models import NudgeDelivery, NudgeTimer
from learners.player.actions import answer_step
from learners.player.queries.step import load_step
from learners.progress.actions.adjusting import extend_due, pause
from learners.progress.actions.attending import record_attendance
from learners.progress.actions.signing_off import answer_sign_off
from learners.progress.models import SignOff, SignOffState
from learners.progress.queries import timeline_of
from learners.progress.queries.sign_offs import sign_off_token
from learners.reflections.actions import check_in
from learners.reflections.queries import due_check_ins

STEPS_A_VISIT = 4
# How many days after a step opened each pace turns to it, and which part of the modules it ever does.
DELAY = {"on-time": 0, "late": 2, "slow": 4, "stopped": 1, "paused": 1}
SHARE = {"on-time": 1.0, "late": 1.0, "slow": 0.5, "stopped": 0.15, "paused": 0.3}
PAUSE_AFTER_DAYS = 9


@dataclass
class Walker:
    """One person in one cohort, with their own dice."""

    person: Person
    enrollment_id: int
    enrollment_uuid: UUID
    actor: Actor
    draw: Random
    begins: datetime
    is_through: bool = False

    def visits(self, until: datetime) -> Iterator[datetime]:
        """Yield the moments at which this person looks in: three weekdays a week, at an hour of their own."""
        if self.person.pace == "never-started":
            return
        zone = ZoneInfo(self.person.zone)
        hour = self.draw.choice((10, 13, 16))
        days = set(self.draw.sample(range(5), 3))
        day = self.begins.astimezone(zone).date()
        while True:
            at = datetime.combine(day, time(hour), zone).astimezone(UTC)
            if at > until:
                return
            if day.weekday() in days and at >= self.begins:
                yield at
            day += timedelta(days=1)


@dataclass
class Story:
    """Every visit and meeting still to come, by its moment."""

    staff: Staff
    until: datetime
    visits: dict[datetime, list[Walker]] = field(default_factory=lambda: defaultdict(list))
    meetings: dict[datetime, list[tuple[Cohort, str]]] = field(default_factory=lambda: defaultdict(list))

    def add_people(self, cohort: Cohort, people: Sequence[Person], *, begins: datetime) -> None:
        """Let these people of a cohort look in from `begins` on."""
        by_email = {person.email: person for person in people}
        for enrollment in Enrollment.objects.filter(cohort=cohort).select_related("user").order_by("id"):
            person = by_email[enrollment.user.email]
            actor = Actor(cohort.organization_id, enrollment.user_id, roles=frozenset({LEARNER}))
            draw = Random(f"{cohort.name} {person.email}")  # noqa: S311 - an invented person's dice
            walker = Walker(person, enrollment.pk, enrollment.uuid, actor, draw, begins)
            for at in walker.visits(self.until):
                self.visits[at].append(walker)

    def add_meetings(self, cohort: Cohort, starts: Mapping[str, datetime]) -> None:
        """Let the facilitator record who came, an hour after each session began."""
        for step_key, starts_at in starts.items():
            self.meetings[starts_at + timedelta(hours=1)].append((cohort, step_key))

    def tell(self, now: datetime, *, progress: Callable[[str], None] = lambda text: None) -> None:
        """Let everything happen from `now` to the end, in the order of its time; progress is told once a week of it."""
        begin, told = now, 0
        moments = sorted({*self.visits, *self.meetings})
        for at in moments:
            if at > self.until:
                break
            if (week := (at - begin).days // 7 + 1) > told:
                told = week
                progress(f"  week {week} of {(self.until - begin).days // 7 + 1}, {at:%d %B}")
            now = self._let_engine_run(now, until=at)
            for walker in self.visits.get(at, ()):
                self._visit(walker, now=at)
            for cohort, step_key in self.meetings.get(at, ()):
                self._meet(cohort, step_key, now=at)
            now = at
        self._let_engine_run(now, until=self.until)

    def _let_engine_run(self, now: datetime, *, until: datetime) -> datetime:
        while True:
            with written_at(now):
                # The bell of the tick, which is silent here, would be heard by a worker that sends what is due.
                if tick(now=now).due:
                    while dispatch(now=now):
                        pass
            due = _next_due(after=now)
            if due is None or due > until:
                return now
            now = due

    def _visit(self, walker: Walker, *, now: datetime) -> None:
        if walker.is_through:
            self._confirm(walker, now=now)
            return
        enrollment = get_own_enrollment(walker.actor, walker.enrollment_uuid)
        if enrollment.status in {EnrollmentStatus.PAUSED, EnrollmentStatus.WITHDRAWN}:
            return
        if walker.person.pace == "paused" and now - walker.begins > timedelta(days=PAUSE_AFTER_DAYS):
            pause(enrollment_id=enrollment.pk, reason="On leave", actor_id=self.staff.facilitator.pk, now=now)
            return
        if enrollment.status == EnrollmentStatus.COMPLETED:
            self._come_back(walker, enrollment, now=now)
            return
        for commitment in due_check_ins(walker.actor, now=now)[:1]:
            said = walker.draw.choice(("happened", "happened", "not_yet", "did_not_come_up"))
            check_in(actor=walker.actor, commitment_uuid=commitment.uuid, answer=said, now=now)
        for step_key in self._ready(walker, enrollment, now=now):
            self._answer(walker, enrollment, step_key, now=now)
        self._confirm(walker, now=now)

    def _come_back(self, walker: Walker, enrollment: Enrollment, *, now: datetime) -> None:
        """Let somebody who has finished give the last rating, as the page and a message ask weeks later."""
        for step_key in self._ready(walker, enrollment, now=now):
            self._answer(walker, enrollment, step_key, now=now)

    def _ready(self, walker: Walker, enrollment: Enrollment, *, now: datetime) -> list[str]:
        """Return the steps that this person turns to by now; notes when there will never be another."""
        standing = timeline_of(enrollment)
        modules = list(standing.outline.modules)
        reach = max(1, round(len(modules) * SHARE[walker.person.pace]))
        own = [step for module in modules[:reach] for step in module.steps if step.kind != "live_session"]
        left = [step for step in own if standing.timeline.steps[step.key].done_at is None]
        walker.is_through = not left
        by = now - timedelta(days=DELAY[walker.person.pace])
        opened = ((step.key, standing.timeline.steps[step.key].opens_at) for step in left)
        return [key for key, opens_at in opened if opens_at is not None and opens_at <= by][:STEPS_A_VISIT]

    def _answer(self, walker: Walker, enrollment: Enrollment, step_key: str, *, now: datetime) -> None:
        step = load_step(walker.actor, enrollment.uuid, step_key, now=now)
        said = answer(step.place.kind.key, step_key, step.place.spec, walker.person, walker.draw)
        if said is not None:
            answer_step(place=step.place, response=said, now=now)

    def _confirm(self, walker: Walker, *, now: datetime) -> None:
        """Let whoever was asked a day ago or longer answer, most of the time."""
        asked = SignOff.objects.filter(
            enrollment_id=walker.enrollment_id, state=SignOffState.ASKED, asked_at__lte=now - timedelta(days=1)
        ).first()
        if asked is None or walker.draw.random() > 0.6:
            return
        confirmed = walker.draw.random() < 0.8
        answer_sign_off(
            token=sign_off_token(asked),
            answer=SignOffState.CONFIRMED if confirmed else SignOffState.NOT_YET,
            comment="Seen it on Tuesday, and it helped." if confirmed else "Try it once more with me in the room.",
            now=now,
        )

    def _meet(self, cohort: Cohort, step_key: str, *, now: datetime) -> None:
        actor = Actor(cohort.organization_id, self.staff.facilitator.pk)
        there = Enrollment.objects.filter(cohort=cohort, status=EnrollmentStatus.ACTIVE).order_by("id")
        draw = Random(f"{cohort.name} {step_key}")  # noqa: S311 - who found the time to come
        present = [pk for pk in there.values_list("pk", flat=True) if draw.random() < 0.85]
        record_attendance(
            actor=actor, cohort_id=cohort.pk, step_key=step_key, enrollment_ids=present, attended_at=now, now=now
        )


def grant_extension(staff: Staff, cohort: Cohort, email: str, *, now: datetime) -> None:
    """Give one person a week more for everything, as a facilitator would when asked."""
    enrollment = Enrollment.objects.get(cohort=cohort, user__email=email)
    extend_due(
        enrollment_id=enrollment.pk,
        key="",
        until_on=now.date() + timedelta(days=7),
        reason="Asked for a week more",
        actor_id=staff.facilitator.pk,
        now=now,
    )


def _next_due(*, after: datetime) -> datetime | None:
    """Return the next moment at which the engine has something to do; a real one looks every few seconds."""
    timers = NudgeTimer.objects.filter(due_at__gt=after).aggregate(at=Min("due_at"))["at"]
    waiting = NudgeDelivery.objects.filter(state__in=("planned", "retry"), send_after__gt=after)
    messages = waiting.aggregate(at=Min("send_after"))["at"]
    return min((at for at in (timers, messages) if at is not None), default=None)

"""
Lets imagined people live in the real engine: they are enrolled, they complete steps, staff act, and the tick runs.

Everything goes through the actions of production under a clock that jumps to the next moment at which anything is due.
What the engine opens, is due and plans it finds out by itself; a person only looks at what is open for them, and comes
when their pace says so.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import count

from django.db.models import Min

from config.support import bell
from config.support.errors import DomainError
from journeys.authoring.models import JourneyVersion
from learners.cohorts.actions import create_cohort, enroll
from learners.cohorts.models import Cohort, Enrollment
from learners.cohorts.queries import WITH_TERMS
from learners.nudges.actions.tick import tick
from learners.nudges.models import NudgeTimer
from learners.nudges.queries.outlook import what_waits
from learners.progress.actions import complete_step
from learners.progress.actions.adjusting import exempt_step, extend_due, pause, release, resume, shift_dates
from learners.progress.queries import Standing, timelines_of
from tests.learners.simulated.people import Act, Person

# A moment whose work does not end would run for ever.
MOST_ROUNDS = 60


@dataclass
class Life:
    """A person while they live: their enrollment, and when they turn to which steps next."""

    person: Person
    enrollment_id: int = 0
    turns_at: datetime | None = None
    turns_to: tuple[str, ...] = ()

    def look(self, standing: Standing) -> None:
        """See what is open or will be, and make up their mind when to come: by the pace, and not before they joined."""
        pace = self.person.pace()
        zone = standing.timeline.moments.where.zone
        ready: dict[datetime, list[str]] = {}
        for step in standing.outline.steps_by_key.values():
            placed = standing.timeline.steps[step.key]
            if placed.opens_at is None or placed.done_at is not None or not placed.required:
                continue
            at = pace.completes_at(step, placed.opens_at, zone)
            if at is not None:
                ready.setdefault(max(at, self.person.joins_at), []).append(step.key)
        self.turns_at = min(ready, default=None)
        self.turns_to = tuple(ready.get(self.turns_at, ()))
        if self.turns_at is not None and self.turns_at > self.person.ends_at:
            self.turns_at = None


class Engine:
    """The real one, with these people in it."""

    def __init__(self, versions: Mapping[str, JourneyVersion], people: Sequence[Person]) -> None:
        self.versions = versions
        self.lives = [Life(person) for person in people]
        self.cohorts: dict[int, Cohort] = {}
        self.moments = 0
        self._agenda: list[tuple[datetime, int, partial[None]]] = []
        self._turns: list[tuple[datetime, int, Life]] = []
        self._order = count()
        for life in self.lives:
            self._plan(life.person.joins_at, partial(self._join, life))
            for act in life.person.acts:
                self._plan(act.at, partial(self._act, life, act))

    def run(self) -> None:
        """Let the days of everybody pass."""
        until = max(life.person.ends_at for life in self.lives)
        with bell.silenced():
            while (now := self._next_moment()) is not None and now <= until:
                self.moments += 1
                self._let_happen(now)

    def _next_moment(self) -> datetime | None:
        timers = NudgeTimer.objects.filter(due_at__isnull=False).aggregate(at=Min("due_at"))["at"]
        heads = [heap[0][0] for heap in (self._agenda, self._turns) if heap]
        return min([*heads, *([] if timers is None else [timers])], default=None)

    def _let_happen(self, now: datetime) -> None:
        """What staff and people do at an instant comes first: a message is only due when nobody forestalled it."""
        while self._agenda and self._agenda[0][0] <= now:
            heapq.heappop(self._agenda)[2](now=now)
        for _ in range(MOST_ROUNDS):
            coming = []
            while self._turns and self._turns[0][0] <= now:
                at, _number, life = heapq.heappop(self._turns)
                if at == life.turns_at:
                    coming.append(life)
                    life.turns_at = None
            if not coming:
                break
            for life in coming:
                for key in life.turns_to:
                    complete_step(
                        enrollment_id=life.enrollment_id, step_key=key, passed=True, score_scaled=1.0, now=now
                    )
            self._look(coming)
        else:
            raise AssertionError(f"At {now} there was always something more to do.")
        self._tick(now)

    def _tick(self, now: datetime) -> None:
        for _ in range(MOST_ROUNDS):
            report = tick(now=now)
            assert report.ran, "another engine drives"
            assert not report.faults, f"a loop of the engine broke off at {now}"
            waiting = what_waits(now=now)
            if not (waiting.arm or waiting.plan or waiting.fire):
                return
        raise AssertionError(f"At {now} the engine did not come to rest.")

    def _look(self, lives: Iterable[Life]) -> None:
        by_id = {life.enrollment_id: life for life in lives}
        rows = Enrollment.objects.filter(pk__in=by_id).select_related(*WITH_TERMS)
        for pk, standing in timelines_of(list(rows)).items():
            life = by_id[pk]
            life.look(standing)
            if life.turns_at is not None:
                heapq.heappush(self._turns, (life.turns_at, next(self._order), life))

    def _plan(self, at: datetime, happens: partial[None]) -> None:
        heapq.heappush(self._agenda, (at, next(self._order), happens))

    def _join(self, life: Life, *, now: datetime) -> None:
        person = life.person
        own = person.own_start.isoformat() if person.own_start else ""
        cohort = self._cohort(person, now)
        made = enroll(
            cohort_id=cohort.pk, email=person.email, time_zone=person.zone, starts_on=own, actor_id=None, now=now
        )
        life.enrollment_id = made.pk
        self._look([life])

    def _cohort(self, person: Person, now: datetime) -> Cohort:
        group = person.group
        version = self.versions[group.journey]
        if group.number not in self.cohorts:
            self.cohorts[group.number] = create_cohort(
                organization_id=version.journey.organization_id,
                version_id=version.pk,
                name=f"Group {group.number}",
                clock="shared" if group.is_shared else "individual",
                starts_on=group.starts_on if group.is_shared else None,
                ends_on=group.ends_on,
                time_zone=group.zone or "",
                zone_rule="cohort" if group.zone else "learner",
                country=group.country,
                days_off=group.days_off,
                now=now,
            )
        return self.cohorts[group.number]

    def _act(self, life: Life, act: Act, *, now: datetime) -> None:
        """Do what staff do; what the domain refuses did not happen, and the simulator hears nothing of it."""
        given = {"enrollment_id": life.enrollment_id, "actor_id": None, "now": now}
        acts = {
            "pause": partial(pause, **given),
            "resume": partial(resume, **given),
            "shift": partial(shift_dates, days=act.days, **given),
            "extend": partial(extend_due, key=act.key, until_on=act.until_on, **given),
            "exempt": partial(exempt_step, key=act.key, **given),
            "release": partial(release, key=act.key, **given),
        }
        try:
            acts[act.kind]()
        except DomainError:
            return
        life.person.done.append(act)
        self._look([life])

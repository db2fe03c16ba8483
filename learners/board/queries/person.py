"""One person of a cohort: what they did, what comes, what was adjusted, and what they shared with the viewer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from config.accounts.actor import Actor
from journeys.schedule.outline import Outline
from journeys.schedule.timeline import Placement
from learners.board.queries.learners import LearnerRow, learner_rows, list_learners, row_of
from learners.board.queries.schedule import Line, may_know_fates, schedule_of
from learners.board.queries.waiting import title_of
from learners.board.rules import Place, place_of
from learners.board.words import PLACE_WORDS, Cell, cell_of
from learners.cohorts.models import Enrollment, EnrollmentAdjustment
from learners.progress.models import Completion
from learners.progress.queries import Standing, timeline_of
from learners.reflections.models import Reflection
from learners.reflections.queries import list_shared_with

Choices = list[tuple[str, str]]
LINES_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """One module of the person's version, with how far they got."""

    number: int
    title: str
    cell: Cell
    placement: Placement


@dataclass(frozen=True, slots=True)
class DoneLine:
    """One completed step. how: see How; recorded_by: who wrote it down, "" for the person or another tool."""

    title: str
    completed_at: datetime
    how: str
    recorded_by: str
    is_passed: bool


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One adjustment, to be told in a sentence; the reason only to those who may adjust."""

    kind: str
    title: str
    days: int
    until_on: date | None
    made_at: datetime
    made_by: str
    reason: str

    @property
    def days_earlier(self) -> int:
        """By how many days dates moved the other way."""
        return -self.days


@dataclass(frozen=True, slots=True)
class SharedText:
    """A reflection that this viewer may read."""

    title: str
    reflection: Reflection


@dataclass(frozen=True, slots=True)
class Person:
    """Everything that the page of one person shows; ahead and past are lines of their schedule."""

    enrollment: Enrollment
    standing: Standing
    row: LearnerRow
    place: Place
    word: Any
    zone: str
    modules: Sequence[ModuleLine]
    done: Sequence[DoneLine]
    ahead: Sequence[Line]
    past: Sequence[Line]
    changes: Sequence[ChangeLine]
    shared: Sequence[SharedText]

    @property
    def soon(self) -> Sequence[Line]:
        """The lines that come first."""
        return self.ahead[:LINES_SHOWN]

    @property
    def later(self) -> Sequence[Line]:
        """The lines behind those."""
        return self.ahead[LINES_SHOWN:]

    @property
    def name(self) -> str:
        """Their name, or their address where they gave none."""
        return str(self.enrollment.user)


def load_person(actor: Actor, enrollment: Enrollment, *, shows_reasons: bool, now: datetime) -> Person:
    """
    Return one person for their page; eight queries. The enrollment comes with its terms, and the actor may see it.

    shows_reasons: whether the reasons of adjustments are told, which may be about health or family.
    """
    standing = timeline_of(enrollment)
    knows_fates = may_know_fates(actor, enrollment)
    schedule = schedule_of(enrollment, tells_fates=knows_fates, now=now, standing=standing)
    # The privacy page promises that messages are between the learner and administrators.
    lines = [line for line in schedule.lines if line.kind != "nudge" or knows_fates]
    row = row_of(learner_rows(list_learners(actor, now=now).filter(pk=enrollment.pk)).get())
    place = place_of(enrollment.status, next_due_at=enrollment.next_due_at, now=now)
    return Person(
        enrollment=enrollment,
        standing=standing,
        row=row,
        place=place,
        word=PLACE_WORDS[place],
        zone=schedule.zone,
        modules=_modules(enrollment, standing),
        done=_done(enrollment, standing.outline),
        ahead=[line for line in lines if line.at > now],
        past=[line for line in reversed(lines) if line.at <= now],
        changes=_changes(enrollment, standing.outline, shows_reasons=shows_reasons),
        shared=_shared(actor, enrollment, standing.outline),
    )


def _modules(enrollment: Enrollment, standing: Standing) -> list[ModuleLine]:
    return [
        ModuleLine(
            number,
            module.title,
            cell_of(enrollment.module_states.get(module.key, "locked")),
            standing.timeline.modules[module.key],
        )
        for number, module in enumerate(standing.outline.modules, start=1)
    ]


def _done(enrollment: Enrollment, outline: Outline) -> list[DoneLine]:
    rows = Completion.objects.filter(enrollment=enrollment).select_related("recorded_by")
    return [
        DoneLine(
            title=_step_title(outline, row.step_key),
            completed_at=row.completed_at,
            how=row.how,
            recorded_by=str(row.recorded_by) if row.recorded_by_id not in (None, enrollment.user_id) else "",
            is_passed=row.passed_at is not None,
        )
        for row in rows.order_by("-completed_at", "-id")
    ]


def _changes(enrollment: Enrollment, outline: Outline, *, shows_reasons: bool) -> list[ChangeLine]:
    rows = EnrollmentAdjustment.objects.filter(enrollment=enrollment).select_related("recorded_by")
    return [
        ChangeLine(
            kind=row.kind,
            title=title_of(outline, row.key) if row.key else "",
            days=row.days or 0,
            until_on=row.until_on,
            made_at=row.effective_at,
            made_by=str(row.recorded_by) if row.recorded_by else "",
            reason=row.reason if shows_reasons else "",
        )
        for row in rows.order_by("-id")
    ]


def _shared(actor: Actor, enrollment: Enrollment, outline: Outline) -> list[SharedText]:
    """What list_shared_with lets this viewer read; whatever else there is is neither listed nor counted."""
    rows = list_shared_with(actor, cohort_id=enrollment.cohort_id).filter(enrollment=enrollment)
    return [SharedText(_step_title(outline, row.step_key), row) for row in rows]


def _step_title(outline: Outline, step_key: str) -> str:
    step = outline.steps_by_key.get(step_key)
    return step.title if step else step_key


def extendable(standing: Standing) -> Choices:
    """Return what has a deadline that is not met yet, as (key, title)."""
    return _titled(standing, (one for one in standing.timeline.placements if one.due_at and not one.done_at))


def exemptible(standing: Standing) -> Choices:
    """Return the required steps that are not done, as (MODULE/STEP, title)."""
    steps = standing.timeline.steps.values()
    return _titled(standing, (one for one in steps if one.required and not one.done_at))


def openable(standing: Standing, *, now: datetime) -> Choices:
    """
    Return the closed modules, and the closed steps of open ones, that were not opened by hand, as (key, title).

    A step never opens before its module, so opening one of a closed module would change nothing that can be seen.
    """
    released, timeline = standing.facts.released, standing.timeline
    within_reach = (
        one for one in timeline.placements if one.module_key is None or timeline.is_open(one.module_key, now)
    )
    closed = (one for one in within_reach if not timeline.is_open(one.reference, now))
    return _titled(standing, (one for one in closed if one.reference not in released))


def _titled(standing: Standing, placements: Iterator[Placement]) -> Choices:
    """A step says its module's number too, because titles of steps repeat."""
    titles = standing.outline.titles
    return [
        (one.reference, title_of(standing.outline, one.reference))
        if one.module_key is None
        else (one.reference, f"{titles[one.module_key]} · {titles[one.reference]}")
        for one in placements
    ]

"""Holds the rows of the real engine against the entries of the simulator, and says each difference in one line."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from config.events.models import ActivityEvent
from journeys.schedule.entries import Entry
from journeys.schedule.messages import NudgeMoment
from journeys.schedule.simulate import Simulation
from journeys.schedule.tree import DueSoon, Weekly
from journeys.schedule.zones import zone_named
from learners.cohorts.models import Enrollment
from learners.cohorts.queries import WITH_TERMS
from learners.nudges.models import NudgeDelivery
from learners.nudges.rules.built_in import BUILT_IN
from learners.progress.models import Completion, ModuleOpening
from learners.progress.queries import Standing, timelines_of
from tests.learners.simulated.living import Life

# What happened (as "opens", "due", "message HELLO"), of what, when in UTC, and the local time in words.
Line: TypeAlias = tuple[str, str, datetime, str]

TOLD = {"module.due": "due", "step.due": "due", "step.opened": "opens"}


@dataclass(frozen=True, slots=True)
class Compared:
    """differences: one readable line each. rows: how many lines were compared on either side."""

    rows: int
    differences: tuple[str, ...]


def compare(lives: Sequence[Life]) -> Compared:
    """Compare everybody; the rules are those of the test's docstring, in the order in which they stand there."""
    rows = Rows(lives)
    counted, differences = 0, []
    for life in lives:
        run = life.person.simulation()
        expected, found = Counter(_expected(life, run)), Counter(_found(life, rows, run))
        counted += (expected | found).total()
        differences += [_said(life, line, "only in the simulator") for line in sorted((expected - found).elements())]
        differences += [_said(life, line, "only in the engine") for line in sorted((found - expected).elements())]
    return Compared(counted, tuple(differences))


class Rows:
    """Everything that the engine wrote for these people, read at once."""

    def __init__(self, lives: Sequence[Life]) -> None:
        ids = [life.enrollment_id for life in lives]
        enrollments = list(Enrollment.objects.filter(pk__in=ids).select_related(*WITH_TERMS))
        self.enrollments = {one.pk: one for one in enrollments}
        self.standings: dict[int, Standing] = timelines_of(enrollments)
        self.openings = _by_enrollment(
            ids, ModuleOpening.objects.values_list("enrollment_id", "module_key", "opened_at")
        )
        self.completions = _by_enrollment(
            ids, Completion.objects.values_list("enrollment_id", "step_key", "completed_at")
        )
        self.messages = _by_enrollment(
            ids,
            NudgeDelivery.objects.exclude(rule_key__in=BUILT_IN).values_list(
                "enrollment_id", "rule_key", "subject", "due_at", "occurrence", "channel"
            ),
        )
        pks = {one.uuid: one.pk for one in enrollments}
        told = ActivityEvent.objects.filter(verb__in=TOLD).values_list("enrollment_uuid", "verb", "data", "occurred_at")
        self.events = _by_enrollment(ids, [(pks[uuid], *rest) for uuid, *rest in told if uuid in pks])


def _by_enrollment(ids: Sequence[int], rows: Iterable[tuple]) -> dict[int, list[tuple]]:
    found: dict[int, list[tuple]] = {pk: [] for pk in ids}
    for pk, *rest in rows:
        if pk in found:
            found[pk].append(tuple(rest))
    return found


def _expected(life: Life, run: Simulation) -> Iterator[Line]:
    ends_at = life.person.ends_at
    for entry in run.entries(every_step=True):
        if entry.kind == "nudge" or entry.at_utc > ends_at:
            continue
        if entry.kind == "opens" and "/" not in entry.key:
            yield _line(life, "module opens", entry.key, entry.at_utc)
        elif _is_told(life, run, entry):
            yield _line(life, entry.kind, entry.key, entry.at_utc)
    channels = {rule.key: rule.channels for rule in run.outline.nudges}
    for moment in _planned(life, run):
        if moment.due_at <= ends_at:
            for channel in channels[moment.rule_key]:
                subject = f"{moment.subject} by {channel}"
                yield f"message {moment.rule_key}", subject, moment.due_at, moment.nominal_local
    yield from _placed(life, run.timeline)
    done = ((step.key, step.done_at) for step in run.timeline.steps.values() if step.done_at is not None)
    yield from (_line(life, "done", key, at) for key, at in done if at <= ends_at)
    finished = run.timeline.completed_at
    if finished is not None and finished <= ends_at:
        yield _line(life, "journey done", "", finished)


def _planned(life: Life, run: Simulation) -> Iterator[NudgeMoment]:
    """
    Give the messages of a run, with those before a deadline as it stood when they were planned (rule 9).

    The run knows every pause and shift from the beginning, and the engine each of them from its moment on.
    """
    yield from run.messages
    soon = {rule.key for rule in run.outline.nudges if isinstance(rule.trigger, DueSoon)}
    known = {(one.rule_key, one.subject, one.anchor) for one in run.messages}
    for act in life.person.done:
        if act.kind in ("pause", "shift"):
            earlier = [one for one in life.person.done if one.at < act.at]
            for moment in replace(life.person, done=earlier).simulation().messages:
                name = (moment.rule_key, moment.subject, moment.anchor)
                if moment.rule_key in soon and moment.due_at < act.at and name not in known:
                    known.add(name)
                    yield moment


def _is_told(life: Life, run: Simulation, entry: Entry) -> bool:
    """Tell whether the engine writes down that a step opened, or that something was due, by then (rules 2 and 3)."""
    done_at = run.timeline.placement(entry.key).done_at
    is_done = done_at is not None and done_at <= entry.at_utc
    return entry.at_utc > life.person.joins_at and not is_done


def _found(life: Life, rows: Rows, run: Simulation) -> Iterator[Line]:
    pk, ends_at = life.enrollment_id, life.person.ends_at
    for key, at in rows.openings[pk]:
        if at <= ends_at:
            yield _line(life, "module opens", key, at)
    for verb, data, at in rows.events[pk]:
        key = f"{data['module']}/{data['step']}" if "step" in data else data["module"]
        if at <= ends_at:
            yield _line(life, TOLD[verb], key, at)
    last_weekly = max((one.at_utc for one in run.entries()), default=None)
    endless = {nudge.key for nudge in run.outline.nudges if isinstance(nudge.trigger, Weekly)}
    for rule_key, subject, at, occurrence, channel in rows.messages[pk]:
        if at <= ends_at and (rule_key not in endless or (last_weekly is not None and at <= last_weekly)):
            yield f"message {rule_key}", f"{subject} by {channel}", at, occurrence
    yield from _placed(life, rows.standings[pk].timeline)
    for key, at in rows.completions[pk]:
        yield _line(life, "done", key, at)
    finished = rows.enrollments[pk].completed_at
    if finished is not None and finished <= ends_at:
        yield _line(life, "journey done", "", finished)


def _placed(life: Life, timeline) -> Iterator[Line]:
    """What the pages show: the opening and the deadline of everything, also of what is done by then."""
    for one in timeline.placements:
        if one.opens_at is None or one.opens_at > life.person.ends_at:
            continue
        yield _line(life, "placed", one.reference, one.opens_at)
        if one.due_at is not None and one.due_at <= life.person.ends_at:
            yield _line(life, "placed deadline", one.reference, one.due_at)


def _line(life: Life, what: str, key: str, at: datetime) -> Line:
    return what, key, at, f"{at.astimezone(zone_named(life.person.zone)):%Y-%m-%dT%H:%M}"


def _said(life: Life, line: Line, where: str) -> str:
    what, key, at, local = line
    return f"{life.person}: {what} {key} at {local} ({at:%Y-%m-%d %H:%M:%S.%f} UTC): {where}"

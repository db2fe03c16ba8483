"""Whether expectations come true: each against the simulated run that it imagines, with what the schedule says."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from journeys.schedule.calendar import to_instant, zone_named
from journeys.schedule.expectations.amounts import never_verdicts, only_verdicts
from journeys.schedule.expectations.runs import PLAIN_RUN, Runs, local, shown, whom
from journeys.schedule.expectations.values import (
    Before,
    Event,
    Expectation,
    Locked,
    Messages,
    Moment,
    Never,
    Only,
    Part,
    Run,
    Total,
    Within,
    runs_named,
)
from journeys.schedule.expectations.verdicts import Verdict
from journeys.schedule.messages import NudgeMoment
from journeys.schedule.outline import Outline
from journeys.schedule.outside import UnknownHappening
from journeys.schedule.pace import UnknownPace
from journeys.schedule.simulate import Simulation
from journeys.schedule.timeline import Placement
from journeys.schedule.tree import After, OnDate, Reference, Rule
from journeys.schedule.words import in_words

__all__ = ["Verdict", "check_expectations", "verdicts"]


def check_expectations(
    outline: Outline, expectations: tuple[Expectation, ...], *, runs: Runs | None = None
) -> list[str]:
    """Find the expectations that do not come true, one sentence each, beginning with "expectations/INDEX:"."""
    found = verdicts(outline, expectations, runs=runs)
    return [
        f"expectations/{index}: {verdict.sentence}"
        for index, one in enumerate(found)
        for verdict in one
        if not verdict.holds
    ]


def verdicts(
    outline: Outline, expectations: tuple[Expectation, ...], *, runs: Runs | None = None
) -> list[tuple[Verdict, ...]]:
    """
    Hold each expectation against the schedule; one entry for each, with what the schedule says.

    Limits count every message that is planned, also those that the learner imagined would not need: what is reached
    then can be reached by somebody. `sent` and `messages` count what that learner really gets.
    runs: simulations of the outline, to be shared with what else asks for them.
    """
    known = runs or Runs(outline)
    every = _possible(known, runs_named(expectations)) or (PLAIN_RUN,)
    return [tuple(verdict for part in one for verdict in _of(known, part, every)) for one in expectations]


def _possible(runs: Runs, named: tuple[Run, ...]) -> tuple[Run, ...]:
    """Leave out runs that name what is not there; the expectations that name them say so."""
    found: list[Run] = []
    for run in named:
        try:
            runs.of(run)
        except (UnknownPace, UnknownHappening):
            continue
        found.append(run)
    return tuple(found)


def _of(runs: Runs, part: Part, every: tuple[Run, ...]) -> Iterable[Verdict]:
    try:
        if isinstance(part, Never | Only):
            asked = [(run, runs.of(run)) for run in (every if part.run is None else (part.run,))]
            return never_verdicts(part, asked) if isinstance(part, Never) else only_verdicts(part, asked)
        return (_one(part, runs.of(part.run)),)
    except (UnknownPace, UnknownHappening) as error:
        return (Verdict(False, str(error)),)


def _one(part: Moment | Messages | Locked | Before | Within | Total, simulated: Simulation) -> Verdict:
    match part:
        case Total():
            return _total(part, simulated)
        case Moment(_, "finished"):
            at = simulated.timeline.completed_at
            return _moment(part, "the journey is finished", at, "")
        case Moment(_, "sent" | "planned"):
            return _message(part, simulated)
        case Messages(_, _, _, True):
            return _messages(part, simulated)
    one = _placed(simulated, part.subject)
    if one is None:
        return Verdict(False, f"there is no {part.subject} in this journey. Check the key.")
    match part:
        case Messages():
            return _messages(part, simulated)
        case Locked():
            return _locked(part, one)
        case Before():
            return _before(part, one, simulated)
        case Within():
            return _within(part, one, simulated)
        case _:
            return _placement(part, one)


def _placement(part: Moment, one: Placement) -> Verdict:
    what = f"{part.subject} {part.event}"
    if part.event == "opens":
        return _moment(part, what, one.opens_at, "; ".join(one.blocked_by) or one.opens_why)
    if part.event == "due":
        return _moment(part, what, one.due_at, one.due_why or "it has no deadline")
    return _moment(part, what, one.done_at, "" if one.required else "nothing of it is required")


def _moment(part: Moment, what: str, at: datetime | None, why: str) -> Verdict:
    found = shown(at, part.run)
    wanted = "never" if part.day is None else f"{part.day}{'' if part.at is None else f' {part.at:%H:%M}'}"
    holds = found == wanted or (part.at is None and at is not None and found.startswith(wanted))
    return _compared(holds, what, part.run, wanted, "at no known time" if at is None else found, why)


def _compared(holds: bool, what: str, run: Run, wanted: str, found: str, why: str) -> Verdict:
    because = f" ({why})" if why else ""
    if holds:
        return Verdict(True, f"{what} {whom(run)}: {wanted}{because}")
    return Verdict(False, f"{what} {whom(run)}: expected {wanted}, found {found}{because}")


def _message(part: Moment, simulated: Simulation) -> Verdict:
    key, run = part.subject, part.run
    planned = [one for one in simulated.messages if one.rule_key == key]
    if not _has_nudge(simulated, key) or (not planned and part.day is not None):
        return Verdict(False, f"no message of nudge {key} is planned {whom(run)}. Check its key and its trigger.")
    hours, spared = _gone_out(planned, part.event, simulated, run)
    wanted = "never" if part.day is None else f"{part.day} {part.at:%H:%M}"
    holds = not hours if part.day is None else wanted in hours
    found = ", ".join(hours) or "never"
    return _compared(holds, f"nudge {key} {part.event}", run, wanted, found, spared)


def _messages(part: Messages, simulated: Simulation) -> Verdict:
    key, run = part.subject, part.run
    if part.is_nudge and not _has_nudge(simulated, key):
        return Verdict(False, f"there is no nudge {key} in this journey. Check the key.")
    of = [one for one in simulated.messages if (one.rule_key if part.is_nudge else one.subject) == key]
    hours, spared = _gone_out(of, part.event, simulated, run)
    wanted = sorted(f"{day} {at:%H:%M}" for day, at in part.moments)
    what = f"messages {'of nudge' if part.is_nudge else 'about'} {key} {part.event}"
    return _compared(hours == wanted, what, run, ", ".join(wanted) or "never", ", ".join(hours) or "never", spared)


def _has_nudge(simulated: Simulation, key: str) -> bool:
    return any(nudge.key == key for nudge in simulated.outline.nudges)


def _gone_out(planned: list[NudgeMoment], event: Event, simulated: Simulation, run: Run) -> tuple[list[str], str]:
    """Return when messages are planned, or really go out, and why others of them do not."""
    if event == "planned":
        return sorted(shown(one.due_at, run) for one in planned), ""
    spared = {one: simulated.spared(one) for one in planned}
    why = sorted({reason for reason in spared.values() if reason is not None})
    hours = sorted(shown(one.due_at, run) for one, reason in spared.items() if reason is None)
    return hours, f"not needed: {'; '.join(why)}" if why else ""


def _total(part: Total, simulated: Simulation) -> Verdict:
    if part.what == "messages":
        found = [one.rule_key for one in simulated.messages if simulated.spared(one) is None]
    else:
        kind = "opens" if part.what == "openings" else "due"
        found = [one.key for one in simulated.placed if one.kind == kind]
    said = f"{len(found)} {part.what} {whom(part.run)}"
    listed = f" ({', '.join(found)})" if found else ""
    return Verdict(
        len(found) == part.count, f"{said}{'' if len(found) == part.count else f', expected {part.count}'}{listed}"
    )


def _locked(part: Locked, one: Placement) -> Verdict:
    asked = to_instant(part.day, part.at, zone_named(part.run.zone))
    holds = one.opens_at is None or one.opens_at > asked
    wanted = f"still locked on {part.day} {part.at:%H:%M}"
    found = shown(one.opens_at, part.run)
    why = "; ".join(one.blocked_by) or one.opens_why
    if holds:
        return Verdict(True, f"{part.subject} {whom(part.run)}: {wanted}, opens {found} ({why})")
    return Verdict(False, f"{part.subject} {whom(part.run)}: expected {wanted}, and it opens {found} ({why})")


def _before(part: Before, one: Placement, simulated: Simulation) -> Verdict:
    other = _placed(simulated, part.other)
    if other is None:
        return Verdict(False, f"there is no {part.other} in this journey. Check the key.")
    holds = one.opens_at is not None and (other.opens_at is None or one.opens_at < other.opens_at)
    at = partial(shown, run=part.run)
    said = f"{part.subject} opens {at(one.opens_at)}, {part.other} opens {at(other.opens_at)}"
    wanted = "" if holds else f"expected {part.subject} before {part.other}; "
    return Verdict(holds, f"{whom(part.run)}: {wanted}{said}")


def _within(part: Within, one: Placement, simulated: Simulation) -> Verdict:
    words = in_words(part.rule, simulated.outline.titles)
    what = f"{part.subject} opens {whom(part.run)}"
    latest = simulated.timeline.moments.first(part.rule, own=None, when_passed="at-once")
    if latest is None:
        never = f"within {words}, and that moment never comes. Choose a pace that reaches it"
        return Verdict(False, f"{what}: expected {never}")
    zone = simulated.timeline.moments.where.zone
    by_day = _has_no_hour(part.rule)
    holds = one.opens_at is not None and (
        one.opens_at.astimezone(zone).date() <= latest.astimezone(zone).date() if by_day else one.opens_at <= latest
    )
    found = shown(one.opens_at, part.run)
    limit = f"{local(latest, part.run):%Y-%m-%d}" if by_day else shown(latest, part.run)
    return (
        _compared(holds, what, part.run, f"by {limit}", found, words)
        if not holds
        else Verdict(True, f"{what}: {found}, by {limit} ({words})")
    )


def _has_no_hour(rule: Rule) -> bool:
    """A length in days without an hour gives the whole last day."""
    if isinstance(rule, After):
        return rule.offset.at is None and rule.offset.unit not in ("hours", "minutes")
    return isinstance(rule, OnDate) and rule.at is None


def _placed(simulated: Simulation, subject: str) -> Placement | None:
    module, _, step = subject.partition("/")
    if not step:
        return simulated.timeline.modules.get(module)
    found = simulated.outline.step_at(Reference(module, step))
    return None if found is None else simulated.timeline.steps.get(step)

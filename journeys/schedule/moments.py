"""Turn rules into instants: what is known of one enrollment, and what follows from it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from journeys.schedule.calendar import WorkCalendar, zone_named
from journeys.schedule.facts import Facts, Level, Pause, Try
from journeys.schedule.fixed import FixedDates
from journeys.schedule.outline import Outline, StepOutline
from journeys.schedule.pace import Pace
from journeys.schedule.placing import Place, Placed, WhenPassed, in_order
from journeys.schedule.plan import Node, NodeKey, plan_of
from journeys.schedule.tree import (
    After,
    AllOf,
    AnyOf,
    AtLeast,
    Completed,
    Failed,
    Happened,
    Not,
    OnDate,
    Passed,
    Rated,
    Reference,
    Released,
    Rule,
)

KNOWN_AHEAD: Final = ("start", "enrolled", "end", "opens")


class Moments:
    """
    The instants of one enrollment: facts as they are, and openings as they follow from them.

    A condition is a set of instants and its moment is the first of them: `all` is the latest of its parts, `any` the
    earliest, `at_least` the n-th. With `not` the instants are tried one after another. Nothing that happens later can
    change what held before, so what has opened stays open.

    pace: whom to imagine, for steps that nobody has completed; None imagines nothing.
    opens: when each module and step opens. ruled: when its own rule alone lets it, before its module, a record, a
    release or a pause have their say.
    """

    def __init__(self, outline: Outline, facts: Facts, calendar: WorkCalendar, pace: Pace | None = None) -> None:
        self.outline = outline
        self.facts = facts
        self.pace = pace
        self.plan = plan_of(outline)
        self.where = Place(zone_named(facts.placing_zone), calendar, in_order(facts.pauses, facts.shifts))
        self._dates = FixedDates(facts, self.where)
        self.start = self._dates.begins.at
        self.end = None if self._dates.ends is None else self._dates.ends.at
        self.opens: dict[NodeKey, datetime | None] = {}
        self.ruled: dict[NodeKey, datetime | None] = {}
        self._known: dict[tuple[int, datetime, WhenPassed], tuple[After, Placed]] = {}
        self._settle()

    def completed_at(self, reference: Reference) -> datetime | None:
        """
        Find when a step, or every required step of a module, was completed (or will be, for an imagined learner).

        A module that requires nothing of this person is completed when it opens.
        """
        if reference.step:
            step = self.outline.step_at(reference)
            return None if step is None else self._step_completed_at(step)
        module = self.outline.modules_by_key.get(reference.module)
        if module is None:
            return None
        asked = [step for step in module.steps if self.is_required(step)]
        later = [step for step in asked if step.key in self.plan.for_some]
        latest = None if len(asked) > len(later) else self.opens.get(module.key)
        for step in asked:
            if step not in later:
                at = self._step_completed_at(step)
                if at is None:
                    return None
                latest = at if latest is None else max(latest, at)
        return latest if latest is None or not later else self._completed_with(later, latest)

    def is_required(self, step: StepOutline) -> bool:
        """
        Tell whether this person has to do the step.

        What opens only after a failure or by a rating is asked of those for whom it has opened, and of nobody else.
        """
        if not step.required or step.key in self.facts.exempted:
            return False
        if step.module_key in self.plan.modules_for_some and self.opens.get(step.module_key) is None:
            return False
        return step.key not in self.plan.for_some or self.opens.get(step.name) is not None

    def done_at(self, step: StepOutline) -> datetime | None:
        """Find when a step was really completed, or is by somebody imagined; an exemption is not a completion."""
        if step.key in self.facts.exempted:
            return self.facts.completed.get(step.key)
        return self._step_completed_at(step)

    def first(
        self, rule: Rule, *, own: datetime | None, when_passed: WhenPassed, floor: datetime | None = None
    ) -> datetime | None:
        """
        Find the first instant at which a rule holds, or None while that is not known.

        own: the opening that `from: opens` counts from. floor: for a rule with `not`, where to begin trying.
        """
        if floor is not None:
            return self._first_by_trying(rule, floor, own, when_passed)
        match rule:
            case AllOf(parts):
                found = self._all_first(parts, own, when_passed)
                return found[-1] if len(found) == len(parts) else None
            case AnyOf(parts):
                found = self._all_first(parts, own, when_passed)
                return found[0] if found else None
            case AtLeast(count, parts):
                found = self._all_first(parts, own, when_passed)
                return found[count - 1] if len(found) >= count else None
            case _:
                return self.leaf_at(rule, own=own, when_passed=when_passed)

    def leaf_at(self, leaf: Rule, *, own: datetime | None, when_passed: WhenPassed) -> datetime | None:
        """Find the instant of a single fact or date; for `not`, the instant until which it holds."""
        match leaf:
            case After() | OnDate():
                placed = self.placed(leaf, own=own, when_passed=when_passed)
                return None if placed is None else placed.at
            case Completed(reference):
                return self.completed_at(reference)
            case Passed():
                return self._passed_at(leaf)
            case Failed(reference, attempts):
                return self._failed_at(reference, attempts)
            case Rated():
                return self._rated_at(leaf)
            case Happened(event):
                return self.facts.events.get(event)
            case Released(reference):
                return self.facts.released.get(str(reference))
            case Not(part):
                return self.leaf_at(part, own=own, when_passed=when_passed)
            case _:
                raise TypeError(f"{leaf!r} is not a single fact or date")

    def is_used_up(self, rule: Passed) -> bool:
        """Tell whether the attempts in which something had to be passed are over."""
        step = self.outline.step_at(rule.reference)
        return rule.within is not None and step is not None and len(self._tries(step)) >= rule.within

    def placed(self, leaf: After | OnDate, *, own: datetime | None, when_passed: WhenPassed) -> Placed | None:
        """Place a date, or so long after an anchor; None while the anchor is not known."""
        if isinstance(leaf, OnDate):
            return self._dates.on_date(leaf, when_passed=when_passed)
        anchor = self.anchor_at(leaf, own)
        if anchor is None:
            return None
        # The identity of a rule is a far cheaper key than its content, and safe while the rule is kept beside it.
        known = self._known.get((id(leaf), anchor, when_passed))
        if known is None:
            known = (leaf, self._dates.counted(leaf, anchor, when_passed=when_passed))
            self._known[(id(leaf), anchor, when_passed)] = known
        return known[1]

    def holds(self, rule: Rule, now: datetime) -> bool:
        """Tell whether a rule holds at an instant."""
        match rule:
            case AllOf(parts):
                return all(self.holds(part, now) for part in parts)
            case AnyOf(parts):
                return any(self.holds(part, now) for part in parts)
            case AtLeast(count, parts):
                return sum(self.holds(part, now) for part in parts) >= count
            case Not(part):
                return not self.holds(part, now)
            case _:
                at = self.leaf_at(rule, own=None, when_passed="at-once")
                return at is not None and at <= now

    def leaves(self, rule: Rule) -> Iterable[Rule]:
        """Go through the single facts and dates of a rule, in reading order; `not` comes with what it negates."""
        match rule:
            case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
                for part in parts:
                    yield from self.leaves(part)
            case _:
                yield rule

    def _rule_opens_at(self, node: Node) -> datetime | None:
        floor = self.start if node.step is None else self.opens.get(node.module.key)
        if node.opens is None:
            return floor
        return self.first(node.opens, own=None, when_passed="at-once", floor=None if node.monotone else floor)

    def out_of_pause(self, at: datetime) -> datetime | None:
        """Move an instant that falls into a pause to its end; None when the pause has no end."""
        for change in self.where.changes:
            if isinstance(change, Pause) and change.from_at <= at:
                if change.until_at is None:
                    return None
                at = max(at, change.until_at)
        return at

    def _settle(self) -> None:
        """
        Place every opening. In a plan without circles one pass is enough. Else each pass settles at least the next
        instant for good, so as many passes as there are openings are enough.
        """
        passes = 1 if self.plan.settles_at_once else len(self.plan.order) + 1
        for _ in range(passes):
            changed = False
            for node in self.plan.order:
                at = self._opens_at(node)
                changed = changed or at != self.opens.get(node.key)
                self.opens[node.key] = at
            if not changed:
                return

    def _opens_at(self, node: Node) -> datetime | None:
        at = self.ruled[node.key] = self._rule_opens_at(node)
        if node.step is None and node.key in self.facts.opened:
            return self.facts.opened[node.key]
        released = None if node.names_release else self.facts.released.get(node.key)
        if released is not None:
            at = released if at is None else min(at, released)
        if at is not None and node.step is not None:
            opened = self.opens.get(node.module.key)
            at = None if opened is None else max(at, opened)
        return None if at is None else self.out_of_pause(at)

    def _step_completed_at(self, step: StepOutline) -> datetime | None:
        done = self.facts.completed.get(step.key)
        if step.key in self.facts.exempted:
            # A step that need not be done never holds anybody up, and doing it anyway must not delay anything.
            opened = self.opens.get(step.name)
            return done if opened is None else opened if done is None else min(done, opened)
        if done is None and self.pace is not None and step.required:
            opened = self.opens.get(step.name)
            at = None if opened is None else self.pace.completes_at(step, opened, self.where.zone)
            # Whoever joins late does what was open before on their first day, and not before they came.
            return None if at is None else max(at, self.facts.enrolled_at)
        return done

    def _completed_with(self, later: list[StepOutline], latest: datetime) -> datetime | None:
        """A step that opened before the others were done is waited for; one that opens afterwards undoes nothing."""
        opened = sorted((self.opens[step.name] or latest, step.key, step) for step in later)
        for at, _, step in opened:
            if at <= latest:
                done = self._step_completed_at(step)
                if done is None:
                    return None
                latest = max(latest, done)
        return latest

    def _failed_at(self, reference: Reference, attempts: int) -> datetime | None:
        step = self.outline.step_at(reference)
        if step is None:
            return None
        if self._fails(step):
            return self._step_completed_at(step)
        failed = [one.at for one in self._tries(step) if one.passed is False]
        return failed[attempts - 1] if len(failed) >= attempts else None

    def _rated_at(self, rule: Rated) -> datetime | None:
        """Find when a rating was given; None where it is another one than the rule asks for."""
        step = self.outline.step_at(rule.reference)
        if step is None:
            return None
        given = [one for one in self._levels(step) if rule.behavior in ("", one.behavior)]
        if not given:
            return None
        lowest = min(one.level for one in given)
        fits = lowest >= (rule.at_least or lowest) and lowest <= (rule.at_most or lowest)
        return max(one.at for one in given) if fits else None

    def _levels(self, step: StepOutline) -> tuple[Level, ...]:
        done = self._step_completed_at(step)
        is_real = step.key in self.facts.completed or step.key in self.facts.exempted
        if self.pace is None or is_real or done is None:
            return self.facts.levels.get(step.key, ())
        return self.pace.rates_at(step, self.outline.behaviors, done)

    def _fails(self, step: StepOutline) -> bool:
        """Tell whether somebody imagined does a step and never passes it."""
        is_asked = step.key not in self.facts.completed and step.key not in self.facts.exempted
        return is_asked and self.pace is not None and self.pace.fails == str(step.reference)

    def _tries(self, step: StepOutline) -> tuple[Try, ...]:
        return self.facts.tries.get(step.key, ())

    def _passed_at(self, rule: Passed) -> datetime | None:
        step = self.outline.step_at(rule.reference)
        if step is None:
            return None
        done = self._step_completed_at(step)
        imagined = self.pace is not None and step.key not in self.facts.completed
        if self._fails(step):
            return None
        if imagined or step.key in self.facts.exempted:
            return done
        if rule.within is not None and (tries := self._tries(step)):
            return next((one.at for one in tries[: rule.within] if _is_pass(one, rule.ratio)), None)
        # Who was recorded as having passed without an attempt needed none.
        passed = self.facts.passed.get(step.key)
        ratio = self.facts.ratios.get(step.key)
        if rule.ratio is None or ratio is None:
            return passed
        return (passed or done) if ratio >= rule.ratio else None

    def anchor_at(self, leaf: After, own: datetime | None = None) -> datetime | None:
        """
        Return the moment that a leaf counts from, aware UTC, or None while it is not known.

        own: the opening of what the rule belongs to; for a message, when the person finishes the journey.
        """
        anchor = leaf.anchor
        if anchor.kind == "start":
            return self.start
        if anchor.kind == "enrolled":
            return self.facts.enrolled_at
        if anchor.kind == "end":
            return self.end
        if anchor.kind == "event":
            return self.facts.events.get(anchor.event)
        if anchor.kind in ("opens", "finished") or anchor.reference is None:
            return own
        if anchor.kind == "failed":
            return self._failed_at(anchor.reference, anchor.attempts)
        if anchor.kind == "module-opened":
            return self.opens.get(anchor.reference.module)
        return self.completed_at(anchor.reference)

    def _all_first(self, parts: tuple[Rule, ...], own: datetime | None, when_passed: WhenPassed) -> list[datetime]:
        found = (self.first(part, own=own, when_passed=when_passed) for part in parts)
        return sorted(at for at in found if at is not None)

    def _first_by_trying(
        self, rule: Rule, floor: datetime, own: datetime | None, when_passed: WhenPassed
    ) -> datetime | None:
        """A rule with `not` can begin to hold only at the floor or at the moment of one of its facts and dates."""
        moments = {leaf: self.leaf_at(leaf, own=own, when_passed=when_passed) for leaf in self.leaves(rule)}
        tries = sorted({floor} | {at for at in moments.values() if at is not None and at > floor})
        return next((at for at in tries if _holds_by(rule, moments, at)), None)


def _is_pass(one: Try, ratio: float | None) -> bool:
    return bool(one.passed) if ratio is None or one.ratio is None else one.ratio >= ratio


def _holds_by(rule: Rule, moments: dict[Rule, datetime | None], at: datetime) -> bool:
    match rule:
        case AllOf(parts):
            return all(_holds_by(part, moments, at) for part in parts)
        case AnyOf(parts):
            return any(_holds_by(part, moments, at) for part in parts)
        case AtLeast(count, parts):
            return sum(_holds_by(part, moments, at) for part in parts) >= count
        case Not(part):
            until = moments[rule]
            if until is None:
                return True
            # What learners do comes after the instant: two things that open together cannot shut each other out.
            return at < until if _is_known_ahead(part) else at <= until
        case _:
            since = moments[rule]
            return since is not None and since <= at


def _is_known_ahead(part: Rule) -> bool:
    return isinstance(part, OnDate) or (isinstance(part, After) and part.anchor.kind in KNOWN_AHEAD)

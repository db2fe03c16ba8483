"""The shapes that rules, triggers and waits take once they are read: frozen values, compared by content."""

from dataclasses import dataclass
from datetime import date, time
from typing import Final, Literal, TypeAlias

Unit: TypeAlias = Literal["days", "working_days", "weeks", "hours", "minutes"]
AnchorKind: TypeAlias = Literal[
    "start", "enrolled", "end", "opens", "finished", "module-opened", "completed", "failed", "event"
]

UNITS: Final[tuple[Unit, ...]] = ("days", "working_days", "weeks", "hours", "minutes")
WEEKDAYS: Final[tuple[str, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class RuleFault:
    """One thing that is wrong: where (a JSON pointer) and what to do about it."""

    pointer: str
    message: str


class RuleError(ValueError):
    """A rule, trigger or wait could not be read; `faults` holds every fault found, in reading order."""

    def __init__(self, faults: tuple[RuleFault, ...]) -> None:
        super().__init__("; ".join(f"{fault.pointer}: {fault.message}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """A module by its key, or a step as MODULE/STEP; `str()` gives the form that bundles write."""

    module: str
    step: str = ""

    def __str__(self) -> str:
        return f"{self.module}/{self.step}" if self.step else self.module


@dataclass(frozen=True, slots=True)
class Anchor:
    """
    The moment a rule counts from. `reference` is set for module-opened, completed and failed only.

    attempts: for failed, which failed attempt it is. event: for event, its key. finished counts from the last required
    step of the whole journey, so only messages can.
    """

    kind: AnchorKind
    reference: Reference | None = None
    attempts: int = 1
    event: str = ""

    def __str__(self) -> str:
        name = self.event or self.reference
        return f"{self.kind}:{name}" if name else self.kind


@dataclass(frozen=True, slots=True)
class Window:
    """
    The weekdays and local hours in which a moment may lie; whatever is outside moves forward into it.

    weekdays: Monday = 0, in order; empty means all. from_at, to_at: both inclusive and both None for the whole day.
    """

    weekdays: tuple[int, ...] = ()
    from_at: time | None = None
    to_at: time | None = None


@dataclass(frozen=True, slots=True)
class Offset:
    """How long after (or, from start and end, before: a negative amount). `weekday` counts from Monday = 0."""

    amount: int
    unit: Unit
    at: time | None = None
    weekday: int | None = None
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class After:
    """A moment counted from another one."""

    anchor: Anchor
    offset: Offset


@dataclass(frozen=True, slots=True)
class OnDate:
    """A fixed local date; without `at` it begins at midnight, and a deadline ends with the day."""

    on: date
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Completed:
    """A step is completed, or every required step of a module."""

    reference: Reference


@dataclass(frozen=True, slots=True)
class Passed:
    """
    A step is passed; with `ratio`, reached at least this share of its points (0 to 1).

    within: in one of so many first attempts; None counts none.
    """

    reference: Reference
    ratio: float | None = None
    within: int | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A step was answered so many times without passing it."""

    reference: Reference
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class Rated:
    """
    On a self-rating the lowest of the levels given, or the one of `behavior`, is at least or at most so high.

    Levels count from 1, the lowest. Exactly one of at_least and at_most is set.
    """

    reference: Reference
    at_least: int | None = None
    at_most: int | None = None
    behavior: str = ""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something outside the journey took place; a facilitator or another tool recorded it. Of the version's events."""

    event: str


@dataclass(frozen=True, slots=True)
class Released:
    """A facilitator opened this module or step by hand."""

    reference: Reference


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part is enough."""

    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Rule"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many of the parts hold."""

    count: int
    parts: tuple["Rule", ...]


Rule: TypeAlias = (
    After | OnDate | Completed | Passed | Failed | Rated | Released | Happened | AllOf | AnyOf | Not | AtLeast
)


@dataclass(frozen=True, slots=True)
class ModuleOpened:
    """A nudge that hangs on the opening of a module."""

    module: str


@dataclass(frozen=True, slots=True)
class DueSoon:
    """A nudge before a deadline: of one module or step, or without `subject` of every required one that has one."""

    before: Offset
    subject: Reference | None = None


@dataclass(frozen=True, slots=True)
class Overdue:
    """A nudge after a deadline that was missed: of one module or step, or without `subject` of every required one."""

    after: Offset
    subject: Reference | None = None


@dataclass(frozen=True, slots=True)
class AtMoment:
    """A nudge so long after a moment, or before the start or the end of the cohort."""

    moment: After


@dataclass(frozen=True, slots=True)
class Inactive:
    """A nudge after so many days, or working days, in which nothing happened although something was open."""

    amount: int
    unit: Literal["days", "working_days"]
    at: time


@dataclass(frozen=True, slots=True)
class Weekly:
    """A nudge on the same weekday and local hour, each week while the enrollment runs."""

    weekday: int
    at: time


Trigger: TypeAlias = ModuleOpened | DueSoon | Overdue | AtMoment | Inactive | Weekly

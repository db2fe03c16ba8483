"""What a designer expects of a schedule, written beside the journey, and whether it comes true."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Final, Literal, TypeAlias

from journeys.schedule.calendar import UnknownCountry, UnknownZone, calendar_for, zone_named
from journeys.schedule.fields import Fields, shown
from journeys.schedule.outline import Outline
from journeys.schedule.simulate import Simulation, simulation
from journeys.schedule.timeline import Placement
from journeys.schedule.tree import Reference

Event: TypeAlias = Literal["opens", "due", "sent"]
Limit: TypeAlias = Literal["messages_per_day", "messages_per_week"]

LIMITS: Final[tuple[Limit, ...]] = ("messages_per_day", "messages_per_week")
_START: Final = date(2027, 3, 1)
_ZONE: Final = "UTC"
_RUN_KEYS: Final = ("start", "zone", "calendar")


@dataclass(frozen=True, slots=True)
class Run:
    """Whom an expectation imagines. calendar: a country code, or None for the country of the zone."""

    start_on: date
    zone: str
    calendar: str | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """A module or step opens or is due, or a nudge is sent, at this local day and hour."""

    run: Run
    event: Event
    subject: str
    day: date
    at: time


@dataclass(frozen=True, slots=True)
class Never:
    """So many messages are never reached. run None means every run that the other expectations imagine."""

    run: Run | None
    limits: tuple[tuple[Limit, int], ...]


Expectation: TypeAlias = tuple[Expected | Never, ...]


def parse_expectations(value: object, *, pointer: str) -> tuple[Expectation, ...]:
    """Read a list of expectations, one entry for each of its items. Raises RuleError with every fault."""
    reader = _Reader()
    if not isinstance(value, list | tuple):
        reader.fault(pointer, "Write a list of expectations, or leave it out.")
        raise reader.error()
    read = tuple(reader.expectation(item, f"{pointer}/{index}") for index, item in enumerate(value))
    if reader.faults:
        raise reader.error()
    return read


def check_expectations(outline: Outline, expectations: tuple[Expectation, ...]) -> list[str]:
    """
    Find the expectations that do not come true, one sentence each, beginning with "expectations/INDEX:".

    A learner is imagined who is on time. Limits count every message that is planned, also those that such a learner
    would not need: what is reached then can be reached by somebody.
    """
    runs = {found.run: None for one in expectations for found in one if isinstance(found, Expected)}
    every_run = tuple(runs) or (Run(_START, _ZONE),)
    simulated: dict[Run, Simulation] = {}
    faults: list[str] = []
    for index, one in enumerate(expectations):
        for found in one:
            if isinstance(found, Expected):
                wrong = _expected_fault(_simulated(outline, found.run, simulated), found)
                faults += [] if wrong is None else [f"expectations/{index}: {wrong}"]
            else:
                asked = every_run if found.run is None else (found.run,)
                reached = (_reached(_simulated(outline, run, simulated), run, found) for run in asked)
                faults += [f"expectations/{index}: {message}" for messages in reached for message in messages]
    return faults


class _Reader(Fields):
    def expectation(self, value: object, pointer: str) -> Expectation:
        example = '{start: 2027-03-03, zone: Asia/Tokyo, expect: {module: KEY, opens: "2027-03-10 09:00"}}'
        mapping = self.mapping(value, pointer, example)
        if mapping is None:
            return ()
        if ("expect" in mapping) == ("never" in mapping):
            self.fault(pointer, f"Say either what to expect or what shall never be, such as {example}.")
            return ()
        form = "expect" if "expect" in mapping else "never"
        self.only(mapping, pointer, (*_RUN_KEYS, form))
        run = self._run(mapping, pointer) if form == "expect" or any(key in mapping for key in _RUN_KEYS) else None
        inner = self.mapping(mapping[form], f"{pointer}/{form}", example)
        if inner is None:
            return ()
        if form == "never":
            return self._never(inner, f"{pointer}/never", run)
        return () if run is None else self._expected(inner, f"{pointer}/expect", run)

    def _run(self, mapping: Mapping[object, object], pointer: str) -> Run | None:
        start = self.day(mapping.get("start"), f"{pointer}/start")
        zone = mapping.get("zone")
        calendar = mapping.get("calendar")
        try:
            zone_named(zone if isinstance(zone, str) else "")
            calendar_for(None if calendar is None else str(calendar), str(zone))
        except UnknownZone:
            self.fault(f"{pointer}/zone", f"{shown(zone)} is not a time zone. Write a name such as Europe/Paris.")
            return None
        except UnknownCountry as error:
            self.fault(f"{pointer}/calendar", str(error))
            return None
        return None if start is None else Run(start, str(zone), None if calendar is None else str(calendar))

    def _expected(self, mapping: Mapping[object, object], pointer: str, run: Run) -> Expectation:
        self.only(mapping, pointer, ("module", "step", "nudge", "opens", "due", "sent"))
        named = [key for key in ("module", "step", "nudge") if key in mapping]
        if len(named) != 1:
            self.fault(pointer, "Name one module, one step (MODULE/STEP) or one nudge.")
            return ()
        name = f"{pointer}/{named[0]}"
        if named[0] == "step":
            reference = self.reference(mapping["step"], name, step="needed")
            subject = None if reference is None else str(reference)
        else:
            subject = self.key(mapping[named[0]], name)
        events: tuple[Event, ...] = ("sent",) if named[0] == "nudge" else ("opens", "due")
        if not any(event in mapping for event in events):
            self.fault(pointer, f'Say when: {" or ".join(events)}: "YYYY-MM-DD HH:MM".')
        moments = [(event, self._local(mapping[event], f"{pointer}/{event}")) for event in events if event in mapping]
        return tuple(Expected(run, event, subject, *local) for event, local in moments if local and subject)

    def _local(self, value: object, pointer: str) -> tuple[date, time] | None:
        if isinstance(value, datetime):
            return value.date(), value.time()
        day, _, hour = value.partition(" ") if isinstance(value, str) else ("", "", "")
        before = len(self.faults)
        found = self.day(day, pointer), self.hour(hour, pointer)
        if len(self.faults) > before:
            del self.faults[before:]
            self.fault(pointer, f'{shown(value)} is not a local day and hour. Write "YYYY-MM-DD HH:MM".')
        return None if found[0] is None or found[1] is None else (found[0], found[1])

    def _never(self, mapping: Mapping[object, object], pointer: str, run: Run | None) -> Expectation:
        self.only(mapping, pointer, LIMITS)
        whole = partial(self.whole, least=1, most=1_000)
        read = [(limit, whole(mapping[limit], f"{pointer}/{limit}")) for limit in LIMITS if limit in mapping]
        if not read:
            self.fault(pointer, f"Name a limit: {' or '.join(LIMITS)}.")
        return (Never(run, tuple((limit, count) for limit, count in read if count is not None)),)


def _simulated(outline: Outline, run: Run, known: dict[Run, Simulation]) -> Simulation:
    found = known.get(run)
    if found is None:
        calendar = calendar_for(run.calendar, run.zone)
        found = known[run] = simulation(outline, start_on=run.start_on, zone=run.zone, calendar=calendar)
    return found


def _expected_fault(simulated: Simulation, expected: Expected) -> str | None:
    where = f"for a start on {expected.run.start_on} in {expected.run.zone}"
    wanted = f"{expected.day} {expected.at:%H:%M}"
    if expected.event == "sent":
        moments = [one for one in simulated.messages if one.rule_key == expected.subject]
        if not moments:
            return f"no message of nudge {expected.subject} is planned {where}. Check its key and its trigger."
        hours = [_local(one.due_at, expected.run) for one in moments]
        return None if wanted in hours else _differs(f"nudge {expected.subject} sent", where, wanted, ", ".join(hours))
    one = _placed(simulated, expected.subject)
    if one is None:
        return f"there is no {expected.subject} in this journey. Check the key."
    at, why = (one.opens_at, one.opens_why) if expected.event == "opens" else (one.due_at, one.due_why)
    found = "at no known time" if at is None else _local(at, expected.run)
    because = "; ".join(one.blocked_by) or why or "it has no deadline"
    return None if found == wanted else _differs(f"{expected.subject} {expected.event}", where, wanted, found, because)


def _placed(simulated: Simulation, subject: str) -> Placement | None:
    module, _, step = subject.partition("/")
    if not step:
        return simulated.timeline.modules.get(module)
    found = simulated.outline.step_at(Reference(module, step))
    return None if found is None else simulated.timeline.steps.get(step)


def _differs(what: str, where: str, wanted: str, found: str, because: str = "") -> str:
    return f"{what} {where}: expected {wanted}, found {found}{f' ({because})' if because else ''}"


def _reached(simulated: Simulation, run: Run, never: Never) -> list[str]:
    days = Counter(one.due_at.astimezone(zone_named(run.zone)).date() for one in simulated.messages)
    weeks: Counter[tuple[int, int]] = Counter()
    for day, count in days.items():
        weeks[day.isocalendar()[:2]] += count
    found: list[str] = []
    for limit, count in never.limits:
        if limit == "messages_per_day":
            reached = [f"{number} messages on {day}" for day, number in sorted(days.items()) if number >= count]
        else:
            reached = [
                f"{number} messages in week {week[1]} of {week[0]}"
                for week, number in sorted(weeks.items())
                if number >= count
            ]
        found += [f"{one} for a start on {run.start_on} in {run.zone}, and never {count} was asked" for one in reached]
    return found


def _local(at: datetime, run: Run) -> str:
    return f"{at.astimezone(zone_named(run.zone)):%Y-%m-%d %H:%M}"

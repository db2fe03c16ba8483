"""Expectations of a run as a whole: what is never reached, and what comes at certain times only."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, TypeAlias

from journeys.schedule.compare import weeks
from journeys.schedule.expectations.runs import local, whom
from journeys.schedule.expectations.values import Kind, Limit, Never, Only, Run
from journeys.schedule.expectations.verdicts import Verdict
from journeys.schedule.simulate import Simulation
from journeys.schedule.tree import WEEKDAYS

Asked: TypeAlias = Sequence[tuple[Run, Simulation]]
# What was measured, and where: (2, "2 messages on 2027-03-19").
Measured: TypeAlias = Iterator[tuple[int, str]]

_SHOWN: Final = 3
_NAMES: Final[dict[Kind, str]] = {"messages": "message", "opens": "opening", "due": "deadline"}


def never_verdicts(never: Never, asked: Asked) -> Iterable[Verdict]:
    """Tell each amount that is reached and each message at a forbidden time; one verdict when there is none."""
    found = [verdict for run, simulated in asked for verdict in _broken(never, run, simulated)]
    return found or (Verdict(True, _most(never, asked)),)


def only_verdicts(only: Only, asked: Asked) -> Iterable[Verdict]:
    """Tell for each run what comes at another time; one verdict when nothing does."""
    found = [verdict for run, simulated in asked for verdict in _astray(only, run, simulated)]
    wanted = _times(only)
    return found or (Verdict(True, f"every {_NAMES[only.kind]} comes {wanted}"),)


def _broken(never: Never, run: Run, simulated: Simulation) -> Iterator[Verdict]:
    for limit, count in never.limits:
        for number, said in MEASURES[limit](run, simulated):
            is_reached = number <= count if limit == "days_between_messages" else number >= count
            if is_reached:
                yield Verdict(False, f"{said} {whom(run)}, and never {count} was asked")
    for at in _messages(run, simulated):
        if at.weekday() in never.on:
            yield Verdict(False, f"a message on {_written(at)} {whom(run)}, and never on a {_day(at)} was asked")
        if never.before is not None and at.time() < never.before:
            yield Verdict(
                False, f"a message on {_written(at)} {whom(run)}, and never before {never.before:%H:%M} was asked"
            )
        if never.after is not None and at.time() > never.after:
            yield Verdict(
                False, f"a message on {_written(at)} {whom(run)}, and never after {never.after:%H:%M} was asked"
            )


def _most(never: Never, asked: Asked) -> str:
    """Say how near it comes to each limit."""
    said: list[str] = []
    for limit, _count in never.limits:
        measured = [
            (number, f"{words} {whom(run)}") for run, one in asked for number, words in MEASURES[limit](run, one)
        ]
        if measured:
            nearest = min(measured) if limit == "days_between_messages" else max(measured)
            said.append(f"{'the least is' if limit == 'days_between_messages' else 'the most is'} {nearest[1]}")
    return "; ".join(said) or "no message comes then"


def _messages(run: Run, simulated: Simulation) -> list[datetime]:
    return sorted(local(one.due_at, run) for one in simulated.messages)


def _a_day(run: Run, simulated: Simulation) -> Measured:
    days = Counter(at.date() for at in _messages(run, simulated))
    return ((count, f"{_counted(count, 'message')} on {day}") for day, count in sorted(days.items()))


def _a_week(run: Run, simulated: Simulation) -> Measured:
    found = Counter(at.date().isocalendar()[:2] for at in _messages(run, simulated))
    return (
        (count, f"{_counted(count, 'message')} in week {number} of {year}")
        for (year, number), count in sorted(found.items())
    )


def _minutes_a_week(_run: Run, simulated: Simulation) -> Measured:
    found = weeks(simulated.outline, simulated.placed)
    return ((one.minutes, f"{one.minutes} minutes in week {one.number} of {one.year}") for one in found)


def _days_between(run: Run, simulated: Simulation) -> Measured:
    for first, second in pairwise(_messages(run, simulated)):
        days = (second.date() - first.date()) // timedelta(days=1)
        yield days, f"{_counted(days, 'day')} between the messages on {first.date()} and {second.date()}"


MEASURES: Final[dict[Limit, Callable[[Run, Simulation], Measured]]] = {
    "messages_per_day": _a_day,
    "messages_per_week": _a_week,
    "minutes_per_week": _minutes_a_week,
    "days_between_messages": _days_between,
}


def _astray(only: Only, run: Run, simulated: Simulation) -> Iterator[Verdict]:
    named = [
        (at, key)
        for at, key in _happening(only.kind, run, simulated)
        if (only.on and at.weekday() not in only.on) or (only.at and at.time() not in only.at)
    ]
    if named:
        listed = ", ".join(f"{key} on {_written(at)}" for at, key in named[:_SHOWN])
        more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
        name = _NAMES[only.kind]
        yield Verdict(False, f"{_counted(len(named), name)} not {_times(only)} {whom(run)}: {listed}{more}")


def _happening(kind: Kind, run: Run, simulated: Simulation) -> Iterator[tuple[datetime, str]]:
    if kind == "messages":
        return ((local(one.due_at, run), one.rule_key) for one in simulated.messages)
    return ((one.at_local, one.key) for one in simulated.placed if one.kind == kind)


def _times(only: Only) -> str:
    days = " or ".join(WEEKDAYS[number] for number in sorted(only.on))
    hours = " or ".join(f"{at:%H:%M}" for at in sorted(only.at))
    return " ".join(part for part in (f"on {days}" if days else "", f"at {hours}" if hours else "") if part)


def _written(at: datetime) -> str:
    return f"{_day(at)} {at:%Y-%m-%d %H:%M}"


def _day(at: datetime) -> str:
    return WEEKDAYS[at.weekday()]


def _counted(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"

"""
Small wrongs done to one rule of a journey: pure functions from the data of a rule to each version of it that is wrong.

Every operator is named by what it does. None knows a journey or its expectations.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from journeys.schedule.tree import UNITS, WEEKDAYS

Data = Any
# The name of the operator, and the data that it leaves.
Wrong = tuple[str, Data]

OTHER_UNIT = {"working_days": "days", "days": "working_days", "weeks": "days", "hours": "days", "minutes": "hours"}
INACTIVE = {"event": "inactive", "days": 5, "at": "10:00"}
DUE_SOON = {"event": "step-due-soon", "before": {"working_days": 1, "at": "09:00"}}


@dataclass(frozen=True)
class Names:
    """What a rule of a journey may name: module keys in order, and each module's steps in order, as MODULE/STEP."""

    modules: tuple[str, ...]
    steps: dict[str, tuple[str, ...]]

    def beside(self, reference: str) -> Iterator[str]:
        """Yield what stands before and behind a module or a step of its module, the last beside the first."""
        row = self.modules if "/" not in reference else self.steps[reference.partition("/")[0]]
        place = row.index(reference)
        yield from dict.fromkeys(other for other in (row[place - 1], row[(place + 1) % len(row)]) if other != reference)


def wrong_opens(data: Data, names: Names) -> Iterator[Wrong]:
    """Yield wrong versions of an `opens`; None is the default, which opens after what stands before."""
    yield "rule dropped", None
    yield from _rule(data, names)


def wrong_due(data: Data, names: Names) -> Iterator[Wrong]:
    """Yield wrong versions of a `due`; None is no deadline."""
    yield from wrong_opens(data, names)


def wrong_wait(data: Data, _names: Names) -> Iterator[Wrong]:
    """Yield wrong versions of a nudge's `wait`; None sends at once."""
    yield "rule dropped", None
    yield from _offset(data)


def wrong_unless(data: Sequence[Data], names: Names) -> Iterator[Wrong]:
    """Yield wrong versions of an `unless`, whose rules are enough one by one."""
    if len(data) > 1:
        yield "rule dropped", []
        yield "any of them to all of them", [{"all": list(data)}]
    for index, part in enumerate(data):
        rest = [*data[:index], *data[index + 1 :]]
        yield "part dropped", rest
        yield "negated", [*data[:index], {"not": part}, *data[index + 1 :]]
        for operator, wrong in _rule(part, names):
            yield operator, [*data[:index], wrong, *data[index + 1 :]]


def wrong_trigger(data: Data, names: Names) -> Iterator[Wrong]:
    """Yield wrong versions of a `trigger` on the opening of a module; another event takes no wait."""
    for other in names.beside(data["module"]):
        yield "reference swapped", {**data, "module": other}
    yield "event changed", INACTIVE
    yield "event changed", DUE_SOON


WRONG: dict[str, Callable[[Data, Names], Iterator[Wrong]]] = {
    "opens": wrong_opens,
    "due": wrong_due,
    "wait": wrong_wait,
    "unless": wrong_unless,
    "trigger": wrong_trigger,
}


def _rule(data: Data, names: Names) -> Iterator[Wrong]:
    if "from" in data:
        yield from _offset(data)
        for anchor in _other_anchors(data["from"], names):
            yield "anchor changed", {**data, "from": anchor}
    elif "date" in data:
        yield from _hour(data)
    elif "not" in data:
        yield "not dropped", data["not"]
        for operator, wrong in _rule(data["not"], names):
            yield operator, {"not": wrong}
    elif {"all", "any", "at_least"} & set(data):
        yield from _group(data, names)
    else:
        yield from _fact(data, names)


def _offset(data: Data) -> Iterator[Wrong]:
    unit = next(unit for unit in UNITS if unit in data)
    amount = data[unit]
    yield "amount + 1", {**data, unit: amount + 1}
    if amount > 0 or data.get("from") in ("start", "end"):
        yield "amount - 1", {**data, unit: amount - 1}
    yield "unit changed", {OTHER_UNIT[unit] if key == unit else key: value for key, value in data.items()}
    yield from _hour(data)
    if "weekday" in data:
        place = WEEKDAYS.index(data["weekday"])
        yield "weekday changed", {**data, "weekday": WEEKDAYS[(place + 1) % 7]}
        yield "weekday changed", {**data, "weekday": WEEKDAYS[place - 1]}
        yield "weekday dropped", {key: value for key, value in data.items() if key != "weekday"}


def _hour(data: Data) -> Iterator[Wrong]:
    if "at" in data:
        hour, _colon, minute = data["at"].partition(":")
        for change in (1, -1):
            yield f"hour {change:+d}", {**data, "at": f"{(int(hour) + change) % 24:02d}:{minute}"}


def _other_anchors(anchor: str, names: Names) -> Iterator[str]:
    kind, _colon, reference = anchor.partition(":")
    if kind == "module-opened":
        yield from (f"module-opened:{other}" for other in names.beside(reference))
        yield f"completed:{reference}"
    elif kind == "completed":
        yield from (f"completed:{other}" for other in names.beside(reference))
        yield f"module-opened:{reference.partition('/')[0]}"
    elif kind == "opens":
        yield "start"
    elif kind == "start":
        yield "enrolled"


def _group(data: Data, names: Names) -> Iterator[Wrong]:
    form = next(form for form in ("all", "any", "at_least") if form in data)
    inner = "of" if form == "at_least" else form
    parts = data[inner]
    if form == "at_least":
        for change in (1, -1):
            if 1 <= data[form] + change <= len(parts):
                yield f"at_least {change:+d}", {**data, form: data[form] + change}
    else:
        yield "all and any swapped", {"any" if form == "all" else "all": parts}
    for index, part in enumerate(parts):
        rest = [*parts[:index], *parts[index + 1 :]]
        if rest and (form != "at_least" or len(rest) >= data[form]):
            yield "part dropped", {**data, inner: rest}
        for operator, wrong in _rule(part, names):
            yield operator, {**data, inner: [*parts[:index], wrong, *parts[index + 1 :]]}


def _fact(data: Data, names: Names) -> Iterator[Wrong]:
    form = next(form for form in ("completed", "passed", "released") if form in data)
    for other in names.beside(data[form]):
        yield "reference swapped", {**data, form: other}
    if form == "passed":
        yield "passed to completed", {"completed": data[form]}
        if "ratio" in data:
            yield "ratio changed", {**data, "ratio": round(data["ratio"] + 0.1, 2)}
            yield "ratio changed", {**data, "ratio": round(data["ratio"] - 0.1, 2)}

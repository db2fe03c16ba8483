"""Read single values of a rule (keys, numbers, hours, dates) and note what is wrong with them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Final, Literal

from journeys.schedule.tree import UNITS, WEEKDAYS, Offset, Reference, RuleError, RuleFault, Unit, Window

MAX_AMOUNT: Final[dict[Unit, int]] = {
    "days": 3_650,
    "working_days": 2_600,
    "weeks": 520,
    "hours": 87_600,
    "minutes": 100_000,
}
MAX_KEY: Final = 100
MAX_ATTEMPTS: Final = 20
# As many as an anchored behavior may have.
MAX_LEVEL: Final = 7
WINDOW_EXAMPLE: Final = '{weekdays: [mon, tue, wed], from: "09:00", to: "17:00"}'
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2199

_KEY: Final = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_KEY}}}")
_HOUR: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Fields:
    """Reads plain data and gathers every fault on the way; a value that could not be read comes back as None."""

    def __init__(self) -> None:
        self.faults: list[RuleFault] = []
        self._misspelt: set[str] = set()

    def fault(self, pointer: str, message: str) -> None:
        """Note one fault."""
        self.faults.append(RuleFault(pointer, message))

    def error(self) -> RuleError:
        """Make the error that carries every fault found so far."""
        return RuleError(tuple(self.faults))

    def mapping(self, value: object, pointer: str, example: str) -> Mapping[object, object] | None:
        """Take a mapping, or note what one looks like."""
        if isinstance(value, Mapping):
            return value
        self.fault(pointer, f"This is {kind_of(value)}. Write a mapping, such as {example}.")
        return None

    def only(self, mapping: Mapping[object, object], pointer: str, allowed: Iterable[str]) -> None:
        """Note each key that does not belong here, with the nearest one that does."""
        known = tuple(allowed)
        for key in mapping:
            if key in known:
                continue
            self._misspelt.add(pointer)
            near = get_close_matches(str(key), known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(known)}."
            self.fault(f"{pointer}/{escape(key)}", f"{shown(key)} does not belong here. {hint}")

    def whole(self, value: object, pointer: str, *, least: int, most: int) -> int | None:
        """Take a whole number within bounds."""
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(
                pointer, f"This is {kind_of(value)}. Write a whole number without quotes, such as {max(least, 1)}."
            )
            return None
        if not least <= value <= most:
            self.fault(pointer, f"{value} is out of bounds. Write a whole number from {least} to {most}.")
            return None
        return value

    def ratio(self, value: object, pointer: str) -> float | None:
        """Take a share above 0 and up to 1."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
            self.fault(pointer, f"{shown(value)} is not a share. Write a number above 0 and up to 1, such as 0.6.")
            return None
        return float(value)

    def hour(self, value: object, pointer: str) -> time | None:
        """Take a local hour as "HH:MM"."""
        if isinstance(value, str) and (match := _HOUR.fullmatch(value)):
            return time(int(match[1]), int(match[2]))
        if isinstance(value, int) and not isinstance(value, bool):
            self.fault(pointer, 'Put the hour in quotes, such as "16:00": without them YAML reads it as a number.')
        else:
            self.fault(pointer, f'{shown(value)} is not an hour. Write "HH:MM" from "00:00" to "23:59".')
        return None

    def day(self, value: object, pointer: str) -> date | None:
        """Take a date, or its ISO form."""
        found: date | None = None
        if isinstance(value, date) and not isinstance(value, datetime):
            found = value
        elif isinstance(value, str) and _DAY.fullmatch(value):
            try:
                found = date.fromisoformat(value)
            except ValueError:
                found = None
        if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
            bounds = f"in the years {FIRST_YEAR} to {LAST_YEAR}"
            self.fault(pointer, f"{shown(value)} is not a date. Write YYYY-MM-DD, such as 2027-03-03, {bounds}.")
            return None
        return found

    def weekday(self, value: object, pointer: str) -> int | None:
        """Take a weekday, as its number from Monday = 0."""
        if isinstance(value, str) and value in WEEKDAYS:
            return WEEKDAYS.index(value)
        self.fault(pointer, f"{shown(value)} is not a weekday. Write one of {', '.join(WEEKDAYS)}.")
        return None

    def key(self, value: object, pointer: str) -> str | None:
        """Take the bare key of a module or step."""
        if isinstance(value, str) and _KEY.fullmatch(value):
            return value
        self.fault(pointer, f"{shown(value)} is not a key. Write letters, digits, hyphens and underscores only.")
        return None

    def reference(self, value: object, pointer: str, *, step: Literal["needed", "allowed"]) -> Reference | None:
        """Take MODULE/STEP or, where a step is only allowed, MODULE."""
        form = "MODULE/STEP" if step == "needed" else "MODULE or MODULE/STEP"
        parts = value.split("/") if isinstance(value, str) else []
        if not all(_KEY.fullmatch(part) for part in parts) or not 1 <= len(parts) <= 2:
            self.fault(pointer, f"{shown(value)} names nothing. Write {form}, with keys of this journey.")
            return None
        if step == "needed" and len(parts) == 1:
            self.fault(pointer, f"{shown(value)} is a module, and this needs one step. Write MODULE/STEP.")
            return None
        return Reference(*parts)

    def offset(
        self,
        mapping: Mapping[object, object],
        pointer: str,
        *,
        units: tuple[Unit, ...] = UNITS,
        least: Literal["zero", "one", "negative"] = "zero",
        weekdays: bool = True,
    ) -> Offset | None:
        """Take how long, at which hour and on which weekday; other keys of the mapping are the caller's to judge."""
        before = len(self.faults)
        named = [unit for unit in units if unit in mapping]
        # A misspelt length was noted as a key that does not belong; one fault is enough for one slip.
        if len(named) > 1 or (not named and pointer not in self._misspelt):
            many = "Give one length only" if named else "Say how long"
            self.fault(pointer, f"{many}: one of {', '.join(units)} with a whole number.")
        at = self.hour(mapping["at"], f"{pointer}/at") if "at" in mapping else None
        weekday = self.weekday(mapping["weekday"], f"{pointer}/weekday") if "weekday" in mapping and weekdays else None
        if len(named) != 1:
            return None
        window = self.window(mapping["window"], f"{pointer}/window", at, weekday) if "window" in mapping else None
        unit = named[0]
        bound = MAX_AMOUNT[unit]
        lowest = {"zero": 0, "one": 1, "negative": -bound}[least]
        amount = self.whole(mapping[unit], f"{pointer}/{unit}", least=lowest, most=bound)
        if unit in ("hours", "minutes") and ("at" in mapping or "weekday" in mapping):
            self.fault(pointer, f"{unit} are counted exactly. Leave out at and weekday, or count in days.")
        if amount is None or len(self.faults) > before:
            return None
        return Offset(amount=amount, unit=unit, at=at, weekday=weekday, window=window)

    def window(self, value: object, pointer: str, at: time | None, weekday: int | None) -> Window | None:
        """Take weekdays and hours; at and weekday: of the same rule, which have to lie within."""
        mapping = self.mapping(value, pointer, WINDOW_EXAMPLE)
        if mapping is None:
            return None
        before = len(self.faults)
        self.only(mapping, pointer, ("weekdays", "from", "to"))
        weekdays = self._weekdays(mapping["weekdays"], f"{pointer}/weekdays") if "weekdays" in mapping else ()
        hours = [self.hour(mapping[name], f"{pointer}/{name}") for name in ("from", "to") if name in mapping]
        if len(hours) == 1 or not (hours or weekdays or len(self.faults) > before):
            self.fault(pointer, f"Say which weekdays, or from and to which hour, such as {WINDOW_EXAMPLE}.")
        if len(self.faults) > before:
            return None
        first, last = hours or (None, None)
        if first is not None and last is not None:
            if first >= last:
                self.fault(f"{pointer}/to", f"{last:%H:%M} is not after {first:%H:%M}. A window lies within one day.")
            elif at is not None and not first <= at <= last:
                self.fault(pointer, f"{at:%H:%M} lies outside {first:%H:%M} to {last:%H:%M}. Leave at out, or move it.")
        if weekdays and weekday is not None and weekday not in weekdays:
            self.fault(pointer, f"{WEEKDAYS[weekday]} is not among its weekdays. Leave weekday out, or add it.")
        return Window(weekdays, first, last) if len(self.faults) == before else None

    def _weekdays(self, value: object, pointer: str) -> tuple[int, ...]:
        if not isinstance(value, list | tuple) or not value:
            self.fault(pointer, f"{shown(value)} is no list of weekdays. Write one, such as [mon, tue, wed].")
            return ()
        read = [self.weekday(day, f"{pointer}/{index}") for index, day in enumerate(value)]
        found = tuple(sorted({day for day in read if day is not None}))
        if None not in read and len(found) < len(read):
            self.fault(pointer, "A weekday stands in the list twice. Name each one once.")
        return found


def kind_of(value: object) -> str:
    """Name what kind of thing a value is, for a message."""
    if value is None:
        return "empty"
    for kind, name in (
        (bool, "true or false"),
        (str, "text"),
        (int, "a number"),
        (float, "a number"),
        (list, "a list"),
    ):
        if isinstance(value, kind):
            return name
    return "a mapping" if isinstance(value, Mapping) else f"a {type(value).__name__}"


def shown(value: object) -> str:
    """Quote a value for a message, cut short."""
    text = str(value) if isinstance(value, str | int | float | date) and not isinstance(value, bool) else ""
    if not text:
        return "This" if not isinstance(value, str) else "An empty text"
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def escape(key: object) -> str:
    """Write a key as one segment of a JSON pointer (RFC 6901, section 3)."""
    return str(key).replace("~", "~0").replace("/", "~1")

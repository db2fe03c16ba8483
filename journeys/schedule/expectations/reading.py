"""Read expectations from plain data, with every fault named."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import partial
from typing import Final, TypeVar

from journeys.schedule.calendar import UnknownCountry, UnknownZone, calendar_for, zone_named
from journeys.schedule.expectations.values import (
    COUNTABLE,
    KINDS,
    LIMITS,
    NEVER,
    ON_TIME,
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
)
from journeys.schedule.fields import Fields, escape, shown
from journeys.schedule.grammar import parse_rule
from journeys.schedule.outside import Days, Outside, in_order
from journeys.schedule.pace import MOST_DAYS_LATE, UnknownPace, pace_named
from journeys.schedule.tree import RuleError

MOST_EXPECTATIONS: Final = 100
LONGEST_TITLE: Final = 120

_EXAMPLE: Final = '{start: 2027-03-03, zone: Asia/Tokyo, expect: {module: KEY, opens: "2027-03-10 09:00"}}'
_RUN_KEYS: Final = ("start", "zone", "calendar", "pace", "end", "events", "released")
_FORMS: Final = ("expect", "never", "only")
_MESSAGES: Final = ("sent", "planned")
_PLACED: Final = ("opens", "due", "done", "locked", "before", "within", *_MESSAGES)
_SAID: Final[dict[str, tuple[str, ...]]] = {
    "module": _PLACED,
    "step": _PLACED,
    "nudge": _MESSAGES,
    "finished": (),
}
_BY_THE_DAY: Final = ("done", "finished")

Value = TypeVar("Value")


def parse_expectations(value: object, *, pointer: str) -> tuple[Expectation, ...]:
    """
    Read a list of expectations, one entry for each of its items. Raises RuleError with every fault.

    What they name need not exist: an expectation of what is not there does not come true.
    """
    reader = _Reader()
    if not isinstance(value, list | tuple):
        reader.fault(pointer, "Write a list of expectations, or leave it out.")
        raise reader.error()
    if len(value) > MOST_EXPECTATIONS:
        reader.fault(pointer, f"These are {len(value)} expectations. Keep the {MOST_EXPECTATIONS} that matter most.")
        raise reader.error()
    read = tuple(reader.expectation(item, f"{pointer}/{index}") for index, item in enumerate(value))
    if reader.faults:
        raise reader.error()
    return read


class _Reader(Fields):
    def expectation(self, value: object, pointer: str) -> Expectation:
        mapping = self.mapping(value, pointer, _EXAMPLE)
        if mapping is None:
            return ()
        forms = [form for form in _FORMS if form in mapping]
        if len(forms) != 1:
            self.fault(pointer, f"Say either what to expect, what shall never be, or what only, such as {_EXAMPLE}.")
            return ()
        form = forms[0]
        self.only(mapping, pointer, ("title", *_RUN_KEYS, form))
        self._title(mapping, pointer)
        named = form == "expect" or any(key in mapping for key in _RUN_KEYS)
        run = self._run(mapping, pointer) if named else None
        inner = self.mapping(mapping[form], f"{pointer}/{form}", _EXAMPLE)
        if inner is None:
            return ()
        if form == "never":
            return self._never(inner, f"{pointer}/never", run)
        if form == "only":
            return self._only(inner, f"{pointer}/only", run)
        return self._expect(inner, f"{pointer}/expect", run or Run(date.min, "UTC"))

    def _title(self, mapping: Mapping[object, object], pointer: str) -> None:
        title = mapping.get("title", "-")
        if not isinstance(title, str) or not title.strip() or len(title) > LONGEST_TITLE or "\n" in title:
            self.fault(f"{pointer}/title", f"Write the title as one line of at most {LONGEST_TITLE} characters.")

    def _run(self, mapping: Mapping[object, object], pointer: str) -> Run | None:
        start = self.day(mapping.get("start"), f"{pointer}/start")
        zone = mapping.get("zone")
        calendar = mapping.get("calendar")
        pace = mapping.get("pace", ON_TIME)
        try:
            zone_named(zone if isinstance(zone, str) else "")
            calendar_for(None if calendar is None else str(calendar), str(zone))
            known = pace_named(str(pace), (str(pace).partition(":")[2],), start_on=start or date(2027, 1, 1))
        except UnknownZone:
            self.fault(f"{pointer}/zone", f"{shown(zone)} is not a time zone. Write a name such as Europe/Paris.")
            return None
        except UnknownCountry as error:
            self.fault(f"{pointer}/calendar", str(error))
            return None
        except UnknownPace as error:
            self.fault(f"{pointer}/pace", str(error))
            return None
        if known.days_late > MOST_DAYS_LATE:
            self.fault(f"{pointer}/pace", f"Imagine somebody at most {MOST_DAYS_LATE} days late.")
        outside = self._outside(mapping, pointer)
        if start is None:
            return None
        return Run(start, str(zone), None if calendar is None else str(calendar), str(pace), outside)

    def _outside(self, mapping: Mapping[object, object], pointer: str) -> Outside:
        end = self.day(mapping["end"], f"{pointer}/end") if "end" in mapping else None
        return Outside(end, self._days(mapping, "events", pointer), self._days(mapping, "released", pointer))

    def _days(self, mapping: Mapping[object, object], field: str, pointer: str) -> Days:
        example = "{KEY: 2027-03-10}"
        read = self.mapping(mapping.get(field, {}), f"{pointer}/{field}", example) or {}
        days = ((str(key), self.day(value, f"{pointer}/{field}/{escape(key)}")) for key, value in read.items())
        return in_order((key, day) for key, day in days if day is not None)

    def _expect(self, mapping: Mapping[object, object], pointer: str, run: Run) -> Expectation:
        named = [key for key in _SAID if key in mapping]
        if not named and any(key in mapping for key in COUNTABLE):
            return self._totals(mapping, pointer, run)
        if len(named) != 1:
            self.only(mapping, pointer, (*_SAID, *_PLACED, *COUNTABLE))
            others = f"finished, or how many {', '.join(COUNTABLE)}"
            self.fault(pointer, f"Name one module, one step (MODULE/STEP), one nudge, {others}.")
            return ()
        what = named[0]
        said = [event for event in _SAID[what] if event in mapping]
        if _SAID[what] and not said:
            moment = "sent" if what == "nudge" else "opens"
            others = f"Known here: {', '.join(_SAID[what])}."
            self.fault(pointer, f'Say when: {moment}: "YYYY-MM-DD HH:MM", or {moment}: never. {others}')
        self.only(mapping, pointer, (what, *_SAID[what]))
        if what == "finished":
            return self._moment(mapping, "finished", pointer, run, "")
        subject = self._subject(mapping[what], what, f"{pointer}/{what}")
        parts = [
            self._messages(mapping[event], event, f"{pointer}/{event}", run, subject or "", is_nudge=what == "nudge")
            if event in _MESSAGES
            else self._said(mapping, event, pointer, run, subject or "")
            for event in said
        ]
        return () if subject is None else tuple(part for found in parts for part in found)

    def _totals(self, mapping: Mapping[object, object], pointer: str, run: Run) -> Expectation:
        self.only(mapping, pointer, COUNTABLE)
        whole = partial(self.whole, least=0, most=10_000)
        read = [(what, whole(mapping[what], f"{pointer}/{what}")) for what in COUNTABLE if what in mapping]
        return tuple(Total(run, what, count) for what, count in read if count is not None)

    def _subject(self, value: object, what: str, pointer: str) -> str | None:
        if what == "step":
            reference = self.reference(value, pointer, step="needed")
            return None if reference is None else str(reference)
        return self.key(value, pointer)

    def _said(
        self, mapping: Mapping[object, object], event: str, pointer: str, run: Run, subject: str
    ) -> tuple[Part, ...]:
        value, here = mapping[event], f"{pointer}/{event}"
        if event == "before":
            other = self.reference(value, here, step="allowed")
            return () if other is None else (Before(run, subject, str(other)),)
        if event == "within":
            try:
                return (Within(run, subject, parse_rule(value, pointer=here)),)
            except RuleError as error:
                self.faults.extend(error.faults)
                return ()
        if event == "locked":
            found = self._local(value, here, with_hour=True)
            return () if found is None or found[1] is None else (Locked(run, subject, found[0], found[1]),)
        return self._moment(mapping, event, pointer, run, subject)

    def _messages(
        self, value: object, event: str, pointer: str, run: Run, subject: str, *, is_nudge: bool
    ) -> tuple[Part, ...]:
        """Take one moment, several, or never; a single one of a nudge may have others beside it."""
        if is_nudge and not isinstance(value, list | tuple):
            return self._moment({event: value}, event, pointer.rpartition("/")[0], run, subject)
        values = value if isinstance(value, list | tuple) else [] if value == NEVER else [value]
        places = (
            [f"{pointer}/{index}" for index in range(len(values))] if isinstance(value, list | tuple) else [pointer]
        )
        read = [self._local(one, here, with_hour=True) for one, here in zip(values, places, strict=False)]
        moments = tuple((found[0], found[1]) for found in read if found is not None and found[1] is not None)
        return (Messages(run, "sent" if event == "sent" else "planned", subject, is_nudge, moments),)

    def _moment(
        self, mapping: Mapping[object, object], event: str, pointer: str, run: Run, subject: str
    ) -> tuple[Part, ...]:
        named: Event = next(
            known for known in ("opens", "due", "done", "sent", "planned", "finished") if known == event
        )
        if mapping[event] == NEVER:
            return (Moment(run, named, subject, None, None),)
        found = self._local(mapping[event], f"{pointer}/{event}", with_hour=event not in _BY_THE_DAY)
        return () if found is None else (Moment(run, named, subject, *found),)

    def _local(self, value: object, pointer: str, *, with_hour: bool) -> tuple[date, time | None] | None:
        """Take a local day and hour; the hour may be left out where with_hour is False."""
        if isinstance(value, datetime):
            return value.date(), value.time()
        text = value.isoformat() if isinstance(value, date) else value
        day, space, hour = text.partition(" ") if isinstance(text, str) else ("", "", "")
        before = len(self.faults)
        found = self.day(day, pointer)
        at = self.hour(hour, pointer) if with_hour or space else None
        if len(self.faults) > before:
            del self.faults[before:]
            form = '"YYYY-MM-DD HH:MM"' if with_hour else 'YYYY-MM-DD or "YYYY-MM-DD HH:MM"'
            also = "" if pointer.endswith("/locked") else ", or never"
            self.fault(pointer, f"{shown(value)} is not a local day and hour. Write {form}{also}.")
            return None
        return None if found is None else (found, at)

    def _never(self, mapping: Mapping[object, object], pointer: str, run: Run | None) -> Expectation:
        self.only(mapping, pointer, (*LIMITS, "messages_on", "messages_before", "messages_after"))
        if not mapping:
            self.fault(pointer, f"Name a limit: {' or '.join(LIMITS)}.")
        whole = partial(self.whole, least=1, most=10_000)
        read = [(limit, whole(mapping[limit], f"{pointer}/{limit}")) for limit in LIMITS if limit in mapping]
        return (
            Never(
                run,
                tuple((limit, count) for limit, count in read if count is not None),
                on=self._each(mapping, "messages_on", pointer, self.weekday),
                before=self._hour(mapping, "messages_before", pointer),
                after=self._hour(mapping, "messages_after", pointer),
            ),
        )

    def _hour(self, mapping: Mapping[object, object], key: str, pointer: str) -> time | None:
        return self.hour(mapping[key], f"{pointer}/{key}") if key in mapping else None

    def _only(self, mapping: Mapping[object, object], pointer: str, run: Run | None) -> Expectation:
        known = [f"{kind}_{form}" for kind in KINDS for form in ("on", "at")]
        self.only(mapping, pointer, known)
        if not mapping:
            self.fault(pointer, f"Say what comes only then: {' or '.join(known)}.")
        return tuple(
            Only(
                run,
                kind,
                on=self._each(mapping, f"{kind}_on", pointer, self.weekday),
                at=self._each(mapping, f"{kind}_at", pointer, self.hour),
            )
            for kind in KINDS
            if f"{kind}_on" in mapping or f"{kind}_at" in mapping
        )

    def _each(
        self,
        mapping: Mapping[object, object],
        key: str,
        pointer: str,
        read: Callable[[object, str], Value | None],
    ) -> frozenset[Value]:
        """Take a list of at least one value; nothing where the key is missing."""
        if key not in mapping:
            return frozenset()
        value, here = mapping[key], f"{pointer}/{key}"
        if not isinstance(value, list | tuple) or not value:
            example = "[mon, wed]" if key.endswith("_on") else '["09:30", "16:00"]'
            self.fault(here, f"Write a list, such as {example}.")
            return frozenset()
        found = [read(part, f"{here}/{index}") for index, part in enumerate(value)]
        return frozenset(part for part in found if part is not None)

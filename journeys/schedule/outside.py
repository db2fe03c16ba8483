"""What others do while somebody imagined is under way: an event takes place, a facilitator opens something, it ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from journeys.schedule.calendar import to_instant
from journeys.schedule.outline import Outline
from journeys.schedule.tree import Reference, Released
from journeys.schedule.writing import leaves

# Nobody imagined says the hour at which others act; openings have this one where nothing else is said.
HOUR: Final = time(9, 0)

Days = tuple[tuple[str, date], ...]


class UnknownHappening(ValueError):
    """A day for an event, a module or a step that the journey does not have. field: "events" or "released"."""

    def __init__(self, field: str, key: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.key = key


@dataclass(frozen=True, slots=True)
class Outside:
    """
    The days on which others act, each at 09:00 where openings are placed.

    ends_on: the last day of the cohort. events: by the event's key. released: by MODULE or MODULE/STEP. Both in the
    order of their keys, so that equal ones are equal.
    """

    ends_on: date | None = None
    events: Days = ()
    released: Days = ()

    def facts(self, zone: str, *, until: datetime | None = None) -> dict[str, Any]:
        """
        Return it as the facts of somebody whose openings are placed in this zone.

        until: what comes later is not known yet, aware UTC; None = all of it is.
        """
        events, released = (_at(days, zone, until) for days in (self.events, self.released))
        return {"end_on": self.ends_on, "events": events, "released": released}

    def check(self, outline: Outline) -> None:
        """Raises UnknownHappening for what the journey does not have."""
        for key, _day in self.events:
            if key not in outline.events:
                known = f"Its events are {', '.join(outline.events)}." if outline.events else "It has none."
                raise UnknownHappening("events", key, f"There is no event “{key}” in this journey. {known}")
        for key, _day in self.released:
            module, _slash, step = key.partition("/")
            found = outline.step_at(Reference(module, step)) if step else outline.modules_by_key.get(module)
            if found is None:
                sentence = f"There is no {key} in this journey. Name a module, or a step as MODULE/STEP."
                raise UnknownHappening("released", key, sentence)


NOBODY_ACTS: Final = Outside()


def opened_by_hand(outline: Outline) -> tuple[str, ...]:
    """Return the modules and steps of which a rule asks whether a facilitator opened them, in the journey's order."""
    asked = {str(leaf.reference) for rule in outline.rules for leaf in leaves(rule) if isinstance(leaf, Released)}
    steps = (str(step.reference) for module in outline.modules for step in module.steps)
    return tuple(one for one in (*outline.modules_by_key, *steps) if one in asked)


def in_order(days: Iterable[tuple[str, date]]) -> Days:
    """Return days as Outside holds them; of two for one key the last counts."""
    return tuple(sorted(dict(days).items()))


def _at(days: Days, zone: str, until: datetime | None) -> dict[str, datetime]:
    found = {key: to_instant(day, HOUR, zone) for key, day in days}
    return {key: at for key, at in found.items() if until is None or at <= until}

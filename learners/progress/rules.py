"""Pure decisions about progress: why a step is closed, and how often others may be asked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from journeys.schedule.timeline import Placement

ASKS_A_DAY: Final = 5
LINK_LASTS: Final = timedelta(days=30)


def locked_because(title: str, placed: Placement, *, module: Placement, module_name: str, zone: str) -> str:
    """
    Say in one sentence why something is closed and when it opens, in the local time of the zone.

    module: the placement of its module, which a step never opens before; module_name: such as Module 2.
    Example: “Ask two people” opens on Wednesday 17 March 2027 at 09:00: 5 working days after Module 2 opens, at 09:00.
    """
    name = module_name if placed is module else f"“{title}”"
    if placed.opens_at is not None:
        local = placed.opens_at.astimezone(ZoneInfo(zone))
        moment = f"{local:%A} {local.day} {local:%B %Y} at {local:%H:%M}"
        why = placed.opens_why
        if placed is not module and placed.opens_at == module.opens_at:
            why = f"with {module_name}, {module.opens_why}"
        return f"{name} opens on {moment}: {why}." if why else f"{name} opens on {moment}."
    if placed is not module and module.opens_at is None:
        return f"{name} opens with {module_name}, and {_said_of(module_name, module)}."
    return f"{_said_of(name, placed)}."


def _said_of(name: str, placed: Placement) -> str:
    """Make the sentence of the schedule one about this name."""
    sentence = next(iter(placed.blocked_by), "").rstrip(".")
    for beginning in ("Opens ", "Stays closed", "This cannot open"):
        if sentence.startswith(beginning):
            said = sentence.removeprefix("This ")
            return f"{name} {said[:1].lower()}{said[1:]}"
    return f"{name} is closed: {sentence[:1].lower()}{sentence[1:]}" if sentence else f"{name} is not open yet"


def may_ask(asked: Sequence[datetime], *, now: datetime) -> bool:
    """Tell whether a learner who asked at these moments may ask one more person now: a few in 24 hours."""
    day_ago = now - timedelta(days=1)
    return sum(1 for moment in asked if moment > day_ago) < ASKS_A_DAY

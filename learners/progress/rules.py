"""Pure decisions about progress: why a step is closed, and how often others may be asked."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from journeys.schedule.timeline import Placement

ASKS_A_DAY: Final = 5
LINK_LASTS: Final = timedelta(days=30)


def locked_because(title: str, placed: Placement, *, module: Placement, module_name: str, zone: str) -> str:
    """
    Say in a sentence why a step is closed and when it opens, in the local time of the zone.

    module: the placement of its module, which a step never opens before; module_name: such as Module 2.
    Example: “Ask two people” opens on Wednesday 17 March 2027 at 09:00.
    """
    if placed.opens_at is not None:
        local = placed.opens_at.astimezone(ZoneInfo(zone))
        return f"“{title}” opens on {local:%A} {local.day} {local:%B %Y} at {local:%H:%M}."
    if module.opens_at is None:
        first = (_about(module_name, sentence) for sentence in module.blocked_by)
        return f"“{title}” is not open yet. {_said(first)}".strip()
    return f"“{title}” is not open yet. {_said(placed.blocked_by)}".strip()


def _about(name: str, sentence: str) -> str:
    return f"{name} opens {sentence.removeprefix('Opens ')}" if sentence.startswith("Opens ") else sentence


def _said(sentences: Iterable[str]) -> str:
    return " ".join(f"{sentence.rstrip('.')}." for sentence in sentences)


def may_ask(asked: Sequence[datetime], *, now: datetime) -> bool:
    """Tell whether a learner who asked at these moments may ask one more person now: a few in 24 hours."""
    day_ago = now - timedelta(days=1)
    return sum(1 for moment in asked if moment > day_ago) < ASKS_A_DAY

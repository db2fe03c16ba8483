"""How apps above hear that somebody's time zone is to change, without accounts knowing what hangs on it."""

from datetime import datetime
from typing import Any

from django.utils.module_loading import import_string

_movers: list[str] = []


def moved_by(path: str) -> None:
    """
    Let the action at this dotted path change time zones: it takes user_id, time_zone and now, and writes the zone.

    Called when an app is ready whose dates hang on people's zones; the path is resolved at the first change.
    """
    if path not in _movers:
        _movers.append(path)


def move(*, user_id: int, time_zone: str, now: datetime) -> None:
    """Change a person's time zone by everything that hangs on it."""
    for path in _movers:
        mover: Any = import_string(path)
        mover(user_id=user_id, time_zone=time_zone, now=now)

"""How a person stands in a cohort, as a word for lists and filters."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

Place = Literal["invited", "on-the-way", "behind", "paused", "completed", "withdrawn"]

PLACES: Final[tuple[Place, ...]] = ("on-the-way", "behind", "invited", "paused", "completed", "withdrawn")


def place_of(status: str, *, next_due_at: datetime | None, now: datetime) -> Place:
    """
    Say how somebody stands: the status of the enrollment, with those under way told apart by their dates.

    behind: a deadline has passed, whether they have been seen or not. on-the-way: they have been seen and none has.
    """
    if status == "paused":
        return "paused"
    if status == "completed":
        return "completed"
    if status == "withdrawn":
        return "withdrawn"
    if next_due_at is not None and next_due_at < now:
        return "behind"
    return "invited" if status == "invited" else "on-the-way"


def translated(theirs: Sequence[str], ours: Sequence[str]) -> dict[int, int]:
    """
    Say where the modules of another version stand in ours, by position from 1.

    A module that ours lacks stands where the last one before it that ours has stands; before the first of those, at 1.
    """
    places = {key: place for place, key in enumerate(ours, start=1)}
    found: dict[int, int] = {}
    last = 1
    for position, key in enumerate(theirs, start=1):
        last = places.get(key, last)
        found[position] = last
    return found

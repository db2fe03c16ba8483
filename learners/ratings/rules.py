"""What two of a learner's own ratings say beside each other. Pure: words are for the page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

BASELINE: Final = "baseline"
THEN: Final = "then"
POST: Final = "post"
FOLLOW_UP: Final = "follow_up"
OCCASIONS: Final = (BASELINE, THEN, POST, FOLLOW_UP)
# A wrong click can be mended for a day; after that later ratings are compared with it.
MENDABLE: Final = timedelta(days=1)

Move: TypeAlias = Literal["higher", "lower", "same"]


@dataclass(frozen=True, slots=True)
class Given:
    """One rating as it was given: place counts from 1, the lowest; wording names the anchors it was given on."""

    place: int
    wording: int


def mendable_until(rated_at: datetime) -> datetime:
    """Return the last moment at which a rating may still be changed."""
    return rated_at + MENDABLE


def move(before: Given | None, after: Given | None) -> Move | None:
    """
    Say how the second rating stands to the first.

    None where one is missing, or where they were given on different wordings: those cannot be compared.
    """
    if before is None or after is None or before.wording != after.wording:
        return None
    if after.place == before.place:
        return "same"
    return "higher" if after.place > before.place else "lower"


def counts_instead(occasion: str, known: datetime, other: datetime) -> bool:
    """
    Say whether of two ratings on one occasion the other one counts.

    The first look at a beginning is the honest one; of what came later the newest says most.
    """
    return other < known if occasion == BASELINE else other > known

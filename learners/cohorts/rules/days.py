"""Which dates a journey can have at all."""

from datetime import date
from typing import Final

FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2100, 12, 31)
HINT: Final = "Choose a day from 2000 to 2100."


def is_plausible(day: date) -> bool:
    """Tell whether a schedule can be counted from this day; at the ends of the calendar, arithmetic breaks."""
    return FIRST_DAY <= day <= LAST_DAY

"""How a person may be reached, as plain values."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

CATEGORIES: Final = ("practice", "reflection", "step", "due", "live", "digest", "service")
CHANNELS: Final = ("email", "in-app")
# Messages that somebody waits for, such as a request to confirm a practice, cannot be opted out of by category.
ALWAYS_ON: Final = frozenset({"service"})

QUIET_FROM: Final = time(19, 0)
QUIET_UNTIL: Final = time(8, 0)


@dataclass(frozen=True, slots=True)
class ContactRules:
    """
    When and where one person may be reached. Local times are read in zone; quiet_days count from Monday = 0.

    off: the (category, channel) pairs that the person switched off. Equal quiet times mean no quiet hours.
    """

    zone: str
    quiet_from: time = QUIET_FROM
    quiet_until: time = QUIET_UNTIL
    quiet_days: frozenset[int] = frozenset()
    paused_until: datetime | None = None
    off: frozenset[tuple[str, str]] = frozenset()

    def wants(self, category: str, channel: str) -> bool:
        """Tell whether the person takes this kind of message on this channel."""
        return category in ALWAYS_ON or (category, channel) not in self.off


def clean_quiet_days(days: object) -> list[int]:
    """
    Return weekday numbers (0 = Monday) sorted and each once.

    Raises ValueError for anything that is not a weekday number, and for all seven: then nothing could ever be sent,
    which a pause says better.
    """
    if not isinstance(days, list | tuple | set | frozenset) or not all(
        isinstance(day, int) and not isinstance(day, bool) and 0 <= day <= 6 for day in days
    ):
        raise ValueError("Give weekdays as numbers from 0 (Monday) to 6 (Sunday).")
    if len(set(days)) == 7:
        raise ValueError("Leave at least one day free. To stop all messages for a while, pause them.")
    return sorted(set(days))

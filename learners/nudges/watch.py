"""Time that goes on from a reading of the database's clock."""

import time
from datetime import datetime, timedelta


class Watch:
    """
    Tells the time since one reading of the clock.

    A batch may wait for a slow mail server, and leases must be counted from the true moment. The machine's monotonic
    clock measures the distance only, so a wrong or moved wall clock of a worker does no harm.
    """

    def __init__(self, started_at: datetime) -> None:
        self._started_at = started_at
        self._mark = time.monotonic()

    def now(self) -> datetime:
        """Return the reading plus what has passed since."""
        return self._started_at + timedelta(seconds=self.elapsed())

    def elapsed(self) -> float:
        """Return the seconds since the reading."""
        return time.monotonic() - self._mark

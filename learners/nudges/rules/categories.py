"""What the category of a message decides: its turn in the queue, its caps, and what happens when a worker dies."""

from typing import Final

SERVICE: Final = "service"

# Smaller goes first. Somebody waits for a service message; a deadline waits for nobody; a prompt can wait.
PRIORITY: Final[dict[str, int]] = {
    "service": 0,
    "live": 1,
    "due": 2,
    "step": 3,
    "practice": 4,
    "reflection": 5,
    "digest": 6,
}
LAST: Final = 9
# Named in searches, so that a database goes to the due messages of each and not through all that wait.
EVERY_PRIORITY: Final = (*sorted(PRIORITY.values()), LAST)

DAY_CAP: Final = 1
WEEK_CAP: Final = 3

# Behavioral messages are capped. Deadlines and live sessions are never held back by the cap, yet they use it up, so
# that a prompt gives way on such a day.
CAPPED: Final = frozenset({"step", "practice", "reflection", "digest"})
COUNTED: Final = CAPPED | {"due", "live"}

# After a worker died between intent and mark nobody knows whether the message left. A doubled prompt costs trust and a
# missing one is made up for by the next; a missed deadline is worse than reading of it twice.
AT_LEAST_ONCE: Final = frozenset({"service", "due", "live"})


def priority_of(category: str) -> int:
    """Return the place in the queue; an unknown category goes last."""
    return PRIORITY.get(category, LAST)

"""How many messages a worker takes in hand at once."""

from typing import Final

FIRST: Final = 5
MOST: Final = 100
# What a worker holds when it dies waits for its lease; so it holds about what it sends in this time.
BATCH_SECONDS: Final = 2.0


def next_batch(ended: int, seconds: float) -> int:
    """
    Return how many messages to claim after a batch of `ended` took `seconds`: about two seconds' worth.

    At most twice the batch before, so that a worker that has just begun shows first what it can do.
    """
    at_this_speed = int(ended * BATCH_SECONDS / max(seconds, 0.001))
    return max(FIRST, min(MOST, 2 * ended, at_this_speed))

"""Values that must come out the same whoever computes them and however often: keys, ids, draws, delays."""

import hashlib
import uuid
from datetime import timedelta
from typing import Final

FIRST_RETRY: Final = timedelta(minutes=1)
LONGEST_RETRY: Final = timedelta(hours=1)
GROWTH: Final = 4
TRIAL_BUCKETS: Final = 10_000
HELD_OUT: Final = "held_out"
TREATED: Final = "treated"


def dedupe_key(
    *, scope: uuid.UUID, recipient: uuid.UUID, rule_key: str, subject: str, anchor: str, occurrence: str, channel: str
) -> str:
    """
    Return the key under which one message may exist once: keys and the nominal local time, never an id or an instant.

    So a clock change, a new time zone, a repeated tick and a restored backup all arrive at the same key, while a moved
    deadline (another anchor) is a new message on purpose.
    """
    return "|".join([str(scope), str(recipient), rule_key, subject, anchor, occurrence, channel])


def on_every_channel(dedupe: str, channels: tuple[str, ...]) -> list[str]:
    """Return the keys of the same message on each of these channels."""
    message = dedupe.rpartition("|")[0]
    return [f"{message}|{channel}" for channel in channels]


def delivery_uuid(dedupe: str) -> uuid.UUID:
    """Return the uuid of the delivery with this key, always the same: the first half of the key's SHA-256."""
    return uuid.UUID(hashlib.sha256(dedupe.encode()).hexdigest()[:32])


def message_id(delivery: uuid.UUID, host: str) -> str:
    """Return the Message-ID of a mail: the same at every attempt, so that servers and providers can tell a repeat."""
    return f"<{delivery}@{host or 'localhost'}>"


def phase(rule_key: str) -> int:
    """
    Return a number that is always the same for this rule.

    Added to a person's number it decides with which wording they begin and how late in a herd they are served; so
    every wording is in use from the first day, and nobody is always the last.
    """
    return _number(rule_key) % 1_000_003


def retry_after(delivery: uuid.UUID, attempts: int) -> timedelta:
    """
    Return how long to wait after so many failed attempts: 1, 4, 16 minutes and then an hour, each a fifth more or less.

    The jitter is drawn from the delivery itself, so that a crowd that failed together does not return together.
    """
    growth = float(GROWTH ** max(0, min(attempts, 8) - 1))
    wait = min(FIRST_RETRY * growth, LONGEST_RETRY)
    return wait * (0.8 + 0.4 * (_number(delivery, "retry", attempts) % 1000) / 999)


def trial_arm(*, salt: str, rule_key: str, recipient: uuid.UUID, share: int) -> str:
    """
    Draw the trial arm: `share` of 10,000 people are held out, always the same ones for this rule; "" without a trial.

    Drawn once, at plan, and kept on the delivery: effects are read by intention to treat.
    """
    if share <= 0:
        return ""
    digest = hashlib.sha256(f"{salt}{rule_key}{recipient}".encode()).hexdigest()
    return HELD_OUT if int(digest, 16) % TRIAL_BUCKETS < share else TREATED


def _number(*parts: object) -> int:
    digest = hashlib.sha256("|".join(str(part) for part in parts).encode()).digest()
    return int.from_bytes(digest[:8], "big")

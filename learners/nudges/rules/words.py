"""What became of a message, in one sentence for whoever looks it up."""

from datetime import datetime
from typing import Final

from learners.nudges.rules.guards import WORDS

_WHY_FAILED: Final = {
    "refused": "The channel refused it for good",
    "gave_up": "The channel did not take it before it was of no use any more",
    "fault": "It could not be prepared",
}
_WHY_UNKNOWN: Final = {
    "worker_stopped": "The worker stopped while it was being sent",
    "no_answer": "The mail server did not answer after it had been handed over",
}
# Why a message was not sent, or perhaps not, by the stable word that its row keeps.
REASONS: Final = {**WORDS, **_WHY_FAILED, **_WHY_UNKNOWN}
_ONCE: Final = "it is not sent again, because twice is worse than never"


def fate_in_words(
    *, state: str, reason: str, detail: str, send_after: datetime, sent_at: datetime | None, attempts: int
) -> str:
    """Return the sentence; instants in it are UTC."""
    if state == "sent":
        return f"Sent on {_when(sent_at or send_after)}."
    if state == "suppressed":
        return f"Not sent. {detail or WORDS.get(reason, reason)}."
    if state == "failed":
        return f"Not sent. {_WHY_FAILED.get(reason, reason)}: {detail}." if detail else f"Not sent. {reason}."
    if state == "unknown":
        return f"Perhaps sent. {_WHY_UNKNOWN.get(reason, reason)}; {_ONCE}."
    if state == "retry":
        return f"Tried {attempts} times, again after {_when(send_after)}. {detail}".rstrip() + "."
    if state == "planned" and reason:
        return f"Waits until {_when(send_after)}. {detail or WORDS.get(reason, reason)}."
    if state == "planned":
        return f"Goes out on {_when(send_after)}."
    return "It is being sent at this moment."


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"

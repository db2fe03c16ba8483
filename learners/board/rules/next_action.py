"""The one thing to do next for somebody who runs a cohort."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

SOON: Final = timedelta(hours=48)
# A session that nobody was recorded for in two weeks was recorded elsewhere, or not at all: stop asking.
ASKED_FOR: Final = timedelta(days=14)


class NextAction(Enum):
    """What there is to do, in the order in which it is offered."""

    ANSWER = "answer"
    OPEN = "open"
    SESSION = "session"
    ATTENDANCE = "attendance"
    REACH = "reach"


@dataclass(frozen=True, slots=True)
class Situation:
    """
    What is known when the next thing is chosen.

    asked: people who wait for this person's own word. held_up: people at a part that this person may open by hand.
    session_at: start of the next live session. unrecorded_at: start of the latest session that has begun and for which
    nobody is recorded, where this person may record it. to_reach: people whom a rule gives a reason to reach.
    """

    asked: int = 0
    held_up: int = 0
    session_at: datetime | None = None
    unrecorded_at: datetime | None = None
    to_reach: int = 0


def next_action(situation: Situation, *, now: datetime) -> NextAction | None:
    """
    Choose the first thing to do, None when nothing waits.

    Who is blocked comes first: people who wait for an answer, then those who wait for something to be opened. Then a
    live session within 48 hours, one of the last two weeks without a record of who was there, and people to reach.
    """
    soon, begun = situation.session_at, situation.unrecorded_at
    if situation.asked:
        return NextAction.ANSWER
    if situation.held_up:
        return NextAction.OPEN
    if soon is not None and now <= soon <= now + SOON:
        return NextAction.SESSION
    if begun is not None and now - ASKED_FOR <= begun <= now:
        return NextAction.ATTENDANCE
    return NextAction.REACH if situation.to_reach else None

"""Decisions of those who run a cohort: whom to reach, what to do first, how a person stands. All pure."""

from learners.board.rules.next_action import NextAction, Situation, next_action
from learners.board.rules.places import PLACES, Place, place_of
from learners.board.rules.reach import (
    QUIET,
    QUIET_WORKING_DAYS,
    RULES,
    START_WORKING_DAYS,
    SURELY_QUIET_DAYS,
    UNANSWERED_CHECK_INS,
    UNDER_WAY,
    Flag,
    Seen,
    flags_of,
)
from learners.board.rules.released import by_hand

__all__ = [
    "PLACES",
    "QUIET",
    "QUIET_WORKING_DAYS",
    "RULES",
    "START_WORKING_DAYS",
    "SURELY_QUIET_DAYS",
    "UNANSWERED_CHECK_INS",
    "UNDER_WAY",
    "Flag",
    "NextAction",
    "Place",
    "Seen",
    "Situation",
    "by_hand",
    "flags_of",
    "next_action",
    "place_of",
]

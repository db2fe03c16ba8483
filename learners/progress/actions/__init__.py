"""What changes about progress."""

from learners.progress.actions.adjusting import (
    exempt_step,
    extend_due,
    pause,
    record_own_event,
    reinstate,
    release,
    resume,
    shift_dates,
)
from learners.progress.actions.attempts import save_attempt
from learners.progress.actions.attending import Attendance, record_attendance
from learners.progress.actions.completing import Answer, complete_step
from learners.progress.actions.dates import change_calendar, change_time_zone, update_cohort
from learners.progress.actions.happening import record_event, record_events
from learners.progress.actions.passing_time import record_opening, refresh_roll_up, refresh_roll_ups
from learners.progress.actions.rebuilding import rebuild_progress
from learners.progress.actions.releasing import release_many
from learners.progress.actions.signing_off import answer_sign_off, ask_sign_off, withdraw_sign_off

__all__ = [
    "Answer",
    "Attendance",
    "answer_sign_off",
    "ask_sign_off",
    "change_calendar",
    "change_time_zone",
    "complete_step",
    "exempt_step",
    "extend_due",
    "pause",
    "rebuild_progress",
    "record_attendance",
    "record_event",
    "record_events",
    "record_opening",
    "record_own_event",
    "refresh_roll_up",
    "refresh_roll_ups",
    "reinstate",
    "release",
    "release_many",
    "resume",
    "save_attempt",
    "shift_dates",
    "update_cohort",
    "withdraw_sign_off",
]

"""Writing a roll-up onto an enrollment's row."""

from datetime import datetime
from typing import Any, Final

from learners.cohorts.models import Enrollment
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.cohorts.rules.roll_up import RollUp

# The tick arms what has changed; when the bell is lost, the next tick finds the same rows.
BELL: Final = "nudges.tick"
ROLLED: Final = (
    "required",
    "completed",
    "practiced",
    "current_module",
    "current_position",
    "module_states",
    "next_opens_at",
    "next_due_at",
    "status",
    "completed_at",
)
MARKED: Final = ("needs_arming", "revision", "updated_at")
STILL: Final = (EnrollmentStatus.PAUSED, EnrollmentStatus.COMPLETED, EnrollmentStatus.WITHDRAWN)
OVER: Final = (EnrollmentStatus.COMPLETED, EnrollmentStatus.WITHDRAWN)


def rolled_values(enrollment: Enrollment, rolled: RollUp) -> dict[str, Any]:
    """
    Return what the row of an enrollment holds for a roll-up, by field name (ROLLED).

    completed_at is set once and stays. Nothing opens or is due for somebody who is paused, through or gone.
    """
    finishes = rolled.finished_at is not None and enrollment.status not in OVER
    status = EnrollmentStatus.COMPLETED if finishes else EnrollmentStatus(enrollment.status)
    runs = status not in STILL
    return {
        "required": rolled.required,
        "completed": rolled.completed,
        "practiced": rolled.practiced,
        "current_module": rolled.current_module,
        "current_position": rolled.current_position,
        "module_states": dict(rolled.module_states),
        "next_opens_at": rolled.next_opens_at if runs else None,
        "next_due_at": rolled.next_due_at if runs else None,
        "status": status.value,
        "completed_at": enrollment.completed_at or (rolled.finished_at if finishes else None),
    }


def put_roll_up(enrollment: Enrollment, rolled: RollUp) -> bool:
    """Set the roll-up's fields on a loaded enrollment, without saving; tell whether it was completed just now."""
    first_time = enrollment.completed_at is None
    for name, value in rolled_values(enrollment, rolled).items():
        setattr(enrollment, name, value)
    return first_time and enrollment.completed_at is not None


def differences(enrollment: Enrollment, rolled: RollUp) -> dict[str, tuple[Any, Any]]:
    """Return the fields in which a row differs from a roll-up, each with (stored, computed)."""
    computed = rolled_values(enrollment, rolled)
    return {
        name: (getattr(enrollment, name), value)
        for name, value in computed.items()
        if getattr(enrollment, name) != value
    }


def mark_changed(enrollment: Enrollment, *, now: datetime) -> None:
    """Note on a loaded enrollment, without saving, that it was written and that the nudge engine shall look again."""
    enrollment.needs_arming = True
    enrollment.revision += 1
    enrollment.updated_at = now

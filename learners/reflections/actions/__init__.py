"""What learners do with their own texts and plans."""

from learners.reflections.actions.commitments import (
    change_commitment,
    check_in,
    delete_commitment,
    make_commitment,
)
from learners.reflections.actions.texts import delete_reflection, save_draft, save_reflection, unshare

__all__ = [
    "change_commitment",
    "check_in",
    "delete_commitment",
    "delete_reflection",
    "make_commitment",
    "save_draft",
    "save_reflection",
    "unshare",
]

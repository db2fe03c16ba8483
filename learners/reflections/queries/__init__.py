"""Reads of learners' own texts; whoever reads another person's passes through readers.py."""

from learners.reflections.queries.commitments import (
    due_check_ins,
    get_own_commitment,
    list_commitments,
    own_commitment,
)
from learners.reflections.queries.own import drafts_in, get_own_reflection, list_reflections, own_reflection, written_in
from learners.reflections.queries.readers import (
    audience_choices,
    can_read,
    get_readable,
    list_shared_with,
    readable_by,
    readers_of,
)

__all__ = [
    "audience_choices",
    "can_read",
    "drafts_in",
    "due_check_ins",
    "get_own_commitment",
    "get_own_reflection",
    "get_readable",
    "list_commitments",
    "list_reflections",
    "list_shared_with",
    "own_commitment",
    "own_reflection",
    "readable_by",
    "readers_of",
    "written_in",
]

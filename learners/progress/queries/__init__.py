"""What is true of a person's progress."""

from learners.progress.queries.done import completions_of, latest_attempt, list_attempts
from learners.progress.queries.standing import (
    Standing,
    load_facts,
    load_facts_many,
    timeline_of,
    timelines_of,
)

__all__ = [
    "Standing",
    "completions_of",
    "latest_attempt",
    "list_attempts",
    "load_facts",
    "load_facts_many",
    "timeline_of",
    "timelines_of",
]

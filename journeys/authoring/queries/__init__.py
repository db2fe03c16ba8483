"""Reads of journeys, versions and what stands in them."""

from journeys.authoring.queries.content import content_of
from journeys.authoring.queries.journeys import find_version
from journeys.authoring.queries.outline import outline_for, outline_of
from journeys.authoring.queries.steps import effective_revision, get_step, step_on_record, steps_on_record

__all__ = [
    "content_of",
    "effective_revision",
    "find_version",
    "get_step",
    "outline_for",
    "outline_of",
    "step_on_record",
    "steps_on_record",
]

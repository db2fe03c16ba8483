"""What a step asks for, read from its pinned wording."""

from typing import Any

from content.kinds.registry import parse_spec
from journeys.authoring.queries import effective_revision, get_step
from learners.reflections.errors import WrongKind


def spec_of(version_id: int, step_key: str, kind: str) -> Any:
    """Return the typed spec of a step of this kind; one query. Raises WrongKind for a step of another."""
    step = get_step(version_id, step_key)
    if step.activity.kind != kind:
        raise WrongKind
    revision = effective_revision(step)
    return parse_spec(kind, revision.spec)

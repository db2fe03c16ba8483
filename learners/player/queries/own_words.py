"""What a learner wrote on a journey, for their own eyes."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from content.kinds.registry import get_kind, parse_spec
from content.kinds.shapes import Response
from journeys.authoring.models import Step
from journeys.authoring.queries import effective_revision
from learners.cohorts.models import Enrollment
from learners.progress.models import Attempt
from learners.reflections.models import Commitment
from learners.reflections.queries import written_in


@dataclass(frozen=True)
class Said:
    """Something the learner wrote at one step. kind: of the step; cue and response are filled for a commitment."""

    step_key: str
    kind: str
    text: str
    written_at: datetime
    url: str
    cue: str = ""
    response: str = ""


def own_words(enrollment: Enrollment) -> dict[str, Said]:
    """
    Return what the learner wrote on one journey, by step key; 4 queries.

    Only for the learner's own pages: the caller has checked whose enrollment it is.
    """
    said = _from_attempts(enrollment)
    for reflection in written_in(enrollment):
        said[reflection.step_key] = Said(
            step_key=reflection.step_key,
            kind="reflection",
            text=reflection.text,
            written_at=reflection.changed_at,
            url=reverse("reflection", args=[reflection.uuid]),
        )
    for plan in Commitment.objects.filter(enrollment=enrollment):
        said[plan.step_key] = Said(
            step_key=plan.step_key,
            kind="commitment",
            text="",
            written_at=plan.changed_at,
            url=reverse("commitments") + f"#commitment-{plan.uuid}",
            cue=plan.cue,
            response=plan.response,
        )
    return said


def _from_attempts(enrollment: Enrollment) -> dict[str, Said]:
    rows = Attempt.objects.filter(enrollment=enrollment).exclude(response={}).order_by("number")
    latest = {row.step_key: row for row in rows}
    if not latest:
        return {}
    steps = Step.objects.filter(version_id=enrollment.version_id, key__in=latest)
    said = {}
    for step in steps.select_related("activity__latest", "revision"):
        text = attempt_words(step, latest[step.key])
        if text:
            said[step.key] = Said(
                step_key=step.key,
                kind=step.activity.kind,
                text=text,
                written_at=latest[step.key].saved_at,
                url=reverse("step", args=[enrollment.uuid, step.key]),
            )
    return said


def attempt_words(step: Step, attempt: Attempt) -> str:
    """Return the learner's own words in an attempt, "" when it has none; the step with its revision selected."""
    kind = get_kind(step.activity.kind)
    spec = parse_spec(kind.key, effective_revision(step).spec)
    response: Response = kind.Response.model_validate(attempt.response)
    return kind.words(spec, response)

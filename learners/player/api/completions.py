"""Telling Waymark that a step was completed somewhere else."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.accounts.actor import Actor
from config.accounts.api import ApiView
from config.support.errors import NotAllowed
from learners.cohorts.models import Enrollment
from learners.cohorts.queries import get_enrollment_row, is_facilitator
from learners.player.actions import report_completion
from learners.player.api.shapes import CompletionInput, CompletionShape
from learners.progress.models import Completion


class StepCompletion(ApiView):
    """The completion of one step by one person."""

    scopes = {"PUT": "progress:write"}

    @extend_schema(operation_id="complete_step", request=CompletionInput, responses=CompletionShape)
    def put(self, request: Request, enrollment: UUID, step_key: str) -> Response:
        """
        Record that a step was completed; a repeat changes nothing and answers the same.

        A repeat may add that it was passed, or a better score. 409 for steps that hold a learner's private text, and
        for a step that is not open yet. A person needs to be the learner, a facilitator of the cohort or an
        administrator.
        """
        found = get_enrollment_row(self.actor, enrollment)
        _refuse_onlookers(self.actor, found)
        values = self.checked(CompletionInput)
        completion = report_completion(
            enrollment=found,
            step_key=step_key,
            response=values.get("response"),
            completed_at=values.get("completed_at"),
            actor=self.actor,
            now=self.now,
        )
        return Response(_show(completion, found))


def _refuse_onlookers(actor: Actor, enrollment: Enrollment) -> None:
    """Managers see progress and do not write it."""
    if not actor.is_person or actor.is_administrator or enrollment.user_id == actor.user_id:
        return
    if not is_facilitator(user_id=actor.user_id or 0, cohort_id=enrollment.cohort_id):
        raise NotAllowed("Only the learner, a facilitator of the cohort or an administrator records completions.")


def _show(completion: Completion, enrollment: Enrollment) -> dict[str, Any]:
    return {
        "id": completion.uuid,
        "enrollment": enrollment.uuid,
        "step": completion.step_key,
        "completed_at": completion.completed_at,
        "passed_at": completion.passed_at,
        "score_scaled": None if completion.score_scaled is None else float(completion.score_scaled),
        "how": completion.how,
        "recorded_at": completion.recorded_at,
    }

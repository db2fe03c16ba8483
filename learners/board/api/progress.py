"""How a cohort moves, in one answer."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.accounts.api import ApiView
from config.support.shapes import aggregate
from journeys.authoring.queries import outline_for
from journeys.schedule.outline import Outline
from learners.board.api.shapes import ProgressShape
from learners.board.queries import CohortProgress, cohort_progress
from learners.cohorts.models import Cohort
from learners.cohorts.queries import get_cohort
from learners.cohorts.rules.roll_up import AT_WORK


class Progress(ApiView):
    """The summary of one cohort."""

    scopes = {"GET": "progress:read"}

    @extend_schema(operation_id="read_cohort_progress", responses=ProgressShape)
    def get(self, request: Request, cohort: UUID) -> Response:
        """Return counts by status, of steps, by module, of those behind, and of messages. Its cost is independent of
        the number of completions; 304 as long as no enrollment changed and no further deadline passed."""
        found = get_cohort(self.actor, cohort)
        progress = cohort_progress(found, now=self.now)
        return self.tagged(progress.stamp, lambda: self._show(found, progress))

    def _show(self, cohort: Cohort, progress: CohortProgress) -> dict[str, Any]:
        outline = outline_for(cohort.version)
        everybody = sum(progress.by_status.values())
        to_practice = progress.learners * sum(step.serves in AT_WORK for step in outline.steps_by_key.values())
        return {
            "cohort": cohort.uuid,
            "as_of": self.now,
            "learners": aggregate(progress.learners, everybody),
            "status": {status: aggregate(count, everybody) for status, count in progress.by_status.items()},
            "completed": aggregate(progress.through, progress.learners),
            "steps_completed": aggregate(progress.completed, progress.required),
            # People on an older version may have had more to practice than the cohort's version asks for.
            "steps_practiced": aggregate(progress.practiced, max(to_practice, progress.practiced)),
            "behind": aggregate(progress.behind, progress.under_way),
            "on_schedule": aggregate(progress.under_way - progress.behind, progress.under_way),
            "modules": _modules(outline, progress),
            "nudges": _nudges(progress),
        }


def _modules(outline: Outline, progress: CohortProgress) -> list[dict[str, Any]]:
    return [
        {
            "key": module.key,
            "title": module.title,
            "position": position,
            "here": aggregate(progress.at_position.get(position, 0), progress.learners),
            "reached": aggregate(progress.reached(position), progress.learners),
        }
        for position, module in enumerate(outline.modules, start=1)
    ]


def _nudges(progress: CohortProgress) -> dict[str, Any]:
    told = progress.outcomes
    n = told.sent + told.failed + told.unknown + sum(told.suppressed.values())
    return {
        "sent": aggregate(told.sent, n),
        "failed": aggregate(told.failed, n),
        "unknown": aggregate(told.unknown, n),
        "suppressed": {reason: aggregate(count, n) for reason, count in sorted(told.suppressed.items())},
    }

"""The learners of a cohort all at once: as CSV and as lines of JSON, in memory that does not grow with their number."""

import json
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder

from config.accounts.api import ApiView
from config.support.sheets import csv_line
from learners.board.api.learners import show_learner, shows_people
from learners.board.api.shapes import StreamQuery
from learners.board.queries.learners import list_learners
from learners.board.queries.streams import stream_learners, stream_stamp
from learners.cohorts.models import Enrollment
from learners.cohorts.queries import get_cohort

# Other people's sheets read these columns by name and by place: new ones are added at the end.
CSV_COLUMNS: Final = (
    "enrollment_id",
    "learner_id",
    "name",
    "email",
    "time_zone",
    "status",
    "attempt",
    "version",
    "module",
    "module_position",
    "module_state",
    "completed",
    "required",
    "practiced",
    "last_activity_at",
    "next_opens_at",
    "next_due_at",
    "behind",
    "flags",
    "reasons",
    "starts_on",
    "enrolled_at",
    "completed_at",
    "updated_at",
)


class _Stream(ApiView):
    """All learners of one cohort at once, a line a learner."""

    scopes = {"GET": "progress:read"}
    queries = {"GET": StreamQuery}
    content_type = ""
    ending = ""

    def _answer(self, cohort: UUID) -> HttpResponseBase:
        found = get_cohort(self.actor, cohort)
        learners = list_learners(self.actor, now=self.now, cohort_id=found.pk, **self.params)
        name = f"learners-{found.uuid}.{self.ending}"
        stamp = stream_stamp(learners, now=self.now, with_names=shows_people(self))
        return self.tagged_stream(
            [found.pk, found.updated_at, *stamp],
            lambda: self._lines(learners),
            content_type=self.content_type,
            filename=name,
        )

    def _lines(self, learners: QuerySet[Enrollment]) -> Iterator[str]:
        with_person = shows_people(self)
        for row in stream_learners(learners):
            yield self._line(show_learner(row, now=self.now, with_person=with_person))

    def _line(self, shown: dict[str, Any]) -> str:
        return json.dumps(shown, cls=JSONEncoder, ensure_ascii=False, separators=(",", ":")) + "\n"


class LearnersNdjson(_Stream):
    """All learners of one cohort as lines of JSON."""

    content_type = "application/x-ndjson; charset=utf-8"
    ending = "ndjson"

    @extend_schema(operation_id="stream_cohort_learners", responses={(200, "application/x-ndjson"): OpenApiTypes.STR})
    def get(self, request: Request, cohort: UUID) -> HttpResponseBase:
        """Return every learner as one line of JSON, the same rows as the pages."""
        return self._answer(cohort)


class LearnersCsv(_Stream):
    """All learners of one cohort as CSV."""

    content_type = "text/csv; charset=utf-8"
    ending = "csv"

    @extend_schema(operation_id="export_cohort_learners", responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, cohort: UUID) -> HttpResponseBase:
        """Return every learner as a line of CSV in UTF-8, safe to open in a spreadsheet; columns stay as they are."""
        return self._answer(cohort)

    def _lines(self, learners: QuerySet[Enrollment]) -> Iterator[str]:
        yield csv_line(CSV_COLUMNS)
        yield from super()._lines(learners)

    def _line(self, shown: dict[str, Any]) -> str:
        person, module = shown["learner"], shown["module"] or {}
        values = {
            **{name: shown[name] for name in CSV_COLUMNS if name in shown},
            "enrollment_id": shown["id"],
            "learner_id": person["id"],
            "name": person.get("name"),
            "email": person.get("email"),
            "time_zone": person.get("time_zone"),
            "version": shown["version"]["number"],
            "module": module.get("key"),
            "module_position": module.get("position"),
            "module_state": module.get("state"),
            "flags": " ".join(flag["rule"] for flag in shown["flags"]),
            "reasons": " ".join(flag["reason"] for flag in shown["flags"]),
        }
        return csv_line(values[name] for name in CSV_COLUMNS)

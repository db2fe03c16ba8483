"""Enrollments: read, change, add in bulk, and their schedule."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.accounts.api import ApiView
from config.support.errors import NotAllowed
from config.support.pagination import page_shape
from journeys.authoring.queries import outline_for
from learners.board.api.cohorts import changeable_cohort
from learners.board.api.learners import learner_page, show_learner, shows_people, stamp_of
from learners.board.api.shapes import (
    DryRunQuery,
    EnrollmentChange,
    EnrollmentQuery,
    EnrollmentShape,
    LearnerRowShape,
    NewPeople,
    RowsShape,
    ScheduleShape,
)
from learners.board.queries import may_change
from learners.board.queries.learners import LearnerRow, learner_rows, list_learners, page_of_learners, row_of
from learners.board.queries.schedule import may_know_fates, schedule_of
from learners.cohorts.actions import enroll_many, withdraw
from learners.cohorts.models import Enrollment
from learners.cohorts.queries import get_enrollment
from learners.cohorts.rules.enrollment_list import EnrollmentRow, RowResult
from learners.people.words import ManagerNote
from learners.progress.actions import pause, record_own_event, resume, shift_dates
from learners.progress.queries.enrolling import members_named, notes_of

ACTS = {"paused": pause, "active": resume, "withdrawn": withdraw}


class EnrollmentList(ApiView):
    """Enrollments that you may see: of the cohorts you run, of your direct reports, and your own."""

    scopes = {"GET": "progress:read"}
    queries = {"GET": EnrollmentQuery}

    @extend_schema(operation_id="list_enrollments", responses=page_shape(LearnerRowShape))
    def get(self, request: Request) -> Response:
        """Return a page of enrollments, in the order of enrollment."""
        query = dict(self.params)
        token, limit = query.pop("cursor", None), query.pop("limit")
        enrollments = list_learners(self.actor, now=self.now, **query)
        return learner_page(self, page_of_learners(enrollments, token=token, limit=limit, now=self.now))


class EnrollmentDetail(ApiView):
    """One enrollment."""

    scopes = {"GET": "progress:read", "PATCH": "enrollments:write"}

    @extend_schema(operation_id="read_enrollment", responses=EnrollmentShape)
    def get(self, request: Request, enrollment: UUID) -> Response:
        """Return an enrollment with its modules."""
        found = get_enrollment(self.actor, enrollment)
        row = self._row(found)
        return self.tagged([*stamp_of(row, now=self.now), found.version_id], lambda: self._show(found, row))

    @extend_schema(operation_id="change_enrollment", request=EnrollmentChange, responses=EnrollmentShape)
    def patch(self, request: Request, enrollment: UUID) -> Response:
        """
        Pause, resume or withdraw a person, move every date that is still to come, or record an event for them.

        A person needs to be an administrator or a facilitator of the cohort. 409 when nothing would change.
        """
        found = get_enrollment(self.actor, enrollment)
        if not may_change(self.actor, cohort_id=found.cohort_id):
            raise NotAllowed("Only an administrator or a facilitator of this cohort may change it.")
        values = self.checked(EnrollmentChange)
        told = {"enrollment_id": found.pk, "reason": values.get("reason", ""), "actor_id": self.actor.user_id}
        if "shift_days" in values:
            shift_dates(days=values["shift_days"], now=self.now, **told)
        elif "event" in values:
            record_own_event(key=values["event"], now=self.now, **told)
        else:
            ACTS[values["status"]](now=self.now, **told)
        return Response(self._show(found, self._row(found)))

    def _row(self, found: Enrollment) -> LearnerRow:
        rows = list_learners(self.actor, now=self.now).filter(pk=found.pk)
        return row_of(learner_rows(rows).get())

    def _show(self, found: Enrollment, row: LearnerRow) -> dict[str, Any]:
        modules = [
            {"key": module.key, "title": module.title, "position": position, "state": row.module_states[module.key]}
            for position, module in enumerate(outline_for(found.version).modules, start=1)
            if module.key in row.module_states
        ]
        return {**show_learner(row, now=self.now, with_person=shows_people(self)), "modules": modules}


class Schedule(ApiView):
    """What opened, opens, is due and is sent for one person."""

    scopes = {"GET": "progress:read"}

    @extend_schema(operation_id="read_enrollment_schedule", responses=ScheduleShape)
    def get(self, request: Request, enrollment: UUID) -> Response:
        """
        Return the schedule of an enrollment with the reason of each line, as the engine follows it.

        The learner and administrators read which messages were sent; everybody else reads what the rules send.
        """
        found = get_enrollment(self.actor, enrollment)
        schedule = schedule_of(found, tells_fates=may_know_fates(self.actor, found), now=self.now)
        return self.tagged(
            schedule.stamp,
            lambda: {
                "enrollment": found.uuid,
                "time_zone": schedule.zone,
                "entries": [line.as_data() for line in schedule.lines],
                "waiting": [asdict(one) for one in schedule.waiting],
            },
        )


class BulkEnrollment(ApiView):
    """Enrolling people by e-mail, up to 5,000 at once."""

    scopes = {"POST": "enrollments:write"}
    queries = {"POST": DryRunQuery}

    @extend_schema(operation_id="enroll_people", request=NewPeople, responses=RowsShape)
    def post(self, request: Request, cohort: UUID) -> Response:
        """
        Enroll people and answer for each row: created, already there, or refused with the reason.

        A refused row stops no other. With `?dry_run=1` the answer is the same and nothing is written. `notes` tell what
        naming a line manager does besides. A person needs to be an administrator or a facilitator of the cohort.
        """
        found = changeable_cohort(self, cohort)
        people = self.checked(NewPeople)["people"]
        rows = [EnrollmentRow(line=line, **person) for line, person in enumerate(people, start=1)]
        dry_run = self.params["dry_run"]
        before = members_named(found, rows)
        results = enroll_many(cohort_id=found.pk, rows=rows, actor_id=self.actor.user_id, now=self.now, dry_run=dry_run)
        notes = notes_of(rows, results, before=before, is_done=not dry_run, with_names=shows_people(self))
        shown = [_show_row(result, notes.get(result.line, ())) for result in results]
        counts = {word: sum(r.outcome == word for r in results) for word in ("created", "already", "refused")}
        return Response({"dry_run": dry_run, **counts, "results": shown})


def _show_row(result: RowResult, notes: Iterable[ManagerNote]) -> dict[str, Any]:
    return {
        "line": result.line,
        "email": result.email,
        "outcome": result.outcome,
        "detail": result.detail,
        "enrollment": result.enrollment_uuid,
        "notes": [{"code": note.code, "detail": note.sentence} for note in notes],
    }

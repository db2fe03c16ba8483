"""The learners of a cohort, page by page."""

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.accounts.api import ApiView
from config.support.pagination import Page, page_shape
from learners.board.api.shapes import LearnerQuery, LearnerRowShape
from learners.board.queries.learners import LearnerRow, list_learners, page_of_learners
from learners.board.rules import Flag
from learners.cohorts.queries import get_cohort


def shows_people(view: ApiView) -> bool:
    """Tell whether this caller reads names and addresses: people by their role, a key with people:read."""
    return view.actor.may("people:read")


def show_learner(row: LearnerRow, *, now: datetime, with_person: bool) -> dict[str, Any]:
    """Return where one person stands, as the API shows it."""
    state = row.module_states.get(row.current_module)
    return {
        "id": row.uuid,
        "cohort": row.cohort,
        "journey": row.journey,
        "version": {"id": row.version, "number": row.version_number},
        "learner": show_person(row, with_person=with_person),
        "status": row.status,
        "attempt": row.attempt,
        "module": {"key": row.current_module, "position": row.current_position, "state": state} if state else None,
        "completed": row.completed,
        "required": row.required,
        "practiced": row.practiced,
        "last_activity_at": row.last_activity_at,
        "next_opens_at": row.next_opens_at,
        "next_due_at": row.next_due_at,
        "behind": row.is_behind(now),
        "flags": [show_flag(flag) for flag in row.flags(now)],
        "starts_on": row.terms.start_on,
        "enrolled_at": row.enrolled_at,
        "joined_at": row.joined_at,
        "completed_at": row.completed_at,
        "withdrawn_at": row.withdrawn_at,
        "updated_at": row.updated_at,
    }


def show_person(row: LearnerRow, *, with_person: bool) -> dict[str, Any]:
    """Return the learner of an enrollment; only the id without people:read."""
    if not with_person:
        return {"id": row.learner}
    return {"id": row.learner, "name": row.name, "email": row.email, "time_zone": row.terms.zone}


def show_flag(flag: Flag) -> dict[str, Any]:
    """Return a reason to reach out."""
    return {"rule": flag.rule, "reason": flag.reason, "since_on": flag.since_on}


def stamp_of(row: LearnerRow, *, now: datetime) -> tuple[Any, ...]:
    """Return what changes when what show_learner shows does: the revision, the person, and what time alone changes."""
    flags = tuple((flag.rule, flag.reason) for flag in row.flags(now))
    return (row.id, row.revision, row.name, row.email, row.terms.zone, row.terms.start_on, row.is_behind(now), flags)


class LearnerList(ApiView):
    """The learners of one cohort."""

    scopes = {"GET": "progress:read"}
    queries = {"GET": LearnerQuery}

    @extend_schema(operation_id="list_cohort_learners", responses=page_shape(LearnerRowShape))
    def get(self, request: Request, cohort: UUID) -> Response:
        """Return a page of learners, a row a learner, in the order of enrollment."""
        found = get_cohort(self.actor, cohort)
        query = dict(self.params)
        token, limit = query.pop("cursor", None), query.pop("limit")
        learners = list_learners(self.actor, now=self.now, cohort_id=found.pk, **query)
        return learner_page(self, page_of_learners(learners, token=token, limit=limit, now=self.now))


def learner_page(view: ApiView, page: Page[LearnerRow]) -> Response:
    """Return a page of learner rows under the tag of their revisions and of what time alone changes."""
    with_person = shows_people(view)
    return view.tagged_page(
        page,
        lambda row: show_learner(row, now=view.now, with_person=with_person),
        lambda row: stamp_of(row, now=view.now),
    )

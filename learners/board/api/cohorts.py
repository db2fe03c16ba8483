"""Cohorts: read, create, change."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.accounts.api import ApiView
from config.accounts.errors import MissingScope
from config.support.errors import Fault, InvalidInput, NotAllowed
from config.support.pagination import fetch_page, page_shape
from journeys.authoring.models import OrganizationCalendar
from journeys.authoring.queries.catalog import version_to_run
from learners.board.api.shapes import CohortEdit, CohortQuery, CohortShape, NewCohort
from learners.board.queries import list_cohorts, may_change
from learners.cohorts.actions import create_cohort
from learners.cohorts.models import Cohort
from learners.cohorts.queries import get_cohort
from learners.cohorts.rules.own_facts import instants_of
from learners.progress.actions import record_events, update_cohort


def show_cohort(cohort: Cohort) -> dict[str, Any]:
    """Return a cohort as the API shows it; it comes with version, journey and calendar."""
    version = cohort.version
    return {
        "id": cohort.uuid,
        "name": cohort.name,
        "journey": {"id": version.journey.uuid, "key": version.journey.key, "title": version.title},
        "version": {"id": version.uuid, "number": version.number},
        "clock": cohort.clock,
        "starts_on": cohort.starts_on,
        "ends_on": cohort.ends_on,
        "time_zone": cohort.time_zone,
        "zone_rule": cohort.zone_rule,
        "country": cohort.country,
        "calendar": cohort.calendar.name if cohort.calendar is not None else "",
        "days_off": cohort.days_off,
        "events": instants_of(cohort.happened.items()),
        "status": "closed" if cohort.closed_at else "open",
        "created_at": cohort.created_at,
        "updated_at": cohort.updated_at,
        "closed_at": cohort.closed_at,
    }


def stamp_of(cohort: Cohort) -> tuple[Any, ...]:
    """Return what changes when what show_cohort shows does."""
    name = cohort.calendar.name if cohort.calendar is not None else ""
    return (cohort.pk, cohort.updated_at, cohort.version_id, cohort.version.title, name)


def changeable_cohort(view: ApiView, cohort: UUID) -> Cohort:
    """Return a cohort that the caller may change. Raises UnknownCohort, NotAllowed."""
    found = get_cohort(view.actor, cohort)
    if not may_change(view.actor, cohort_id=found.pk):
        raise NotAllowed("Only an administrator or a facilitator of this cohort may change it.")
    return found


def chosen_calendar(view: ApiView, values: dict[str, Any]) -> dict[str, Any]:
    """Take the name of a work calendar out of what was sent, and return the row it means. Raises InvalidInput."""
    if "calendar" not in values:
        return {}
    name = values.pop("calendar")
    if not name:
        return {"calendar_id": None}
    pk = OrganizationCalendar.objects.visible_to(view.actor).filter(name=name).values_list("pk", flat=True).first()
    if pk is None:
        detail = f"There is no work calendar “{name}”. Write its name as the administration shows it, or an empty text."
        raise InvalidInput(detail, faults=[Fault("/calendar", detail)])
    return {"calendar_id": pk}


class CohortList(ApiView):
    """The cohorts that you run; for a key, those that it reaches."""

    scopes = {"GET": "progress:read", "POST": "cohorts:write"}
    queries = {"GET": CohortQuery}

    @extend_schema(operation_id="list_cohorts", responses=page_shape(CohortShape))
    def get(self, request: Request) -> Response:
        """Return a page of cohorts, in the order in which they were created."""
        query = dict(self.params)
        token, limit = query.pop("cursor", None), query.pop("limit")
        page = fetch_page(list_cohorts(self.actor, **query), token=token, limit=limit)
        return self.tagged_page(page, show_cohort, stamp_of)

    @extend_schema(operation_id="create_cohort", request=NewCohort, responses={201: CohortShape})
    def post(self, request: Request) -> Response:
        """Create a cohort. A person needs to be an administrator, a key must not be limited to other cohorts."""
        if self.actor.is_person and not self.actor.is_administrator:
            raise NotAllowed("Only an administrator may create a cohort.")
        if self.actor.cohort_ids is not None:
            raise MissingScope("This key is limited to certain cohorts. Use one that reaches the whole organization.")
        values = self.checked(NewCohort)
        values |= chosen_calendar(self, values)
        version = version_to_run(self.actor, journey=values.pop("journey", None), version=values.pop("version", None))
        cohort = create_cohort(
            organization_id=self.actor.organization_id,
            version_id=version.pk,
            actor_id=self.actor.user_id,
            now=self.now,
            **{name: value for name, value in values.items() if value is not None},
        )
        cohort = get_cohort(self.actor, cohort.uuid)
        location = request.build_absolute_uri(f"/api/v1/cohorts/{cohort.uuid}/")
        return Response(show_cohort(cohort), status=201, headers={"Location": location})


class CohortDetail(ApiView):
    """One cohort."""

    scopes = {"GET": "progress:read", "PATCH": "cohorts:write"}

    @extend_schema(operation_id="read_cohort", responses=CohortShape)
    def get(self, request: Request, cohort: UUID) -> Response:
        """Return a cohort."""
        found = get_cohort(self.actor, cohort)
        return self.tagged(stamp_of(found), lambda: show_cohort(found))

    @extend_schema(operation_id="change_cohort", request=CohortEdit, responses=CohortShape)
    def patch(self, request: Request, cohort: UUID) -> Response:
        """
        Change a cohort. New dates, zone or calendar move what is still to come for everybody in it.

        `events` records that what the journey waits for has taken place for everybody, and is sent by itself; an event
        with null is taken back, and what it opened stays open.
        A person needs to be an administrator or a facilitator of the cohort.
        """
        found = changeable_cohort(self, cohort)
        values = self.checked(CohortEdit, partial=True)
        if "events" in values:
            events = values["events"]
            record_events(cohort_id=found.pk, happened=events, actor_id=self.actor.user_id, now=self.now)
            return Response(show_cohort(get_cohort(self.actor, cohort)))
        values |= chosen_calendar(self, values)
        if "closed" in values:
            values["closed_at"] = (found.closed_at or self.now) if values.pop("closed") else None
        changed = update_cohort(cohort_id=found.pk, actor_id=self.actor.user_id, now=self.now, **values)
        return Response(show_cohort(changed))

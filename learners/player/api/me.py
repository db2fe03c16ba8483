"""Who is signed in, and what they are enrolled in."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.accounts.api import ApiView
from config.accounts.models import Membership
from config.accounts.permissions import SIGNED_IN
from config.support.pagination import PageQuery, fetch_page, page_shape
from learners.cohorts.models import Enrollment
from learners.player.api.shapes import MeShape, MyEnrollmentShape


class Me(ApiView):
    """The signed-in person."""

    scopes = {"GET": SIGNED_IN}

    @extend_schema(operation_id="read_me", responses=MeShape)
    def get(self, request: Request) -> Response:
        """Return who is signed in, and in which organization."""
        rows = Membership.objects.select_related("user", "organization")
        membership = rows.get(user_id=self.actor.user_id or 0, organization_id=self.actor.organization_id)
        person, organization = membership.user, membership.organization
        shown = {
            "id": person.uuid,
            "name": person.name,
            "email": person.email,
            "locale": person.locale,
            "time_zone": person.time_zone,
            "organization": {"id": organization.uuid, "slug": organization.slug, "name": organization.name},
            "roles": sorted(self.actor.roles),
        }
        stamp = (person.name, person.email, person.locale, person.time_zone, organization.name, organization.slug)
        return self.tagged(stamp, lambda: shown)


class MyEnrollments(ApiView):
    """The signed-in person's own enrollments."""

    scopes = {"GET": SIGNED_IN}
    queries = {"GET": PageQuery}

    @extend_schema(operation_id="list_my_enrollments", responses=page_shape(MyEnrollmentShape))
    def get(self, request: Request) -> Response:
        """Return a page of one's own enrollments in the organization that is open, in the order of enrollment."""
        own = Enrollment.objects.of_learner(self.actor).select_related("cohort", "version__journey")
        page = fetch_page(own, token=self.params.get("cursor"), limit=self.params["limit"])
        return self.tagged_page(page, _show, lambda row: (row.uuid, row.revision))


def _show(row: Enrollment) -> dict[str, Any]:
    return {
        "id": row.uuid,
        "cohort": row.cohort.uuid,
        "journey": row.version.journey.uuid,
        "journey_key": row.version.journey.key,
        "title": row.version.title,
        "status": row.status,
        "required": row.required,
        "completed": row.completed,
        "practiced": row.practiced,
        "current_module": row.current_module,
        "next_opens_at": row.next_opens_at,
        "next_due_at": row.next_due_at,
        "last_activity_at": row.last_activity_at,
        "completed_at": row.completed_at,
        "updated_at": row.updated_at,
    }

"""People to reach, with the reason."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.accounts.api import ApiView
from config.support.pagination import page_shape
from learners.board.api.learners import show_learner, shows_people, stamp_of
from learners.board.api.shapes import LearnerRowShape, ReachQuery
from learners.board.queries import PersonToReach, people_to_reach


class PeopleToReach(ApiView):
    """The people whom a rule gives a reason to reach out to."""

    scopes = {"GET": "progress:read"}
    queries = {"GET": ReachQuery}

    @extend_schema(operation_id="list_people_to_reach", responses=page_shape(LearnerRowShape))
    def get(self, request: Request) -> Response:
        """
        Return a page of people to reach; `flags` says why, by rules that can be checked by hand.

        no-activity: nothing for 10 working days although something is open. not-started: 5 working days after the
        start. check-ins-unanswered: two or more. Working days are those of the person's own calendar.
        """
        query = dict(self.params)
        token, limit = query.pop("cursor", None), query.pop("limit")
        page = people_to_reach(self.actor, now=self.now, token=token, limit=limit, **query)
        with_person = shows_people(self)

        def show(person: PersonToReach) -> dict[str, Any]:
            return show_learner(person.row, now=self.now, with_person=with_person)

        return self.tagged_page(page, show, lambda person: stamp_of(person.row, now=self.now))

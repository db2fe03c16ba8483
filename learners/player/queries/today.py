"""What Today shows, read for somebody who is signed in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, cast

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from config.accounts.actor import Actor
from config.accounts.models import User
from config.accounts.reads import ReadAs
from config.support.prepared import Prepared, moment, wholes
from learners.cohorts.models import CohortStaff, LiveSession
from learners.cohorts.models.cohort import StaffRole
from learners.cohorts.queries import list_own_enrollments
from learners.nudges.queries.inbox import InAppMessage, unread_messages
from learners.player.queries.addresses import OwnAddresses
from learners.player.queries.promises import load_promises
from learners.player.queries.today_page import (
    FRESH_FOR,
    SHOWN_MESSAGES,
    Beside,
    Message,
    Place,
    Session,
    TodayPage,
    today_of,
    under_way,
)
from learners.player.queries.waiting import asks_of
from learners.player.queries.walks import Walk, load_walks_briefly

# The person's enrollments, each with the name of a facilitator, which saves a query of its own.
_FACILITATORS: Final = CohortStaff.objects.filter(cohort=OuterRef("cohort"), role=StaffRole.FACILITATOR)
_own_enrollments: Final = ReadAs(
    lambda actor: list_own_enrollments(actor).annotate(
        facilitator_name=Subquery(_FACILITATORS.order_by("id").values("user__name")[:1])
    )
)
_sessions_since: Final = Prepared(
    lambda: (
        LiveSession.objects.filter(cohort_id__in=wholes("cohorts"), starts_at__gt=moment("since"))
        .select_related("facilitator")
        .order_by("starts_at", "id")
    )
)


def load_today(actor: Actor, person: User, *, now: datetime) -> TodayPage:
    """
    Return Today of the signed-in person; 8 queries once the versions are known to the process.

    The journey that presses most gives Next; all of them give the rhythm, the meeting and the commitment.
    """
    enrollments = _own_enrollments(actor)
    walks = load_walks_briefly(enrollments, now=now)
    beside = Beside(
        name=person.get_short_name(),
        zone=person.time_zone,
        sessions=_sessions(under_way(walks), now=now),
        promises=load_promises(actor, now=now) if walks else [],
        places=[] if walks else _places(actor),
        messages=_fresh(_unread(actor, person), walks, now=now),
        waiting=asks_of(person.pk, now=now),
        contacts={walk.enrollment.pk: walk.enrollment.facilitator_name or "" for walk in cast(Any, walks)},
        put_away_url=reverse("messages-read"),
    )
    return today_of(walks, beside, now=now)


def _unread(actor: Actor, person: User) -> list[InAppMessage]:
    return unread_messages(person.pk, organization_id=actor.organization_id, with_check_ins=False)


def _fresh(messages: Sequence[InAppMessage], walks: Sequence[Walk], *, now: datetime) -> list[Message]:
    """
    The newest messages of the last days whose step still waits to be done.

    An old question has had its moment, one that was answered asks nothing, and a pile of them is a reproach.
    """
    done = {(walk.enrollment.uuid, key) for walk in walks for key in walk.facts.completed}
    fresh = (one for one in messages if one.sent_at > now - FRESH_FOR)
    return [_message(one) for one in fresh if (one.enrollment_uuid, one.step_key) not in done][:SHOWN_MESSAGES]


def _message(one: InAppMessage) -> Message:
    """Lead to the step of a message, else to the map of its journey, else nowhere."""
    if one.enrollment_uuid is None:
        return Message(str(one.uuid), one.text)
    addresses = OwnAddresses(one.enrollment_uuid)
    if one.step_key:
        return Message(str(one.uuid), one.text, addresses.step(one.step_key), _("Open the step"))
    return Message(str(one.uuid), one.text, addresses.map, one.journey)


def _sessions(walks: Sequence[Walk], *, now: datetime) -> list[Session]:
    cohorts = {walk.enrollment.cohort_id: walk for walk in walks}
    if not cohorts:
        return []
    # A meeting may last hours: read from a day ago, and leave out what has ended.
    found = []
    for row in _sessions_since(cohorts=cohorts, since=now - timedelta(days=1)):
        ends_at = row.starts_at + timedelta(minutes=row.minutes)
        walk = cohorts[row.cohort_id]
        step = walk.trail.step(row.step_key)
        if step is None or ends_at <= now:
            continue
        found.append(
            Session(
                title=step.outline.title,
                starts_at=row.starts_at,
                ends_at=ends_at,
                facilitator=str(row.facilitator) if row.facilitator else "",
                url=walk.addresses.step(step.key),
            )
        )
    return found


def _places(actor: Actor) -> list[Place]:
    """Where somebody without a journey of their own has work to do; at most one query."""
    places = []
    if actor.is_designer or actor.is_administrator:
        places.append(Place(_("Design journeys"), reverse("studio-journeys")))
    if actor.is_administrator:
        places.append(Place(_("Administration"), reverse("admin:index")))
    runs = CohortStaff.objects.filter(user_id=actor.user_id or 0, cohort__organization_id=actor.organization_id)
    cohorts = runs.order_by("cohort__name").values_list("cohort__uuid", "cohort__name").distinct()
    return places + [Place(name, reverse("cohort-board", args=[uuid])) for uuid, name in cohorts]

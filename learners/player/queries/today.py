"""What Today shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from typing import Final

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from config.accounts.actor import Actor
from config.accounts.models import User
from config.accounts.reads import ReadAs
from config.support.prepared import Prepared, moment, wholes
from learners.cohorts.models import CohortStaff, Enrollment, LiveSession
from learners.cohorts.models.cohort import StaffRole
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.cohorts.queries import list_own_enrollments
from learners.nudges.queries.inbox import InAppMessage, unread_messages
from learners.player.queries.promises import Promise, load_promises
from learners.player.queries.texts import module_texts
from learners.player.queries.waiting import Ask, asks_of
from learners.player.queries.walks import Walk, load_walks_briefly
from learners.player.rules import (
    RHYTHM,
    State,
    StepPlace,
    city_of,
    moments_this_week,
    next_of,
    part_of_day,
    urgency,
    was_away,
    why_in_short,
)

CLOSED = (EnrollmentStatus.COMPLETED, EnrollmentStatus.WITHDRAWN)
SHOWN_JOURNEYS = 6
SHOWN_MESSAGES = 2
FRESH_FOR = timedelta(days=7)
# What happened rests, and what did not come up was answered in full.
OPEN_ANSWERS = ("", "not_yet")


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


@dataclass(frozen=True)
class Next:
    """The one thing to do now."""

    journey: str
    module: str
    step: str
    minutes: int
    why: str
    url: str
    is_started: bool
    due_at: datetime | None
    number: int
    total: int
    stones: Sequence[str]


@dataclass(frozen=True)
class Calm:
    """
    Why there is nothing to do now.

    reason: not_started, paused, waiting, meeting, finished, withdrawn, staff or none. what: the thing that comes next.
    """

    reason: str
    journey: str = ""
    what: str = ""
    at: datetime | None = None
    contact: str = ""
    url: str = ""
    action: str = ""
    stones: Sequence[str] = ()


@dataclass(frozen=True)
class Rhythm:
    """How many moments this week had, and of how many a rhythm is made. laid: the stones to draw."""

    count: int
    of: int = RHYTHM

    @property
    def laid(self) -> int:
        return min(self.count, self.of)


@dataclass(frozen=True)
class Session:
    """A meeting still to come."""

    title: str
    starts_at: datetime
    ends_at: datetime
    facilitator: str
    url: str


@dataclass(frozen=True)
class JourneyLine:
    """One of the person's journeys in a list. state: active, not_started, paused, completed or withdrawn."""

    title: str
    url: str
    state: str
    at: datetime | None
    done: int
    total: int


@dataclass(frozen=True)
class Place:
    """A page where somebody has work to do that is not their own learning."""

    label: str
    url: str


@dataclass(frozen=True)
class TodayPage:
    """Today of one person; every time is to be read in zone."""

    name: str
    zone: str
    now: datetime
    part_of_day: str
    is_back: bool
    next: Next | None
    calm: Calm | None
    messages: Sequence[InAppMessage]
    commitment: Promise | None
    waiting: Sequence[Ask]
    rhythm: Rhythm | None
    session: Session | None
    journeys: Sequence[JourneyLine]
    places: Sequence[Place]
    enrollments: Sequence[Enrollment]

    @property
    def has_side(self) -> bool:
        return bool(self.rhythm or self.session or self.journeys or self.places)

    @property
    def city(self) -> str:
        """The place that the person's zone is named after."""
        return city_of(self.zone)


def load_today(actor: Actor, person: User, *, now: datetime) -> TodayPage:
    """
    Return Today of the signed-in person; 8 queries once the versions are known to the process.

    The journey that presses most gives Next; all of them give the rhythm, the meeting and the commitment.
    """
    enrollments = _own_enrollments(actor)
    walks = load_walks_briefly(enrollments, now=now)
    under_way = [walk for walk in walks if walk.enrollment.status not in (*CLOSED, EnrollmentStatus.PAUSED)]
    ordered = sorted(under_way, key=lambda walk: urgency(walk.trail, walk.enrollment.last_activity_at))
    first = next_of(ordered)
    sessions = _sessions(under_way, now=now)
    promises = load_promises(actor, now=now) if walks else []
    places = [] if walks else _places(actor)
    zone = first.zone if first else person.time_zone
    following = (_next(first, first.trail.next) if first else None) or _afterwards(walks)
    return TodayPage(
        name=person.get_short_name(),
        zone=zone,
        now=now,
        part_of_day=part_of_day(now, zone),
        is_back=following is not None and first is not None and was_away(first.enrollment.last_activity_at, now),
        next=following,
        calm=None if following else _calm(walks, ordered, sessions, bool(places), now=now),
        messages=_fresh(_unread(actor, person), walks, now=now),
        commitment=next_of(_to_check_in(promises, under_way)),
        waiting=asks_of(person.pk, now=now),
        rhythm=_rhythm(under_way, promises, zone=zone, now=now) if any(map(_has_begun, under_way)) else None,
        session=next_of(sessions),
        journeys=[_line(walk, now=now) for walk in walks[:SHOWN_JOURNEYS]],
        places=places,
        enrollments=enrollments,
    )


def _unread(actor: Actor, person: User) -> list[InAppMessage]:
    return unread_messages(person.pk, organization_id=actor.organization_id, with_check_ins=False)


def _fresh(messages: Sequence[InAppMessage], walks: Sequence[Walk], *, now: datetime) -> list[InAppMessage]:
    """
    The newest messages of the last days whose step still waits to be done.

    An old question has had its moment, one that was answered asks nothing, and a pile of them is a reproach.
    """
    done = {(walk.enrollment.uuid, key) for walk in walks for key in walk.facts.completed}
    fresh = (one for one in messages if one.sent_at > now - FRESH_FOR)
    return [one for one in fresh if (one.enrollment_uuid, one.step_key) not in done][:SHOWN_MESSAGES]


def _afterwards(walks: Sequence[Walk]) -> Next | None:
    """What has opened after its journey was finished, such as a last rating; what was left open before rests."""
    finished = [walk for walk in walks if walk.enrollment.status == EnrollmentStatus.COMPLETED]
    return next_of(
        _next(walk, step)
        for walk in finished
        for step in walk.trail.steps
        if step.state in (State.OPEN, State.STARTED)
        and not step.is_meeting
        and not step.is_exempt
        and _opened_since(step.placement.opens_at, walk.enrollment.completed_at)
    )


def _opened_since(opens_at: datetime | None, finished_at: datetime | None) -> bool:
    return opens_at is not None and finished_at is not None and opens_at > finished_at


def _next(walk: Walk, step: StepPlace | None) -> Next | None:
    if step is None:
        return None
    module = walk.trail.module_of(step)
    text = module_texts(walk.enrollment.version)[module.key]
    return Next(
        journey=walk.standing.outline.title,
        module=module.outline.title,
        step=step.outline.title,
        minutes=step.outline.minutes,
        why=why_in_short(text.motivation, text.outcome),
        url=reverse("step", args=[walk.enrollment.uuid, step.key]),
        is_started=module.done > 0,
        due_at=step.placement.due_at or module.placement.due_at,
        number=module.number,
        total=len(walk.trail.modules),
        stones=walk.trail.stones,
    )


def _calm(
    walks: Sequence[Walk], under_way: Sequence[Walk], sessions: Sequence[Session], has_places: bool, *, now: datetime
) -> Calm:
    if under_way:
        return _calm_under_way(under_way[0], sessions, now=now)
    paused = next_of(walk for walk in walks if walk.enrollment.status == EnrollmentStatus.PAUSED)
    if paused:
        return _calm_at(paused, "paused", contact=_facilitator(paused))
    finished = [walk for walk in walks if walk.enrollment.status == EnrollmentStatus.COMPLETED]
    if finished:
        last = max(finished, key=lambda walk: walk.enrollment.completed_at or now)
        recap = reverse("journey-recap", args=[last.enrollment.uuid])
        return _calm_at(last, "finished", at=last.enrollment.completed_at, url=recap, action=_("Read your own words"))
    left = next_of(walks)
    if left:
        return _calm_at(left, "withdrawn", contact=_facilitator(left))
    return Calm("staff" if has_places else "none")


def _calm_under_way(walk: Walk, sessions: Sequence[Session], *, now: datetime) -> Calm:
    opens = walk.standing.timeline.next_opens(now)
    titles = {module.key: module.outline.title for module in walk.trail.modules}
    titles |= {step.placement.reference: step.outline.title for step in walk.trail.steps}
    what = titles.get(opens.reference, "") if opens else ""
    if not _has_begun(walk):
        return _calm_at(walk, "not_started", what=what, at=opens.opens_at if opens else None)
    meeting = next_of(step for step in walk.trail.steps if step.is_meeting and step.state == "open")
    if meeting and meeting.outline.required and not opens:
        session = next_of(one for one in sessions if one.title == meeting.outline.title)
        return _calm_at(walk, "meeting", what=meeting.outline.title, at=session.starts_at if session else None)
    if not opens:
        locked = next_of(module for module in walk.trail.modules if module.state == "later")
        what = locked.outline.title if locked else walk.standing.outline.title
    see = {"url": reverse("reflections"), "action": _("Read your reflections")}
    return _calm_at(walk, "waiting", what=what, at=opens.opens_at if opens else None, **see)


def _calm_at(
    walk: Walk,
    reason: str,
    *,
    what: str = "",
    at: datetime | None = None,
    contact: str = "",
    url: str = "",
    action: str = "",
) -> Calm:
    return Calm(
        reason=reason,
        journey=walk.standing.outline.title,
        what=what,
        at=at,
        contact=contact,
        url=url or reverse("journey-map", args=[walk.enrollment.uuid]),
        action=action or _("See the whole journey"),
        # Yellow says "your turn", and here it is nobody's.
        stones=["ahead" if stone == "here" else stone for stone in walk.trail.stones],
    )


def _has_begun(walk: Walk) -> bool:
    return any(module.state != State.LATER for module in walk.trail.modules)


def _facilitator(walk: Walk) -> str:
    return getattr(walk.enrollment, "facilitator_name", None) or ""


def _to_check_in(promises: Sequence[Promise], walks: Sequence[Walk]) -> list[Promise]:
    """The promises to show: the one first whose check-in is due first, then the newest; kept ones rest."""
    running = {walk.enrollment.pk for walk in walks}
    open_ones = [one for one in promises if one.enrollment_id in running and one.last_answer in OPEN_ANSWERS]
    newest = sorted(open_ones, key=lambda one: one.made_at, reverse=True)
    return sorted(newest, key=_check_in_due)


def _check_in_due(promise: Promise) -> float:
    """When the plan is or was to be asked about; infinity for one that waits for no answer."""
    awaits = promise.is_asked or promise.is_to_come
    return promise.check_in_at.timestamp() if promise.check_in_at is not None and awaits else inf


def _rhythm(walks: Sequence[Walk], promises: Sequence[Promise], *, zone: str, now: datetime) -> Rhythm:
    moments = [moment for walk in walks for moment in walk.facts.completed.values()]
    moments += [moment for promise in promises for moment in (promise.made_at, *promise.answered_at)]
    return Rhythm(moments_this_week(moments, zone=zone, now=now))


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
                url=reverse("step", args=[walk.enrollment.uuid, step.key]),
            )
        )
    return found


def _line(walk: Walk, *, now: datetime) -> JourneyLine:
    enrollment = walk.enrollment
    state, at = str(enrollment.status), enrollment.completed_at
    if enrollment.status not in (*CLOSED, EnrollmentStatus.PAUSED):
        opens = walk.standing.timeline.next_opens(now)
        state, at = ("active", None) if _has_begun(walk) else ("not_started", opens.opens_at if opens else None)
    return JourneyLine(
        title=walk.standing.outline.title,
        url=reverse("journey-map", args=[enrollment.uuid]),
        state=state,
        at=at,
        done=walk.trail.done_modules,
        total=len(walk.trail.modules),
    )


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

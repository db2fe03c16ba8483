"""Today, put together from what is known of somebody: whether it was read or imagined makes no difference here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf

from django.utils.translation import gettext as _

from learners.cohorts.models import Enrollment
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.player.queries.promises import Promise
from learners.player.queries.texts import module_texts
from learners.player.queries.waiting import Ask
from learners.player.queries.walks import Walk
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
    why: what it waits for, in a sentence, where nobody knows yet when that will be.
    """

    reason: str
    journey: str = ""
    what: str = ""
    at: datetime | None = None
    why: str = ""
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
class Message:
    """A message in the app. uuid: by which it is put away. words: on the link to url, where it leads anywhere."""

    uuid: str
    text: str
    url: str = ""
    words: str = ""


@dataclass(frozen=True)
class Beside:
    """
    What Today shows besides the walks.

    zone: the person's, for a page without a walk. contacts: a facilitator's name by the enrollment's id.
    messages: those to show. put_away_url: where they are posted to.
    """

    name: str
    zone: str
    sessions: Sequence[Session] = ()
    promises: Sequence[Promise] = ()
    places: Sequence[Place] = ()
    messages: Sequence[Message] = ()
    waiting: Sequence[Ask] = ()
    contacts: Mapping[int, str] = field(default_factory=dict)
    put_away_url: str = ""


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
    messages: Sequence[Message]
    put_away_url: str
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


def under_way(walks: Sequence[Walk]) -> list[Walk]:
    """Return the walks that are neither over nor paused."""
    return [walk for walk in walks if walk.enrollment.status not in (*CLOSED, EnrollmentStatus.PAUSED)]


def today_of(walks: Sequence[Walk], beside: Beside, *, now: datetime) -> TodayPage:
    """Put Today together; no query but for the texts of a version that is not known to the process."""
    running = under_way(walks)
    ordered = sorted(running, key=lambda walk: urgency(walk.trail, walk.enrollment.last_activity_at))
    first = next_of(ordered)
    zone = first.zone if first else beside.zone
    following = (_next(first, first.trail.next) if first else None) or _afterwards(walks)
    has_begun = any(map(_has_begun, running))
    return TodayPage(
        name=beside.name,
        zone=zone,
        now=now,
        part_of_day=part_of_day(now, zone),
        is_back=following is not None and first is not None and was_away(first.enrollment.last_activity_at, now),
        next=following,
        calm=None if following else _calm(walks, ordered, beside, now=now),
        messages=beside.messages,
        put_away_url=beside.put_away_url,
        commitment=next_of(_to_check_in(beside.promises, running)),
        waiting=beside.waiting,
        rhythm=_rhythm(running, beside.promises, zone=zone, now=now) if has_begun else None,
        session=next_of(beside.sessions),
        journeys=[_line(walk, now=now) for walk in walks[:SHOWN_JOURNEYS]],
        places=beside.places,
        enrollments=[walk.enrollment for walk in walks],
    )


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
        url=walk.addresses.step(step.key),
        is_started=module.done > 0,
        due_at=step.placement.due_at or module.placement.due_at,
        number=module.number,
        total=len(walk.trail.modules),
        stones=walk.trail.stones,
    )


def _calm(walks: Sequence[Walk], running: Sequence[Walk], beside: Beside, *, now: datetime) -> Calm:
    if running:
        return _calm_under_way(running[0], beside.sessions, now=now)
    paused = next_of(walk for walk in walks if walk.enrollment.status == EnrollmentStatus.PAUSED)
    if paused:
        return _calm_at(paused, "paused", contact=beside.contacts.get(paused.enrollment.pk, ""))
    finished = [walk for walk in walks if walk.enrollment.status == EnrollmentStatus.COMPLETED]
    if finished:
        last = max(finished, key=lambda walk: walk.enrollment.completed_at or now)
        recap = last.addresses.journey_recap
        return _calm_at(last, "finished", at=last.enrollment.completed_at, url=recap, action=_("Read your own words"))
    left = next_of(walks)
    if left:
        return _calm_at(left, "withdrawn", contact=beside.contacts.get(left.enrollment.pk, ""))
    return Calm("staff" if beside.places else "none")


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
    why = ""
    if not opens:
        locked = next_of(module for module in walk.trail.modules if module.state == "later")
        what = locked.outline.title if locked else walk.standing.outline.title
        why = next(iter(locked.placement.blocked_by), "") if locked else ""
    has_written = any(step.outline.kind == "reflection" and step.placement.done_at for step in walk.trail.steps)
    see = {"url": walk.addresses.own_words, "action": _("Read your reflections")} if has_written else {}
    return _calm_at(walk, "waiting", what=what, at=opens.opens_at if opens else None, why=why, **see)


def _calm_at(
    walk: Walk,
    reason: str,
    *,
    what: str = "",
    at: datetime | None = None,
    why: str = "",
    contact: str = "",
    url: str = "",
    action: str = "",
) -> Calm:
    return Calm(
        reason=reason,
        journey=walk.standing.outline.title,
        what=what,
        at=at,
        why=why,
        contact=contact,
        url=url or walk.addresses.map,
        action=action or _("See the whole journey"),
        # Yellow says "your turn", and here it is nobody's.
        stones=["ahead" if stone == "here" else stone for stone in walk.trail.stones],
    )


def _has_begun(walk: Walk) -> bool:
    return any(module.state != State.LATER for module in walk.trail.modules)


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


def _line(walk: Walk, *, now: datetime) -> JourneyLine:
    enrollment = walk.enrollment
    state, at = str(enrollment.status), enrollment.completed_at
    if enrollment.status not in (*CLOSED, EnrollmentStatus.PAUSED):
        opens = walk.standing.timeline.next_opens(now)
        state, at = ("active", None) if _has_begun(walk) else ("not_started", opens.opens_at if opens else None)
    return JourneyLine(
        title=walk.standing.outline.title,
        url=walk.addresses.map,
        state=state,
        at=at,
        done=walk.trail.done_modules,
        total=len(walk.trail.modules),
    )

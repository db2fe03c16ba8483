"""The coming week of messages, by the schedule that sends them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from config.accounts.actor import Actor
from config.accounts.models import User
from journeys.schedule.entries import entries
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.cohorts.queries import list_own_enrollments
from learners.nudges.rules.built_in import CHECK_IN_CATEGORY
from learners.nudges.rules.quiet import quiet_until
from learners.nudges.rules.wanted import CHECK_IN_CHANNELS
from learners.people.models import Preferences
from learners.people.rules import ContactRules
from learners.player.queries.promises import Promise, load_promises
from learners.progress.queries import Standing, timelines_of

DAYS = 7


@dataclass(frozen=True)
class Coming:
    """
    One message to come. moved: it was planned for an hour or a day on which nothing may be sent. off_day: for such a
    day. promise: the plan that a check-in asks about, in place of a text.
    """

    at: datetime
    channels: Sequence[str]
    moved: bool
    off_day: bool
    text: str = ""
    promise: Promise | None = None


@dataclass
class Day:
    """One local day. is_quiet: nothing is sent on it. is_paused: nor on this one, by the person's own pause."""

    on: date
    is_quiet: bool
    is_paused: bool
    messages: list[Coming] = field(default_factory=list)


def coming_week(
    actor: Actor,
    person: User,
    *,
    preferences: Preferences,
    choices: Mapping[tuple[str, str], bool],
    now: datetime,
) -> list[Day]:
    """
    Return the next 7 days with the messages that the schedule plans as things stand; empty without a running journey.

    5 queries for known versions. Quiet times, switched-off kinds and a pause are respected; a message may still be left
    out later, when it is no longer needed or the day has had its one.
    """
    own = [
        one for one in list_own_enrollments(actor) if one.status in (EnrollmentStatus.ACTIVE, EnrollmentStatus.INVITED)
    ]
    if not own:
        return []
    contact = _contact(person, preferences, choices)
    zone = ZoneInfo(person.time_zone)
    today = now.astimezone(zone).date()
    days = {day.on: day for day in _days(today, zone, contact)}
    for coming in chain(
        *(_coming(standing, contact, now=now) for standing in timelines_of(own).values()),
        _check_ins(load_promises(actor, now=now), {one.pk for one in own}, contact),
    ):
        day = days.get(coming.at.astimezone(zone).date())
        if day is not None:
            day.messages.append(coming)
    for day in days.values():
        day.messages.sort(key=lambda coming: coming.at)
    return list(days.values())


def _days(today: date, zone: ZoneInfo, contact: ContactRules) -> Iterator[Day]:
    for number in range(DAYS):
        day = today + timedelta(days=number)
        end = datetime.combine(day + timedelta(days=1), time.min, zone)
        is_paused = contact.paused_until is not None and contact.paused_until >= end
        yield Day(day, is_quiet=day.weekday() in contact.quiet_days, is_paused=is_paused)


def _contact(person: User, preferences: Preferences, choices: Mapping[tuple[str, str], bool]) -> ContactRules:
    return ContactRules(
        zone=person.time_zone,
        quiet_from=preferences.quiet_from,
        quiet_until=preferences.quiet_until,
        quiet_days=frozenset(preferences.quiet_days),
        paused_until=preferences.paused_until,
        off=frozenset(pair for pair, is_on in choices.items() if not is_on),
    )


def _coming(standing: Standing, contact: ContactRules, *, now: datetime) -> Iterator[Coming]:
    rules = {nudge.key: nudge for nudge in standing.outline.nudges}
    last = now + timedelta(days=DAYS + 1)
    for entry in entries(standing.outline, standing.facts, standing.timeline, standing.calendar):
        if entry.kind != "nudge" or not now < entry.at_utc <= last:
            continue
        rule = rules[entry.key]
        coming = _reaching(entry.at_utc, rule.category, rule.channels, contact)
        if coming is not None:
            yield replace(coming, text=rule.texts[0] if rule.texts else entry.what)


def _check_ins(promises: Iterable[Promise], running: Collection[int], contact: ContactRules) -> Iterator[Coming]:
    """Give the questions whether the moment of a plan came; Waymark asks them by itself, without a designer's rule."""
    for promise in promises:
        if not promise.is_to_come or promise.enrollment_id not in running or promise.check_in_at is None:
            continue
        coming = _reaching(promise.check_in_at, CHECK_IN_CATEGORY, CHECK_IN_CHANNELS, contact)
        if coming is not None:
            yield replace(coming, promise=promise)


def _reaching(planned: datetime, category: str, channels: Iterable[str], contact: ContactRules) -> Coming | None:
    """Return when and where a message reaches the person, None when it is off or falls into their pause."""
    wanted = [channel for channel in channels if contact.wants(category, channel)]
    at = quiet_until(planned, contact) or planned
    if not wanted or (contact.paused_until is not None and at < contact.paused_until):
        return None
    off_day = planned.astimezone(ZoneInfo(contact.zone)).weekday() in contact.quiet_days
    return Coming(at=at, channels=wanted, moved=at != planned, off_day=off_day)

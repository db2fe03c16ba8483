"""The nine questions that every message must pass, in their order; the first that objects decides."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from journeys.schedule.zones import to_instant
from learners.nudges.rules.categories import CAPPED, DAY_CAP, SERVICE, WEEK_CAP
from learners.nudges.rules.identity import HELD_OUT
from learners.nudges.rules.quiet import place_of, quiet_until
from learners.people.rules import ContactRules

MIN_GAP: Final = timedelta(hours=3)

NOT_NEEDED: Final = "not_needed"
SUPPRESSED: Final = "suppressed"
OPTED_OUT: Final = "opted_out"
SNOOZED: Final = "snoozed"
EXPIRED: Final = "expired"
QUIET: Final = "quiet"
GAP: Final = "gap"
CAP: Final = "cap"

WORDS: Final[dict[str, str]] = {
    NOT_NEEDED: "It is no longer needed",
    SUPPRESSED: "Nothing may be sent to this address",
    OPTED_OUT: "The person switched this kind of message off",
    SNOOZED: "The person paused all messages",
    HELD_OUT: "The person is in the group that does not get this message, for comparison",
    EXPIRED: "It came too late to be of use",
    QUIET: "It would have arrived in quiet hours or on a quiet day",
    GAP: "Another message had just been sent",
    CAP: "The person had as many messages as one day or week allows",
}


@dataclass(frozen=True, slots=True)
class Message:
    """What the guards ask of a message. occurrence: its nominal local time, ISO; arm: its trial arm, "" without one."""

    category: str
    channel: str
    occurrence: str
    expires_at: datetime
    arm: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """
    What is true of the recipient.

    not_needed, suppressed: the reason in words, None = no objection. fallback_zone: where the person's own is unknown.
    last_sent_at: the newest other message. day_used, week_used: of the budget of the local day and ISO week.
    """

    contact: ContactRules
    fallback_zone: str = "UTC"
    not_needed: str | None = None
    suppressed: str | None = None
    last_sent_at: datetime | None = None
    day_used: int = 0
    week_used: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Send it, wait until an instant, or stop for good. reason is stable, detail says it in words."""

    act: Literal["send", "wait", "stop"]
    reason: str = ""
    detail: str = ""
    until: datetime | None = None


SEND: Final = Verdict("send")


def judge(message: Message, situation: Situation, *, now: datetime) -> Verdict:
    """
    Ask the nine guards in order: still needed, suppressed, opted out, snoozed, arm, expired, quiet, gap, cap.

    now: when the message would leave. Service messages answer somebody's act, so pauses, quiet hours, gap and cap do
    not hold them. A wait that would outlast the message's use is a stop with the same reason.
    """
    stop = _refused(message, situation)
    if stop is not None:
        return stop
    paused = situation.contact.paused_until
    if message.category != SERVICE and paused is not None and paused > now:
        return _wait(message, SNOOZED, paused)
    if message.arm == HELD_OUT:
        return Verdict("stop", HELD_OUT, WORDS[HELD_OUT])
    if now >= message.expires_at:
        return Verdict("stop", EXPIRED, WORDS[EXPIRED])
    if message.category == SERVICE:
        return SEND
    quiet = quiet_until(now, situation.contact, fallback_zone=situation.fallback_zone)
    if quiet is not None:
        return _wait(message, QUIET, quiet)
    if message.category in CAPPED:
        return _paced(message, situation, now=now)
    return SEND


def day_of(moment: datetime, contact: ContactRules, *, fallback_zone: str = "UTC") -> date:
    """Return the person's local date at this moment."""
    return moment.astimezone(place_of(contact.zone, fallback_zone)).date()


def periods_of(day: date) -> tuple[str, str]:
    """Return the budget periods of a local day: the day and its ISO week, as "2027-03-04" and "2027-W09"."""
    year, week, _ = day.isocalendar()
    return day.isoformat(), f"{year}-W{week:02d}"


def after_cap(message: Message, situation: Situation, *, now: datetime, week_is_full: bool) -> Verdict:
    """Return the wait for the next day, or next Monday, with room: at the hour the message was meant for."""
    day = day_of(now, situation.contact, fallback_zone=situation.fallback_zone)
    days = 7 - day.weekday() if week_is_full else 1
    place = place_of(situation.contact.zone, situation.fallback_zone)
    hour = _hour_of(message.occurrence) or now.astimezone(place).time().replace(microsecond=0, fold=0)
    return _wait(message, CAP, to_instant(day + timedelta(days=days), hour, place))


def _refused(message: Message, situation: Situation) -> Verdict | None:
    if situation.not_needed is not None:
        return Verdict("stop", NOT_NEEDED, situation.not_needed)
    if situation.suppressed is not None:
        return Verdict("stop", SUPPRESSED, situation.suppressed)
    if not situation.contact.wants(message.category, message.channel):
        return Verdict("stop", OPTED_OUT, WORDS[OPTED_OUT])
    return None


def _paced(message: Message, situation: Situation, *, now: datetime) -> Verdict:
    if situation.last_sent_at is not None and now < situation.last_sent_at + MIN_GAP:
        return _wait(message, GAP, situation.last_sent_at + MIN_GAP)
    if situation.week_used >= WEEK_CAP:
        return after_cap(message, situation, now=now, week_is_full=True)
    if situation.day_used >= DAY_CAP:
        return after_cap(message, situation, now=now, week_is_full=False)
    return SEND


def _wait(message: Message, reason: str, until: datetime) -> Verdict:
    act: Literal["wait", "stop"] = "wait" if until < message.expires_at else "stop"
    return Verdict(act, reason, WORDS[reason], until if act == "wait" else None)


def _hour_of(occurrence: str) -> time | None:
    try:
        return datetime.fromisoformat(occurrence).time().replace(fold=0)
    except ValueError:
        return None

"""One person's schedule: what the rules give, and for whom it concerns, what was really sent."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from config.accounts.actor import Actor
from journeys.schedule.entries import Entry, entries
from learners.cohorts.models import Enrollment
from learners.nudges.models import DeliveryState, NudgeDelivery
from learners.progress.queries import Standing, timeline_of
from learners.progress.rules import locked_because

ORDER: Final = {"opens": 0, "due": 1, "nudge": 2}


@dataclass(frozen=True, slots=True)
class Line:
    """One line. sent: True for a message that left, False for one to come; None for dates and where it is not told."""

    at: datetime
    zone: str
    kind: str
    what: str
    why: str
    moved_from: date | None
    key: str
    sent: bool | None

    def as_data(self) -> dict[str, Any]:
        """Return the line as plain values."""
        return {
            "at_utc": self.at.astimezone(UTC),
            "at_local": self.at.astimezone(ZoneInfo(self.zone)).isoformat(),
            "kind": self.kind,
            "what": self.what,
            "why": self.why,
            "moved_from": self.moved_from,
            "key": self.key,
            "sent": self.sent,
        }


@dataclass(frozen=True, slots=True)
class Waiting:
    """A module or step whose moment nobody knows yet. why: in one sentence, as the learner reads it."""

    key: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class PersonSchedule:
    """
    Lines in the order of time, and what is closed until something happens.

    stamp: revisions and how many lines are past, for an entity tag.
    """

    zone: str
    lines: tuple[Line, ...]
    waiting: tuple[Waiting, ...]
    stamp: tuple[Any, ...]


def may_know_fates(actor: Actor, enrollment: Enrollment) -> bool:
    """Tell whether the actor may know what became of this person's messages: the person, and administrators."""
    return actor.is_person and (actor.is_administrator or actor.user_id == enrollment.user_id)


def schedule_of(
    enrollment: Enrollment, *, tells_fates: bool, now: datetime, standing: Standing | None = None
) -> PersonSchedule:
    """
    Return what opened, opens, is due and is sent for a person; the enrollment with its terms.

    tells_fates: see may_know_fates. Then past messages are those that were sent; else they are those that the rules
    send, which says nothing about the person. Future ones are those that the engine would send as things stand; why a
    message was held back is not here. standing: where the person stands, when the caller knows it already.

    Five queries, four without fates, and those of an outline that is not known yet; standing saves all but the last.
    """
    standing = standing or timeline_of(enrollment)
    zone = standing.facts.zone
    planned = entries(standing.outline, standing.facts, standing.timeline, standing.calendar)
    rows = NudgeDelivery.objects.filter(enrollment=enrollment, state=DeliveryState.SENT).order_by("sent_at", "id")
    sent = list(rows) if tells_fates else []
    found = [*_planned(planned, zone, after=now), *_sent(sent, zone)] if tells_fates else [*_rules(planned, zone)]
    lines = sorted(found, key=lambda line: (line.at, ORDER[line.kind]))
    past = sum(line.at <= now for line in lines)
    stamp = (
        enrollment.pk,
        enrollment.revision,
        enrollment.version_id,
        enrollment.version.edits,
        enrollment.cohort.updated_at,
        zone,
        len(lines),
        past,
        tells_fates,
        sent[-1].pk if sent else None,
    )
    return PersonSchedule(zone, tuple(lines), tuple(_waiting(standing)), stamp)


def _waiting(standing: Standing) -> Iterator[Waiting]:
    titles, line = standing.outline.titles, standing.timeline
    for one in line.placements:
        if one.opens_at is None and one.done_at is None:
            module = line.modules[one.module_key or one.key]
            name = titles[one.reference]
            why = locked_because(
                name, one, module=module, module_name=titles[module.key], zone=standing.facts.placing_zone
            )
            yield Waiting(one.reference, name, why)


def _rules(planned: list[Entry], zone: str) -> Iterator[Line]:
    for entry in planned:
        yield Line(entry.at_utc, zone, entry.kind, entry.what, entry.why, entry.moved_from, entry.key, None)


def _planned(planned: list[Entry], zone: str, *, after: datetime) -> Iterator[Line]:
    """Give the dates, and the messages to come."""
    for line in _rules(planned, zone):
        if line.kind != "nudge":
            yield line
        elif line.at > after:
            yield replace(line, sent=False)


def _sent(deliveries: list[NudgeDelivery], zone: str) -> Iterator[Line]:
    for delivery in deliveries:
        if delivery.sent_at is not None:
            # Never its text: a check-in quotes what its reader wrote for themselves.
            what = f"Message {delivery.rule_key} ({delivery.category}) by {delivery.get_channel_display().lower()}"
            yield Line(delivery.sent_at, zone, "nudge", what, delivery.why, None, delivery.rule_key, True)

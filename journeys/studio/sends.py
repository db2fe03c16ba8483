"""When one nudge would go out, and to whom not: to three people imagined, with the scheduler of production. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from journeys.authoring.rules.content import VersionContent
from journeys.schedule.calendar import calendar_for, zone_named
from journeys.schedule.checks import outline_faults
from journeys.schedule.simulate import simulation
from journeys.schedule.tree import RuleError

MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Send:
    """
    One planned message, by the person's own clock.

    who: the paces of those who share it, in words. about: what it is about, "" for the whole journey. spared: why they
    would not get it, "" where it goes out.
    """

    at: datetime
    who: tuple[str, ...]
    about: str
    spared: str


def next_sends(content: VersionContent, key: str, *, start_on: date, zone: str) -> list[Send]:
    """
    List the first twenty messages of a nudge for a start on this day; no query.

    None is listed where the rules of the version cannot be computed yet. Raises UnknownZone.
    """
    try:
        if outline_faults(content.outline):
            return []
    except RuleError:
        return []
    found: dict[tuple[datetime, str, str], list[str]] = {}
    for pace, words in _people(content):
        run = simulation(content.outline, start_on=start_on, zone=zone, calendar=calendar_for(None, zone), pace=pace)
        for message in run.messages:
            if message.rule_key == key:
                about = content.outline.titles.get(message.subject, "")
                found.setdefault((message.due_at, about, run.spared(message) or ""), []).append(words)
    local = zone_named(zone)
    rows = sorted(found.items())[:MOST]
    return [Send(at.astimezone(local), tuple(who), about, spared) for (at, about, spared), who in rows]


def _people(content: VersionContent) -> Iterator[tuple[str, str]]:
    yield "on-time", _("on time")
    yield "3-days-late", _("three days late")
    if content.modules:
        yield f"stops-after:{content.modules[0].key}", _("who stops after the first module")

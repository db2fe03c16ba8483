"""What a version's content amounts to: which skill gets what, and how heavy each week is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from journeys.authoring.rules.content import VersionContent
from journeys.schedule.compare import minutes_opened
from journeys.schedule.entries import Entry

SERVES = ("knows", "practices", "reflects", "evidence")
MOST_MINUTES = 40
MOST_MESSAGES = 3


@dataclass(frozen=True, slots=True)
class Coverage:
    """One skill: how many steps of its modules serve it, by what they do for it."""

    skill: str
    title: str
    knows: int
    practices: int
    reflects: int
    evidence: int

    @property
    def cells(self) -> tuple[tuple[str, int], ...]:
        """The four counts with their names, in the order of the table."""
        return tuple((name, getattr(self, name)) for name in SERVES)


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """One week of an on-time learner: self-paced minutes that become due to be done, and messages sent."""

    number: int
    minutes: int
    messages: int

    @property
    def is_heavy(self) -> bool:
        return self.minutes > MOST_MINUTES or self.messages > MOST_MESSAGES


def coverage(content: VersionContent, titles: dict[str, str]) -> list[Coverage]:
    """
    Count, for each skill the version aims at, the steps that serve it.

    A step serves the skills that ModuleContent.skills_of names, as the checks before publishing count it. titles: skill
    key → words.
    """
    counts = {aim.skill: dict.fromkeys(SERVES, 0) for aim in content.skills}
    for module in content.modules:
        for step in module.steps:
            for skill in module.skills_of(step):
                if skill in counts and step.serves in SERVES:
                    counts[skill][step.serves] += 1
    return [Coverage(skill, titles.get(skill, skill), **count) for skill, count in counts.items()]


def load_by_week(content: VersionContent, entries: Sequence[Entry], start_on: date) -> list[WeekLoad]:
    """
    Sum, week by week from the start, the minutes of what opens and the messages sent.

    A module's minutes fall on the day it opens; a step that opens apart counts there. entries: of a simulated on-time
    learner. Live sessions are left out, as in the bundle's own count.
    """
    opened = minutes_opened(content.outline, entries)
    minutes: dict[int, int] = {}
    messages: dict[int, int] = {}
    for entry in entries:
        week = max(0, (entry.at_local.date() - start_on).days // 7) + 1
        if entry.kind == "nudge":
            messages[week] = messages.get(week, 0) + 1
        elif entry.kind == "opens":
            minutes[week] = minutes.get(week, 0) + opened.get(entry.key, 0)
    weeks = max([content.weeks, *minutes])
    return [WeekLoad(week, minutes.get(week, 0), messages.get(week, 0)) for week in range(1, weeks + 1)]

"""What the schedule of a version does to an imagined learner: what never opens, is too much, or was expected."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

from journeys.authoring.rules.content import VersionContent
from journeys.publishing.rules.findings import Finding, error, warning
from journeys.publishing.rules.ratings import check_follow_ups
from journeys.schedule.calendar import zone_named
from journeys.schedule.checks import outline_faults
from journeys.schedule.compare import minutes_opened
from journeys.schedule.expectations import Run, Runs, check_expectations, parse_expectations, runs_named
from journeys.schedule.outline import Outline
from journeys.schedule.simulate import Simulation
from journeys.schedule.tree import RuleError

MINUTES_A_WEEK: Final = 40
DAYS_A_WEEK: Final = 7
MESSAGES_A_WEEK: Final = 3
MESSAGES_A_DAY: Final = 1
# A run for journeys whose expectations imagine none: a Monday, and no country's holidays.
PLAIN_RUN: Final = Run(date(2027, 3, 1), "UTC")


def check_rules(outline: Outline) -> Iterator[Finding]:
    """Find rules that cannot work together: what waits for itself, waits and deadlines that cannot be."""
    for fault in outline_faults(outline):
        yield error("rule_cannot_hold", where_of(outline, fault.pointer), fault.message)


def check_timing(content: VersionContent) -> Iterator[Finding]:
    """
    Find expectations that do not come true, and weeks or days with too much in them.

    Weeks and days are those of learners on time who start as the expectations say, at whatever pace these imagine.
    Messages count as planned, also those that a learner on time would not need. The rules must be sound.
    """
    try:
        expectations = parse_expectations(list(content.expectations), pointer="expectations")
    except RuleError as refusal:
        for fault in refusal.faults:
            yield error("expectation_unreadable", fault.pointer, fault.message)
        return
    runs = Runs(content.outline)
    for sentence in check_expectations(content.outline, expectations, runs=runs):
        where, _colon, detail = sentence.partition(": ")
        yield error("expectation_fails", where, f"{_named(content, where)} does not come true: {detail}.")
    on_time = dict.fromkeys(Run(run.start_on, run.zone, run.calendar) for run in runs_named(expectations))
    simulated = [runs.of(run) for run in on_time or (PLAIN_RUN,)]
    yield from _first([_follow_ups(content, one) for one in simulated])
    yield from _first([_minutes(content, one) for one in simulated])
    yield from _first([_all_at_once(content, one) for one in simulated])
    yield from _first([_messages_a_week(one) for one in simulated])
    yield from _first([_messages_a_day(one) for one in simulated])


def where_of(outline: Outline, pointer: str) -> str:
    """Return the place of a JSON pointer into an outline, such as /modules/2/steps/0/opens, as SECTION/KEY/…."""
    section, *rest = pointer.strip("/").split("/")
    if section == "nudges" and rest:
        return "/".join(["nudges", outline.nudges[int(rest[0])].key, *rest[1:]])
    if section == "modules" and rest:
        module = outline.modules[int(rest[0])]
        if len(rest) > 2 and rest[1] == "steps":
            return "/".join(["steps", module.steps[int(rest[2])].key, *rest[3:]])
        return "/".join(["modules", module.key, *rest[1:]])
    return section


def _named(content: VersionContent, where: str) -> str:
    title = content.expectations[int(where.partition("/")[2])].get("title", "")
    return f"The expectation “{title}”" if title else "An expectation"


def _first(found: list[list[Finding]]) -> list[Finding]:
    """One finding says enough: the first of the first run that has any."""
    return next((findings[:1] for findings in found if findings), [])


def _follow_ups(content: VersionContent, simulated: Simulation) -> list[Finding]:
    opens = {key: step.opens_at for key, step in simulated.timeline.steps.items()}
    return list(check_follow_ups(content, opens, simulated.facts.enrolled_at))


def _minutes(content: VersionContent, simulated: Simulation) -> list[Finding]:
    weeks: dict[tuple[int, int], list[str]] = {}
    # A step that opens apart from its module counts in its own week.
    minutes = minutes_opened(content.outline, simulated.placed)
    for entry in simulated.placed:
        if entry.kind == "opens" and minutes.get(entry.key):
            weeks.setdefault(entry.at_local.date().isocalendar()[:2], []).append(entry.key)
    return [
        warning(
            "too_many_minutes",
            _place_of(keys[-1]),
            f"{sum(minutes[key] for key in keys)} minutes of steps open in week {number} of {year} "
            f"({_started(simulated)}). Keep a week at {MINUTES_A_WEEK} or fewer: shorten a step, or open it later.",
        )
        for (year, number), keys in sorted(weeks.items())
        if sum(minutes[key] for key in keys) > MINUTES_A_WEEK
    ]


def _place_of(key: str) -> str:
    """Where a module or step (MODULE/STEP) stands, as a finding says it."""
    _module, slash, step = key.partition("/")
    return f"steps/{step}" if slash else f"modules/{key}"


def _all_at_once(content: VersionContent, simulated: Simulation) -> list[Finding]:
    """
    Find a journey over weeks whose modules all open within the first one to somebody who keeps up.

    A module that waits for what others do opens on a day that nobody can know here.
    """
    opened = [one.opens_at for one in simulated.timeline.placements if one.opens_at is not None]
    waits = any(module.opens_at is None for module in simulated.timeline.modules.values())
    if content.weeks < 2 or len(content.modules) < 2 or not opened or waits:
        return []
    last = max(opened).astimezone(zone_named(simulated.facts.zone)).date()
    if (last - simulated.facts.start_on).days >= DAYS_A_WEEK:
        return []
    return [
        warning(
            "all_in_first_week",
            f"modules/{content.modules[-1].key}/opens",
            f"The journey takes {content.weeks} weeks, and everything in it can open within the first one "
            f"({_started(simulated)}). Say when each module opens, or shorten the journey.",
        )
    ]


def _days(simulated: Simulation) -> Counter[date]:
    return Counter(one.due_at.astimezone(zone_named(simulated.facts.zone)).date() for one in simulated.messages)


def _messages_a_week(simulated: Simulation) -> list[Finding]:
    weeks: Counter[tuple[int, int]] = Counter()
    for day, count in _days(simulated).items():
        weeks[day.isocalendar()[:2]] += count
    return [
        warning(
            "too_many_messages_a_week",
            "",
            f"{count} messages are planned in week {number} of {year} ({_started(simulated)}). "
            f"Plan {MESSAGES_A_WEEK} or fewer: more are held back.",
        )
        for (year, number), count in sorted(weeks.items())
        if count > MESSAGES_A_WEEK
    ]


def _messages_a_day(simulated: Simulation) -> list[Finding]:
    return [
        warning(
            "too_many_messages_a_day",
            "",
            f"{count} messages are planned on {day.isoformat()} ({_started(simulated)}). "
            "Give them different days: a second one is held back.",
        )
        for day, count in sorted(_days(simulated).items())
        if count > MESSAGES_A_DAY
    ]


def _started(simulated: Simulation) -> str:
    return f"for a start on {simulated.facts.start_on} in {simulated.facts.zone}"

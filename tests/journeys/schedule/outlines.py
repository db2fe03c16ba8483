"""Small outlines and facts for tests, written with rules as a bundle writes them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from journeys.schedule.calendar import WorkCalendar, calendar_for
from journeys.schedule.facts import Facts
from journeys.schedule.grammar import parse_due, parse_opens, parse_trigger, parse_unless, parse_wait
from journeys.schedule.outline import ModuleOutline, NudgeOutline, Outline, StepOutline
from journeys.schedule.timeline import Timeline, timeline

PARIS = "Europe/Paris"
TOKYO = "Asia/Tokyo"
MONDAY = date(2027, 3, 1)
START = {"from": "start", "working_days": 0, "at": "09:00"}
FIVE = {"working_days": 5, "at": "09:00"}


def step(key, *, opens=None, due=None, required=True, after=None, title=None, kind="article", minutes=5):
    """Make a step; `module` gives it its module."""
    return StepOutline(
        key=key,
        module_key="",
        title=title or key.replace("-", " ").capitalize(),
        kind=kind,
        minutes=minutes,
        required=required,
        opens=None if opens is None else parse_opens(opens, pointer="/opens"),
        due=None if due is None else parse_due(due, pointer="/due"),
        after=after,
    )


def module(key, *steps, opens=None, due=None):
    """Make a module of steps; a bare key stands for a plain step."""
    made = (step(one) if isinstance(one, str) else one for one in steps)
    return ModuleOutline(
        key=key,
        title=key.replace("-", " ").capitalize(),
        opens=None if opens is None else parse_opens(opens, pointer="/opens"),
        due=None if due is None else parse_due(due, pointer="/due"),
        steps=tuple(replace(one, module_key=key) for one in made),
    )


def nudge(key, trigger, *, wait=None, unless=(), category="practice"):
    """Make a nudge rule."""
    return NudgeOutline(
        key=key,
        category=category,
        trigger=parse_trigger(trigger, pointer="/trigger"),
        wait=None if wait is None else parse_wait(wait, pointer="/wait"),
        unless=parse_unless(list(unless), pointer="/unless"),
        channels=("email",),
        texts=("One moment?",),
    )


def journey(*modules, nudges=()):
    """Make an outline."""
    return Outline(key="journey", title="Journey", modules=tuple(modules), nudges=tuple(nudges))


def chain(*, due=None):
    """Three modules, five working days apart."""
    return journey(
        module("one", "a", "b", opens=START, due=due),
        module("two", "c", opens={"from": "module-opened:one", **FIVE}, due=due),
        module("three", "d", opens={"from": "module-opened:two", **FIVE}, due=due),
    )


def facts(*, start_on=MONDAY, zone=PARIS, **known):
    """Make the facts of somebody who joined at the start, in Paris unless told otherwise."""
    joined = datetime.combine(start_on, time(0, 0), tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return Facts(start_on=start_on, zone=zone, **({"enrolled_at": joined} | known))


def run(outline: Outline, known: Facts | None = None, calendar: WorkCalendar | None = None, **more) -> Timeline:
    """Compute a timeline; the calendar is that of the zone's country unless given."""
    known = known or facts(**more)
    return timeline(outline, known, calendar or calendar_for(None, known.zone))


def at(text: str, zone: str = PARIS) -> datetime:
    """Read a local "YYYY-MM-DD HH:MM" as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def local(instant: datetime | None, zone: str = PARIS) -> str | None:
    """Write an instant as local "YYYY-MM-DD HH:MM"."""
    return None if instant is None else f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def openings(found: Timeline, keys: Iterable[str], zone: str = PARIS) -> list[str | None]:
    """List when modules open, local."""
    return [local(found.modules[key].opens_at, zone) for key in keys]

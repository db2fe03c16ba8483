"""Rules: the whole timeline of many different people in a journey of 50 steps whose rules are nested; no database."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from journeys.schedule.calendar import calendar_for
from journeys.schedule.facts import Facts, Pause, Shift, Try
from journeys.schedule.grammar import parse_due, parse_opens
from journeys.schedule.outline import ModuleOutline, Outline, StepOutline
from journeys.schedule.timeline import timeline
from tests.benchmarks.measuring import Figure

MODULES, STEPS = 10, 5
MANY, FEW = 10_000, 1_000
# As many as are read and settled together.
AT_ONCE = 200
SEED = 20270301
ZONES = ("Asia/Tokyo", "America/New_York", "Europe/Paris", "Asia/Riyadh", "Asia/Kolkata", "America/Sao_Paulo")
WINDOW = {"weekdays": ["mon", "tue", "wed", "thu"], "from": "09:00", "to": "17:00"}


def measure() -> Iterator[Figure]:
    """Work out every opening and deadline, with its reason, for people who share nothing but the journey."""
    outline = journey()
    _seconds(outline, 50, seed=SEED)
    alone, together = _seconds(outline, FEW, seed=SEED + 1), _seconds(outline, MANY, seed=SEED + 2)
    each, among_few = together / MANY * 1e3, alone / FEW * 1e3
    yield Figure("rules: 10,000 people × 50 steps", MANY, together, "CPU s")
    yield Figure("rules: a person among 10,000, to one among 1,000", MANY, each, "CPU ms", floor=among_few)


def journey() -> Outline:
    """Return 10 modules of 5 steps; every form of the grammar stands in it, most of them inside another."""
    modules = tuple(_module(number) for number in range(MODULES))
    return Outline("rules", "Rules", modules, events={"town-hall": "Town hall"})


def _seconds(outline: Outline, count: int, *, seed: int) -> float:
    """Return the seconds of this process's processor, which is one core, without inventing the people."""
    calendars = {zone: calendar_for(None, zone) for zone in ZONES}
    chance = random.Random(seed)
    spent = 0.0
    for size in (min(AT_ONCE, count - done) for done in range(0, count, AT_ONCE)):
        crowd = [_person(chance) for _ in range(size)]
        before = time.process_time()
        for facts in crowd:
            found = timeline(outline, facts, calendars[facts.zone])
            if len(found.placements) != MODULES * (STEPS + 1):
                raise AssertionError("A timeline lacks placements.")
        spent += time.process_time() - before
    return spent


def _module(number: int) -> ModuleOutline:
    key, before = f"m{number}", f"m{number - 1}"
    opens: dict[str, Any] = {"from": "start", "working_days": 0, "at": "09:00"}
    if number:
        opens = {
            "all": [
                {"from": f"module-opened:{before}", "working_days": 3, "at": "09:00", "window": WINDOW},
                {"any": [{"completed": before}, {"from": f"completed:{before}/a{number - 1}", "days": 4}]},
            ]
        }
    due: dict[str, Any] = {"any": [{"from": "opens", "working_days": 5, "at": "18:00"}, {"date": "2027-12-01"}]}
    steps = tuple(
        StepOutline(name, key, name, required=not rare, opens=parse_opens(rule, pointer=""), due=_due(name))
        for name, rule, rare in _steps(key, number)
    )
    return ModuleOutline(key, key, parse_opens(opens, pointer=""), parse_due(due, pointer=""), steps)


def _due(name: str) -> Any:
    return parse_due({"from": "opens", "working_days": 3, "at": "17:00"}, pointer="") if name[0] in "bd" else None


def _steps(key: str, number: int) -> Iterator[tuple[str, dict[str, Any], bool]]:
    a, b, c, d, e = (f"{letter}{number}" for letter in "abcde")
    yield a, {"from": f"module-opened:{key}", "hours": 2, "window": WINDOW}, False
    yield b, {"all": [{"completed": f"{key}/{a}"}, {"from": f"completed:{key}/{a}", "working_days": 1}]}, False
    yield (
        c,
        {"at_least": 2, "of": [{"completed": f"{key}/{a}"}, {"completed": f"{key}/{b}"}, {"released": f"{key}/{c}"}]},
        False,
    )
    passed = {"passed": f"{key}/{b}", "ratio": 0.6, "within_attempts": 2}
    yield d, {"any": [passed, {"all": [{"event": "town-hall"}, {"not": {"failed": f"{key}/{b}"}}]}]}, True
    yield e, {"failed": f"{key}/{b}", "attempts": 2}, False


def _person(chance: random.Random) -> Facts:
    start = date(2027, 3, 1) + timedelta(days=chance.randrange(28))
    enrolled = datetime.combine(start, datetime.min.time(), UTC) + timedelta(minutes=chance.randrange(1_440))
    done, tries, at = {}, {}, enrolled
    for number in range(chance.randrange(MODULES)):
        for letter in "abc":
            at += timedelta(minutes=chance.randrange(3_000))
            done[f"{letter}{number}"] = at
        scores = [chance.random() for _ in range(chance.randrange(1, 4))]
        tries[f"b{number}"] = tuple(Try(at + timedelta(hours=n), s >= 0.6, s) for n, s in enumerate(scores))
    pauses = (Pause(at, at + timedelta(days=chance.randrange(1, 9))),) if chance.random() < 0.2 else ()
    return Facts(
        start_on=start,
        zone=chance.choice(ZONES),
        enrolled_at=enrolled,
        completed=done,
        tries=tries,
        events={"town-hall": at} if chance.random() < 0.5 else {},
        shifts=(Shift(at, 3),) if chance.random() < 0.1 else (),
        pauses=pauses,
        last_activity_at=at,
    )

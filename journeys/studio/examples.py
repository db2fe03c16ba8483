"""What a designer may expect of a version, by examples that come true of it as it stands. Pure."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from journeys.authoring.rules.content import Data, VersionContent
from journeys.schedule.checks import outline_faults
from journeys.schedule.expectations.runs import Runs
from journeys.schedule.expectations.values import NEVER, Run
from journeys.schedule.outside import Outside, in_order
from journeys.schedule.simulate import Simulation
from journeys.schedule.tree import WEEKDAYS, RuleError
from journeys.schedule.zones import zone_named
from journeys.studio.expected import text_of

# Whom they imagine: somebody on time, the same in a cohort that ends and whose events take place, and somebody late.
START: Final = date(2027, 3, 3)
DAY_BEFORE: Final = "2027-03-02 09:00"
EVENTS_ON: Final = date(2027, 3, 9)
ENDS_ON: Final = date(2027, 5, 28)
ZONE: Final = "Asia/Tokyo"
LATE: Final = "3-days-late"

PERSON: Final[Data] = {"start": START.isoformat(), "zone": ZONE}


def examples(content: VersionContent) -> Iterator[tuple[str, str]]:
    """Yield each form in words and as YAML; none while the version has no module or its rules cannot be computed."""
    try:
        if not content.modules or outline_faults(content.outline):
            return
    except RuleError:
        return
    yield from _of_one_moment(content)
    yield from _of_a_whole_run(content)


def _of_one_moment(content: VersionContent) -> Iterator[tuple[str, str]]:
    runs = Runs(content.outline)
    on_time, late = runs.of(Run(START, ZONE)), runs.of(Run(START, ZONE, pace=LATE))
    first, last = content.modules[0].key, content.modules[-1].key
    yield _("When something opens and is due"), _line(PERSON, "expect", module=last, **_placed(on_time, last))
    if len(content.modules) > 1:
        stops = {**PERSON, "pace": f"stops-after:{first}"}
        opens = runs.of(Run(START, ZONE, pace=f"stops-after:{first}")).timeline.modules[last].opens_at
        yield _("What is open to somebody who stops"), _line(stops, "expect", module=last, opens=_local(opens))
        earlier, later = (on_time.timeline.modules[key].opens_at for key in (first, last))
        if earlier and (later is None or earlier < later):
            yield _("One before the other"), _line(PERSON, "expect", module=first, before=last)
    yield _("What is still locked on a day"), _line(PERSON, "expect", module=last, locked=DAY_BEFORE)
    done = late.timeline.completed_at
    yield (
        _("When somebody who is late is done"),
        _line({**PERSON, "pace": LATE}, "expect", finished=_local(done)[:10] if done else NEVER),
    )
    if on_time.timeline.modules[first].opens_at is not None:
        within = {"from": "start", "working_days": 5}
        yield _("No later than a rule says"), _line(PERSON, "expect", module=first, within=within)
    if content.events:
        events = {event.key: EVENTS_ON for event in content.events}
        held = runs.of(Run(START, ZONE, outside=Outside(ENDS_ON, in_order(events.items()))))
        said = {"end": ENDS_ON.isoformat(), "events": {key: day.isoformat() for key, day in events.items()}}
        yield (
            _("What others do meanwhile: an event takes place, a facilitator opens something, the cohort ends"),
            _line({**PERSON, **said}, "expect", module=last, **_placed(held, last)),
        )
    if content.nudges:
        key = content.nudges[0].key
        yield _("A message that goes out, or is spared"), _line(PERSON, "expect", nudge=key, sent=_sent(on_time, key))


def _of_a_whole_run(content: VersionContent) -> Iterator[tuple[str, str]]:
    runs = Runs(content.outline)
    on_time, late = runs.of(Run(START, ZONE)), runs.of(Run(START, ZONE, pace=LATE))
    got = sum(late.spared(one) is None for one in late.messages)
    yield _("How many messages somebody gets"), _line({**PERSON, "pace": LATE}, "expect", messages=got)
    yield _("What is never reached"), _line({}, "never", messages_per_week=4, messages_per_day=2, minutes_per_week=60)
    yield _("Quiet days and hours"), _line({}, "never", messages_on=["sat", "sun"], messages_after="18:00")
    opened = [entry.at_local for entry in on_time.placed if entry.kind == "opens"]
    if opened:
        days = [WEEKDAYS[day] for day in sorted({at.weekday() for at in opened})]
        hours = sorted({f"{at:%H:%M}" for at in opened})
        yield _("A rhythm"), _line(PERSON, "only", opens_on=days, opens_at=hours)


def _placed(run: Simulation, module: str) -> Data:
    one = run.timeline.modules[module]
    due = {"due": _local(one.due_at)} if one.due_at and one.opens_at else {}
    return {"opens": _local(one.opens_at), **due}


def _sent(run: Simulation, key: str) -> list[str] | str:
    moments = [_local(one.due_at) for one in run.messages if one.rule_key == key and run.spared(one) is None]
    return moments or NEVER


def _local(at: datetime | None) -> str:
    return f"{at.astimezone(zone_named(ZONE)):%Y-%m-%d %H:%M}" if at else NEVER


def _line(run: Data, form: str, **inner: Any) -> str:
    return f"- {text_of({**run, form: inner})}"

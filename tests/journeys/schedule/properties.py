"""What holds for every outline, rule and person, not only for those that somebody thought of."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from journeys.schedule.calendar import WorkCalendar, calendar_for
from journeys.schedule.checks import outline_faults
from journeys.schedule.entries import entries
from journeys.schedule.facts import Facts, Pause
from journeys.schedule.outline import Outline
from journeys.schedule.pace import Pace
from journeys.schedule.simulate import simulate
from journeys.schedule.timeline import Timeline, timeline
from tests.journeys.schedule.bundles import KEYS, outline
from tests.journeys.schedule.outlines import facts as plain_facts
from tests.journeys.schedule.outlines import journey, module
from tests.journeys.schedule.strategies import MODULES, STEPS, facts, instants, outlines

ZONES = sorted(available_timezones() - {"localtime", "posixrules", "Factory"})
PROPERTIES: dict[str, tuple[Callable[..., None], tuple[st.SearchStrategy, ...]]] = {}


def holds_for(*strategies: st.SearchStrategy) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Note a property with what it holds for; the name of the function says the property."""

    def noted(check: Callable[..., None]) -> Callable[..., None]:
        PROPERTIES[check.__name__] = (check, strategies)
        return check

    return noted


def prove(name: str, *, examples: int, anew: bool = False) -> None:
    """Try a property on so many examples: the same ones each time, or new ones."""
    check, strategies = PROPERTIES[name]
    asked = settings(
        max_examples=examples, deadline=None, derandomize=not anew, suppress_health_check=list(HealthCheck)
    )
    asked(given(*strategies)(check))()


def placed(found: Outline, known: Facts) -> Timeline:
    return timeline(found, known, calendar_for(None, known.zone))


def open_at(found: Timeline, now) -> set[str]:
    return {one.reference for one in found.placements if found.is_open(one.reference, now)}


@holds_for(outlines(), facts())
def a_step_never_opens_before_its_module(found, known):
    timeline_ = placed(found, known)

    for step in timeline_.steps.values():
        opened = timeline_.modules[step.module_key].opens_at
        assert step.opens_at is None or (opened is not None and step.opens_at >= opened)


@holds_for(outlines(), facts())
def everything_has_either_an_opening_or_a_sentence_that_says_what_is_missing(found, known):
    for one in placed(found, known).placements:
        assert (one.opens_at is None) == bool(one.blocked_by)
        assert one.opens_why
        assert (one.due_at is None) or one.due_why


@holds_for(outlines(), facts())
def nothing_is_due_before_it_opens(found, known):
    for one in placed(found, known).placements:
        assert one.due_at is None or one.opens_at is None or one.due_at >= one.opens_at


@holds_for(outlines(), facts())
def the_same_facts_give_the_same_schedule(found, known):
    fresh = replace(found, title=found.title)
    calendar = calendar_for(None, known.zone)

    assert placed(found, known).placements == placed(fresh, replace(known)).placements
    assert entries(found, known, placed(found, known), calendar) == entries(
        fresh, known, placed(fresh, known), calendar
    )


@holds_for(outlines(), facts(changes=False), st.sampled_from(STEPS), instants(), st.integers(0, 20 * 24))
def a_completion_never_locks_what_is_open(found, known, step, now, hours):
    assume(step.step not in known.completed)
    known = replace(known, completed={key: at for key, at in known.completed.items() if at <= now})
    before = open_at(placed(found, known), now)

    later = now + timedelta(hours=hours)
    more = replace(known, completed={**known.completed, step.step: now}, passed={**known.passed, step.step: now})

    assert before <= open_at(placed(found, more), now)
    assert before <= open_at(placed(found, more), later)


@holds_for(outlines(negation=False), facts(), st.sampled_from(STEPS), instants())
def a_completion_never_delays_anything_where_nothing_is_negated(found, known, step, done_at):
    assume(step.step not in known.completed)
    before = placed(found, known)
    after = placed(found, replace(known, completed={**known.completed, step.step: done_at}))

    for key in MODULES:
        was, now = before.modules[key].opens_at, after.modules[key].opens_at
        assert was is None or (now is not None and now <= was)


@holds_for(outlines(), facts())
def what_is_recorded_as_opened_stays_open_under_any_rule(found, known):
    when = known.enrolled_at + timedelta(days=1)
    opened = replace(known, opened=dict.fromkeys(MODULES, when))

    assert {one.opens_at for one in placed(found, opened).modules.values()} == {when}


@holds_for(outlines(), facts())
def nothing_opens_or_is_due_in_a_pause(found, known):
    timeline_ = placed(found, known)

    for one in timeline_.placements:
        for pause in known.pauses:
            assert one.opens_at is None or not pause.from_at <= one.opens_at < pause.until_at
            before = one.due_at is not None and one.due_at == one.opens_at
            extended = bool(known.extensions)
            assert one.due_at is None or before or extended or not pause.from_at <= one.due_at < pause.until_at


@holds_for(facts(changes=False), st.integers(1, 14), st.integers(0, 30))
def a_pause_moves_what_follows_by_its_days(known, days, after):
    every_day = {date(2027, 1, 1) + timedelta(days=n): "" for n in range(400)}
    every_day_is_worked = WorkCalendar(None, working_days=every_day)
    chain = journey(
        module("one", "a", opens={"from": "start", "days": 0, "at": "09:00"}),
        *(
            module(f"m{n}", f"s{n}", opens={"from": f"module-opened:{before}", "working_days": 5, "at": "09:00"})
            for n, before in enumerate(["one", "m0", "m1", "m2"])
        ),
    )
    zone = ZoneInfo(known.zone)
    plain = plain_facts(start_on=known.start_on, zone=known.zone)
    begin = plain.enrolled_at.astimezone(zone) + timedelta(days=after, hours=12)
    paused = replace(plain, pauses=(Pause(begin, begin + timedelta(days=days)),))
    without = timeline(chain, plain, every_day_is_worked)
    with_pause = timeline(chain, paused, every_day_is_worked)

    for key, one in without.modules.items():
        moved = (days if one.opens_at >= begin else 0) * timedelta(days=1)
        there = with_pause.modules[key].opens_at.astimezone(zone).replace(tzinfo=None)
        assert there == one.opens_at.astimezone(zone).replace(tzinfo=None) + moved


@holds_for(outlines(), facts(), st.integers(0, 4))
def somebody_imagined_settles_whatever_waits_for_whatever(found, known, days_late):
    calendar = calendar_for(None, known.zone)
    pace = Pace(days_late=days_late)
    once = timeline(found, known, calendar, pace=pace)

    assert once.placements == timeline(found, known, calendar, pace=pace).placements
    for step in once.steps.values():
        opened = once.modules[step.module_key].opens_at
        assert step.opens_at is None or (opened is not None and step.opens_at >= opened)


@holds_for(outlines(negation=False))
def what_the_checks_call_sound_opens_for_somebody_on_time(found):
    assume(not outline_faults(found))
    released = {**dict.fromkeys(MODULES), **{str(step): None for step in STEPS}}
    known = replace(
        plain_facts(start_on=date(2027, 3, 1)),
        end_on=date(2027, 6, 1),
        released=dict.fromkeys(released, plain_facts().enrolled_at),
        passed=dict.fromkeys((step.step for step in STEPS), plain_facts().enrolled_at),
    )
    required = Outline(
        found.key,
        found.title,
        tuple(replace(m, steps=tuple(replace(s, required=True) for s in m.steps)) for m in found.modules),
    )
    assume(not outline_faults(required))

    settled = timeline(required, known, calendar_for("FR", "Europe/Paris"), pace=Pace())

    assert all(one.opens_at is not None for one in settled.placements)


@holds_for(st.sampled_from(KEYS), st.sampled_from(ZONES), st.dates(date(2026, 1, 1), date(2029, 12, 31)))
def the_modules_of_the_samples_open_in_order_in_every_zone(key, zone, start_on):
    calendar = calendar_for(None, zone)
    found = simulate(outline(key), start_on=start_on, zone=zone, calendar=calendar)
    openings = [one for one in found if one.kind == "opens" and "/" not in one.key]

    assert [one.key for one in openings] == list(outline(key).modules_by_key)
    assert all(calendar.is_working_day(one.at_local.date()) for one in openings[:-1])
    assert found == sorted(found, key=lambda one: one.at_utc)

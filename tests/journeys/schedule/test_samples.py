"""The three shipped journeys, as they stand: their own expectations, and the moves and reasons a designer is shown."""

from collections import Counter
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from journeys.schedule.calendar import calendar_for
from journeys.schedule.checks import outline_faults
from journeys.schedule.expectations import check_expectations
from journeys.schedule.placing import moment_after
from journeys.schedule.simulate import simulate, simulation
from journeys.schedule.tree import Offset
from journeys.schedule.words import moves_in_words
from journeys.schedule.writing import to_data, trigger_to_data, wait_to_data
from tests.journeys.schedule.bundles import KEYS, load, outline
from tests.journeys.schedule.outlines import TOKYO

FOUR_ZONES = [TOKYO, "America/New_York", "Europe/Paris", "Asia/Riyadh"]
MODULE_3 = "ask-well-check-well"


def local_day(instant, zone):
    return instant.astimezone(ZoneInfo(zone)).date()


def entries(key, *, start_on, zone, pace="on-time"):
    return simulate(outline(key), start_on=start_on, zone=zone, calendar=calendar_for(None, zone), pace=pace)


def entry(found, kind, key):
    (one,) = [each for each in found if (each.kind, each.key) == (kind, key)]
    return one


@pytest.mark.parametrize("key", KEYS)
def test_every_expectation_of_a_sample_comes_true(key):
    found, expectations = load(key)

    assert sum(map(len, expectations)) > 10
    assert check_expectations(found, expectations) == []


@pytest.mark.parametrize("key", KEYS)
def test_a_sample_has_no_fault_in_its_rules(key):
    assert outline_faults(outline(key)) == ()


@pytest.mark.parametrize("key", KEYS)
def test_the_rules_of_a_sample_can_all_be_written_as_data(key):
    found = outline(key)
    rules = [rule for module in found.modules for rule in (module.opens, module.due) if rule]
    rules += [rule for step in found.steps_by_key.values() for rule in (step.opens, step.due) if rule]
    rules += [rule for nudge in found.nudges for rule in nudge.unless]

    assert all(to_data(rule) for rule in rules)
    assert all(trigger_to_data(nudge.trigger) and nudge.wait and wait_to_data(nudge.wait) for nudge in found.nudges)


def test_tokyo_from_3_march_2027_is_the_table_that_designers_were_promised():
    found = entries("judgment-with-ai", start_on=date(2027, 3, 3), zone=TOKYO)

    def row(kind, key):
        one = entry(found, kind, key)
        return f"{one.at_local:%a %d %b %H:%M}", f"{one.at_utc:%d %b %H:%M}"

    assert row("opens", "what-got-easier") == ("Wed 03 Mar 09:00", "03 Mar 00:00")
    assert row("nudge", "before-you-ask") == ("Fri 05 Mar 16:00", "05 Mar 07:00")
    assert row("opens", "frame-before-you-solve") == ("Wed 10 Mar 09:00", "10 Mar 00:00")
    assert row("opens", "ask-well-check-well") == ("Wed 17 Mar 09:00", "17 Mar 00:00")
    assert row("opens", "decide-or-create") == ("Thu 25 Mar 09:00", "25 Mar 00:00")


def test_tokyo_explains_the_substitute_holiday():
    found = entries("judgment-with-ai", start_on=date(2027, 3, 3), zone=TOKYO)

    opening = entry(found, "opens", "decide-or-create")
    assert opening.moved_from == date(2027, 3, 24)
    assert opening.why == (
        "5 working days after Module 3 opens, at 09:00; "
        "moved from Wednesday 24 March: Monday 22 March (substitute holiday) is a day off"
    )
    reminder = entry(found, "nudge", "nearly-carried")
    assert f"{reminder.at_local:%Y-%m-%d %H:%M}" == "2027-03-24 15:30"
    assert reminder.moved_from == date(2027, 3, 23)
    assert reminder.why.endswith("; unless you have finished Where fluent wording nearly carried you")


def test_a_date_that_falls_on_the_holiday_itself_says_so():
    found = entries("judgment-with-ai", start_on=date(2027, 3, 15), zone=TOKYO)

    opening = entry(found, "opens", "frame-before-you-solve")
    assert f"{opening.at_local:%Y-%m-%d}" == "2027-03-23"
    assert opening.why.endswith("moved from Monday 22 March: substitute holiday")


def test_tokyo_says_of_each_opening_why_it_is_then():
    found = entries("judgment-with-ai", start_on=date(2027, 3, 3), zone=TOKYO)
    modules = list(outline("judgment-with-ai").modules_by_key)

    assert [(entry(found, "opens", key).why, entry(found, "opens", key).moved_from) for key in modules[:3]] == [
        ("at the start, on a working day, at 09:00", None),
        ("5 working days after Module 1 opens, at 09:00", None),
        ("5 working days after Module 2 opens, at 09:00", None),
    ]
    assert entry(found, "nudge", "before-you-ask").why == (
        "2 working days after Module 1 opens, at 16:00; unless you have finished Plan the sentence"
    )


def test_tokyo_moves_a_check_in_planned_for_the_substitute_holiday():
    planned_at = entry(entries("judgment-with-ai", start_on=date(2027, 3, 3), zone=TOKYO), "opens", MODULE_3).at_utc

    moved = moment_after(Offset(3, "working_days", time(9)), planned_at, zone=TOKYO, calendar=calendar_for(None, TOKYO))

    assert f"{moved.at.astimezone(ZoneInfo(TOKYO)):%a %d %b %H:%M}, {moved.at:%d %b %H:%M}" == (
        "Tue 23 Mar 09:00, 23 Mar 00:00"
    )
    assert moves_in_words(moved) == "moved from Monday 22 March: substitute holiday"


def test_new_york_keeps_the_local_hour_over_14_march():
    found = entries("judgment-with-ai", start_on=date(2027, 3, 8), zone="America/New_York")

    utc = [f"{entry(found, 'opens', key).at_utc:%d %b %H:%M}" for key in ("what-got-easier", "frame-before-you-solve")]
    assert utc == ["08 Mar 14:00", "15 Mar 13:00"]


def test_paris_keeps_the_local_hour_over_28_march():
    found = entries("judgment-with-ai", start_on=date(2027, 3, 22), zone="Europe/Paris")

    opened = [entry(found, "opens", key) for key in ("what-got-easier", "frame-before-you-solve")]
    assert [f"{one.at_local:%d %b %H:%M}, {one.at_utc:%H:%M}" for one in opened] == [
        "22 Mar 09:00, 08:00",
        "30 Mar 09:00, 07:00",
    ]
    assert opened[1].why.endswith("moved from Monday 29 March: Easter Monday")


def test_riyadh_rests_on_friday_and_saturday():
    found = entries("leading-through-ambiguity", start_on=date(2027, 4, 2), zone="Asia/Riyadh")

    opening = entry(found, "opens", "known-unknown-decide")
    assert f"{opening.at_local:%Y-%m-%d %H:%M}" == "2027-04-04 09:00"
    assert opening.why == "at the start, on a working day, at 09:00; moved from Friday 2 April: weekend"
    assert all(one.at_local.weekday() not in (4, 5) for one in found if one.kind == "opens" and "/" not in one.key)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("zone", FOUR_ZONES)
@pytest.mark.parametrize("pace", ["on-time", "3-days-late", "absent:3"])
def test_a_sample_simulates_clean(key, zone, pace):
    calendar = calendar_for(None, zone)
    for start_on in (date(2027, 2, 24), date(2027, 3, 12), date(2027, 10, 27), date(2027, 12, 20)):
        found = simulation(outline(key), start_on=start_on, zone=zone, calendar=calendar, pace=pace)
        placed = found.timeline.placements
        modules = [one for one in placed if one.module_key is None]

        assert found.timeline.completed_at is not None
        assert [one.blocked_by for one in placed if one.blocked_by] == []
        opened = [one.opens_at for one in modules if one.opens_at is not None]
        assert len(opened) == len(modules)
        assert opened == sorted(opened)
        assert all(due > at for at, due in zip(opened, [one.due_at for one in modules], strict=True) if due is not None)
        assert all(entry.why for entry in found.entries(every_step=True))
        assert len({(one.rule_key, one.subject) for one in found.messages}) == len(found.messages)
        if pace == "on-time":
            assert all(calendar.is_working_day(local_day(at, zone)) for at in opened)
            assert all(one.done_at < one.due_at for one in placed if one.due_at is not None and one.done_at is not None)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("zone", FOUR_ZONES)
def test_on_time_learners_get_at_most_three_messages_a_week_and_one_a_day(key, zone):
    for start_on in (date(2027, 1, 4) + timedelta(days=11 * number) for number in range(12)):
        found = simulation(outline(key), start_on=start_on, zone=zone, calendar=calendar_for(None, zone))
        days = Counter(one.due_at.astimezone(ZoneInfo(zone)).date() for one in found.messages)
        weeks = Counter(one.due_at.astimezone(ZoneInfo(zone)).date().isocalendar()[:2] for one in found.messages)

        assert max(days.values()) == 1
        assert max(weeks.values()) <= 3


@pytest.mark.parametrize("key", KEYS)
def test_a_late_learner_still_gets_through(key):
    found = simulation(
        outline(key), start_on=date(2027, 3, 3), zone=TOKYO, calendar=calendar_for(None, TOKYO), pace="3-days-late"
    )

    assert found.timeline.completed_at is not None
    assert all(one.opens_at is not None for one in found.timeline.modules.values())


def test_a_learner_who_stops_is_held_where_the_rules_ask_for_work():
    calendar = calendar_for(None, TOKYO)
    feedback = simulation(
        outline("feedback-that-lands"),
        start_on=date(2027, 3, 3),
        zone=TOKYO,
        calendar=calendar,
        pace="stops-after:ask-first",
    ).timeline

    assert feedback.modules["see-what-a-camera-sees"].opens_at is not None
    assert feedback.modules["say-it-soon-say-it-small"].blocked_by == (
        "Opens after you finish Six verdicts, six facts",
    )

"""Coverage equals a hand count; load falls on the week in which something opens."""

from datetime import date

from journeys.authoring.rules.content import ModuleContent, NudgeContent, SkillAim, StepContent, VersionContent
from journeys.schedule.calendar import calendar_for
from journeys.schedule.simulate import simulate
from journeys.studio.rules import coverage, load_by_week

START = date(2027, 3, 1)


def _step(key, serves, *, kind="article", minutes=10, topic="", opens=None):
    return StepContent(
        module="one", key=key, kind=kind, title=key, minutes=minutes, serves=serves, topic=topic, opens=opens
    )


def _content(*steps, nudges=()):
    module = ModuleContent(
        "one", "One", "Do it", (SkillAim("listening"),), opens={"from": "start", "days": 0}, steps=steps
    )
    return VersionContent(
        "j", "J", weeks=3, skills=(SkillAim("listening"), SkillAim("asking")), modules=(module,), nudges=nudges
    )


def test_coverage_counts_each_step_once_for_what_it_serves():
    rows = coverage(
        _content(_step("a", "knows"), _step("b", "practices"), _step("c", "knows")), {"listening": "Listening"}
    )

    assert [(row.title, row.knows, row.practices, row.reflects, row.evidence) for row in rows] == [
        ("Listening", 2, 1, 0, 0),
        ("asking", 0, 0, 0, 0),
    ]


def test_load_puts_minutes_where_they_open_and_leaves_live_sessions_out():
    later = {"from": "start", "days": 8, "at": "09:00"}
    content = _content(
        _step("a", "knows"), _step("b", "practices", minutes=30, opens=later), _step("c", "knows", kind="live_session")
    )
    entries = simulate(content.outline, start_on=START, zone="UTC", calendar=calendar_for(None, "UTC"))

    assert [(week.number, week.minutes) for week in load_by_week(content, entries, START)] == [(1, 10), (2, 30), (3, 0)]


def test_a_week_over_forty_minutes_or_three_messages_is_heavy():
    nudges = tuple(
        NudgeContent(
            f"n{n}", "practice", {"event": "module-opened", "module": "one"}, {"hours": n}, (), ("email",), ("Hi",)
        )
        for n in range(4)
    )
    content = _content(_step("a", "knows", minutes=10), nudges=nudges)
    entries = simulate(content.outline, start_on=START, zone="UTC", calendar=calendar_for(None, "UTC"))
    weeks = load_by_week(content, entries, START)

    assert weeks[0].messages == 4
    assert [week.is_heavy for week in weeks] == [True, False, False]

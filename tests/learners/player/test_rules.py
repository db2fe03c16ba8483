"""The trail, the next step, the week's rhythm: plain values."""

from datetime import UTC, date, datetime, timedelta

import pytest

from journeys.schedule.calendar import calendar_for
from journeys.schedule.facts import Facts
from journeys.schedule.outline import ModuleOutline, Outline, StepOutline
from journeys.schedule.timeline import timeline
from journeys.schedule.tree import After, Anchor, Offset
from learners.player.rules import (
    State,
    Trail,
    city_of,
    continued,
    minutes_left,
    moments_this_week,
    part_of_day,
    urgency,
    walk,
    was_away,
    week_of,
    why_in_short,
)

NOW = datetime(2027, 3, 3, 11, tzinfo=UTC)
AT_START = After(Anchor("start"), Offset(0, "days"))
IN_A_WEEK = After(Anchor("start"), Offset(1, "weeks"))


def step(key: str, module: str = "one", *, minutes: int = 10, **more: object) -> StepOutline:
    return StepOutline(key=key, module_key=module, title=key, minutes=minutes, **{"opens": AT_START, **more})


def outline(*steps: StepOutline) -> Outline:
    one = ModuleOutline("one", "One", opens=AT_START, steps=tuple(s for s in steps if s.module_key == "one"))
    two = ModuleOutline("two", "Two", opens=IN_A_WEEK, steps=(step("later", "two", opens=None),))
    return Outline("journey", "Journey", (one, two))


def trail(made: Outline, *, started: tuple[str, ...] = (), now: datetime = NOW, **facts: object) -> Trail:
    known = Facts(start_on=date(2027, 3, 3), zone="Europe/Paris", enrolled_at=NOW - timedelta(days=1), **facts)
    line = timeline(made, known, calendar_for(None, "Europe/Paris"))
    return walk(made, known, line, started=started, now=now)


def states(made: Trail) -> dict[str, str]:
    return {one.key: one.state.value for one in made.steps}


def test_a_step_is_done_started_open_or_later():
    made = trail(outline(step("a"), step("b"), step("c")), started=("b",), completed={"a": NOW})

    assert states(made) == {"a": "done", "b": "in_progress", "c": "open", "later": "later"}
    assert [module.state for module in made.modules] == [State.STARTED, State.LATER]
    assert made.stones == ("here", "ahead")


def test_the_next_step_is_the_first_required_one_that_is_open():
    made = trail(outline(step("extra", required=False), step("must"), step("also")))

    assert made.next is not None
    assert made.next.key == "must"


def test_an_optional_step_is_next_only_when_nothing_required_is_left():
    made = trail(outline(step("extra", required=False), step("must")), completed={"must": NOW})

    assert made.next is not None
    assert made.next.key == "extra"
    assert made.modules[0].state is State.DONE
    assert not made.modules[0].is_here


def test_a_meeting_and_an_exempted_step_are_never_next():
    made = trail(outline(step("meet", kind="live_session"), step("spared")), exempted=frozenset({"spared"}))

    assert made.next is None


def test_minutes_left_count_the_step_and_what_is_not_done_behind_it():
    made = trail(outline(step("a", minutes=3), step("b", minutes=5), step("c", minutes=7)), completed={"b": NOW})

    assert minutes_left(made.modules[0], made.steps[0]) == 10
    assert minutes_left(made.modules[0], made.steps[1]) == 12


def test_before_and_after_stay_inside_the_module():
    made = trail(outline(step("a"), step("b", opens=IN_A_WEEK), step("c")))
    a, _b, c = made.modules[0].steps

    assert made.before(a) is None
    assert made.after(a) == c
    assert made.after(c) is None


def test_done_stones_lie_at_the_bottom():
    made = trail(outline(step("a")), now=NOW + timedelta(days=8), completed={"a": NOW})

    assert made.stones == ("laid", "here")


def test_a_week_begins_on_the_persons_own_monday():
    sunday_evening = datetime(2027, 3, 7, 20, tzinfo=UTC)

    assert week_of(sunday_evening, "Europe/Paris") == (date(2027, 3, 1), date(2027, 3, 7))
    assert week_of(sunday_evening, "Asia/Tokyo") == (date(2027, 3, 8), date(2027, 3, 14))


def test_moments_are_days_and_not_clicks():
    monday, wednesday = datetime(2027, 3, 1, 9, tzinfo=UTC), datetime(2027, 3, 3, 9, tzinfo=UTC)
    last_week, tomorrow = datetime(2027, 2, 26, 9, tzinfo=UTC), NOW + timedelta(days=1)
    moments = [monday, monday + timedelta(hours=2), wednesday, last_week, tomorrow]

    assert moments_this_week(moments, zone="Europe/Paris", now=NOW) == 2


@pytest.mark.parametrize(
    ("hour", "part"), [(4, "night"), (5, "morning"), (11, "morning"), (12, "afternoon"), (18, "evening")]
)
def test_the_greeting_follows_the_local_hour(hour, part):
    assert part_of_day(datetime(2027, 3, 3, hour, tzinfo=UTC), "UTC") == part


def test_ten_days_are_a_while():
    assert was_away(NOW - timedelta(days=10), NOW)
    assert not was_away(NOW - timedelta(days=9, hours=23), NOW)
    assert not was_away(None, NOW)


def test_a_reason_is_a_whole_short_sentence_or_none():
    long = "This sentence goes on and on until it has more words than a card can hold."

    assert why_in_short(f"{long} The text goes out under your name.") == "The text goes out under your name."
    assert why_in_short(long, "Ask one person.") == "Ask one person."
    assert why_in_short(long) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [("Ask one person.", "ask one person."), ("AI drafts it.", "AI drafts it."), ("I ask.", "I ask."), ("", "")],
)
def test_an_outcome_continues_a_sentence(text, said):
    assert continued(text) == said


def test_a_zone_is_called_by_its_city():
    assert city_of("America/Argentina/Buenos_Aires") == "Buenos Aires"


def test_something_to_do_presses_more_than_a_later_date():
    idle = trail(outline(step("meet", kind="live_session")))
    busy = trail(outline(step("a")))
    due = trail(outline(step("a", due=After(Anchor("start"), Offset(1, "days")))))

    ordered = sorted([idle, busy, due], key=lambda one: urgency(one, NOW))

    assert ordered == [due, busy, idle]

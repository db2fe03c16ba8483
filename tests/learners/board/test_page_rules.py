"""What is first to do, how a person stands, and what waits for a hand."""

from datetime import timedelta
from typing import Any

import pytest

from journeys.schedule.grammar import parse_opens
from journeys.schedule.outline import ModuleOutline, Outline, StepOutline
from learners.board.rules import NextAction, Situation, by_hand, next_action, place_of
from tests.learners.running import NOW

EVERYTHING: dict[str, Any] = {
    "asked": 1,
    "held_up": 2,
    "session_at": NOW + timedelta(hours=48),
    "unrecorded_at": NOW - timedelta(days=14),
    "to_reach": 3,
}


def test_the_next_action_follows_its_order():
    situation = dict(EVERYTHING)
    found = []
    for name, nothing in (("asked", 0), ("held_up", 0), ("session_at", None), ("unrecorded_at", None), ("to_reach", 0)):
        found.append(next_action(Situation(**situation), now=NOW))
        situation[name] = nothing
    found.append(next_action(Situation(**situation), now=NOW))

    assert found == [*NextAction, None]


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("session_at", timedelta(hours=48, seconds=1)),
        ("session_at", timedelta(seconds=-1)),
        ("unrecorded_at", timedelta(days=-14, seconds=-1)),
        ("unrecorded_at", timedelta(seconds=1)),
    ],
)
def test_a_session_too_far_away_is_not_the_next_action(name, moment):
    assert next_action(Situation(**{name: NOW + moment}), now=NOW) is None


@pytest.mark.parametrize(
    ("status", "due", "place"),
    [
        ("active", None, "on-the-way"),
        ("active", timedelta(days=1), "on-the-way"),
        ("active", timedelta(seconds=-1), "behind"),
        ("invited", None, "invited"),
        ("invited", timedelta(seconds=-1), "behind"),
        ("paused", None, "paused"),
        ("completed", None, "completed"),
        ("withdrawn", None, "withdrawn"),
    ],
)
def test_a_place_follows_status_and_next_date(status, due, place):
    assert place_of(status, next_due_at=NOW + due if due else None, now=NOW) == place


def test_by_hand_finds_releases_however_deep_in_the_order_of_the_journey():
    deep = {"all": [{"completed": "one"}, {"any": [{"not": {"released": "three"}}, {"released": "two/last"}]}]}
    outline = Outline(
        "journey",
        "Journey",
        (
            ModuleOutline("one", "One", steps=(StepOutline("first", "one", "First"),)),
            ModuleOutline("two", "Two", steps=(StepOutline("last", "two", "Last", opens=_rule(deep)),)),
            ModuleOutline("three", "Three", opens=_rule({"released": "three"})),
        ),
    )

    assert by_hand(outline) == ("two/last", "three")


def test_by_hand_is_empty_where_no_rule_leaves_anything_to_a_hand():
    outline = Outline("journey", "Journey", (ModuleOutline("one", "One", opens=_rule({"from": "start", "days": 1})),))

    assert by_hand(outline) == ()


def _rule(value):
    return parse_opens(value, pointer="")

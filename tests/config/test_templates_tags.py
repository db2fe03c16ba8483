"""What the template tags say and draw."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from config.support.templatetags.cairn_shapes import pile
from config.support.templatetags.waymark import (
    SHAPES,
    cairn,
    device,
    leg,
    local_clock,
    local_date,
    local_day,
    local_short,
    local_time,
    minutes,
    minutes_long,
    name_list,
    status_shape,
    stones,
    utc_time,
    when,
    word_list,
)

MOMENT = datetime(2027, 3, 18, 7, 0, tzinfo=UTC)
SPRITE = Path(__file__).parents[2] / "config" / "templates" / "_sprite.html"


def test_times_are_told_in_the_persons_zone() -> None:
    assert local_time(MOMENT, "Asia/Tokyo") == "Thursday 18 March, 16:00"
    assert local_short(MOMENT, "Asia/Tokyo") == "Thu 18 March, 16:00"
    assert local_clock(MOMENT, "America/New_York") == "03:00"
    assert local_date(datetime(2026, 12, 31, 20, 0, tzinfo=UTC), "Asia/Tokyo") == "Friday 1 January 2027"
    assert utc_time(MOMENT) == "18 Mar 07:00"


def test_day_of_a_date_needs_no_zone() -> None:
    assert local_day(date(2027, 3, 18), "Asia/Tokyo") == "Thursday 18 March"


def test_nothing_is_said_of_no_moment() -> None:
    assert local_time(None, "Asia/Tokyo") == ""
    assert when(None, "Asia/Tokyo") == ""


def test_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        local_time(datetime(2027, 3, 18, 7, 0), "Asia/Tokyo")


def test_when_keeps_the_offset_for_machines() -> None:
    assert when(MOMENT, "Asia/Tokyo") == '<time datetime="2027-03-18T16:00+09:00">Thursday 18 March, 16:00</time>'
    assert when(date(2027, 3, 18), form="day") == '<time datetime="2027-03-18">Thursday 18 March</time>'


def test_when_refuses_an_unknown_form() -> None:
    with pytest.raises(ValueError, match="short_day"):
        when(MOMENT, "Asia/Tokyo", "long")


@pytest.mark.parametrize(
    ("count", "words"), [(None, ""), (1, "1 min"), (90, "90 min"), (120, "2 h"), (125, "2 h 5 min")]
)
def test_minutes_in_short(count: int | None, words: str) -> None:
    assert minutes(count) == words


def test_minutes_in_full_knows_one() -> None:
    assert (minutes_long(1), minutes_long(12)) == ("1 minute", "12 minutes")


@pytest.mark.parametrize(
    ("items", "limit", "words"),
    [
        ([], None, ""),
        (["Amal"], None, "Amal"),
        (["Amal", "Jo"], None, "Amal and Jo"),
        (["Amal", "Jo", "Mateo"], None, "Amal, Jo and Mateo"),
        (["Amal", "Jo", "Mateo"], 2, "Amal, Jo and 1 other"),
        (["Amal", "Jo", "Mateo", "Ingrid"], 2, "Amal, Jo and 2 others"),
        (["Amal", "Jo"], 2, "Amal and Jo"),
    ],
)
def test_word_list(items: list[str], limit: int | None, words: str) -> None:
    assert word_list(items, limit) == words


def test_lists_escape_what_people_wrote() -> None:
    assert word_list(["<b>", "&"]) == "&lt;b&gt; and &amp;"
    assert name_list(["<b>", "{}"]) == "<bdi>&lt;b&gt;</bdi> and <bdi>{}</bdi>"


def test_every_shape_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'id="s-(\w+)"', SPRITE.read_text(encoding="utf-8")))
    assert {symbol for symbol, _ in SHAPES.values()} == drawn


def test_status_shape_takes_words_as_people_write_them() -> None:
    assert status_shape("In progress") == '<svg class="s" aria-hidden="true"><use href="#s-half" /></svg>'
    assert status_shape("needs-help") == '<svg class="s help" aria-hidden="true"><use href="#s-help" /></svg>'


def test_status_without_a_shape_is_a_fault_of_the_page() -> None:
    with pytest.raises(ValueError, match="'overdue'"):
        status_shape("overdue")


@pytest.mark.parametrize("total", range(1, 13))
def test_cairn_has_one_stone_a_module(total: int) -> None:
    drawn = cairn(laid=total // 2, total=total)
    states = re.findall(r'<path class="(\w+)"', drawn)
    assert states == ["laid"] * (total // 2) + ["here"] + ["ahead"] * (total - total // 2 - 1)


def test_cairn_of_a_finished_journey_shows_nobodys_turn() -> None:
    assert "here" not in cairn(laid=3, total=3)
    assert "here" not in cairn(laid=1, total=3, here=False)


def test_cairn_takes_the_state_of_each_module() -> None:
    assert re.findall(r'<path class="(\w+)"', cairn(["laid", "ahead", "here"])) == ["laid", "ahead", "here"]


def test_cairn_refuses_a_state_it_cannot_draw() -> None:
    with pytest.raises(ValueError, match="late"):
        cairn(["late"])


@pytest.mark.parametrize("count", [1, 2, 4, 7, 12, 30])
def test_every_stone_lies_inside_the_drawing(count: int) -> None:
    drawn = pile(count)
    numbers = [
        (float(x), float(y)) for outline in drawn.outlines for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", outline)
    ]
    assert drawn.height <= 240
    assert all(0 <= x <= 176 and 0 <= y <= drawn.height for x, y in numbers)


def test_piles_side_by_side_share_a_ground_line() -> None:
    assert pile(1, room=4).height == pile(4).height


def test_stones_mark_what_is_laid_and_where_you_are() -> None:
    assert stones(1, 3, here=2) == (
        '<span class="stones" aria-hidden="true"><i class="on"></i><i class="at"></i><i></i></span>'
    )
    assert 'class="stones big"' in stones(1, 3, size="big")


def test_trail_swings_from_side_to_side() -> None:
    assert leg(0) == leg(2) != leg(1)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120 Safari/537.36 Edg/120", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5.0", "curl/8.5.0"),
    ],
)
def test_device_names_the_browser_that_really_is(user_agent: str, words: str) -> None:
    assert device(user_agent) == words

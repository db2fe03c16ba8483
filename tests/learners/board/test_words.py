"""Days as one says them, cells, and messages to begin with."""

from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from learners.board.words import NOT_OPEN, NOT_THEIRS, WAITS_ON_YOU, cell_of, near_day, suggested_message
from learners.cohorts.rules.roll_up import MODULE_STATES
from tests.learners.running import NOW


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (timedelta(), "today"),
        (timedelta(days=-1), "yesterday"),
        (timedelta(days=1), "tomorrow"),
        (timedelta(days=15), "18 Mar"),
        (timedelta(days=-90), "3 Dec 2026"),
    ],
)
def test_a_day_is_said_as_near_as_it_is(moment, words):
    assert near_day(NOW + moment, zone="Europe/Paris", now=NOW) == words


def test_today_is_the_day_of_the_reader_not_of_the_server():
    late = NOW.replace(hour=22)

    assert near_day(late, zone="Asia/Tokyo", now=NOW.replace(hour=16)) == "today"
    assert near_day(late, zone="Asia/Tokyo", now=NOW.replace(hour=14)) == "tomorrow"


def test_every_state_of_a_module_has_a_cell_of_its_own():
    cells = [cell_of(state) for state in MODULE_STATES]

    assert len({(cell.shape, str(cell.word)) for cell in cells}) == len(MODULE_STATES)
    assert cell_of("locked") is NOT_OPEN
    assert cell_of(None) is NOT_THEIRS
    assert cell_of("open", waits=True) is WAITS_ON_YOU


def test_a_message_opens_whole_in_a_mail_program():
    message = suggested_message("no-activity", to="O'Shea & Söhne", journey="Ask? 100 %", sender="Jo", may_change=True)
    link = urlsplit(message.link("li+am&co@example.com"))

    assert (link.scheme, unquote(link.path)) == ("mailto", "li+am&co@example.com")
    parts = parse_qs(link.query, strict_parsing=True)
    assert parts["subject"] == ["Ask? 100 %"]
    assert parts["body"][0].startswith("Hello O'Shea & Söhne,\r\n\r\n")
    assert parts["body"][0].endswith("\r\n\r\nJo")


def test_a_message_for_any_reason_says_neither_the_reason_nor_its_numbers():
    for rule in ("no-activity", "not-started", "check-ins-unanswered", "another"):
        body = suggested_message(rule, to="Ada", journey="Ask first", sender="Jo", may_change=True).body
        assert not any(character.isdigit() for character in body)
        assert "check-in" not in body
        assert body.startswith("Hello Ada,")

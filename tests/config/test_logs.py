"""What log lines never hold, and that they can still be read by a machine."""

import json
import logging
import sys

import pytest

from config.logs import formatter, scrub


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("GET /admin/accounts/user/?q=Amal+Said", "GET /admin/accounts/user/?…"),
        ("/reflections/?q=Amal", "/reflections/?…"),
        ("POST /sign-off/abc:def:ghi/", "POST /sign-off/…/"),
        ("GET /unsubscribe/abc?x=1", "GET /unsubscribe/…?…"),
        ("Is it well? Yes.", "Is it well? Yes."),
    ],
)
def test_an_address_is_kept_without_token_and_query(text, kept):
    assert scrub(text) == kept


class Person:
    def __repr__(self) -> str:
        return "<User: amal@example.com>"


def test_a_line_of_json_stays_json_when_something_is_cut_out_of_it():
    event = {"event": "failed", "request": "GET /a/?q=1", "who": [Person(), {"key": "wm_abcdefgh"}], "code": 500}
    try:
        raise ValueError("amal@example.com is taken\nDETAIL: the row")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "POST /sign-off/abc:def", None, sys.exc_info())
    foreign = json.loads(formatter(as_json=True).format(record))
    record = logging.LogRecord("x", logging.ERROR, "", 1, event, None, None)
    record._from_structlog, record._logger, record._name = True, None, "error"
    own = json.loads(formatter(as_json=True).format(record))

    assert foreign["event"] == "POST /sign-off/…"
    assert foreign["exception"].endswith("ValueError: …@… is taken")
    assert own["request"] == "GET /a/?…"
    assert own["who"] == ["<User: …@…>", {"key": "wm_…"}]
    assert own["code"] == 500

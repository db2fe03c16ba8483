"""Lines of CSV."""

import csv
import io
import uuid
from datetime import UTC, date, datetime

import pytest
from django.utils.safestring import SafeString

from config.support.sheets import csv_line


class Word(str):
    """A text of a type that nobody listed."""


def read(line):
    return next(csv.reader(io.StringIO(line, newline="")))


def test_values_are_written_as_tools_read_them():
    moment, key = datetime(2027, 3, 3, 12, tzinfo=UTC), uuid.uuid4()

    assert read(csv_line([None, True, False, -5, 0.5, date(2027, 3, 3), moment, key, "x"])) == [
        "",
        "true",
        "false",
        "-5",
        "0.5",
        "2027-03-03",
        "2027-03-03T12:00:00Z",
        str(key),
        "x",
    ]
    assert csv_line(["a"]).endswith("\r\n")


@pytest.mark.parametrize("make", [str, SafeString, Word])
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "＋", "－", "＠"])
def test_no_text_of_any_type_is_a_formula(make, start):
    assert read(csv_line([make(f"{start}1+1")])) == [f"'{start}1+1"]


@pytest.mark.parametrize("text", ["Zoë", "山田", 'say "hi"', "a,b", "two\nlines", "", "1-1", "o'neill"])
def test_other_texts_come_back_as_they_were(text):
    assert read(csv_line([text, "end"])) == [text, "end"]

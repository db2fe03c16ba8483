"""The sliding window."""

from datetime import UTC, datetime, timedelta

import pytest

from config.support.throttling import admit, parse_rate

START = datetime(2027, 3, 3, 12, tzinfo=UTC)


def passes(second, caller="a", rate="10/min"):
    return admit(caller, rate=rate, now=START + timedelta(seconds=second)) is None


def test_a_caller_gets_the_rate_and_no_more():
    assert sum(passes(second) for second in range(20)) == 10
    assert passes(20, caller="b")


def test_the_window_slides_instead_of_starting_anew():
    """Ten at the end of a minute and ten at the start of the next would be twenty in a moment."""
    assert all(passes(59) for _ in range(10))

    assert not passes(60)
    assert not passes(65.9)
    assert passes(66)
    assert not passes(66.1)


@pytest.mark.parametrize("spent_at", [0, 10, 30, 59, 61, 75, 110])
@pytest.mark.parametrize("later", [0, 1, 20, 50])
def test_the_wait_that_is_told_is_just_enough(spent_at, later):
    for _ in range(10):
        passes(spent_at)

    wait = admit("a", rate="10/min", now=START + timedelta(seconds=spent_at + later))

    if wait is not None:
        assert not passes(spent_at + later + wait - 0.1)
        assert passes(spent_at + later + wait)


def test_a_steady_caller_below_the_rate_is_never_refused():
    assert all(passes(7 * number) for number in range(100))


@pytest.mark.parametrize(
    ("rate", "read"), [("5/s", (5, 1)), ("1200/min", (1200, 60)), ("3/hour", (3, 3600)), ("1/day", (1, 86400))]
)
def test_rates_are_read(rate, read):
    assert parse_rate(rate) == read


@pytest.mark.parametrize("rate", ["", "5", "0/min", "-1/min", "5/year", "many/min"])
def test_what_is_no_rate_is_refused(rate):
    with pytest.raises(ValueError, match="is not a rate"):
        parse_rate(rate)

from datetime import UTC, datetime

import pytest

from journeys.schedule.zones import zone_named
from learners.nudges.rules.moving import day_after, next_occurrence

# A Thursday, 16:00 in Paris.
THURSDAY = datetime(2027, 3, 4, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "occurrence", "instant"),
    [
        ("Europe/Paris", "2027-03-25T16:00", datetime(2027, 4, 1, 14, tzinfo=UTC)),
        ("Europe/Paris", "2027-10-28T16:00", datetime(2027, 11, 4, 15, tzinfo=UTC)),
        ("Asia/Tokyo", "2027-03-25T16:00", datetime(2027, 4, 1, 7, tzinfo=UTC)),
    ],
)
def test_next_occurrence_stays_at_its_wall_time_over_a_clock_change(zone, occurrence, instant):
    now = datetime.fromisoformat(occurrence).replace(tzinfo=zone_named(zone)).astimezone(UTC)
    following = next_occurrence(occurrence, zone=zone, repeats_days=7, until_at=None, now=now)

    assert following is not None
    assert following.due_at == instant
    assert following.occurrence.endswith("T16:00")
    assert following.anchor == following.occurrence[:10]


def test_next_occurrence_leaves_out_what_passed_while_nothing_ran():
    now = datetime(2027, 4, 20, tzinfo=UTC)
    following = next_occurrence("2027-03-04T16:00", zone="Europe/Paris", repeats_days=7, until_at=None, now=now)

    assert following is not None
    assert following.occurrence == "2027-04-22T16:00"


def test_next_occurrence_ends_with_the_run():
    until = datetime(2027, 3, 10, tzinfo=UTC)

    assert next_occurrence("2027-03-04T16:00", zone="UTC", repeats_days=7, until_at=until, now=THURSDAY) is None


def test_day_after_begins_with_the_local_day():
    assert day_after("2027-03-04", "Europe/Paris") == datetime(2027, 3, 4, 23, tzinfo=UTC)
    assert day_after("2027-03-04", "UTC") == datetime(2027, 3, 5, tzinfo=UTC)
    # In Cairo the clocks go forward at midnight: the day begins at one.
    assert day_after("2027-04-29", "Africa/Cairo") == datetime(2027, 4, 29, 22, tzinfo=UTC)
    assert day_after("?", "UTC") is None

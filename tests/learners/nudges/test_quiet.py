from datetime import UTC, datetime, time, timedelta

import pytest

from journeys.schedule.zones import zone_named
from learners.nudges.rules.quiet import place_of, quiet_until
from learners.people.rules import ContactRules

# A Thursday, 16:00 in Paris.
THURSDAY = datetime(2027, 3, 4, 15, tzinfo=UTC)
OPEN_HOURS = ContactRules(zone="Europe/Paris", quiet_from=time(0), quiet_until=time(0))


def local(zone, year, month, day, hour, minute=0, fold=0):
    return datetime(year, month, day, hour, minute, tzinfo=zone_named(zone), fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "at", "ends"),
    [
        ("Europe/Paris", (2027, 3, 4, 20), (2027, 3, 5, 8)),
        ("Europe/Paris", (2027, 3, 5, 3), (2027, 3, 5, 8)),
        # Forward on 28 March 2027: the night is an hour shorter and still ends at 08:00 on the wall.
        ("Europe/Paris", (2027, 3, 27, 22), (2027, 3, 28, 8)),
        # Back on 31 October 2027: an hour longer.
        ("Europe/Paris", (2027, 10, 30, 22), (2027, 10, 31, 8)),
        ("America/New_York", (2027, 3, 13, 23), (2027, 3, 14, 8)),
        # Half an hour forward and back.
        ("Australia/Lord_Howe", (2027, 10, 2, 23), (2027, 10, 3, 8)),
    ],
)
def test_quiet_night_ends_at_eight_on_the_wall(zone, at, ends):
    rules = ContactRules(zone=zone)

    assert quiet_until(local(zone, *at), rules) == local(zone, *ends)


def test_quiet_hours_length_changes_with_the_clocks():
    night = ContactRules(zone="Europe/Paris")

    forward = quiet_until(local("Europe/Paris", 2027, 3, 27, 22), night) - local("Europe/Paris", 2027, 3, 27, 22)
    back = quiet_until(local("Europe/Paris", 2027, 10, 30, 22), night) - local("Europe/Paris", 2027, 10, 30, 22)

    assert (forward, back) == (timedelta(hours=9), timedelta(hours=11))


def test_quiet_ends_in_a_skipped_hour_after_the_gap():
    # 02:30 does not exist in Paris on 28 March 2027; an hour later does.
    rules = ContactRules(zone="Europe/Paris", quiet_from=time(22), quiet_until=time(2, 30))

    assert quiet_until(local("Europe/Paris", 2027, 3, 28, 1), rules) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_quiet_ends_in_a_repeated_hour_at_its_first_pass_and_begins_anew_in_the_second():
    # 02:30 comes twice in Paris on 31 October 2027.
    rules = ContactRules(zone="Europe/Paris", quiet_from=time(22), quiet_until=time(2, 30))

    first = quiet_until(local("Europe/Paris", 2027, 10, 31, 1), rules)
    in_the_second_pass = local("Europe/Paris", 2027, 10, 31, 2, 10, fold=1)

    assert first == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert quiet_until(in_the_second_pass, rules) == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_quiet_day_is_followed_by_its_quiet_morning():
    rules = ContactRules(zone="Europe/Paris", quiet_days=frozenset({5, 6}))

    # Friday evening: the night, the weekend, and Monday until eight.
    assert quiet_until(local("Europe/Paris", 2027, 3, 5, 20), rules) == local("Europe/Paris", 2027, 3, 8, 8)


def test_quiet_never_answers_a_moment_that_is_quiet_itself():
    rules = ContactRules(zone="America/New_York", quiet_from=time(18), quiet_until=time(9), quiet_days=frozenset({6}))
    at = datetime(2027, 3, 12, tzinfo=UTC)

    for _ in range(24 * 7 * 4):
        end = quiet_until(at, rules)
        if end is not None:
            assert end > at
            assert quiet_until(end, rules) is None
        at += timedelta(minutes=30)


def test_quiet_equal_times_mean_none():
    assert quiet_until(THURSDAY, OPEN_HOURS) is None


def test_quiet_unknown_zone_falls_back_to_the_organization():
    rules = ContactRules(zone="Mars/Olympus")

    # 15:00 UTC is 00:00 in Tokyo.
    assert quiet_until(THURSDAY, rules, fallback_zone="Asia/Tokyo") == local("Asia/Tokyo", 2027, 3, 5, 8)
    assert str(place_of("Mars/Olympus", "")) == "UTC"

"""Reasons to reach out, by hand-counted dates. March 2027: the 1st is a Monday."""

from datetime import UTC, date, datetime, timedelta

import pytest

from journeys.schedule.calendar import calendar_for
from learners.board.rules.reach import NOT_STARTED, QUIET, UNANSWERED, Seen, flags_of

FRANCE = calendar_for("FR", "Europe/Paris")
MONDAY = datetime(2027, 3, 1, 11, tzinfo=UTC)


def seen(**values):
    return Seen(
        **{
            "status": "active",
            "zone": "Europe/Paris",
            "start_on": date(2027, 3, 1),
            "completed": 1,
            "current_state": "started",
            "last_activity_at": MONDAY,
            **values,
        }
    )


def told(person, day, calendar=FRANCE):
    return [flag.rule for flag in flags_of(person, calendar, now=day)]


def test_ten_working_days_without_activity_are_a_reason():
    assert told(seen(), datetime(2027, 3, 14, 22, tzinfo=UTC)) == []
    assert told(seen(), datetime(2027, 3, 15, 11, tzinfo=UTC)) == [QUIET]


def test_the_day_is_the_persons_own():
    late_on_sunday = datetime(2027, 3, 14, 23, 30, tzinfo=UTC)

    assert told(seen(), late_on_sunday) == [QUIET]
    assert told(seen(zone="America/New_York"), late_on_sunday, calendar_for(None, "America/New_York")) == []


def test_holidays_are_not_counted():
    before_easter = datetime(2027, 3, 22, 11, tzinfo=UTC)
    person = seen(last_activity_at=before_easter)

    # 29 March is Easter Monday: the tenth working day is 6 April, not the 5th.
    assert told(person, datetime(2027, 4, 5, 11, tzinfo=UTC)) == []
    assert told(person, datetime(2027, 4, 6, 11, tzinfo=UTC)) == [QUIET]
    assert told(person, datetime(2027, 4, 5, 11, tzinfo=UTC), calendar_for("US", "America/New_York")) == [QUIET]


def test_somebody_who_waits_for_the_next_module_is_not_quiet():
    assert told(seen(current_state="locked"), datetime(2027, 4, 15, tzinfo=UTC)) == []


def test_somebody_who_did_nothing_is_a_reason_after_five_working_days():
    person = seen(last_activity_at=None, completed=0, status="invited")

    assert told(person, datetime(2027, 3, 7, 12, tzinfo=UTC)) == []
    assert told(person, datetime(2027, 3, 8, 12, tzinfo=UTC)) == [NOT_STARTED]
    assert told(seen(last_activity_at=None, start_on=date(2027, 6, 1)), datetime(2027, 5, 1, tzinfo=UTC)) == []


def test_two_unanswered_check_ins_are_a_reason_and_one_is_not():
    since = MONDAY - timedelta(days=1)

    assert told(seen(unanswered=1, unanswered_since=since), MONDAY) == []
    assert told(seen(unanswered=2, unanswered_since=since), MONDAY) == [UNANSWERED]


@pytest.mark.parametrize("status", ["paused", "completed", "withdrawn"])
def test_nobody_is_reached_who_is_paused_through_or_gone(status):
    person = seen(status=status, unanswered=3, unanswered_since=MONDAY)

    assert told(person, datetime(2027, 6, 1, tzinfo=UTC)) == []


def test_the_reason_says_since_when_in_words():
    (flag,) = flags_of(seen(), FRANCE, now=datetime(2027, 3, 17, 11, tzinfo=UTC))

    assert flag.reason == "No activity for 12 working days."
    assert flag.since_on == date(2027, 3, 1)


def test_a_very_long_silence_is_not_counted_to_its_end():
    (flag,) = flags_of(seen(), FRANCE, now=datetime(2029, 3, 1, tzinfo=UTC))

    assert flag.reason == "No activity for more than 120 working days."


@pytest.mark.parametrize("offset", range(0, 40))
def test_the_database_rules_out_nobody_whom_the_rules_would_name(offset):
    """People-to-reach looks only at those whose last activity is 11 days ago, or whose start is 4 days ago."""
    day = MONDAY + timedelta(days=offset)
    for last in range(0, 40):
        person = seen(last_activity_at=day - timedelta(days=last))
        fresh = seen(last_activity_at=None, start_on=(day - timedelta(days=last)).date())
        assert not told(person, day) or last >= 11
        assert not told(fresh, day) or last >= 4

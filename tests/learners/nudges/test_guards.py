from datetime import UTC, date, datetime, time, timedelta

import pytest

from learners.nudges.rules.categories import DAY_CAP, WEEK_CAP
from learners.nudges.rules.guards import MIN_GAP, Message, Situation, after_cap, judge, periods_of
from learners.nudges.rules.identity import (
    HELD_OUT,
)
from learners.people.rules import ContactRules

# A Thursday, 16:00 in Paris.
THURSDAY = datetime(2027, 3, 4, 15, tzinfo=UTC)
OPEN_HOURS = ContactRules(zone="Europe/Paris", quiet_from=time(0), quiet_until=time(0))


def message(**values):
    return Message(
        **{
            "category": "practice",
            "channel": "email",
            "occurrence": "2027-03-04T16:00",
            "expires_at": THURSDAY + timedelta(hours=48),
            **values,
        }
    )


def contact(**values):
    return ContactRules(**{"zone": "Europe/Paris", "quiet_from": time(0), "quiet_until": time(0), **values})


def test_judge_without_objection_sends():
    assert judge(message(), Situation(OPEN_HOURS), now=THURSDAY).act == "send"


@pytest.mark.parametrize(
    ("changed", "situation", "act", "reason"),
    [
        ({}, {"not_needed": "You have finished it"}, "stop", "not_needed"),
        ({}, {"suppressed": "Its mailbox does not exist"}, "stop", "suppressed"),
        ({}, {"contact": contact(off=frozenset({("practice", "email")}))}, "stop", "opted_out"),
        ({}, {"contact": contact(paused_until=THURSDAY + timedelta(hours=5))}, "wait", "snoozed"),
        ({"arm": HELD_OUT}, {}, "stop", "held_out"),
        ({"expires_at": THURSDAY}, {}, "stop", "expired"),
        ({}, {"contact": contact(quiet_from=time(15), quiet_until=time(17))}, "wait", "quiet"),
        ({}, {"last_sent_at": THURSDAY - timedelta(hours=1)}, "wait", "gap"),
        ({}, {"day_used": DAY_CAP}, "wait", "cap"),
        ({}, {"day_used": 0, "week_used": WEEK_CAP}, "stop", "cap"),
    ],
)
def test_judge_with_one_objection_gives_its_reason(changed, situation, act, reason):
    verdict = judge(message(**changed), Situation(**{"contact": OPEN_HOURS, **situation}), now=THURSDAY)

    assert (verdict.act, verdict.reason) == (act, reason)
    assert verdict.detail


def test_judge_asks_in_the_order_of_the_design():
    """Every guard objects; taking the first away each time must bring up the next one."""
    night = contact(
        off=frozenset({("practice", "email")}),
        paused_until=THURSDAY + timedelta(hours=1),
        quiet_from=time(15),
        quiet_until=time(17),
    )
    all_of_them = {"not_needed": "x", "suppressed": "x", "last_sent_at": THURSDAY, "day_used": 1, "contact": night}
    changed = {"arm": HELD_OUT, "expires_at": THURSDAY}
    heard = []

    def ask():
        heard.append(judge(message(**changed), Situation(**all_of_them), now=THURSDAY).reason)

    ask()
    all_of_them["not_needed"] = None
    ask()
    all_of_them["suppressed"] = None
    ask()
    all_of_them["contact"] = contact(paused_until=night.paused_until, quiet_from=time(15), quiet_until=time(17))
    ask()
    all_of_them["contact"] = contact(quiet_from=time(15), quiet_until=time(17))
    ask()
    changed["arm"] = ""
    ask()
    changed["expires_at"] = THURSDAY + timedelta(hours=48)
    ask()
    all_of_them["contact"] = OPEN_HOURS
    ask()
    all_of_them["last_sent_at"] = None
    ask()
    all_of_them["day_used"] = 0
    ask()

    assert heard == [
        "not_needed",
        "suppressed",
        "opted_out",
        "snoozed",
        "held_out",
        "expired",
        "quiet",
        "gap",
        "cap",
        "",
    ]


def test_judge_when_the_wait_outlasts_the_use_stops_with_the_same_reason():
    soon = message(expires_at=THURSDAY + timedelta(hours=1))

    quiet = judge(soon, Situation(contact(quiet_from=time(15), quiet_until=time(18))), now=THURSDAY)
    snoozed = judge(soon, Situation(contact(paused_until=THURSDAY + timedelta(hours=2))), now=THURSDAY)

    assert (quiet.act, quiet.reason) == ("stop", "quiet")
    assert (snoozed.act, snoozed.reason) == ("stop", "snoozed")


def test_judge_service_passes_pause_quiet_gap_and_cap_but_not_suppression():
    everything = {
        "contact": contact(paused_until=THURSDAY + timedelta(days=3), quiet_from=time(15), quiet_until=time(17)),
        "last_sent_at": THURSDAY,
        "day_used": 9,
        "week_used": 9,
    }
    service = message(category="service")

    assert judge(service, Situation(**everything), now=THURSDAY).act == "send"
    assert judge(service, Situation(**everything, suppressed="x"), now=THURSDAY).reason == "suppressed"


def test_judge_deadline_passes_cap_and_gap_but_waits_for_the_morning():
    due = message(category="due")

    assert judge(due, Situation(OPEN_HOURS, day_used=9, last_sent_at=THURSDAY), now=THURSDAY).act == "send"
    assert judge(due, Situation(contact(quiet_from=time(15), quiet_until=time(17))), now=THURSDAY).reason == "quiet"


def test_gap_ends_three_hours_after_the_last_message():
    verdict = judge(message(), Situation(OPEN_HOURS, last_sent_at=THURSDAY - timedelta(hours=2)), now=THURSDAY)

    assert verdict.until == THURSDAY - timedelta(hours=2) + MIN_GAP


def test_full_day_waits_for_the_same_hour_tomorrow_and_full_week_for_monday():
    later = message(expires_at=THURSDAY + timedelta(days=9))

    tomorrow = after_cap(later, Situation(OPEN_HOURS), now=THURSDAY + timedelta(hours=2), week_is_full=False)
    monday = after_cap(later, Situation(OPEN_HOURS), now=THURSDAY, week_is_full=True)

    assert tomorrow.until == THURSDAY + timedelta(days=1)
    assert monday.until == THURSDAY + timedelta(days=4)


def test_budget_periods_follow_the_iso_week_over_the_new_year():
    assert periods_of(date(2027, 1, 3)) == ("2027-01-03", "2026-W53")
    assert periods_of(date(2027, 1, 4)) == ("2027-01-04", "2027-W01")

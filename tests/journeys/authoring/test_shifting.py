"""Fixed dates counted from another start."""

from dataclasses import replace
from datetime import date

import pytest

from journeys.authoring.rules.content import ModuleContent, NudgeContent, StepContent, VersionContent
from journeys.authoring.rules.shifting import DateShift, FixedDate, fixed_dates, likely_start, shifted
from journeys.schedule.calendar import calendar_for
from journeys.schedule.expectations import check_expectations, parse_expectations

JAPAN = calendar_for("JP", "Asia/Tokyo")
STEP = StepContent("kick-off", "read", "article", "Read", 5, "knows", due={"all": [{"date": "2027-03-06"}]})
CONTENT = VersionContent(
    "ask",
    "Ask",
    modules=(
        ModuleContent("kick-off", "Kick-off", "Ask.", opens={"date": "2027-03-03", "at": "09:00"}, steps=(STEP,)),
        ModuleContent("later", "Later", "Ask on.", opens={"from": "start", "days": 9}),
    ),
    nudges=(
        NudgeContent(
            "n",
            "step",
            {"event": "inactive", "days": 3, "at": "09:00"},
            unless=({"not": {"date": "2027-04-01"}},),
            texts=("Well?",),
        ),
    ),
    expectations=(
        {"start": "2027-03-01", "zone": "Asia/Tokyo", "expect": {"module": "kick-off", "opens": "2027-03-03 09:00"}},
        {"never": {"messages_per_week": 4}},
    ),
)


def _shift(new: str) -> DateShift:
    return DateShift(date(2027, 3, 1), date.fromisoformat(new), JAPAN)


def test_every_fixed_date_is_found_once():
    assert fixed_dates(CONTENT) == [
        FixedDate("Kick-off", "opens", date(2027, 3, 3)),
        FixedDate("Read", "due", date(2027, 3, 6)),
        FixedDate("Well?", "unless", date(2027, 4, 1)),
    ]
    assert likely_start(CONTENT) == date(2027, 3, 1)
    assert likely_start(replace(CONTENT, expectations=())) == date(2027, 3, 3)


@pytest.mark.parametrize(
    ("new", "opens", "due", "past"),
    [
        ("2027-03-08", "2027-03-10", "2027-03-13", ""),
        # Two days after the new start is Showa Day and a weekend follows; Saturday was no working day and stays one.
        ("2027-04-27", "2027-04-30", "2027-05-02", "Showa Day"),
        ("2027-03-04", "2027-03-08", "2027-03-09", "weekend"),
        ("2026-03-02", "2026-03-04", "2026-03-07", ""),
    ],
)
def test_a_working_day_stays_one_and_any_other_day_moves_as_far_as_the_start(new, opens, due, past):
    moved = shifted(CONTENT, _shift(new))

    assert moved.modules[0].opens == {"date": opens, "at": "09:00"}
    assert moved.modules[0].steps[0].due == {"all": [{"date": due}]}
    assert moved.modules[1] == CONTENT.modules[1]
    assert past in _shift(new).day_off(date(2027, 3, 3))


def test_expectations_move_with_the_dates_and_still_hold():
    moved = shifted(CONTENT, _shift("2027-03-08"))

    assert moved.expectations[0]["start"] == "2027-03-08"
    assert moved.expectations[0]["expect"]["opens"] == "2027-03-10 09:00"
    assert check_expectations(moved.outline, parse_expectations(moved.expectations, pointer="")) == []


def test_a_journey_without_fixed_dates_stays_as_it_is():
    plain = VersionContent("ask", "Ask", modules=CONTENT.modules[1:], expectations=CONTENT.expectations)

    assert shifted(plain, _shift("2027-03-08")) is plain

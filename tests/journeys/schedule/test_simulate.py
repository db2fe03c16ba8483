from datetime import date

import pytest

from journeys.schedule.calendar import calendar_for
from journeys.schedule.entries import entries, entry_data
from journeys.schedule.pace import Pace
from journeys.schedule.simulate import Simulation, UnknownPace, simulate, simulation
from journeys.schedule.zones import UnknownZone
from tests.journeys.schedule.outlines import PARIS, TOKYO, at, facts, journey, module, nudge, run, step

START = {"from": "start", "working_days": 0, "at": "09:00"}
DUE = {"from": "opens", "working_days": 4, "at": "18:00"}
HELLO = nudge(
    "hello",
    {"event": "module-opened", "module": "one"},
    wait={"working_days": 2, "at": "16:00"},
    unless=[{"completed": "one/a"}],
)
JOURNEY = journey(
    module("one", "a", step("b", opens={"from": "module-opened:one", "days": 2, "at": "10:00"}), opens=START, due=DUE),
    module("two", "c"),
    nudges=(HELLO, nudge("week", {"event": "weekly", "weekday": "tue", "at": "12:00"})),
)


def simulated(pace="on-time", *, zone=PARIS, start_on=date(2027, 3, 1), outline=JOURNEY):
    return simulate(outline, start_on=start_on, zone=zone, calendar=calendar_for(None, zone), pace=pace)


def rows(found):
    return [(f"{one.at_local:%a %d %H:%M}", one.kind, one.key) for one in found]


def test_simulate_lists_what_opens_is_due_and_is_sent_in_order():
    assert rows(simulated()) == [
        ("Mon 01 09:00", "opens", "one"),
        ("Tue 02 12:00", "nudge", "week"),
        ("Wed 03 10:00", "opens", "one/b"),
        ("Wed 03 10:00", "opens", "two"),
        ("Wed 03 16:00", "nudge", "hello"),
        ("Fri 05 18:00", "due", "one"),
    ]


def test_simulate_says_what_and_why_of_each():
    by_key = {(one.kind, one.key): one for one in simulated()}

    assert by_key["opens", "one"].what == "Module 1 opens: One"
    assert by_key["opens", "one/b"].what == "B opens"
    assert by_key["due", "one"].what == "Module 1 is due: One"
    assert by_key["nudge", "hello"].what == "Message hello (practice)"
    assert by_key["nudge", "hello"].why == "2 working days after Module 1 opens, at 16:00; unless you have finished A"
    assert by_key["nudge", "week"].why == "every Tuesday, at 12:00"


def test_simulate_imagines_somebody_late():
    late = dict(((one.kind, one.key), f"{one.at_local:%a %d %H:%M}") for one in simulated("3-days-late"))

    assert late["opens", "two"] == "Sat 06 10:00"
    assert late["due", "one"] == "Fri 05 18:00"


def test_simulate_imagines_somebody_who_stops():
    stops = {one.key for one in simulated("stops-after:one") if one.kind == "opens"}

    assert stops == {"one", "one/b", "two"}
    none = journey(*JOURNEY.modules, module("three", "d"), nudges=JOURNEY.nudges)
    assert "three" not in {one.key for one in simulated("stops-after:one", outline=none)}


def test_simulate_finds_the_quiet_days_of_somebody_late():
    quiet = nudge("quiet", {"event": "inactive", "days": 2, "at": "10:00"})
    outline = journey(module("one", "a", opens=START), module("two", "b"), nudges=(quiet,))

    assert [row for row in rows(simulated("3-days-late", outline=outline)) if row[1] == "nudge"] == [
        ("Wed 03 10:00", "nudge", "quiet"),
        ("Sat 06 10:00", "nudge", "quiet"),
    ]
    assert [row for row in rows(simulated(outline=outline)) if row[1] == "nudge"] == []


def test_weekly_messages_go_on_to_the_last_reminder_of_a_quiet_learner():
    nudges = (
        nudge("quiet", {"event": "inactive", "days": 9, "at": "10:00"}),
        nudge("week", {"event": "weekly", "weekday": "tue", "at": "12:00"}),
    )
    outline = journey(module("one", "a", opens=START), module("two", "b"), nudges=nudges)

    assert [row for row in rows(simulated("stops-after:one", outline=outline)) if row[1] == "nudge"] == [
        ("Tue 02 12:00", "nudge", "week"),
        ("Tue 09 12:00", "nudge", "week"),
        ("Wed 10 10:00", "nudge", "quiet"),
    ]


def test_simulate_imagines_somebody_away_for_two_weeks_who_goes_on_afterwards():
    rule = {"from": "completed:one/a", "days": 3, "at": "10:00"}
    outline = journey(module("one", "a", opens=START), module("two", "b", opens=rule), module("three", "c"))

    def openings(pace):
        return [row[0] for row in rows(simulated(pace, outline=outline)) if row[1] == "opens"]

    assert openings("on-time") == ["Mon 01 09:00", "Thu 04 10:00", "Thu 04 10:00"]
    # Away from Monday 1 to Sunday 14: what opened on the first day is done on the day of return.
    assert openings("absent:1") == ["Mon 01 09:00", "Thu 18 10:00", "Thu 18 10:00"]
    assert openings("absent:2") == openings("on-time")


def test_somebody_away_still_does_what_opened_the_day_before_and_on_the_day_of_return():
    opens = [{"from": "start", "days": days, "at": "09:00"} for days in (6, 7, 20, 21)]
    outline = journey(*(module(key, key * 2, opens=rule) for key, rule in zip("abcd", opens, strict=True)))

    found = simulation(
        outline, start_on=date(2027, 3, 1), zone=PARIS, calendar=calendar_for("FR", PARIS), pace="absent:2"
    )

    done = {key: f"{one.done_at:%d %H}" for key, one in found.timeline.steps.items()}
    assert done == {"aa": "07 08", "bb": "22 08", "cc": "22 08", "dd": "22 08"}


def test_a_cohort_keeps_its_own_hours_for_openings_and_the_learner_s_for_messages():
    found = simulate(
        JOURNEY, start_on=date(2027, 3, 1), zone=TOKYO, calendar=calendar_for("FR", PARIS), cohort_zone=PARIS
    )

    assert [row for row in rows(found) if row[2] in ("one", "week", "hello")] == [
        ("Mon 01 17:00", "opens", "one"),
        ("Tue 02 12:00", "nudge", "week"),
        ("Wed 03 16:00", "nudge", "hello"),
        ("Sat 06 02:00", "due", "one"),
    ]


def test_whoever_joins_late_does_nothing_before_they_came():
    joined = at("2027-03-11 14:20")
    late = Simulation(JOURNEY, facts(enrolled_at=joined), calendar_for(None, PARIS), Pace())

    assert late.timeline.modules["one"].opens_at == at("2027-03-01 09:00")
    assert {step.done_at for step in late.timeline.steps.values()} == {joined}
    assert late.timeline.modules["two"].opens_at == joined


def test_what_never_opens_for_somebody_is_never_due_for_them():
    by_the_end = {"from": "start", "weeks": 3}
    outline = journey(module("one", "a", opens=START), module("two", "b"), module("three", "c", due=by_the_end))

    def deadlines(pace):
        return [one.key for one in simulated(pace, outline=outline) if one.kind == "due"]

    assert deadlines("on-time") == ["three"]
    assert deadlines("stops-after:one") == []


@pytest.mark.parametrize(
    "pace", ["", "fast", "3 days late", "-1-days-late", "stops-after:nowhere", "stops-after:", "absent:", "absent:0"]
)
def test_simulate_refuses_a_pace_that_nobody_has(pace):
    with pytest.raises(UnknownPace, match="is not a pace"):
        simulated(pace)


def test_simulate_refuses_a_zone_nobody_knows():
    with pytest.raises(UnknownZone):
        simulate(JOURNEY, start_on=date(2027, 3, 1), zone="Mars/Base", calendar=calendar_for("FR", PARIS))


def test_simulate_gives_the_same_twice_and_the_same_as_the_real_schedule_of_that_person():
    calendar = calendar_for(None, PARIS)
    done = {"a": at("2027-03-01 09:00"), "b": at("2027-03-03 10:00"), "c": at("2027-03-03 10:00")}
    known = facts(completed=done)

    real = entries(JOURNEY, known, run(JOURNEY, known), calendar)

    assert simulated() == simulated()
    imagined = [one for one in simulated() if one.key != "hello"]  # it is not needed: the step is done by then
    assert rows(real) == rows(imagined)
    assert [one.why for one in real] == [one.why for one in imagined]


def test_entries_keep_a_message_that_is_needed_and_drop_one_that_is_not():
    calendar = calendar_for(None, PARIS)

    def kept(**known):
        person = facts(**known)
        return "hello" in {one.key for one in entries(JOURNEY, person, run(JOURNEY, person), calendar)}

    assert kept()
    assert kept(completed={"a": at("2027-03-03 17:00")})
    assert not kept(completed={"a": at("2027-03-03 15:00")})


def test_entries_are_written_in_the_contract_s_words():
    first = simulated(zone=TOKYO, start_on=date(2027, 3, 21))[0]

    assert entry_data(first) == {
        "at_utc": "2027-03-23T00:00:00Z",
        "at_local": "2027-03-23T09:00:00+09:00",
        "kind": "opens",
        "what": "Module 1 opens: One",
        "why": "at the start, on a working day, at 09:00; moved from Sunday 21 March: Vernal Equinox Day",
        "moved_from": "2027-03-21",
    }

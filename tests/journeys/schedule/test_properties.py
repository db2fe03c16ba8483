from datetime import date, time, timedelta

import pytest

from journeys.schedule.calendar import calendar_for
from journeys.schedule.nudges import nudge_moments
from journeys.schedule.timeline import timeline
from tests.journeys.schedule.outlines import facts, journey, local, module, nudge
from tests.journeys.schedule.properties import PROPERTIES, ZONES, prove


@pytest.mark.parametrize("name", PROPERTIES)
def test_property_holds(name):
    prove(name, examples=8)


@pytest.mark.proof
@pytest.mark.parametrize("name", PROPERTIES)
def test_property_holds_at_length(name):
    prove(name, examples=250, anew=True)


def test_nine_o_clock_is_nine_o_clock_in_every_zone_on_every_day_of_a_year():
    daily = {"from": "start", "days": 0, "at": "09:00"}
    hello = nudge("hello", {"event": "module-opened", "module": "one"}, wait={"days": 1, "at": "16:00"})
    found = journey(module("one", "a", opens=daily), nudges=(hello,))
    days = [date(2027, 1, 1) + timedelta(days=number) for number in range(0, 365, 13)]

    for zone in ZONES:
        calendar = calendar_for(None, zone)
        for day in days:
            known = facts(start_on=day, zone=zone)
            here = timeline(found, known, calendar)
            assert local(here.modules["one"].opens_at, zone) == f"{day} 09:00"
            (moment,) = nudge_moments(found, known, here, calendar, after=known.enrolled_at)
            assert local(moment.due_at, zone) == f"{day + timedelta(days=1)} {time(16):%H:%M}"

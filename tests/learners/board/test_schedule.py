"""One person's schedule, by who asks."""

from datetime import timedelta

import pytest

from learners.board.queries.schedule import schedule_of
from tests.factories.nudges import NudgeDeliveryFactory
from tests.learners.player.journey import NOW, join, make_cohort

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=5)


def messages(enrollment, *, tells_fates):
    found = schedule_of(enrollment, tells_fates=tells_fates, now=LATER)
    return [line for line in found.lines if line.kind == "nudge"]


def test_without_fates_the_rules_are_told_for_the_past_as_for_the_future():
    enrollment = join(make_cohort())
    NudgeDeliveryFactory(enrollment=enrollment, rule_key="each-week", state="sent", sent_at=NOW + timedelta(days=1))

    told = messages(enrollment, tells_fates=False)

    # Each Thursday of the two weeks that this journey runs.
    assert [line.at <= LATER for line in told] == [True, False]
    assert {line.sent for line in told} == {None}
    assert [line.sent for line in messages(enrollment, tells_fates=True)] == [True, False]

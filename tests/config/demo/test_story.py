"""The story of the demo: its engine runs when something is due."""

from datetime import timedelta

import pytest

from config.demo.organization import Staff
from config.demo.story import Story
from learners.nudges.models import NudgeDelivery
from tests.factories.accounts import UserFactory
from tests.learners.nudges.world import AFTER_OPENING, ENROLLED_AT, THURSDAY, WEEKLY, learner_with

pytestmark = pytest.mark.django_db


def test_a_message_of_the_story_leaves_at_the_very_moment_of_its_rule():
    enrollment = learner_with(AFTER_OPENING, WEEKLY)
    staff = Staff(enrollment.cohort.organization, UserFactory(), UserFactory(), UserFactory())
    story = Story(staff, until=THURSDAY + timedelta(hours=1))

    story.tell(ENROLLED_AT)

    sent = NudgeDelivery.objects.filter(state="sent").exclude(category="service")
    assert {(row.rule_key, row.due_at) for row in sent} >= {("after-opening", THURSDAY)}
    # The watch of a batch goes on while it sends; the story's own clock stands at the moment of the rule.
    assert all(timedelta(0) <= (row.sent_at or THURSDAY) - row.due_at < timedelta(minutes=1) for row in sent)

"""A running journey with nudge rules, and the loops as one call."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from learners.cohorts.models import Enrollment
from learners.nudges.actions.dispatch import dispatch
from learners.nudges.actions.tick import TickReport, tick
from learners.nudges.models import NudgeDelivery
from learners.people.actions import save_preferences
from tests.factories.journeys import NudgeRuleFactory
from tests.learners.running import enrolled, published_version, running_cohort

# Wednesday 3 March 2027, 13:00 in Paris: the first module opened this morning.
ENROLLED_AT = datetime(2027, 3, 3, 12, tzinfo=UTC)
# Thursday 4 March, 16:00 in Paris.
THURSDAY = datetime(2027, 3, 4, 15, tzinfo=UTC)

WEEKLY: dict[str, Any] = {
    "key": "weekly",
    "category": "practice",
    "trigger": {"event": "weekly", "weekday": "thu", "at": "16:00"},
    "channels": ["email"],
    "texts": ["What did you try this week?"],
}
AFTER_OPENING: dict[str, Any] = {
    "key": "after-opening",
    "category": "practice",
    "trigger": {"event": "module-opened", "module": "first"},
    "wait": {"working_days": 1, "at": "16:00"},
    "unless": [{"completed": "first/try-it"}],
    "channels": ["email", "in-app"],
    "texts": ["Whom could you ask today?", "Who saw you in a meeting?"],
}
DUE_SOON: dict[str, Any] = {
    "key": "due-soon",
    "category": "due",
    "trigger": {"event": "step-due-soon", "module": "first", "before": {"working_days": 1, "at": "10:00"}},
    "channels": ["email"],
    "texts": ["The first module is due tomorrow."],
}
INACTIVE: dict[str, Any] = {
    "key": "quiet-for-days",
    "category": "step",
    "trigger": {"event": "inactive", "days": 3, "at": "10:00"},
    "channels": ["email"],
    "texts": ["The next step takes ten minutes."],
}


def learner_with(*rules: dict[str, Any], welcomed: bool = True, email: str = "learner@example.com") -> Enrollment:
    """Enroll a person in a journey with these rules; welcomed: they have opened it, so no welcome is due."""
    version = published_version()
    for position, rule in enumerate(rules):
        NudgeRuleFactory(version=version, position=position, **rule)
    enrollment = enrolled(running_cohort(version), email=email)
    if welcomed:
        # As mark_joined leaves it, without an activity that other rules would count from.
        Enrollment.objects.filter(pk=enrollment.pk).update(joined_at=ENROLLED_AT, status="active")
        enrollment.refresh_from_db()
    return enrollment


def run(now: datetime) -> tuple[TickReport, Counter[str]]:
    """One tick and all that follows from its bells."""
    report = tick(now=now)
    sent: Counter[str] = Counter()
    while batch := dispatch(now=now):
        sent += batch
    return report, sent


def fates() -> list[tuple[str, str, str, str]]:
    """What became of every message, as (rule, channel, state, reason)."""
    rows = NudgeDelivery.objects.order_by("id")
    return list(rows.values_list("rule_key", "channel", "state", "reason"))


def reachable_at_any_hour(enrollment: Enrollment) -> None:
    """Switch quiet hours off."""
    midnight = ENROLLED_AT.time().replace(hour=0)
    save_preferences(user_id=enrollment.user_id, quiet_from=midnight, quiet_until=midnight)

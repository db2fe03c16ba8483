"""
Fills an installation with people to whom messages will go: `python -m tests.flows.crowd ZONE EACH`.

Half of them have just been enrolled and are welcomed (service mail, at least once); the other half are at work in a
journey with a weekly prompt (at most once) at the next full minute but one of their zone. Run with the environment of
the installation's processes; prints an API key.
"""

import os
import sys
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("WAYMARK_MODE", "manage")
django.setup()

from config.accounts.actions import create_api_key  # noqa: E402 - models need setup
from learners.cohorts.actions import create_cohort, enroll_many  # noqa: E402
from learners.cohorts.models import Enrollment  # noqa: E402
from learners.cohorts.rules.enrollment_list import EnrollmentRow  # noqa: E402
from learners.nudges.actions.arm import arm  # noqa: E402
from learners.people.models import Preferences  # noqa: E402
from tests.factories.journeys import NudgeRuleFactory  # noqa: E402
from tests.learners.nudges.world import WEEKLY  # noqa: E402
from tests.learners.running import published_version  # noqa: E402

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def fill(zone: str, each: int, now: datetime) -> str:
    """Enroll `each` people to be welcomed and as many to be prompted; returns the secret of a key."""
    version = published_version()
    local = now.astimezone(ZoneInfo(zone))
    # Whoever is armed behind the moment waits a week for the next, so all are armed here, and in time.
    at = local + timedelta(minutes=2, seconds=each / 5)
    trigger = {"event": "weekly", "weekday": WEEKDAYS[at.weekday()], "at": f"{at:%H:%M}"}
    NudgeRuleFactory(version=version, **{**WEEKLY, "trigger": trigger})
    _enroll(version.pk, version.journey.organization_id, "welcomed", zone, each, local.date(), now)
    prompted = _enroll(version.pk, version.journey.organization_id, "prompted", zone, each, local.date(), now)
    # As mark_joined leaves them: they have opened their journey, so no welcome is due.
    Enrollment.objects.filter(cohort_id=prompted).update(joined_at=now, status="active")
    people = Enrollment.objects.values_list("user_id", flat=True)
    Preferences.objects.bulk_create(
        [Preferences(user_id=user, quiet_from=time(0), quiet_until=time(0)) for user in people]
    )
    after = 0
    while True:
        seen, _, after = arm(now=now, after_id=after)
        if not seen:
            break
    key = create_api_key(
        organization_id=version.journey.organization_id,
        name="crowd",
        scopes=["progress:read", "progress:write"],
        expires_at=now + timedelta(days=1),
        created_by_id=None,
        now=now,
    )
    return key.secret


def _enroll(version: int, organization: int, name: str, zone: str, each: int, starts_on: date, now: datetime) -> int:
    cohort = create_cohort(
        organization_id=organization, version_id=version, name=name, now=now, starts_on=starts_on, time_zone=zone
    )
    rows = [EnrollmentRow(n + 1, f"{name}{n}@crowd.example", f"Person {n}", zone, "", "") for n in range(each)]
    enroll_many(cohort_id=cohort.pk, rows=rows, actor_id=None, now=now, dry_run=False)
    return cohort.pk


if __name__ == "__main__":
    sys.stdout.write(fill(sys.argv[1], int(sys.argv[2]), datetime.now(UTC)))

"""A small published journey and people who run it, made for tests of the lower rooms."""

from datetime import UTC, date, datetime
from typing import Any

from config.accounts.models import Organization
from content.activities.models import Activity, ActivityRevision
from journeys.authoring.models import JourneyVersion, Module, Step
from learners.cohorts.actions import create_cohort, enroll
from learners.cohorts.models import Cohort, Enrollment
from tests.factories.accounts import OrganizationFactory
from tests.factories.journeys import JourneyFactory, JourneyVersionFactory

# A Wednesday. Paris is on winter time until 28 March.
NOW = datetime(2027, 3, 3, 12, tzinfo=UTC)
START = date(2027, 3, 3)

SPECS: dict[str, dict[str, Any]] = {
    "practice": {"situation": "A meeting", "steps": ["Ask"], "report": ["What happened?"], "sign_off": "peer"},
    "reflection": {"prompt": "What did you notice?", "audience": "cohort"},
    "commitment": {"examples": [{"if": "a", "then": "b"}], "check_in": {"working_days": 3, "at": "16:00"}},
    "live_session": {"purpose": "Meet", "agenda": [{"minutes": 10, "text": "Talk"}]},
}

# (step key, kind, serves, more) by module: two modules; the second opens a week later and after the first.
STEPS: dict[str, list[tuple[str, str, str, dict[str, Any]]]] = {
    "first": [
        ("read", "article", "knows", {}),
        ("try-it", "practice", "practices", {}),
        ("extra", "article", "knows", {"required": False}),
    ],
    "second": [
        ("plan", "commitment", "practices", {}),
        ("look-back", "reflection", "reflects", {}),
        ("meet", "live_session", "evidence", {}),
    ],
}
OPENS: dict[str, Any] = {
    "first": {"from": "start", "working_days": 0, "at": "09:00"},
    "second": {"all": [{"completed": "first"}, {"from": "start", "weeks": 1, "at": "09:00"}]},
}
DUE: dict[str, Any] = {"first": {"from": "opens", "working_days": 5, "at": "18:00"}}


def published_version(organization: Organization | None = None, **specs: dict[str, Any]) -> JourneyVersion:
    """Publish a version with the modules above; specs replace what a kind is set to."""
    journey = JourneyFactory(organization=organization or OrganizationFactory())
    version: JourneyVersion = JourneyVersionFactory(
        journey=journey, status="published", published_at=NOW, title="Ask first"
    )
    for place, (key, steps) in enumerate(STEPS.items()):
        module = Module.objects.create(
            version=version, key=key, position=place, title=key, outcome="ask", opens=OPENS[key], due=DUE.get(key)
        )
        for position, (step_key, kind, serves, more) in enumerate(steps):
            activity = Activity.objects.create(organization=journey.organization, kind=kind, created_at=NOW)
            revision = ActivityRevision.objects.create(
                activity=activity,
                number=1,
                title=step_key.replace("-", " ").capitalize(),
                minutes=10,
                spec=specs.get(kind, SPECS.get(kind, {})),
                created_at=NOW,
            )
            activity.latest = revision
            activity.save()
            Step.objects.create(
                version=version,
                module=module,
                key=step_key,
                position=position,
                activity=activity,
                revision=revision,
                serves=serves,
                **more,
            )
    return version


def running_cohort(version: JourneyVersion | None = None, **values: Any) -> Cohort:
    """Create a cohort that starts on START, by the action."""
    version = version or published_version()
    return create_cohort(
        organization_id=version.journey.organization_id,
        version_id=version.pk,
        name="Spring",
        now=NOW,
        **{"starts_on": START, **values},
    )


def enrolled(cohort: Cohort | None = None, email: str = "learner@example.com", **values: Any) -> Enrollment:
    """Enroll a person, by the action."""
    cohort = cohort or running_cohort()
    return enroll(cohort_id=cohort.pk, email=email, **{"actor_id": None, "now": NOW, **values})

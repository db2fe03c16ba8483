"""A journey that is published twice, and people who run it, by the real actions."""

from typing import Any

from journeys.authoring.actions.journeys import create_journey, start_draft
from journeys.authoring.actions.modules import NO_WHY, add_module, delete_module, update_module
from journeys.authoring.actions.steps import add_step, delete_step
from journeys.authoring.models import JourneyVersion, Module, Step
from journeys.publishing.actions import publish_version
from learners.cohorts.models import Enrollment
from learners.nudges.actions.tick import tick
from learners.nudges.queries.outlook import what_waits
from learners.progress.actions import complete_step
from learners.rollout.actions import move_everybody, start_rollout, undo_rollout
from learners.rollout.models import Rollout
from tests.factories.accounts import OrganizationFactory
from tests.learners.running import DUE, NOW, OPENS

ARTICLE: dict[str, Any] = {"kind": "article", "title": "New to read", "body": "Words.", "spec": {}, "minutes": 5}
# Required unless it is "extra".
STEPS = {"First": ("read", "try-it", "extra"), "Second": ("plan", "look-back")}


def first_version() -> JourneyVersion:
    """Publish a journey of two modules; the second opens a week later and after the first."""
    draft = create_journey(organization_id=OrganizationFactory().pk, title="Ask first", author_id=None, now=NOW)
    for title, keys in STEPS.items():
        module = with_module(draft, title, opens=OPENS[title.lower()], due=DUE.get(title.lower()))
        for key in keys:
            with_step(draft, module.key, key=key, required=key != "extra")
    return published(draft)


def draft_of(version: JourneyVersion) -> JourneyVersion:
    return start_draft(journey_id=version.journey_id, author_id=None, now=NOW)


def module_of(version: JourneyVersion, key: str) -> Module:
    return Module.objects.get(version=version, key=key)


def with_step(version: JourneyVersion, module: str = "first", **values: Any) -> Step:
    """Add an article at the end of a module."""
    return add_step(
        module_id=module_of(version, module).pk, author_id=None, now=NOW, **(ARTICLE | {"serves": "knows"} | values)
    )


def without_step(version: JourneyVersion, key: str) -> None:
    delete_step(step_id=Step.objects.get(version=version, key=key).pk)


def without_module(version: JourneyVersion, key: str) -> None:
    delete_module(module_id=module_of(version, key).pk)


def with_module(version: JourneyVersion, title: str, **values: Any) -> Module:
    return add_module(version_id=version.pk, title=title, outcome="ask", **values)


def with_rules(version: JourneyVersion, key: str, **rules: Any) -> None:
    """Set when a module opens or is due."""
    module = module_of(version, key)
    kept = {"opens": module.opens, "due": module.due}
    update_module(
        module_id=module.pk, title=module.title, outcome=module.outcome, skills=(), why=NO_WHY, **(kept | rules)
    )


def published(draft: JourneyVersion) -> JourneyVersion:
    return publish_version(version_id=draft.pk, actor_id=None, now=NOW)


def done(enrollment: Enrollment, *keys: str, now: Any = NOW) -> None:
    for key in keys:
        complete_step(enrollment_id=enrollment.pk, step_key=key, now=now)


def come_to_rest(now: Any = NOW) -> None:
    """Let the engine look until nothing is left to do: what it fires in one tick, it arms anew in the next."""
    for _ in range(20):
        tick(now=now)
        waiting = what_waits(now=now)
        if not (waiting.arm or waiting.plan or waiting.fire):
            return
    raise AssertionError(f"The engine did not come to rest at {now}.")


def moved(version: JourneyVersion, *enrollments: Enrollment, policy: str = "everyone", now: Any = NOW) -> Rollout:
    """Bring a version to the cohorts of these people, to the end."""
    rollout = start_rollout(
        version_id=version.pk,
        policy=policy,
        cohort_ids={one.cohort_id for one in enrollments},
        actor_id=None,
        now=now,
    )
    move_everybody(now=now)
    rollout.refresh_from_db()
    return rollout


def taken_back(rollout: Rollout, now: Any = NOW) -> Rollout:
    undone = undo_rollout(rollout_id=rollout.pk, actor_id=None, now=now)
    move_everybody(now=now)
    undone.refresh_from_db()
    return undone

"""A small draft, made by the actions that designers use."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from config.accounts.models import Organization
from config.support.errors import InvalidInput
from journeys.authoring.actions.journeys import create_journey
from journeys.authoring.actions.modules import add_module
from journeys.authoring.actions.nudge_rules import add_nudge_rule
from journeys.authoring.actions.steps import add_step
from journeys.authoring.models import JourneyVersion, Module, NudgeRule, Step
from tests.factories.accounts import OrganizationFactory

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
PRACTICE = {"situation": "In one meeting.", "steps": ["Ask."], "report": ["What did you ask?"]}


@dataclass
class Draft:
    """A draft with one module, two steps and one message."""

    version: JourneyVersion
    module: Module
    read: Step
    practice: Step
    nudge: NudgeRule

    @property
    def edits(self) -> int:
        """How many edits the draft has now."""
        return JourneyVersion.objects.get(pk=self.version.pk).edits


def pointers(error: pytest.ExceptionInfo[InvalidInput]) -> list[str]:
    """Where the faults of a refusal are."""
    return [fault.pointer for fault in error.value.faults]


def make_draft(organization: Organization | None = None, title: str = "Ask first") -> Draft:
    """Make a draft as a designer would."""
    organization = organization or OrganizationFactory()
    version = create_journey(organization_id=organization.pk, title=title, author_id=None, now=NOW)
    module = add_module(version_id=version.pk, title="First week", outcome="Ask one question.")
    read = add_article(module, "Read this")
    practice = add_step(
        module_id=module.pk,
        kind="practice",
        title="Try it",
        minutes=10,
        serves="practices",
        spec=PRACTICE,
        opens={"completed": "first-week/read-this"},
        author_id=None,
        now=NOW,
    )
    nudge = add_nudge_rule(
        version_id=version.pk,
        category="practice",
        trigger={"event": "module-opened", "module": "first-week"},
        wait={"working_days": 2, "at": "16:00"},
        unless=[{"completed": "first-week/try-it"}],
        channels=["email"],
        texts=["Try it today."],
        title="Try today",
    )
    return Draft(version, module, read, practice, nudge)


def add_article(module: Module, title: str, **entries: Any) -> Step:
    """Add an article to a module."""
    words: dict[str, Any] = {
        "kind": "article",
        "title": title,
        "minutes": 3,
        "serves": "knows",
        "body": "Some text.",
        "author_id": None,
        "now": NOW,
    }
    return add_step(module_id=module.pk, **{**words, **entries})

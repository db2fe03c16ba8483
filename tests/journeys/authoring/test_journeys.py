"""Journeys and their drafts: begin, copy, describe, discard."""

import pytest

from content.skills.models import Skill
from journeys.authoring.actions.aims import set_version_indicators, set_version_skills
from journeys.authoring.actions.journeys import create_journey, discard_draft, start_draft, update_version
from journeys.authoring.actions.modules import (
    Aim,
)
from journeys.authoring.errors import (
    DraftExists,
    InvalidAuthoring,
    KeyTaken,
    NothingToCopy,
)
from journeys.authoring.models import Journey, JourneyVersion, Step
from journeys.authoring.queries import content_of
from journeys.publishing.actions import publish_version
from tests.factories.accounts import OrganizationFactory
from tests.factories.content import BehaviorIndicatorFactory, SkillFactory
from tests.factories.journeys import JourneyFactory
from tests.journeys.authoring.drafts import NOW, make_draft, pointers

pytestmark = pytest.mark.django_db


def test_two_journeys_of_one_title_get_two_keys():
    organization = OrganizationFactory()

    versions = [
        create_journey(organization_id=organization.pk, title="Ask first", author_id=None, now=NOW) for _ in range(2)
    ]

    assert [version.journey.key for version in versions] == ["ask-first", "ask-first-2"]


def test_a_journey_of_another_organization_takes_no_key():
    make_draft()

    version = create_journey(organization_id=OrganizationFactory().pk, title="Ask first", author_id=None, now=NOW)

    assert version.journey.key == "ask-first"


@pytest.mark.parametrize(("key", "error"), [("ask-first", KeyTaken), ("Ask First", InvalidAuthoring)])
def test_a_journey_refuses_a_key(key, error):
    draft = make_draft()

    with pytest.raises(error) as refusal:
        create_journey(
            organization_id=draft.version.journey.organization_id, title="New", key=key, author_id=None, now=NOW
        )

    assert pointers(refusal) == ["/key"]
    assert Journey.objects.count() == 1


def test_a_draft_starts_as_a_copy_of_the_published_version():
    draft = make_draft()
    skill = Skill.objects.get(key="communication")
    set_version_skills(version_id=draft.version.pk, skills=[Aim(skill.pk, 3)])
    set_version_indicators(version_id=draft.version.pk, indicator_ids=[BehaviorIndicatorFactory(skill=skill).pk])
    published = publish_version(version_id=draft.version.pk, actor_id=None, now=NOW)

    copy = start_draft(journey_id=published.journey_id, author_id=None, now=NOW)

    assert copy.number == 2
    assert copy.is_draft
    assert content_of(copy.pk) == content_of(published.pk)
    assert not copy.steps.exclude(revision=None).exists()


def test_a_journey_has_one_draft():
    draft = make_draft()
    publish_version(version_id=draft.version.pk, actor_id=None, now=NOW)
    start_draft(journey_id=draft.version.journey_id, author_id=None, now=NOW)

    with pytest.raises(DraftExists):
        start_draft(journey_id=draft.version.journey_id, author_id=None, now=NOW)


def test_a_draft_needs_something_to_start_from():
    with pytest.raises(NothingToCopy):
        start_draft(journey_id=JourneyFactory().pk, author_id=None, now=NOW)


def test_discarding_the_only_draft_discards_the_journey():
    draft = make_draft()

    discard_draft(version_id=draft.version.pk)

    assert not Journey.objects.exists()
    assert not Step.objects.exists()


def test_discarding_a_later_draft_keeps_what_was_published():
    draft = make_draft()
    published = publish_version(version_id=draft.version.pk, actor_id=None, now=NOW)
    copy = start_draft(journey_id=published.journey_id, author_id=None, now=NOW)

    discard_draft(version_id=copy.pk)

    assert list(JourneyVersion.objects.all()) == [published]


def test_a_version_without_title_or_weeks_is_refused_with_both_faults():
    draft = make_draft()

    with pytest.raises(InvalidAuthoring) as refusal:
        update_version(version_id=draft.version.pk, title=" ", summary="", language="en", license="", weeks=0)

    assert pointers(refusal) == ["/title", "/weeks"]


def test_a_skill_of_another_organization_is_refused():
    draft = make_draft()

    with pytest.raises(InvalidAuthoring) as refusal:
        set_version_skills(version_id=draft.version.pk, skills=[Aim(SkillFactory().pk)])

    assert pointers(refusal) == ["/skills/0"]

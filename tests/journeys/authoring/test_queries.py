"""Reads of journeys and versions: what they show, to whom, and at which cost."""

import pytest

from config.accounts.actor import DESIGNER, Actor
from content.skills.models import Skill
from journeys.authoring.actions.aims import set_version_indicators, set_version_skills
from journeys.authoring.actions.journeys import start_draft
from journeys.authoring.actions.modules import Aim, add_module
from journeys.authoring.errors import UnknownStep, UnknownVersion
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries import (
    content_of,
    effective_revision,
    find_version,
    get_step,
    outline_for,
    outline_of,
)
from journeys.publishing.actions import publish_version
from tests.factories.accounts import OrganizationFactory
from tests.factories.content import BehaviorIndicatorFactory, RatingLevelFactory
from tests.journeys.authoring.drafts import NOW, add_article, make_draft

pytestmark = pytest.mark.django_db


def _actor(organization_id: int) -> Actor:
    return Actor(organization_id=organization_id, user_id=1, roles=frozenset({DESIGNER}))


def _grown(modules: int):
    """A draft with so many modules, each with a skill and two steps, and an indicator with two levels."""
    draft = make_draft()
    skill = Skill.objects.get(key="communication")
    for number in range(1, modules):
        module = add_module(
            version_id=draft.version.pk, title=f"Module {number}", outcome="Ask.", skills=[Aim(skill.pk)]
        )
        add_article(module, f"Read {number}")
        add_article(module, f"Read more {number}")
    indicators = [BehaviorIndicatorFactory(skill=skill, organization=None) for _ in range(modules)]
    for indicator in indicators:
        RatingLevelFactory(indicator=indicator, level=1)
    set_version_skills(version_id=draft.version.pk, skills=[Aim(skill.pk)])
    set_version_indicators(version_id=draft.version.pk, indicator_ids=[indicator.pk for indicator in indicators])
    return draft


@pytest.mark.parametrize("modules", [1, 3])
def test_an_outline_costs_four_queries_whatever_its_size(modules, django_assert_num_queries):
    draft = _grown(modules)

    with django_assert_num_queries(4):
        outline = outline_of(draft.version.pk)

    assert len(outline.modules) == modules


@pytest.mark.parametrize("modules", [1, 3])
def test_a_content_costs_nine_queries_whatever_its_size(modules, django_assert_num_queries):
    draft = _grown(modules)

    with django_assert_num_queries(9):
        content = content_of(draft.version.pk)

    assert len(content.indicators) == modules


def test_a_published_outline_is_read_once(django_assert_num_queries):
    draft = make_draft()
    publish_version(version_id=draft.version.pk, actor_id=None, now=NOW)
    version = JourneyVersion.objects.select_related("journey").get(pk=draft.version.pk)
    first = outline_for(version)

    with django_assert_num_queries(0):
        again = outline_for(version)
    with django_assert_num_queries(1):
        by_id = outline_of(version.pk)

    assert first is again is by_id


def test_a_draft_is_read_afresh():
    draft = make_draft()
    before = outline_of(draft.version.pk)

    add_article(draft.module, "One more")

    assert len(before.steps_by_key) == 2
    assert len(outline_of(draft.version.pk).steps_by_key) == 3


def test_a_key_means_the_published_version_and_a_number_any():
    draft = make_draft()
    published = publish_version(version_id=draft.version.pk, actor_id=None, now=NOW)
    copy = start_draft(journey_id=published.journey_id, author_id=None, now=NOW)
    organization_id = published.journey.organization_id

    assert find_version(organization_id, "ask-first") == published
    assert find_version(organization_id, "ask-first", number=2) == copy
    with pytest.raises(UnknownVersion):
        find_version(organization_id, "ask-first", number=3)
    with pytest.raises(UnknownVersion):
        find_version(OrganizationFactory().pk, "ask-first")


def test_a_step_is_found_by_its_key_in_one_query(django_assert_num_queries):
    draft = make_draft()

    with django_assert_num_queries(1):
        step = get_step(draft.version.pk, "try-it")
        shown = (step.module.key, step.activity.kind, effective_revision(step).title)

    assert shown == ("first-week", "practice", "Try it")

    with pytest.raises(UnknownStep):
        get_step(draft.version.pk, "nowhere")
    with pytest.raises(UnknownVersion):
        outline_of(10**9)
    with pytest.raises(UnknownVersion):
        content_of(10**9)

"""The behaviors of a journey are chosen or written in the studio, and practices name one of them."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from content.skills.models import BehaviorIndicator
from content.skills.queries import skill_by_key
from journeys.authoring.actions.journeys import create_journey
from journeys.authoring.actions.modules import Aim, add_module
from journeys.authoring.actions.steps import add_step
from journeys.authoring.models import JourneyVersion
from journeys.studio.queries import chosen_indicators
from tests.factories.accounts import MembershipFactory
from tests.journeys.studio.conftest import NOW

pytestmark = pytest.mark.django_db
OWN = {
    "skill": "communication",
    "text": "Asks one question before answering",
    "level_1": "Answers at once",
    "level_2": "Asks, then answers anyway",
    "level_3": "Asks and waits",
    "level_4": "Asks, waits and says what was heard",
}


@pytest.fixture
def young(designer):
    """A draft with one module that builds communication, and no behavior."""
    version = create_journey(
        organization_id=designer.organization_id, title="Ask", summary="x", author_id=None, now=NOW
    )
    skill = skill_by_key(organization_id=designer.organization_id, key="communication")
    add_module(version_id=version.pk, title="Ask", outcome="Ask first.", skills=[Aim(skill.pk)])
    return version


def _url(name, version, *keys):
    return reverse(f"studio-{name}", args=[version.uuid, *keys])


def _edits(version):
    return str(JourneyVersion.objects.get(pk=version.pk).edits)


def test_the_behaviors_of_the_skills_stand_there_with_their_anchors(page, young):
    text = BeautifulSoup(page.get(_url("behaviors", young)).content, "html.parser").find("main").get_text()
    built_in = BehaviorIndicator.objects.get(skill__key="communication", organization=None)

    assert built_in.text in text
    assert [level.anchor in text for level in built_in.levels.all()] == [True] * 4
    assert BehaviorIndicator.objects.exclude(skill__key="communication").first().text not in text


def test_chosen_behaviors_are_kept_and_offered_to_a_practice(page, young):
    built_in = BehaviorIndicator.objects.get(skill__key="communication", organization=None)

    answer = page.post(_url("behaviors", young), {"behaviors": [str(built_in.pk)], "edits": _edits(young)})
    practice = page.get(_url("step-new", young, "ask"), {"kind": "practice"})

    assert answer.status_code == 302
    assert chosen_indicators(young.pk) == [built_in.pk]
    options = BeautifulSoup(practice.content, "html.parser").select("select[name=spec-indicator] option")
    assert [option["value"] for option in options] == ["", built_in.key]


def test_a_practice_leads_to_the_behaviors_while_none_is_chosen(page, young):
    practice = page.get(_url("step-new", young, "ask"), {"kind": "practice"})

    hint = BeautifulSoup(practice.content, "html.parser").find(id="id_spec-indicator_helptext")
    assert hint.find("a")["href"] == _url("behaviors", young)


def test_a_behavior_of_ones_own_is_written_and_chosen_at_once(page, young, designer):
    answer = page.post(_url("behavior-new", young), OWN | {"edits": _edits(young)})

    written = BehaviorIndicator.objects.get(organization_id=designer.organization_id)
    assert answer.status_code == 302
    assert (written.key, written.skill.key, written.levels.count()) == (
        "asks-one-question-before-answering",
        "communication",
        4,
    )
    assert chosen_indicators(young.pk) == [written.pk]


def test_the_same_words_again_make_another_key_and_never_change_the_first(page, young):
    page.post(_url("behavior-new", young), OWN | {"edits": _edits(young)})
    page.post(_url("behavior-new", young), OWN | {"level_4": "Something else", "edits": _edits(young)})

    kept = BehaviorIndicator.objects.filter(pk__in=chosen_indicators(young.pk))
    assert sorted(kept.values_list("key", "revision")) == [
        ("asks-one-question-before-answering", 1),
        ("asks-one-question-before-answering-2", 1),
    ]


def test_a_level_that_is_missing_is_told_at_its_field_and_nothing_is_kept(page, young):
    answer = page.post(_url("behavior-new", young), OWN | {"level_3": "", "edits": _edits(young)})

    assert answer.status_code == 422
    assert [(one.anchor, one.place) for one in answer.context["problems"]] == [("id_level_3", "Level 3")]
    assert chosen_indicators(young.pk) == []


def test_a_behavior_of_another_organization_cannot_be_chosen(page, young, client):
    page.post(_url("behavior-new", young), OWN | {"edits": _edits(young)})
    theirs = chosen_indicators(young.pk)[0]
    stranger = MembershipFactory(is_designer=True)
    version = create_journey(organization_id=stranger.organization_id, title="Other", author_id=None, now=NOW)
    skill = skill_by_key(organization_id=stranger.organization_id, key="communication")
    add_module(version_id=version.pk, title="M", outcome="Do.", skills=[Aim(skill.pk)])
    client.force_login(stranger.user)

    shown = client.get(_url("behaviors", version)).content.decode()
    answer = client.post(_url("behaviors", version), {"behaviors": [str(theirs)], "edits": _edits(version)})

    assert OWN["text"] not in shown
    assert answer.status_code == 422
    assert chosen_indicators(version.pk) == []


def test_a_behavior_says_which_practice_names_it(page, young):
    page.post(_url("behavior-new", young), OWN | {"edits": _edits(young)})
    module = young.modules.get()
    spec = {"situation": "s", "steps": ["a"], "report": ["b"], "indicator": "asks-one-question-before-answering"}
    add_step(
        module_id=module.pk,
        kind="practice",
        title="Ask today",
        minutes=5,
        serves="practices",
        spec=spec,
        author_id=None,
        now=NOW,
    )

    assert "Named by Ask today." in page.get(_url("behaviors", young)).content.decode()


def test_without_skills_the_page_leads_to_where_they_are_chosen(page, designer):
    version = create_journey(organization_id=designer.organization_id, title="Bare", author_id=None, now=NOW)

    soup = BeautifulSoup(page.get(_url("behaviors", version)).content, "html.parser")

    assert soup.find("a", string="Choose skills")["href"] == _url("about", version)
    assert soup.select("main [name=behaviors]") == []

from datetime import UTC, datetime

import pytest

from config.accounts.actor import Actor
from config.accounts.models import Organization
from content.skills.actions import define_indicator
from content.skills.models import Skill, SkillFramework
from content.skills.queries import list_frameworks, list_indicators, list_skills, skill_by_key

NOW = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.postgres


def own_skill(name: str, key: str) -> tuple[Organization, Skill]:
    organization = Organization.objects.create(name=name, slug=name.lower())
    framework = SkillFramework.objects.create(organization=organization, key="own", title=f"{name} framework")
    return organization, Skill.objects.create(framework=framework, key=key, title=key.title())


def test_list_skills_shows_built_in_ones_first_and_never_anothers(db):
    north, mine = own_skill("North", "sailing")
    _south, theirs = own_skill("South", "baking")

    skills = list(list_skills(Actor(organization_id=north.pk)))

    assert len(skills) == 15
    assert skills[0].key == "problem-framing"
    assert skills[-1] == mine
    assert theirs not in skills


@pytest.mark.parametrize("count", [1, 3])
def test_list_skills_takes_two_queries_whatever_their_number(db, django_assert_num_queries, count):
    north, mine = own_skill("North", "sailing")
    for number in range(count):
        Skill.objects.create(framework=mine.framework, key=f"skill-{number}", title="Skill")

    with django_assert_num_queries(2):
        for skill in list_skills(Actor(organization_id=north.pk)):
            assert skill.framework.title
            assert list(skill.alignments.all()) is not None


def test_list_frameworks_hides_those_of_others(db):
    north, _skill = own_skill("North", "sailing")
    own_skill("South", "baking")

    titles = [framework.title for framework in list_frameworks(Actor(organization_id=north.pk))]

    assert titles == ["Human skills for work with AI", "North framework"]


def test_a_key_means_the_built_in_skill_even_where_an_own_one_has_the_same(db):
    north, _mine = own_skill("North", "communication")

    assert skill_by_key(organization_id=north.pk, key="communication").framework.organization is None


def test_a_key_finds_an_own_skill_but_not_anothers(db):
    north, mine = own_skill("North", "sailing")
    south, _theirs = own_skill("South", "baking")

    assert skill_by_key(organization_id=north.pk, key="sailing") == mine
    with pytest.raises(Exception, match="sailing"):
        skill_by_key(organization_id=south.pk, key="sailing")


def test_list_indicators_shows_built_in_and_own_behaviors_newest_first(db, django_assert_num_queries):
    north, _mine = own_skill("North", "sailing")
    south, _theirs = own_skill("South", "baking")
    skill = skill_by_key(organization_id=north.pk, key="communication")
    for organization in (north, south):
        for text in ("First wording", "Second wording"):
            define_indicator(
                organization_id=organization.pk,
                skill_key="communication",
                key="own-act",
                text=text,
                levels=["Low", "High"],
                now=NOW,
            )

    with django_assert_num_queries(2):
        found = list(list_indicators(organization_id=north.pk, skill_ids=[skill.pk]))
        shown = [(item.key, item.revision, [level.anchor for level in item.levels.all()]) for item in found]

    assert [entry[:2] for entry in shown] == [("checks-what-arrived", 1), ("own-act", 2), ("own-act", 1)]
    assert shown[1][2] == ["Low", "High"]

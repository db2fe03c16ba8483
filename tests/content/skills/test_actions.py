from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.accounts.models import Organization
from content.skills.actions import define_indicator, load_built_in_framework, save_framework, save_skill
from content.skills.errors import (
    FrameworkNotFound,
    FrameworkReadOnly,
    IndicatorInvalid,
    SkillInvalid,
    SkillNotFound,
)
from content.skills.models import BehaviorIndicator, RatingLevel, Skill, SkillFramework

NOW = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.postgres
LEVELS = ["Says nothing", "Says it late", "Says it within two days", "Also asks for the other view"]
STARTER_KEYS = {
    "problem-framing",
    "strategic-judgment",
    "ethical-decision-making",
    "creative-ideation",
    "emotional-intelligence",
    "communication",
    "collaboration-and-influence",
    "critical-thinking",
    "ai-prompting-and-oversight",
    "vision-and-purpose",
    "psychological-safety",
    "complexity-and-ambiguity",
    "innovation-in-others",
    "developing-people",
}


@pytest.fixture
def organization(db) -> Organization:
    return Organization.objects.create(name="North", slug="north")


def define(organization: Organization, **changes: Any) -> BehaviorIndicator:
    values: dict[str, Any] = {
        "skill_key": "communication",
        "key": "says-it-soon",
        "text": "Says it soon",
        "levels": LEVELS,
        "now": NOW,
    }
    return define_indicator(organization_id=organization.pk, **(values | changes))


def test_migrating_loads_the_fourteen_skills_with_anchors_and_alignments(db):
    framework = SkillFramework.objects.get(organization=None)

    skills = Skill.objects.filter(framework=framework)
    assert {skill.key for skill in skills} == STARTER_KEYS
    assert all(skill.description and skill.alignments.exists() for skill in skills)
    for indicator in BehaviorIndicator.objects.filter(organization=None):
        assert list(indicator.levels.order_by("level").values_list("level", flat=True)) == [1, 2, 3, 4]
    assert set(BehaviorIndicator.objects.values_list("skill__key", flat=True)) == STARTER_KEYS


def test_loading_again_changes_nothing(db):
    before = (Skill.objects.count(), BehaviorIndicator.objects.count(), RatingLevel.objects.count())
    Skill.objects.filter(key="communication").update(description="Edited by hand")

    load_built_in_framework(now=NOW + timedelta(days=1))

    assert (Skill.objects.count(), BehaviorIndicator.objects.count(), RatingLevel.objects.count()) == before
    assert Skill.objects.get(key="communication").description == "Edited by hand"


def test_defining_a_behavior_keeps_its_anchors_in_order(organization):
    indicator = define(organization)

    assert indicator.revision == 1
    assert [level.anchor for level in indicator.levels.order_by("level")] == LEVELS


def test_defining_the_same_behavior_twice_gives_the_same_revision(organization):
    first = define(organization)

    again = define(organization, text="  Says   it soon ", now=NOW + timedelta(days=1))

    assert again == first
    assert BehaviorIndicator.objects.filter(organization=organization).count() == 1


def test_changing_one_anchor_makes_a_new_revision_and_keeps_the_old(organization):
    first = define(organization)

    second = define(organization, levels=[*LEVELS[:3], "Also agrees one next try"])

    assert (second.revision, first.revision) == (2, 1)
    assert [level.anchor for level in first.levels.order_by("level")] == LEVELS


def test_going_back_to_an_old_wording_is_a_third_revision(organization):
    define(organization)
    define(organization, text="Says it at once")

    assert define(organization).revision == 3


def test_a_behavior_of_one_organization_is_no_revision_of_anothers(organization):
    define(organization)
    other = Organization.objects.create(name="South", slug="south")

    assert define(other, text="Says it kindly").revision == 1


def test_an_unknown_skill_is_refused_by_its_key(organization):
    with pytest.raises(SkillNotFound, match="juggling"):
        define(organization, skill_key="juggling")


def test_every_fault_of_a_behavior_is_told_with_its_place(organization):
    with pytest.raises(IndicatorInvalid) as refusal:
        define(organization, key="Not A Key", text=" ", levels=["Same", "same", ""])

    assert {fault.pointer for fault in refusal.value.faults} == {"/key", "/text", "/levels/1", "/levels/2"}
    assert not BehaviorIndicator.objects.filter(organization=organization).exists()


def test_an_own_framework_is_made_and_its_words_are_changed(organization):
    framework = save_framework(organization_id=organization.pk, key="own", version="1", title=" Our craft ")
    skill = save_skill(organization_id=organization.pk, framework_id=framework.pk, key="sailing", title="Sailing")

    save_framework(organization_id=organization.pk, framework_id=framework.pk, key="other", version="2", title="Ours")
    save_skill(
        organization_id=organization.pk, framework_id=framework.pk, skill_id=skill.pk, key="x", title="Home", position=3
    )

    framework.refresh_from_db()
    skill.refresh_from_db()
    assert (framework.key, framework.version, framework.title) == ("own", "1", "Ours")
    assert (skill.key, skill.title, skill.position) == ("sailing", "Home", 3)


def test_the_built_in_framework_and_those_of_others_are_refused(organization):
    built_in = SkillFramework.objects.get(organization=None)
    other = save_framework(
        organization_id=Organization.objects.create(name="S", slug="s").pk, key="own", version="1", title="Theirs"
    )

    with pytest.raises(FrameworkReadOnly):
        save_skill(organization_id=organization.pk, framework_id=built_in.pk, key="sailing", title="Sailing")
    with pytest.raises(FrameworkNotFound):
        save_skill(organization_id=organization.pk, framework_id=other.pk, key="sailing", title="Sailing")


def test_a_skill_and_a_framework_are_not_made_twice(organization):
    framework = save_framework(organization_id=organization.pk, key="own", version="1", title="Ours")
    save_skill(organization_id=organization.pk, framework_id=framework.pk, key="sailing", title="Sailing")

    with pytest.raises(SkillInvalid, match="already"):
        save_skill(organization_id=organization.pk, framework_id=framework.pk, key="sailing", title="Again")
    with pytest.raises(SkillInvalid, match="already"):
        save_framework(organization_id=organization.pk, key="own", version="1", title="Again")
    with pytest.raises(SkillInvalid) as refusal:
        save_framework(organization_id=organization.pk, key="Not A Key", version="", title="")
    assert {fault.pointer for fault in refusal.value.faults} == {"/key", "/version", "/title"}

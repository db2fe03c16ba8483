"""Rows of skills and activities: one factory a model, no surprises."""

from datetime import UTC, datetime

import factory

from content.activities.models import Activity, ActivityRevision, Asset, RevisionAsset
from content.skills.models import BehaviorIndicator, RatingLevel, Skill, SkillAlignment, SkillFramework

MADE_AT = datetime(2027, 1, 4, 9, tzinfo=UTC)


class SkillFrameworkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SkillFramework

    organization = factory.SubFactory("tests.factories.accounts.OrganizationFactory")
    key = factory.Sequence(lambda n: f"framework-{n}")
    title = factory.Sequence(lambda n: f"Framework {n}")
    license = "CC-BY-4.0"


class SkillFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Skill

    framework = factory.SubFactory(SkillFrameworkFactory)
    key = factory.Sequence(lambda n: f"skill-{n}")
    title = factory.Sequence(lambda n: f"Skill {n}")
    position = factory.Sequence(lambda n: n)


class SkillAlignmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SkillAlignment

    skill = factory.SubFactory(SkillFactory)
    uri = factory.Sequence(lambda n: f"https://example.org/skills/{n}")


class BehaviorIndicatorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BehaviorIndicator

    organization = factory.SelfAttribute("skill.framework.organization")
    skill = factory.SubFactory(SkillFactory)
    key = factory.Sequence(lambda n: f"behavior-{n}")
    text = factory.Sequence(lambda n: f"Does act {n}")
    created_at = MADE_AT


class RatingLevelFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RatingLevel

    indicator = factory.SubFactory(BehaviorIndicatorFactory)
    level = factory.Sequence(lambda n: n + 1)
    anchor = factory.Sequence(lambda n: f"Can be seen {n}")


class ActivityFactory(factory.django.DjangoModelFactory):
    """An article without a revision; give it one and set `latest` to it, or write it with create_activity."""

    class Meta:
        model = Activity

    organization = factory.SubFactory("tests.factories.accounts.OrganizationFactory")
    kind = "article"
    created_at = MADE_AT


class ActivityRevisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ActivityRevision

    activity = factory.SubFactory(ActivityFactory)
    number = 1
    title = factory.Sequence(lambda n: f"Activity {n}")
    minutes = 5
    topic = "communication"
    body = "Something to read."
    spec = factory.LazyFunction(dict)
    created_at = MADE_AT


class AssetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Asset

    organization = factory.SubFactory("tests.factories.accounts.OrganizationFactory")
    name = "plan.png"
    file = factory.Sequence(lambda n: f"assets/{n}.png")
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    content_type = "image/png"
    size = 100
    created_at = MADE_AT


class RevisionAssetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RevisionAsset

    revision = factory.SubFactory(ActivityRevisionFactory)
    path = "assets/plan.png"
    asset = factory.SubFactory(AssetFactory)

"""Rows of journeys: one factory a model, no surprises. Activities and skills come from the content factories."""

from datetime import UTC, datetime

import factory

from journeys.authoring.models import (
    Journey,
    JourneyVersion,
    Module,
    ModuleSkill,
    NudgeRule,
    Step,
    VersionIndicator,
    VersionSkill,
)

MADE_AT = datetime(2027, 1, 4, 9, tzinfo=UTC)


class JourneyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Journey

    organization = factory.SubFactory("tests.factories.accounts.OrganizationFactory")
    key = factory.Sequence(lambda n: f"journey-{n}")
    created_at = MADE_AT


class JourneyVersionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = JourneyVersion

    journey = factory.SubFactory(JourneyFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = "Ask first"
    summary = "Ask before you tell."
    created_at = MADE_AT


class ModuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Module

    version = factory.SubFactory(JourneyVersionFactory)
    key = factory.Sequence(lambda n: f"module-{n}")
    position = factory.Sequence(lambda n: 10 * (n + 1))
    title = "First week"
    outcome = "Ask one person for one suggestion."


class StepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Step

    module = factory.SubFactory(ModuleFactory)
    version = factory.SelfAttribute("module.version")
    key = factory.Sequence(lambda n: f"step-{n}")
    position = factory.Sequence(lambda n: 10 * (n + 1))
    activity = factory.SubFactory(
        "tests.factories.content.ActivityFactory",
        organization=factory.SelfAttribute("..version.journey.organization"),
    )


class NudgeRuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NudgeRule

    version = factory.SubFactory(JourneyVersionFactory)
    key = factory.Sequence(lambda n: f"nudge-{n}")
    category = "practice"
    trigger = factory.LazyFunction(lambda: {"event": "weekly", "weekday": "thu", "at": "16:00"})
    channels = factory.LazyFunction(lambda: ["email", "in-app"])
    texts = factory.LazyFunction(lambda: ["What did you try this week?"])


class VersionSkillFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = VersionSkill

    version = factory.SubFactory(JourneyVersionFactory)
    skill = factory.SubFactory("tests.factories.content.SkillFactory")


class VersionIndicatorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = VersionIndicator

    version = factory.SubFactory(JourneyVersionFactory)
    indicator = factory.SubFactory("tests.factories.content.BehaviorIndicatorFactory")


class ModuleSkillFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ModuleSkill

    module = factory.SubFactory(ModuleFactory)
    skill = factory.SubFactory("tests.factories.content.SkillFactory")

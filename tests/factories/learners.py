"""
Rows of cohorts and of what learners do: one factory a model, no surprises.

They write rows as they are: no roll-up, no event. Tests that need what an action does call the action.
"""

from datetime import UTC, date, datetime, timedelta

import factory

from learners.cohorts.models import ApiKeyCohort, Cohort, CohortStaff, Enrollment, EnrollmentAdjustment, LiveSession
from learners.people.models import ChannelChoice, Preferences
from learners.progress.models import Attempt, Completion, ModuleOpening, Rating, SignOff
from learners.reflections.models import CheckIn, Commitment, Reflection
from learners.rollout.models import EnrollmentMove, Rollout
from tests.factories.content import RatingLevelFactory

STARTED_AT = datetime(2027, 3, 1, 8, tzinfo=UTC)


class CohortFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cohort

    version = factory.SubFactory(
        "tests.factories.journeys.JourneyVersionFactory", status="published", published_at=STARTED_AT
    )
    organization = factory.SelfAttribute("version.journey.organization")
    name = factory.Sequence(lambda n: f"Cohort {n}")
    starts_on = date(2027, 3, 3)
    time_zone = "Europe/Paris"
    created_at = STARTED_AT
    updated_at = STARTED_AT


class CohortStaffFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CohortStaff

    cohort = factory.SubFactory(CohortFactory)
    user = factory.SubFactory("tests.factories.accounts.UserFactory")
    role = "facilitator"


class ApiKeyCohortFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ApiKeyCohort

    cohort = factory.SubFactory(CohortFactory)
    api_key = factory.SubFactory(
        "tests.factories.accounts.ApiKeyFactory", organization=factory.SelfAttribute("..cohort.organization")
    )


class LiveSessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LiveSession

    cohort = factory.SubFactory(CohortFactory)
    step_key = "meet"
    starts_at = datetime(2027, 3, 10, 14, tzinfo=UTC)
    updated_at = STARTED_AT


class EnrollmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enrollment

    cohort = factory.SubFactory(CohortFactory)
    version = factory.SelfAttribute("cohort.version")
    user = factory.SubFactory("tests.factories.accounts.UserFactory")
    status = "active"
    enrolled_at = STARTED_AT
    updated_at = STARTED_AT


class EnrollmentAdjustmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EnrollmentAdjustment

    enrollment = factory.SubFactory(EnrollmentFactory)
    kind = "shift"
    days = 7
    effective_at = STARTED_AT


class CompletionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Completion

    enrollment = factory.SubFactory(EnrollmentFactory)
    step = factory.SubFactory(
        "tests.factories.journeys.StepFactory",
        module__version=factory.SelfAttribute("...enrollment.version"),
    )
    step_key = factory.SelfAttribute("step.key")
    completed_at = STARTED_AT + timedelta(days=3)
    recorded_at = STARTED_AT + timedelta(days=3)


class AttemptFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Attempt

    enrollment = factory.SubFactory(EnrollmentFactory)
    step_key = "try-it"
    number = factory.Sequence(lambda n: n + 1)
    started_at = STARTED_AT
    saved_at = STARTED_AT


class ModuleOpeningFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ModuleOpening

    enrollment = factory.SubFactory(EnrollmentFactory)
    module_key = "first"
    opened_at = STARTED_AT


class SignOffFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SignOff

    attempt = factory.SubFactory(AttemptFactory)
    enrollment = factory.SelfAttribute("attempt.enrollment")
    step_key = factory.SelfAttribute("attempt.step_key")
    asked_as = "peer"
    signer = factory.SubFactory("tests.factories.accounts.UserFactory")
    asked_at = STARTED_AT
    expires_at = STARTED_AT + timedelta(days=30)


class PreferencesFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Preferences

    user = factory.SubFactory("tests.factories.accounts.UserFactory")


class ChannelChoiceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ChannelChoice

    user = factory.SubFactory("tests.factories.accounts.UserFactory")
    category = "practice"
    channel = "email"
    changed_at = STARTED_AT


class ReflectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Reflection

    enrollment = factory.SubFactory(EnrollmentFactory)
    author = factory.SelfAttribute("enrollment.user")
    step_key = factory.Sequence(lambda n: f"reflect-{n}")
    text = "What I noticed."
    started_at = STARTED_AT
    changed_at = STARTED_AT
    saved_at = STARTED_AT


class CommitmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Commitment

    enrollment = factory.SubFactory(EnrollmentFactory)
    step_key = factory.Sequence(lambda n: f"plan-{n}")
    cue = "Jo asks for numbers"
    response = "ask what they are for"
    made_at = STARTED_AT
    changed_at = STARTED_AT


class CheckInFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CheckIn

    commitment = factory.SubFactory(CommitmentFactory)
    answer = "happened"
    answered_at = STARTED_AT


class RolloutFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Rollout

    version = factory.SubFactory(
        "tests.factories.journeys.JourneyVersionFactory", status="published", published_at=STARTED_AT
    )
    journey = factory.SelfAttribute("version.journey")
    policy = "everyone"
    started_at = STARTED_AT
    finished_at = STARTED_AT


class EnrollmentMoveFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EnrollmentMove

    enrollment = factory.SubFactory(EnrollmentFactory)
    from_version = factory.SelfAttribute("enrollment.version")
    to_version = factory.SelfAttribute("enrollment.version")
    rollout = factory.SubFactory(RolloutFactory, version=factory.SelfAttribute("..to_version"))
    moved_at = STARTED_AT


class RatingFactory(factory.django.DjangoModelFactory):
    """The second of two levels, chosen at the beginning."""

    class Meta:
        model = Rating

    enrollment = factory.SubFactory(EnrollmentFactory)
    step_key = "where-you-start"
    indicator = factory.SubFactory("tests.factories.content.BehaviorIndicatorFactory")
    level = factory.LazyAttribute(
        lambda made: RatingLevelFactory(indicator=made.indicator, level=2, anchor="Does it when asked")
    )
    occasion = "baseline"
    rated_at = STARTED_AT

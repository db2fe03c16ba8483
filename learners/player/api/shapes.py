"""What goes in and comes out of the learner's part of the API, for checking and for the schema."""

from typing import Any

from rest_framework import serializers

from config.support.shapes import UtcDateTimeField
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.progress.models import How

Shape = serializers.Serializer[Any]


class OrganizationName(Shape):
    """Which organization."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()


class MeShape(Shape):
    """The signed-in person in the organization that is open now."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField()
    locale = serializers.CharField()
    time_zone = serializers.CharField()
    organization = OrganizationName()
    roles = serializers.ListField(child=serializers.CharField())


class MyEnrollmentShape(Shape):
    """One of the signed-in person's own enrollments. current_module: the key of the module they are in."""

    id = serializers.UUIDField()
    cohort = serializers.UUIDField()
    journey = serializers.UUIDField()
    journey_key = serializers.CharField()
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=EnrollmentStatus.choices)
    required = serializers.IntegerField()  # type: ignore[assignment]
    completed = serializers.IntegerField()
    practiced = serializers.IntegerField()
    current_module = serializers.CharField(allow_blank=True)
    next_opens_at = UtcDateTimeField(allow_null=True)
    next_due_at = UtcDateTimeField(allow_null=True)
    last_activity_at = UtcDateTimeField(allow_null=True)
    completed_at = UtcDateTimeField(allow_null=True)
    updated_at = UtcDateTimeField()


class CompletionInput(Shape):
    """What may be told about a completion."""

    completed_at = UtcDateTimeField(required=False, help_text="Not in the future; left out = now.")
    response = serializers.DictField(
        required=False, help_text="The answer, in the form of the step's kind; it must complete the step."
    )


class CompletionShape(Shape):
    """That a step was completed. passed_at is a fact of its own."""

    id = serializers.UUIDField()
    enrollment = serializers.UUIDField()
    step = serializers.CharField()
    completed_at = UtcDateTimeField()
    passed_at = UtcDateTimeField(allow_null=True)
    score_scaled = serializers.FloatField(allow_null=True)
    how = serializers.ChoiceField(choices=How.choices)
    recorded_at = UtcDateTimeField()

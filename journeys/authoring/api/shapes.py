"""What comes out of the journeys API."""

from typing import Any

from rest_framework import serializers

from config.support.pagination import PageQuery
from config.support.shapes import UtcDateTimeField
from journeys.authoring.models.journey import VersionStatus
from journeys.authoring.models.outline import Serves

Shape = serializers.Serializer[Any]


class JourneyQuery(PageQuery):
    """Filters of journeys."""

    status = serializers.ChoiceField(
        choices=VersionStatus.choices, required=False, help_text="Journeys that have a version of this status."
    )
    updated_since = UtcDateTimeField(required=False, help_text="With a version created or published since.")


class VersionQuery(PageQuery):
    """Filters of the versions of a journey."""

    status = serializers.ChoiceField(choices=VersionStatus.choices, required=False)
    updated_since = UtcDateTimeField(required=False, help_text="Created or published since.")


class VersionShape(Shape):
    """One state of a journey."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    status = serializers.ChoiceField(choices=VersionStatus.choices)
    title = serializers.CharField()
    weeks = serializers.IntegerField()
    language = serializers.CharField()
    created_at = UtcDateTimeField()
    published_at = UtcDateTimeField(allow_null=True)
    publish_note = serializers.CharField(allow_blank=True)


class JourneyShape(Shape):
    """A journey, told by its published version, or by its draft where nothing is published yet."""

    id = serializers.UUIDField()
    key = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    license = serializers.CharField(allow_blank=True)
    weeks = serializers.IntegerField()
    status = serializers.ChoiceField(choices=VersionStatus.choices)
    version = VersionShape()
    has_draft = serializers.BooleanField()
    created_at = UtcDateTimeField()


class AimShape(Shape):
    """A skill that the journey aims at; weight from 1 to 3."""

    id = serializers.UUIDField()
    key = serializers.CharField()
    title = serializers.CharField()
    weight = serializers.IntegerField()


class StepShape(Shape):
    """One step of a module."""

    key = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    minutes = serializers.IntegerField()
    serves = serializers.ChoiceField(choices=Serves.choices)
    required = serializers.BooleanField()  # type: ignore[assignment]


class ModuleShape(Shape):
    """One module, with its steps in order; opens and due in words."""

    key = serializers.CharField()
    title = serializers.CharField()
    position = serializers.IntegerField()
    outcome = serializers.CharField(allow_blank=True)
    opens = serializers.CharField(allow_null=True)
    due = serializers.CharField(allow_null=True)
    steps = StepShape(many=True)


class JourneyDetailShape(JourneyShape):
    """A journey with its skills and modules."""

    skills = AimShape(many=True)
    modules = ModuleShape(many=True)

"""What comes out of the skills API."""

from typing import Any

from rest_framework import serializers

Shape = serializers.Serializer[Any]


class FrameworkShape(Shape):
    """Where a skill comes from."""

    id = serializers.UUIDField()
    key = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField()
    license = serializers.CharField(allow_blank=True)
    source_uri = serializers.CharField(allow_blank=True)
    built_in = serializers.BooleanField()


class AlignmentShape(Shape):
    """A concept elsewhere that means about the same."""

    uri = serializers.CharField()
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    match_type = serializers.CharField()


class LevelShape(Shape):
    """One anchored step of a behavior; 1 is the lowest."""

    level = serializers.IntegerField()
    anchor = serializers.CharField()


class IndicatorShape(Shape):
    """One observable act that shows the skill, in its newest wording."""

    id = serializers.UUIDField()
    key = serializers.CharField()
    revision = serializers.IntegerField()
    text = serializers.CharField()
    levels = LevelShape(many=True)


class SkillShape(Shape):
    """A human skill with the behaviors that show it."""

    id = serializers.UUIDField()
    key = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    framework = FrameworkShape()
    alignments = AlignmentShape(many=True)
    indicators = IndicatorShape(many=True)

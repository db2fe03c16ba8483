"""What goes into and comes out of the feed."""

from typing import Any

from rest_framework import serializers

from config.events.verbs import FEED
from config.support.pagination import DEFAULT_LIMIT, MAX_LIMIT
from config.support.shapes import UtcDateTimeField

Shape = serializers.Serializer[Any]


class FeedQuery(Shape):
    """Where to go on, and filters."""

    after = serializers.RegexField(
        r"^\d{1,18}$", required=False, help_text="The cursor of the last event you have; left out, the feed begins."
    )
    limit = serializers.IntegerField(min_value=1, max_value=MAX_LIMIT, default=DEFAULT_LIMIT)
    type = serializers.ChoiceField(choices=sorted(FEED), required=False)
    cohort = serializers.UUIDField(required=False)
    updated_since = UtcDateTimeField(required=False, help_text="Only what was recorded at or after this instant.")


class ActorShape(Shape):
    """The person who did it; the name and address with the scope people:read only."""

    id = serializers.UUIDField()
    name = serializers.CharField(required=False)
    email = serializers.EmailField(required=False)


class ObjectShape(Shape):
    """What it was done to."""

    type = serializers.CharField()
    id = serializers.UUIDField()


class EventShape(Shape):
    """One fact. data holds keys and numbers, never what a person wrote."""

    cursor = serializers.CharField(help_text="Send it as `after` to go on behind this event.")
    id = serializers.UUIDField()
    type = serializers.ChoiceField(choices=sorted(FEED))
    occurred_at = UtcDateTimeField()
    recorded_at = UtcDateTimeField()
    actor = ActorShape(allow_null=True)
    object = ObjectShape()
    enrollment = serializers.UUIDField(allow_null=True)
    cohort = serializers.UUIDField(allow_null=True)
    data = serializers.DictField()  # type: ignore[assignment]

"""Fields that the shapes of the API share."""

from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any

from rest_framework import serializers

from config.support.errors import Fault
from config.support.problems import pointer_part


class UtcDateTimeField(serializers.DateTimeField):
    """An instant: RFC 3339 in UTC, whatever zone the caller's pages show."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)


class Aggregate(serializers.Serializer[Any]):
    """A count of `value` among `n`; null and suppressed where a small `n` would tell about single people."""

    value = serializers.IntegerField(allow_null=True)
    n = serializers.IntegerField()
    suppressed = serializers.BooleanField()


def aggregate(value: int, n: int) -> dict[str, Any]:
    """Return a count of states that staff may see by name: never suppressed."""
    return {"value": value, "n": n, "suppressed": False}


def unknown_values(shape: serializers.Field[Any, Any, Any, Any], data: Any, pointer: str = "") -> Iterator[Fault]:
    """Yield a fault for each name in a body, at any depth, that its shape does not have or that cannot be written."""
    if isinstance(shape, serializers.Serializer) and isinstance(data, Mapping):
        for name, value in data.items():
            field = shape.fields.get(str(name))
            below = f"{pointer}/{pointer_part(name)}"
            if field is None or field.read_only:
                yield Fault(below, f"There is no value {name} here. Leave it out.", "unknown_value")
            else:
                yield from unknown_values(field, value, below)
    elif isinstance(shape, serializers.ListField | serializers.ListSerializer) and isinstance(data, list):
        child: Any = shape.child
        for index, value in enumerate(data):
            yield from unknown_values(child, value, f"{pointer}/{index}")

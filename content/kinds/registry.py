"""The ten kinds, and the one way in for what designers and learners write."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from content.kinds import (
    article,
    commitment,
    live_session,
    model_pair,
    practice,
    quiz,
    reflection,
    scenario,
    self_rating,
    video,
)
from content.kinds.contract import Kind, Response, Spec
from content.kinds.errors import ResponseError, SpecError, UnknownKind
from content.kinds.faults import moved, parse
from content.kinds.shapes import SLUG

KINDS: Mapping[str, Kind[Any, Any]] = MappingProxyType(
    {
        module.KIND.key: module.KIND
        for module in (
            article,
            video,
            quiz,
            scenario,
            model_pair,
            practice,
            reflection,
            commitment,
            live_session,
            self_rating,
        )
    }
)


def get_kind(key: str) -> Kind[Any, Any]:
    """Return the kind of this key. Raises UnknownKind, which names the known ones."""
    if key not in KINDS:
        raise UnknownKind(f"“{key}” is not a kind of activity. Choose one of {', '.join(KINDS)}.")
    return KINDS[key]


def parse_spec(kind_key: str, data: object, *, pointer: str = "", minutes: int | None = None) -> Spec:
    """
    Return the typed spec of an activity, or refuse it with every fault at once.

    data: the kind's own keys (an activity file's front matter without the common keys). pointer: where data stand in
    the input. minutes: of the activity; a live session's agenda is held against them.
    Raises SpecError, UnknownKind.
    """
    found = parse(get_kind(kind_key).Spec, data)
    faults = list(found.faults(minutes=minutes)) if isinstance(found, Spec) else found
    if faults or not isinstance(found, Spec):
        raise SpecError(faults=moved(faults, pointer))
    return found


def parse_response(kind_key: str, data: object, *, spec: Spec, pointer: str = "") -> Response:
    """
    Return the typed answer to this spec, finished or not, or refuse it with every fault at once.

    Raises ResponseError, UnknownKind.
    """
    found = parse(get_kind(kind_key).Response, data)
    faults = list(found.faults(spec)) if isinstance(found, Response) else found
    if faults or not isinstance(found, Response):
        raise ResponseError(faults=moved(faults, pointer))
    return found


def json_schema(kind_key: str, *, rule: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """
    Return the JSON Schema (2020-12) of the front matter of this kind's activity files.

    rule: the schema of `opens` and `due`, which is not ours to know; without it any mapping passes.
    """
    kind = get_kind(kind_key)
    schema = kind.Spec.model_json_schema(by_alias=True)
    slug = {"type": "string", "pattern": SLUG, "maxLength": 64}
    when = dict(rule or {"type": "object"})
    common: dict[str, Any] = {
        "key": slug,
        "kind": {"const": kind.key},
        "title": {"type": "string", "minLength": 1, "maxLength": 200},
        "minutes": {"type": "integer", "minimum": 1, "maximum": 600},
        "serves": {"enum": ["knows", "practices", "reflects", "evidence"]},
        "required": {"type": "boolean", "default": True},
        "opens": when,
        "due": when,
        "topic": slug,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:waymark:journey-1:{kind.key}",
        "title": f"Front matter of a Waymark activity of the kind {kind.key}",
        "type": "object",
        "additionalProperties": False,
        "properties": {**common, **schema.get("properties", {})},
        "required": ["key", "kind", "title", "minutes", "serves", *schema.get("required", [])],
        "$defs": schema.get("$defs", {}),
    }

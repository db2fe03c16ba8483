"""The grammar of rules, waits, triggers and expectations as JSON Schema (2020-12), for editors and other tools."""

from typing import Any, Final

from journeys.schedule.fields import MAX_ATTEMPTS, MAX_LEVEL
from journeys.schedule.tree import UNITS, WEEKDAYS

Schema = dict[str, Any]

_KEY: Final = "[a-z0-9]+(?:-[a-z0-9]+)*"
_MODULE: Final[Schema] = {"type": "string", "pattern": f"^{_KEY}$"}
_STEP: Final[Schema] = {"type": "string", "pattern": f"^{_KEY}/{_KEY}$"}
_EITHER: Final[Schema] = {"type": "string", "pattern": f"^{_KEY}(?:/{_KEY})?$"}
_NAMED: Final = f"module-opened:{_KEY}|completed:{_KEY}(?:/{_KEY})?|failed:{_KEY}/{_KEY}|event:{_KEY}"
_ANCHOR: Final[Schema] = {"type": "string", "pattern": f"^(?:start|enrolled|end|opens|{_NAMED})$"}
_MESSAGE_ANCHOR: Final[Schema] = {"type": "string", "pattern": f"^(?:start|enrolled|end|finished|{_NAMED})$"}
_HOUR: Final[Schema] = {"type": "string", "pattern": "^(?:[01][0-9]|2[0-3]):[0-5][0-9]$"}
_DAY: Final[Schema] = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_MOMENT: Final[Schema] = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2} (?:[01][0-9]|2[0-3]):[0-5][0-9]$"}
_WEEKDAY: Final[Schema] = {"enum": list(WEEKDAYS)}
_RULE: Final[Schema] = {"$ref": "#/$defs/rule"}
_RULES: Final[Schema] = {"type": "array", "items": _RULE, "minItems": 1}


def _object(required: list[str], **properties: Schema) -> Schema:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _length(units: tuple[str, ...], required: list[str], **properties: Schema) -> Schema:
    """An object with exactly one of the units."""
    amounts: dict[str, Schema] = {unit: {"type": "integer"} for unit in units}
    return {**_object(required, **amounts, **properties), "oneOf": [{"required": [unit]} for unit in units]}


_ATTEMPTS: Final[Schema] = {"type": "integer", "minimum": 1, "maximum": MAX_ATTEMPTS}
_LEVEL: Final[Schema] = {"type": "integer", "minimum": 1, "maximum": MAX_LEVEL}
_WINDOW: Final[Schema] = {
    **_object([], weekdays={"type": "array", "items": _WEEKDAY, "minItems": 1, "uniqueItems": True}),
    "minProperties": 1,
    "dependentRequired": {"from": ["to"], "to": ["from"]},
}
_WINDOW["properties"] |= {"from": _HOUR, "to": _HOUR}


def _about_a_deadline(event: str, length: str) -> Schema:
    said = {length: _length(("working_days", "days", "hours"), [], at=_HOUR)}
    shape = _object(["event", length], event={"const": event}, step=_STEP, module=_MODULE, **said)
    return {**shape, "not": {"required": ["step", "module"]}}


def _list_of(part: Schema) -> Schema:
    return {"type": "array", "items": part, "minItems": 1}


def _or_never(part: Schema) -> Schema:
    return {"anyOf": [part, {"const": "never"}]}


def _at_least(least: int) -> Schema:
    return {"type": "integer", "minimum": least}


_RUN: Final[Schema] = {
    "title": {"type": "string", "minLength": 1},
    "start": _DAY,
    "zone": {"type": "string"},
    "calendar": {"type": "string"},
    "pace": {
        "type": "string",
        "pattern": (
            "^(?:on-time|[0-9]{1,2}-days?-late|absent:[0-9]{1,3}"
            f"|stops-after:{_KEY}|fails:{_KEY}/{_KEY}|rates:[1-{MAX_LEVEL}])$"
        ),
    },
    "end": _DAY,
    "events": {"type": "object", "additionalProperties": _DAY, "propertyNames": _MODULE},
    "released": {"type": "object", "additionalProperties": _DAY, "propertyNames": _EITHER},
}
_MESSAGES: Final[Schema] = {"anyOf": [_MOMENT, _list_of(_MOMENT), {"const": "never"}]}
_PLACED: Final[Schema] = {
    "opens": _or_never(_MOMENT),
    "due": _or_never(_MOMENT),
    "done": _or_never({"anyOf": [_DAY, _MOMENT]}),
    "locked": _MOMENT,
    "before": _EITHER,
    "within": _RULE,
    "sent": _MESSAGES,
    "planned": _MESSAGES,
}
_EXPECTED: Final[tuple[Schema, ...]] = (
    {**_object(["module"], module=_MODULE, **_PLACED), "minProperties": 2},
    {**_object(["step"], step=_STEP, **_PLACED), "minProperties": 2},
    {**_object(["nudge"], nudge=_MODULE, sent=_MESSAGES, planned=_MESSAGES), "minProperties": 2},
    _object(["finished"], finished=_or_never({"anyOf": [_DAY, _MOMENT]})),
    {**_object([], messages=_at_least(0), openings=_at_least(0), deadlines=_at_least(0)), "minProperties": 1},
)
_NEVER: Final[Schema] = {
    **_object(
        [],
        messages_per_week=_at_least(1),
        messages_per_day=_at_least(1),
        minutes_per_week=_at_least(1),
        days_between_messages=_at_least(1),
        messages_on=_list_of(_WEEKDAY),
        messages_before=_HOUR,
        messages_after=_HOUR,
    ),
    "minProperties": 1,
}
_ONLY: Final[Schema] = {
    **_object(
        [],
        **{f"{kind}_on": _list_of(_WEEKDAY) for kind in ("messages", "opens", "due")},
        **{f"{kind}_at": _list_of(_HOUR) for kind in ("messages", "opens", "due")},
    ),
    "minProperties": 1,
}
RULE_DEFINITIONS: Final[dict[str, Schema]] = {
    "rule": {
        "oneOf": [
            _length(
                UNITS,
                ["from"],
                **{"from": _ANCHOR, "attempts": _ATTEMPTS, "at": _HOUR, "weekday": _WEEKDAY, "window": _WINDOW},
            ),
            _object(["date"], date=_DAY, at=_HOUR),
            _object(["completed"], completed=_EITHER),
            _object(
                ["passed"],
                passed=_STEP,
                ratio={"type": "number", "exclusiveMinimum": 0, "maximum": 1},
                within_attempts=_ATTEMPTS,
            ),
            _object(["failed"], failed=_STEP, attempts=_ATTEMPTS),
            {
                **_object(["rated"], rated=_STEP, at_least=_LEVEL, at_most=_LEVEL, behavior=_MODULE),
                "oneOf": [{"required": ["at_least"]}, {"required": ["at_most"]}],
            },
            _object(["event"], event=_MODULE),
            _object(["released"], released=_EITHER),
            _object(["all"], all=_RULES),
            _object(["any"], any=_RULES),
            _object(["not"], **{"not": _RULE}),
            _object(["at_least", "of"], at_least={"type": "integer", "minimum": 1}, of=_RULES),
        ]
    },
    "unless": {"type": "array", "items": _RULE},
    "wait": _length(UNITS, [], at=_HOUR, weekday=_WEEKDAY),
    "trigger": {
        "oneOf": [
            _object(["event", "module"], event={"const": "module-opened"}, module=_MODULE),
            _about_a_deadline("step-due-soon", "before"),
            _about_a_deadline("overdue", "after"),
            _length(
                UNITS,
                ["event", "from"],
                **{"event": {"const": "moment"}, "from": _MESSAGE_ANCHOR},
                at=_HOUR,
                weekday=_WEEKDAY,
                attempts=_ATTEMPTS,
            ),
            _length(("days", "working_days"), ["event", "at"], event={"const": "inactive"}, at=_HOUR),
            _object(["event", "weekday", "at"], event={"const": "weekly"}, weekday=_WEEKDAY, at=_HOUR),
        ]
    },
    "expectation": {
        "oneOf": [
            _object(["start", "zone", "expect"], **_RUN, expect={"oneOf": [*_EXPECTED]}),
            _object(["never"], **_RUN, never=_NEVER),
            _object(["only"], **_RUN, only=_ONLY),
        ]
    },
}

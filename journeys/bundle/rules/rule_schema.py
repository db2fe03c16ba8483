"""The grammar of rules, waits, triggers and expectations as JSON Schema (2020-12), for editors and other tools."""

from typing import Any, Final

from journeys.schedule.fields import MAX_ATTEMPTS
from journeys.schedule.tree import UNITS, WEEKDAYS

Schema = dict[str, Any]

_KEY: Final = "[a-z0-9]+(?:-[a-z0-9]+)*"
_MODULE: Final[Schema] = {"type": "string", "pattern": f"^{_KEY}$"}
_STEP: Final[Schema] = {"type": "string", "pattern": f"^{_KEY}/{_KEY}$"}
_EITHER: Final[Schema] = {"type": "string", "pattern": f"^{_KEY}(?:/{_KEY})?$"}
_ANCHOR: Final[Schema] = {
    "type": "string",
    "pattern": (
        f"^(?:start|enrolled|end|opens|module-opened:{_KEY}|completed:{_KEY}(?:/{_KEY})?"
        f"|failed:{_KEY}/{_KEY}|event:{_KEY})$"
    ),
}
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
_WINDOW: Final[Schema] = {
    **_object([], weekdays={"type": "array", "items": _WEEKDAY, "minItems": 1, "uniqueItems": True}),
    "minProperties": 1,
    "dependentRequired": {"from": ["to"], "to": ["from"]},
}
_WINDOW["properties"] |= {"from": _HOUR, "to": _HOUR}

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
            {
                **_object(
                    ["event", "before"],
                    event={"const": "step-due-soon"},
                    step=_STEP,
                    module=_MODULE,
                    before=_length(("working_days", "days", "hours"), [], at=_HOUR),
                ),
                "not": {"required": ["step", "module"]},
            },
            _length(("days", "working_days"), ["event", "at"], event={"const": "inactive"}, at=_HOUR),
            _object(["event", "weekday", "at"], event={"const": "weekly"}, weekday=_WEEKDAY, at=_HOUR),
        ]
    },
    "expectation": {
        "oneOf": [
            _object(
                ["start", "zone", "expect"],
                start=_DAY,
                zone={"type": "string"},
                calendar={"type": "string"},
                expect={
                    **_object([], module=_MODULE, step=_STEP, nudge=_MODULE, opens=_MOMENT, due=_MOMENT, sent=_MOMENT),
                    "oneOf": [{"required": ["module"]}, {"required": ["step"]}, {"required": ["nudge"]}],
                },
            ),
            _object(
                ["never"],
                start=_DAY,
                zone={"type": "string"},
                calendar={"type": "string"},
                never={
                    **_object(
                        [],
                        messages_per_week={"type": "integer", "minimum": 1},
                        messages_per_day={"type": "integer", "minimum": 1},
                    ),
                    "minProperties": 1,
                },
            ),
        ]
    },
}

"""The JSON Schemas of journey.yaml and of each kind's front matter, made from what reads them."""

import json
from pathlib import Path
from typing import Any, Final

from content.kinds.registry import KINDS, json_schema
from journeys.bundle.queries.packing import packed
from journeys.bundle.queries.shapes import FORMAT, Manifest
from journeys.bundle.rules.rule_schema import RULE_DEFINITIONS

SCHEMAS: Final = Path(__file__).resolve().parents[1] / "schemas"
MANIFEST_SCHEMA: Final = "journey.schema.json"

_RULE: Final = {"$ref": "#/$defs/rule"}


def schemas() -> dict[str, dict[str, Any]]:
    """Return each schema by the name of its file; the kinds' files are KIND.schema.json."""
    found = {MANIFEST_SCHEMA: _manifest()}
    for kind in KINDS:
        schema = json_schema(kind, rule=_RULE)
        found[f"{kind}.schema.json"] = {**schema, "$defs": {**schema["$defs"], "rule": RULE_DEFINITIONS["rule"]}}
    return found


def schema_text(schema: dict[str, Any]) -> str:
    """Return a schema as it is shipped."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def schema_archive() -> bytes:
    """Return all schemas as one .zip; reads no table."""
    return packed({name: schema_text(schema).encode() for name, schema in schemas().items()}, folder="schemas")


def _manifest() -> dict[str, Any]:
    schema = Manifest.model_json_schema(by_alias=True)
    parts = schema["$defs"]
    parts["ModulePart"]["properties"] |= {"opens": _RULE, "due": _RULE}
    skill = {"anyOf": [parts["SkillPart"]["properties"]["skill"], {"$ref": "#/$defs/SkillPart"}]}
    parts["ModulePart"]["properties"]["skills"]["items"] = skill
    parts["NudgePart"]["properties"] |= {name: {"$ref": f"#/$defs/{name}"} for name in ("trigger", "wait", "unless")}
    expectations = {"type": "array", "items": {"$ref": "#/$defs/expectation"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:waymark:{FORMAT.partition('/')[2]}:journey",
        **schema,
        "title": "journey.yaml of a Waymark journey bundle",
        "properties": {**schema["properties"], "expectations": expectations},
        "$defs": {**parts, **RULE_DEFINITIONS},
    }

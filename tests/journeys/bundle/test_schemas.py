"""The schemas that ship are what reads the bundles, and the samples fit them."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from journeys.bundle.queries.samples import sample_paths
from journeys.bundle.queries.schemas import MANIFEST_SCHEMA, SCHEMAS, schema_text, schemas
from journeys.bundle.rules.yaml_reading import read_yaml

SAMPLES = sorted(sample_paths().values())
ACTIVITIES = [path for sample in SAMPLES for path in sorted(sample.rglob("*.md"))]


def _faults(schema: dict, value: object) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in Draft202012Validator(schema).iter_errors(value)]


def _front(path: Path) -> Any:
    return read_yaml(path.read_text().split("---\n", 2)[1]).value


def test_the_shipped_schemas_are_current():
    shipped = {path.name: path.read_text() for path in SCHEMAS.glob("*.json")}

    assert shipped == {name: schema_text(schema) for name, schema in schemas().items()}


@pytest.mark.parametrize("name", schemas())
def test_a_schema_is_a_schema(name):
    Draft202012Validator.check_schema(schemas()[name])


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_the_journeys_of_the_samples_fit(sample):
    value = read_yaml((sample / "journey.yaml").read_text()).value

    assert _faults(schemas()[MANIFEST_SCHEMA], value) == []


def test_the_activities_of_the_samples_fit():
    known = schemas()
    faults = {
        path.name: _faults(known[f"{front['kind']}.schema.json"], front)
        for path in ACTIVITIES
        if (front := _front(path))
    }

    assert {name: found for name, found in faults.items() if found} == {}
    assert len(faults) > 100


@pytest.mark.parametrize(
    "rule",
    [
        {"from": "start"},
        {"from": "tomorrow", "days": 1},
        {"from": "start", "days": 1, "weeks": 1},
        {"from": "start", "days": 1, "at": "9:00"},
        {"completed": "a/b/c"},
        {"passed": "module"},
        {"all": []},
        {"at_least": 1},
        {"completed": "a", "released": "a"},
    ],
)
def test_a_rule_that_cannot_be_read_does_not_fit(rule):
    schema = schemas()["article.schema.json"]
    front = {"key": "a", "kind": "article", "title": "A", "minutes": 1, "serves": "knows", "opens": rule}

    assert _faults(schema, front)
    assert not _faults(schema, {**front, "opens": {"completed": "a/b"}})


def test_a_key_that_means_nothing_does_not_fit():
    value = read_yaml((SAMPLES[0] / "journey.yaml").read_text()).value

    assert _faults(schemas()[MANIFEST_SCHEMA], {**value, "wekks": 3})
    assert json.loads((SCHEMAS / MANIFEST_SCHEMA).read_text())["additionalProperties"] is False

"""The OpenAPI document as people read it: words of types and bounds, links that lead somewhere, nothing left out."""

import re

import pytest

from config.api import document
from config.support.reference import kind_of, reference, words_of


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({"type": "string", "format": "uuid"}, "string (uuid)"),
        ({"type": ["string", "null"], "format": "date"}, "string (date) or null"),
        ({"type": "string", "minLength": 1, "maxLength": 64}, "string, 1 to 64 characters"),
        ({"type": "integer", "maximum": 500, "default": 100}, "integer, at most 500, 100 unless told"),
        ({"type": "array", "minItems": 1, "items": {"type": "integer"}}, "list of integer, at least 1 rows"),
        ({"enum": ["open", None]}, "one of <code>open</code>, <code>null</code>"),
        ({"$ref": "#/components/schemas/Cohort"}, '<a href="#shape-cohort">Cohort</a>'),
        (
            {"oneOf": [{"$ref": "#/components/schemas/Place"}, {"type": "null"}]},
            '<a href="#shape-place">Place</a> or null',
        ),
        ({"type": "object", "properties": {"a": {}, "b": {}}}, "object with a, b"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "object, each value: integer"),
        ({}, "any value"),
        ({"enum": ["<b>"]}, "one of <code>&lt;b&gt;</code>"),
    ],
)
def test_a_value_is_told_in_words(schema, told):
    assert kind_of(schema) == told


def test_a_description_keeps_its_paragraphs_and_its_code_and_no_markup():
    assert words_of("Return `it`\nsoon.\n\nNot <b>.") == ("Return <code>it</code> soon.", "Not &lt;b&gt;.")


def test_every_operation_parameter_status_and_shape_of_the_document_is_told():
    told = reference(document())
    operations = {(one.path, one.method): one for _, part in told.parts for one in part}

    assert len(operations) == sum(len(methods) for methods in document()["paths"].values())
    for path, methods in document()["paths"].items():
        for method, schema in methods.items():
            one = operations[path, method.upper()]
            assert {field.name for field in one.fields} == {p["name"] for p in schema.get("parameters", ())}
            assert {answer.status for answer in (*one.answers, *one.refusals)} == set(schema["responses"])
            assert bool(one.bodies) == ("requestBody" in schema)
    schemas = document()["components"]["schemas"]
    assert {shape.name: len(shape.fields) for shape in told.shapes} == {
        name: len(shape.get("properties", ())) for name, shape in schemas.items()
    }
    assert {name for name, _ in told.scopes} >= {"progress:read", "people:read"}


def test_every_link_of_the_page_leads_to_a_place_on_it(client, db):
    page = client.get("/api/v1/docs/").content.decode()
    places = re.findall(r'\sid="([^"]+)"', page)

    assert len(places) == len(set(places))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(places)

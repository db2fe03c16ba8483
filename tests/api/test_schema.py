"""The OpenAPI document is valid, complete, and true."""

import json
import re
import warnings

import jsonschema
import pytest
import yaml
from openapi_spec_validator import validate

from config.accounts.permissions import declared_scopes
from config.api import document, urlpatterns
from tests.api.routes import METHODS, address, arguments, methods_of, views
from tests.api.world import anonymous, with_key
from tests.factories.learners import CommitmentFactory

PROBLEMS = {
    "GET": {"304", "400", "401", "403", "404", "429"},
    "WRITE": {"400", "401", "403", "404", "409", "415", "422", "429"},
}


@pytest.fixture(scope="module")
def schema():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return json.loads(json.dumps(document(), default=str))


def operations(schema):
    return {
        (path, method.upper()): operation
        for path, item in schema["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def template_of(name):
    """Return the path of an address as the document writes it."""
    for pattern_name, pattern in _patterns():
        if pattern_name == name:
            return "/api/v1/" + re.sub(r"<\w+:(\w+)>", r"{\1}", pattern)
    raise AssertionError(name)


def _patterns(patterns=None, prefix=""):
    for pattern in urlpatterns if patterns is None else patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield str(pattern.name), prefix + str(pattern.pattern)


def test_the_document_is_valid_openapi_3_1(schema):
    assert schema["openapi"].startswith("3.1")
    validate(schema)


def test_every_address_and_method_is_in_the_document(schema):
    routed = {(template_of(name), method) for name, view in views() for method in methods_of(view)}

    assert set(operations(schema)) == routed


def test_every_status_that_can_be_answered_is_declared(schema):
    for (path, method), operation in operations(schema).items():
        told = set(operation["responses"])

        assert told >= PROBLEMS["GET" if method == "GET" else "WRITE"], (path, method)
        assert any(status.startswith("2") for status in told)


def test_operation_ids_are_unique_and_every_operation_says_what_it_does(schema):
    ids = [operation["operationId"] for operation in operations(schema).values()]

    assert len(ids) == len(set(ids))
    assert all(operation["description"].strip() for operation in operations(schema).values())


def test_every_operation_names_the_scope_it_asks_for(schema):
    for name, view in views():
        for method in methods_of(view):
            scope = declared_scopes(view)[method]
            security = operations(schema)[template_of(name), method]["security"]
            if ":" in scope:
                assert {"oauth2": [scope]} in security
                assert {"apiKey": []} in security


def test_every_refusal_has_the_shape_of_a_problem(schema):
    for name, response in schema["components"]["responses"].items():
        if name != "Unchanged":
            content = response["content"]["application/problem+json"]["schema"]
            assert content == {"$ref": "#/components/schemas/Problem"}


def conforms(schema, path, method, response):
    """Raise when an answer is not what the document says."""
    told = operations(schema)[path, method]["responses"][str(response.status_code)]
    if "$ref" in told:
        told = schema["components"]["responses"][told["$ref"].rsplit("/", 1)[1]]
    kind = response["Content-Type"].split(";")[0]
    assert kind in told["content"], (path, kind)
    if kind.endswith("json") and "ndjson" not in kind:
        root = {**told["content"][kind]["schema"], "components": schema["components"]}
        checker = jsonschema.Draft202012Validator(_closed(root), format_checker=jsonschema.FormatChecker())
        checker.validate(response.json())


def _closed(node):
    """Return a schema in which an undeclared value is a fault, so that nothing is shown that is not told."""
    if isinstance(node, dict):
        closed = {key: _closed(value) for key, value in node.items()}
        if node.get("type") == "object" and "properties" in node and "additionalProperties" not in node:
            closed["additionalProperties"] = False
        return closed
    return [_closed(value) for value in node] if isinstance(node, list) else node


READS = sorted(
    name for name, view in views() if "GET" in methods_of(view) and declared_scopes(view)["GET"] != "signed-in"
)


@pytest.mark.parametrize("name", READS)
def test_answers_are_what_the_document_says(world, key, schema, name, clock):
    for offset in (1, 2):
        CommitmentFactory(enrollment=world.ada, check_in_at=world.ada.enrolled_at, step_key=f"plan-{offset}")
    path = address(name, arguments(world, name))

    for caller in (key, with_key(world.organization, ["journeys:read", "progress:read"])):
        response = caller.get(path)
        assert response.status_code == 200
        conforms(schema, template_of(name), "GET", response)
    conforms(schema, template_of(name), "GET", key.get(f"{path}?nope=1"))


def test_answers_to_writes_are_what_the_document_says(world, key, schema):
    journey = str(world.cohort.version.journey.uuid)
    cohort, ada = f"/cohorts/{world.cohort.uuid}/", f"/enrollments/{world.ada.uuid}/"
    writes = [
        ("/cohorts/", "/cohorts/", "post", {"journey": journey, "name": "x", "starts_on": "2027-06-01"}),
        ("/cohorts/", "/cohorts/", "post", {}),
        ("/cohorts/{cohort}/", cohort, "patch", {"name": "y"}),
        ("/cohorts/{cohort}/enrollments/", f"{cohort}enrollments/", "post", {"people": [{"email": "n@example.com"}]}),
        ("/enrollments/{enrollment}/", ada, "patch", {"shift_days": 3}),
        ("/enrollments/{enrollment}/", ada, "patch", {"status": "active"}),
    ]

    for template, path, method, body in writes:
        response = key._send(method, path, json=body)
        conforms(schema, f"/api/v1{template}", method.upper(), response)


def test_a_reason_to_reach_out_is_what_the_document_says(world, key, schema, clock):
    clock.shift(40 * 86400)
    response = key.get("/people-to-reach/")

    assert len(response.json()["results"]) == 3
    conforms(schema, "/api/v1/people-to-reach/", "GET", response)


def test_the_document_comes_as_json_and_as_yaml(db):
    def forms(path, accept=""):
        return anonymous().get(path, headers={"Accept": accept})

    assert forms("/schema/").json()["openapi"] == "3.1.0"
    assert forms("/schema/?format=json")["Content-Type"].startswith("application/json")
    for response in (forms("/schema/?format=yaml"), forms("/schema/", "application/yaml")):
        assert "yaml" in response["Content-Type"]
        assert yaml.safe_load(response.content)["openapi"] == "3.1.0"
    assert forms("/schema/?format=xml").status_code == 400


def test_the_page_for_people_loads_nothing_from_elsewhere_and_runs_nothing(db):
    response = anonymous().get("/docs/")
    page = response.content.decode()

    assert response.status_code == 200
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert "<script" not in page
    assert "style=" not in page.replace("</style>", "")
    assert response["Content-Security-Policy"].count("unsafe") == 0

"""Requests that nobody should send, at every address: each is told as a problem, and nothing is written."""

import pytest

from tests.api.routes import address, arguments, methods_of, views
from tests.api.test_access import is_problem

ROUTES = sorted(views(), key=lambda route: route[0])
WRITES = [(name, method) for name, view in ROUTES for method in methods_of(view) if method in ("POST", "PUT", "PATCH")]
JSON = "application/json"
BODIES = {
    "no JSON at all": (b"name=x", JSON, {400}),
    "half of it": (b'{"name": "x"', JSON, {400}),
    "not a number": (b'{"shift_days": NaN}', JSON, {400}),
    "other bytes": (b'{"name": "\xff\xfe"}', JSON, {400}),
    "too deep": (b"[" * 100_000 + b"]" * 100_000, JSON, {400}),
    "a list": (b"[1, 2]", JSON, {422}),
    "a text": (b'"x"', JSON, {422}),
    "nothing": (b"null", JSON, {409, 422}),
    "a form": (b"name=x", "application/x-www-form-urlencoded", {415}),
    "a file": (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", {415}),
    "XML": (b"<a/>", "application/xml", {415}),
}


@pytest.mark.parametrize(("name", "method"), WRITES)
@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_cannot_be_read_is_told_so(world, key, name, method, body):
    data, kind, statuses = BODIES[body]

    response = key._send(method.lower(), address(name, arguments(world, name)), data=data, content_type=kind)

    assert response.status_code in statuses, response.content[:300]
    assert is_problem(response, response.status_code)


@pytest.mark.parametrize(("name", "method"), WRITES)
def test_a_body_that_is_too_large_is_refused_unread(world, key, name, method, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    path = address(name, arguments(world, name))

    response = key._send(method.lower(), path, data=b'{"name": "' + b"x" * 2000 + b'"}', content_type=JSON)

    assert is_problem(response, response.status_code)
    assert response.status_code in {400, 413}


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/nowhere/", "/api/v1/cohorts/x/", "/api/v2/me/"])
def test_an_unknown_address_is_told_as_a_problem_to_every_method(key, method, path):
    assert is_problem(key._send(method, path), 404)


@pytest.mark.parametrize(("name", "view"), ROUTES)
def test_a_parameter_without_a_meaning_is_a_problem_in_json(world, key, name, view):
    if "GET" not in methods_of(view) or view.scopes["GET"] == "signed-in":
        return
    path = address(name, arguments(world, name))

    assert is_problem(key.get(f"{path}?nonsense=1"), 400)
    if name == "api-schema":
        assert is_problem(key.get(f"{path}?format=yaml&nonsense=1"), 400)


def test_an_unchanged_answer_has_no_body_in_any_form(key):
    for path in ("/schema/", "/schema/?format=yaml", "/docs/", "/cohorts/"):
        etag = key.get(path)["ETag"]

        unchanged = key.get(path, headers={"If-None-Match": etag})

        assert unchanged.status_code == 304
        assert unchanged.content == b""

"""Who reaches which address, for every address of the URL conf."""

import pytest

from config.accounts.actor import SCOPES
from config.accounts.permissions import ANYONE, DECLARABLE, SIGNED_IN, declared_scopes
from tests.api.routes import address, arguments, foreign_arguments, methods_of, views
from tests.api.world import V1, anonymous, signed_in, with_key

ROUTES = sorted(views(), key=lambda route: route[0])
SCOPED = [
    (name, method, declared_scopes(view)[method])
    for name, view in ROUTES
    for method in methods_of(view)
    if declared_scopes(view).get(method) in SCOPES
]


def send(caller, method, path):
    return caller._send(method.lower(), path, **({} if method == "GET" else {"json": {}}))


def is_problem(response, status):
    body = response.json()
    assert response.status_code == status, body
    assert response["Content-Type"] == "application/problem+json"
    assert body["status"] == status
    assert body["type"].startswith("urn:waymark:problem:")
    assert body["title"]
    assert body["detail"]
    assert body["instance"].startswith("/api/")
    return True


def test_every_address_has_a_name_of_its_own():
    names = [name for name, _ in ROUTES]

    assert "None" not in names
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("name", "view"), ROUTES)
def test_every_method_declares_what_it_asks_for(name, view):
    declared = declared_scopes(view)

    assert {method: declared.get(method) in DECLARABLE for method in methods_of(view)} == dict.fromkeys(
        methods_of(view), True
    )


@pytest.mark.parametrize(("name", "method", "scope"), SCOPED)
def test_nobody_without_a_key_gets_in(world, name, method, scope):
    response = send(anonymous(), method, address(name, arguments(world, name)))

    assert is_problem(response, 401)
    assert response["WWW-Authenticate"] == 'Bearer realm="waymark"'


@pytest.mark.parametrize(("name", "method", "scope"), SCOPED)
def test_a_key_without_the_scope_is_refused(world, name, method, scope):
    key = with_key(world.organization, set(SCOPES) - {scope})

    response = send(key, method, address(name, arguments(world, name)))

    assert is_problem(response, 403)
    assert response.json()["type"] == "urn:waymark:problem:missing_scope"
    assert scope in response.json()["detail"]


@pytest.mark.parametrize(("name", "method", "scope"), SCOPED)
def test_the_scope_alone_opens_the_address(world, name, method, scope):
    key = with_key(world.organization, {scope})

    response = send(key, method, address(name, arguments(world, name)))

    assert response.status_code not in {401, 403, 404, 500}


@pytest.mark.parametrize(("name", "method", "scope"), SCOPED)
def test_another_organizations_rows_do_not_exist(world, name, method, scope):
    given = foreign_arguments(world, name)
    if not given:
        return

    for caller in (with_key(world.organization), signed_in(world.administrator)):
        assert is_problem(send(caller, method, address(name, given)), 404)


@pytest.mark.parametrize(("name", "method", "scope"), [row for row in SCOPED if "cohort-" in row[0]])
def test_a_key_of_another_cohort_sees_nothing(world, name, method, scope):
    limited = with_key(world.organization, cohorts=[world.second])

    assert is_problem(send(limited, method, address(name, arguments(world, name))), 404)


@pytest.mark.parametrize("name", ["api-cohort", "api-enrollment", "api-enrollment-schedule"])
def test_a_key_reaches_the_cohorts_it_is_limited_to(world, name):
    limited = with_key(world.organization, cohorts=[world.cohort])
    path = address(name, arguments(world, name))

    assert limited.get(path).status_code == 200
    assert is_problem(with_key(world.organization, cohorts=[world.second]).get(path), 404)


@pytest.mark.parametrize("name", [name for name, view in ROUTES if declared_scopes(view).get("GET") == ANYONE])
def test_what_is_for_anyone_needs_no_key(db, name):
    assert anonymous().get(address(name, {})).status_code == 200


@pytest.mark.parametrize("name", [name for name, view in ROUTES if declared_scopes(view).get("GET") == SIGNED_IN])
def test_what_is_for_people_is_refused_to_keys(world, key, name):
    path = address(name, arguments(world, name))

    assert is_problem(key.get(path), 403)
    assert is_problem(anonymous().get(path), 401)
    assert signed_in(world.ada.user).get(path).status_code == 200


@pytest.mark.parametrize(("name", "view"), ROUTES)
def test_other_methods_are_told_apart(world, key, name, view):
    path = address(name, arguments(world, name))

    for method in ("post", "put", "patch", "delete", "options"):
        if method.upper() in methods_of(view):
            continue
        assert is_problem(key._send(method, path), 405)


def test_unknown_addresses_answer_with_a_problem(key):
    for path in ("/api/v1/nowhere/", "/api/v2/cohorts/", "/api/", f"{V1}/cohorts/not-a-uuid/"):
        assert is_problem(key.get(path), 404)


def test_a_write_without_the_last_slash_loses_nothing(key):
    assert is_problem(key.post("/cohorts", json={}), 404)
    assert key.get("/cohorts").status_code == 301

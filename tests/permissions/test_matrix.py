"""
Every page and every address of the API, asked by everybody: what the URL conf has, the table of rules knows.

Each page is filled in for one of those who get in, and for nobody else: see blank_pages.
"""

import pytest

from tests.permissions.cast import ANONYMOUS, BLIND_KEY, COLLEAGUE, EVERYBODY, KEY, LIMITED_KEY
from tests.permissions.routes import routes, screens
from tests.permissions.rules import (
    ADMIN_DOORS,
    ADMIN_PAGES,
    API,
    ENTRANCES,
    FOREIGN_SCREENS,
    LEADING_ON,
    OWN_ACCOUNT,
    PAGES,
    SCREENS,
    TO_SIGN_IN,
)
from tests.permissions.visits import NO_METHOD, SIGN_IN, YES, outcome, visit

pytestmark = pytest.mark.django_db

ROUTES = {route.name: route for route in routes()}
ROLES = sorted(EVERYBODY)
# No page reads a key, so one of the three stands for all.
AT_PAGES = sorted(EVERYBODY - {BLIND_KEY, LIMITED_KEY})
# What an address needs before it looks at who may.
BODIES = {"studio-act": {"what": "step", "key": "try-it", "act": "up"}}
SCREEN_PAGES = ("changelist", "add", "change", "delete", "history")


def test_every_address_has_a_rule():
    pages = {f"admin:{name}_{page}" for name in screens() for page in SCREEN_PAGES}
    known = {*PAGES, *API, *ENTRANCES, *OWN_ACCOUNT, *TO_SIGN_IN, *ADMIN_PAGES, *ADMIN_DOORS, *pages}

    assert known == set(ROUTES)
    assert set(screens()) == {*SCREENS, *FOREIGN_SCREENS, *LEADING_ON}


def test_every_address_has_a_name_of_its_own():
    assert len(ROUTES) == len(routes())


def met(cast, role, method, path, *, scope="", body=None, is_blank=False):
    """Return what a role meets; scope: what the key without it lacks."""
    visitor = cast.blind(scope) if role == BLIND_KEY else cast.visitor(role)
    return outcome(visit(visitor, method, path, body, is_blank=is_blank))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_answers_as_its_rule_says(cast, name):
    path, body = ROUTES[name].path(cast.own), BODIES.get(name)

    for method in ("GET", "POST", "PUT", "DELETE"):
        rule = PAGES[name].get(method)
        if rule is None:
            assert met(cast, ANONYMOUS, method, path) == NO_METHOD
            assert met(cast, COLLEAGUE, method, path) == NO_METHOD
            continue
        expected = {role: rule.of_page(role) for role in AT_PAGES}
        shown = next((role for role in AT_PAGES if expected[role] == YES), "")
        found = {role: met(cast, role, method, path, body=body, is_blank=role != shown) for role in AT_PAGES}
        assert found == expected, method


@pytest.mark.parametrize("name", API)
def test_an_address_of_the_api_answers_as_its_rule_says(cast, name):
    route = ROUTES[name]
    path = route.path(cast.own)

    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        rule = API[name].get(method)
        if rule is None:
            assert met(cast, KEY, method, path) == NO_METHOD
            continue
        scope = route.view.view_class.scopes[method]
        found = {role: met(cast, role, method, path, scope=scope) for role in ROLES}
        assert found == {role: rule.of_api(role) for role in ROLES}, method


@pytest.mark.parametrize("name", sorted(ENTRANCES | OWN_ACCOUNT))
def test_a_page_of_the_account_is_for_its_owner(cast, name):
    path = "/accounts/password/reset/key/1-x/" if name == "account_reset_password_from_key" else None
    path = path or ROUTES[name].path(cast.own)

    for method in ("GET", "POST"):
        for role in (ANONYMOUS, KEY):
            found = met(cast, role, method, path)
            assert (found == SIGN_IN) is (name in OWN_ACCOUNT), (method, role, found)
        assert met(cast, COLLEAGUE, method, path) != SIGN_IN

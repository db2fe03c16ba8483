"""
Every page of the administration, asked by everybody who may come to its door.

Each page is filled in for one of those who get in, and for nobody else: see blank_pages.
"""

import json

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from config.accounts.models import ApiKey, Membership, User
from learners.cohorts.models import ApiKeyCohort, Cohort
from tests.permissions.cast import (
    ADMINISTRATOR,
    ANONYMOUS,
    BLIND_KEY,
    DESIGNER,
    EVERYBODY,
    FACILITATOR,
    KEYS,
    LIMITED_KEY,
    MANAGER,
    OPERATOR,
    PEOPLE,
    RIVAL,
)
from tests.permissions.routes import routes, row_for, screens
from tests.permissions.rules import ADMIN_PAGES, FOREIGN_SCREENS, OPERATORS, SCREENS, VISITORS, Screen
from tests.permissions.visits import ELSEWHERE, NO, NONE, SIGN_IN, YES, outcome, visit

pytestmark = pytest.mark.django_db

ROUTES = {route.name: route for route in routes()}
# Nothing here reads a key: whoever has one is met as a stranger, so one of the three stands for all.
ROLES = sorted(EVERYBODY - {BLIND_KEY, LIMITED_KEY})
NOT_THERE = 999_999


def met(cast, role, method, path, *, is_blank=True):
    """
    Return what a role meets; the administration sends people away in ways of its own.

    Whoever has no work here is led to its door, which refuses them. A row that they do not see is told as not there.
    """
    response = visit(cast.visitor(role), method, path, is_blank=is_blank)
    address = response.get("Location", "")
    if address.startswith("/admin/login/"):
        # The door asks who somebody is, not where they were going, so each knocks once.
        if role not in cast.doors:
            cast.doors[role] = outcome(visit(cast.visitor(role), "GET", address, is_blank=is_blank))
        return cast.doors[role]
    found = outcome(response)
    return NONE if found == ELSEWHERE else found


def all_met(cast, method, path, allowed):
    """Return what each role meets; the page is filled in for one of those who are allowed in."""
    shown = next((role for role in ROLES if role in allowed), "")
    return {role: met(cast, role, method, path, is_blank=role != shown) for role in ROLES}


def expected(role, allowed, *, otherwise=NO):
    if role in KEYS or role == ANONYMOUS:
        return SIGN_IN
    if role in allowed:
        return YES
    return otherwise if role in VISITORS else NO


def screen_of(name):
    return Screen(OPERATORS, OPERATORS, OPERATORS, OPERATORS) if name in FOREIGN_SCREENS else SCREENS[name]


@pytest.mark.parametrize("name", SCREENS)
def test_a_list_and_the_form_for_a_new_row_are_for_their_roles(cast, name):
    screen = screen_of(name)

    for page, allowed in (("changelist", screen.look), ("add", screen.add)):
        path = ROUTES[f"admin:{name}_{page}"].path(cast.own)
        # The other organization's administrator works with their own rows, as our administrator does with ours.
        allowed = allowed | ({RIVAL} if ADMINISTRATOR in allowed else set())
        for method in ("GET", "POST"):
            found = all_met(cast, method, path, allowed)
            assert found == {role: expected(role, allowed) for role in ROLES}, (page, method)


@pytest.mark.parametrize("name", SCREENS)
def test_a_row_is_for_its_roles(cast, name):
    screen = screen_of(name)
    row = row_for(screens()[name], cast.own)
    if row is None:
        assert screen.look == OPERATORS
        return

    pages = {"change": ("GET", screen.look), "history": ("GET", screen.look), "delete": ("GET", screen.delete)}
    for page, (method, allowed) in pages.items():
        path = ROUTES[f"admin:{name}_{page}"].path(cast.own, object_id=row.pk)
        found = all_met(cast, method, path, allowed)
        assert {role for role in ROLES if found[role] == YES} == allowed, page
        assert {found[role] for role in ROLES if role not in allowed} <= {NO, NONE, SIGN_IN}, page
    for page, allowed in (("change", screen.change), ("delete", screen.delete)):
        path = ROUTES[f"admin:{name}_{page}"].path(cast.own, object_id=row.pk)
        found = all_met(cast, "POST", path, allowed)
        assert {role for role in ROLES if found[role] == YES} == allowed, page


@pytest.mark.parametrize("name", [name for name in SCREENS if SCREENS[name].look != OPERATORS])
def test_a_row_of_another_organization_is_as_one_that_does_not_exist(cast, name):
    row = row_for(screens()[name], cast.foreign)
    if row is None:
        return

    for page in ("change", "history", "delete"):
        theirs, none = (ROUTES[f"admin:{name}_{page}"].path(cast.own, object_id=pk) for pk in (row.pk, NOT_THERE))
        for role in (ADMINISTRATOR, DESIGNER, FACILITATOR, MANAGER):
            for method in ("GET", "POST"):
                found = met(cast, role, method, theirs)
                assert found == met(cast, role, method, none), (page, role, method)
                assert found != YES


@pytest.mark.parametrize("name", [name for name in SCREENS if name not in ("accounts_organization", "accounts_user")])
def test_a_list_shows_no_row_of_another_organization(cast, name):
    path = ROUTES[f"admin:{name}_changelist"].path(cast.own)
    ours, theirs = row_for(screens()[name], cast.own), row_for(screens()[name], cast.foreign)
    if ours is None or theirs is None:
        return

    for role in SCREENS[name].look - {OPERATOR}:
        text = visit(cast.visitor(role), "GET", path).content.decode()
        own, foreign = (ROUTES[f"admin:{name}_change"].path(cast.own, object_id=row.pk) for row in (ours, theirs))
        assert own in text or f'value="{ours.pk}"' in text, role
        assert f'"{foreign}' not in text, role
        assert "rival.example" not in text


@pytest.mark.parametrize("name", sorted(FOREIGN_SCREENS))
def test_tables_of_the_sign_in_are_for_operators(cast, name):
    for page in ("changelist", "add"):
        path = ROUTES[f"admin:{name}_{page}"].path(cast.own)
        for role in PEOPLE - {OPERATOR}:
            assert met(cast, role, "GET", path) == NO, (page, role)


@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_a_page_of_the_administration_is_for_its_roles(cast, name):
    allowed, shown = ADMIN_PAGES[name]
    path = ROUTES[name].path(cast.own)

    for method in ("GET",) if name == "admin:jsi18n" else ("GET", "POST"):
        for role, found in all_met(cast, method, path, allowed).items():
            if role in allowed:
                assert found == YES, (method, role)
            elif role in shown:
                assert found == NO, (method, role)
            else:
                assert found == expected(role, (), otherwise=NONE), (method, role)


@pytest.mark.parametrize("name", [name for name in ADMIN_PAGES if "_id>" in ROUTES[name].pattern])
def test_a_page_about_another_organizations_cohort_does_not_exist(cast, name):
    for role in (ADMINISTRATOR, FACILITATOR, MANAGER, DESIGNER):
        for method in ("GET", "POST"):
            assert met(cast, role, method, ROUTES[name].path(cast.foreign)) == NONE, (role, method)


@pytest.mark.parametrize("role", ROLES)
def test_the_front_page_and_those_of_apps_are_for_visitors(cast, role):
    assert (met(cast, role, "GET", "/admin/") == YES) is (role in VISITORS)
    for app in ("accounts", "content", "learners", "mfa"):
        found = met(cast, role, "GET", f"/admin/{app}/")
        assert (found == YES) <= (role in VISITORS)
    if role not in (OPERATOR, *KEYS, ANONYMOUS):
        assert met(cast, role, "GET", "/admin/mfa/") in (NONE, NO)


@pytest.mark.parametrize("model", [ApiKey, Cohort, Membership, User])
def test_suggestions_are_for_those_who_may_look_and_of_their_own_organization(cast, model):
    names = {ApiKey: "apikeycohort-api_key", Cohort: "apikeycohort-cohort", Membership: "membership-manager", User: ""}
    app, _, field = names[model].partition("-")
    data = {"app_label": "learners", "model_name": app, "field_name": field, "term": ""}
    if model is Membership:
        data["app_label"] = "accounts"
    known = cast.foreign.by_model[Membership if model is User else model]

    for role in ROLES:
        response = visit(cast.visitor(role), "GET", "/admin/autocomplete/", data)
        if response.status_code != 200:
            continue
        ids = {row["id"] for row in json.loads(response.content)["results"]}
        assert role in (ADMINISTRATOR, RIVAL, OPERATOR, FACILITATOR, MANAGER), role
        assert role in (RIVAL, OPERATOR) or str(known.pk) not in ids, role


def test_an_administrator_limits_a_key_of_their_own_to_a_cohort_of_their_own(cast):
    own, foreign = cast.own, cast.foreign
    path = "/admin/learners/apikeycohort/add/"

    def limited(key, cohort):
        data = {"api_key": key.pk, "cohort": cohort.pk}
        with transaction.atomic():
            cast.visitor(ADMINISTRATOR).send("POST", path, data)
            made = ApiKeyCohort.objects.filter(api_key=key, cohort=cohort).exists()
            transaction.set_rollback(True)
        return made

    assert limited(own.by_model[ApiKey], cast.second)
    assert not limited(foreign.by_model[ApiKey], cast.second)
    assert not limited(own.by_model[ApiKey], foreign.cohort)


def test_no_row_is_shown_by_way_of_its_content_type(cast):
    for row in (cast.own.reflection, cast.own.enrollment, cast.foreign.cohort):
        path = f"/admin/r/{ContentType.objects.get_for_model(row).pk}/{row.pk}/"
        for role in ROLES:
            assert met(cast, role, "GET", path) != YES, role


@pytest.mark.parametrize("role", sorted(PEOPLE))
def test_the_password_is_changed_on_the_persons_own_page(cast, role):
    for path in ("/admin/password_change/", "/admin/password_change/done/"):
        response = visit(cast.visitor(role), "GET", path)
        assert response.status_code in (200, 302, 403)

"""
Every form that somebody can open, and every write of the API, sent with what it did not ask for.

Fields that no form has are sent along, and the ids of the other organization's rows are put in the place of one's own:
nothing of the other's changes or is named by a row of one's own, and extra fields change nothing at all.
"""

import json
import re
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from config.accounts.models import Membership
from learners.nudges.links import read_unsubscribe
from learners.progress.errors import LinkExpired
from learners.progress.queries.sign_offs import read_token
from tests.permissions.cast import ADMINISTRATOR, ANONYMOUS, DESIGNER, FACILITATOR, KEY, LIMITED_KEY, OWNER
from tests.permissions.crawler import Walk, forms_of, look
from tests.permissions.ledger import Pen, rows
from tests.permissions.routes import routes, screens
from tests.permissions.rules import SCREENS
from tests.permissions.visits import blank_pages

pytestmark = pytest.mark.django_db

ROUTES = {route.name: route for route in routes()}
WRITERS = (OWNER, FACILITATOR, DESIGNER, ADMINISTRATOR)
# Signing out and changing how one signs in are allauth's, and tried by its own tests.
NOT_OURS = ("/accounts/", "/admin/logout", "/admin/password")


def extras(cast):
    """Return fields that no form may take: whose a row is, who may what, and what only the machine writes."""
    own, foreign = cast.own, cast.foreign
    names = {
        "organization": foreign.organization.pk,
        "user": foreign.learner.pk,
        "author": foreign.learner.pk,
        "signer": foreign.learner.pk,
        "recorded_by": foreign.learner.pk,
        "created_by": foreign.learner.pk,
        "enrollment": foreign.enrollment.pk,
        "cohort": foreign.cohort.pk,
        "membership": foreign.invitation.membership_id,
        "attempt": foreign.by_model[type(own.sign_off)].attempt_id,
        "framework": 1,
        "journey": foreign.version.journey_id,
    }
    found = {**names, **{f"{name}_id": value for name, value in names.items()}}
    found |= {"id": foreign.cohort.pk, "pk": foreign.cohort.pk, "uuid": str(foreign.cohort.uuid), "owner": "1"}
    found |= dict.fromkeys(("is_superuser", "is_staff", "erased_at", "is_demo"), "1")
    found |= dict.fromkeys(("passed_at", "joined_at", "withdrawn_at", "enrolled_at", "completed_at"), "2020-01-01")
    found |= {"revision": "99", "attempt_no": "9", "number": "9", "how": "waived", "scopes_": "*", "digest": "0" * 64}
    return {name: str(value) for name, value in found.items()}


def twins(cast):
    """Return what stands for a row of one's own, and the same for its like of the other organization."""
    pairs = {}
    for model, row in cast.own.by_model.items():
        foreign = cast.foreign.by_model[model]
        if hasattr(row, "uuid"):
            pairs[str(row.uuid)] = str(foreign.uuid)
        pairs.setdefault(str(row.pk), str(foreign.pk))
    for name in ("version", "draft", "reflection", "commitment", "sign_off", "asset", "colleague"):
        one, other = getattr(cast.own, name), getattr(cast.foreign, name)
        pairs[str(one.uuid)] = str(other.uuid)
        pairs.setdefault(str(one.pk), str(other.pk))
    return pairs


def foreign_rows(cast):
    """Return the keys of every row that hangs on the other organization."""
    found = {(type(row)._meta.label, row.pk) for row in cast.foreign.by_model.values()}
    for name in ("version", "draft", "reflection", "commitment", "asset", "colleague", "invitation"):
        row = getattr(cast.foreign, name)
        found.add((row._meta.label, row.pk))
    found |= {
        ("accounts.Membership", pk)
        for pk in Membership.objects.filter(organization=cast.foreign.organization).values_list("pk", flat=True)
    }
    return found


@pytest.fixture(scope="module")
def before(cast):
    return rows()


@pytest.fixture(scope="module")
def guarded(cast):
    return foreign_rows(cast)


def written(before, send, *, is_shown=False):
    """Do something and return what it wrote, taken back again; is_shown: fill in the page that answers, too."""
    pen = Pen()
    with transaction.atomic():
        with connection.execute_wrapper(pen), blank_pages(not is_shown):
            response = send()
        found = pen.change(before)
        transaction.set_rollback(True)
    assert response.status_code < 500, response.asked_for
    return found


def leaves_others_alone(found, guarded):
    touched, named = set(found.rows) & guarded, found.points_at() & guarded
    return (touched, named) == (set(), set())


def opened(cast, role):
    """Return the addresses of every page that might have a form."""
    for name, route in ROUTES.items():
        if (
            not route.is_api
            and "^" not in route.pattern
            and "object_id" not in route.arguments
            and not name.startswith(("account", "mfa", "social"))
        ):
            yield route.path(cast.own)
    for name, page in screens().items():
        row = cast.own.by_model.get(page.model)
        if name in SCREENS and row is not None:
            yield ROUTES[f"admin:{name}_change"].path(cast.own, object_id=row.pk)


@pytest.fixture(scope="module")
def forms(cast):
    """Return the forms of everybody who writes, as their pages filled them in."""
    found = {}
    for role in WRITERS:
        walk = Walk()
        for address in opened(cast, role):
            forms_of(look(cast.visitor(role), address), walk)
        found[role] = [form for form in walk.forms.values() if not form.action.startswith(NOT_OURS)]
    return found


def filled(form, answers=None):
    """Return a form as somebody would send it: empty texts written, choices made."""
    values = {name: list(given) for name, given in form.values.items()}
    for name, given in values.items():
        if given in ([""], []) and form.choices.get(name):
            values[name] = [next((choice for choice in form.choices[name] if choice), "")]
        elif given == [""] and re.search(r"text|title|name|comment|note|reason|cue|response|summary|report", name):
            values[name] = ["Words"]
    for name, offered in form.choices.items():
        if name not in values and offered:
            values[name] = [offered[0]]
    return values | {name: [value] for name, value in (answers or {}).items()}


@pytest.mark.parametrize("role", WRITERS)
def test_fields_that_a_form_does_not_have_change_nothing(cast, before, guarded, forms, role):
    assert len(forms[role]) >= 4
    more = extras(cast)

    for form in forms[role]:
        usual = filled(form)
        beside = {name: [value] for name, value in more.items() if name not in usual and name not in form.choices}
        plain = written(
            before, lambda sent=usual, to=form: cast.visitor(role).send("POST", to.action, sent), is_shown=True
        )
        forged = written(before, lambda sent=usual | beside, to=form: cast.visitor(role).send("POST", to.action, sent))

        assert leaves_others_alone(forged, guarded), form.action
        assert forged.shape == plain.shape, form.action


@pytest.mark.parametrize("role", WRITERS)
def test_ids_of_others_in_the_place_of_ones_own_reach_nothing(cast, before, guarded, forms, role):
    every = twins(cast)
    tried = 0

    for form in forms[role]:
        usual = filled(form)
        # Row numbers stand in Django's own forms alone; elsewhere a number is a number.
        is_django = form.action.startswith("/admin/") and not form.action.startswith("/admin/studio/")
        theirs = every if is_django else {own: other for own, other in every.items() if len(own) == 36}
        for name in [name for name in usual if any(value in theirs for value in usual[name])]:
            sent = usual | {name: [theirs.get(value, value) for value in usual[name]]}
            found = written(before, lambda sent=sent, to=form: cast.visitor(role).send("POST", to.action, sent))
            assert leaves_others_alone(found, guarded), (form.action, name)
            tried += 1
        for name, offered in form.choices.items():
            for other in {theirs[value] for value in offered if value in theirs}:
                sent = usual | {name: [other]}
                found = written(before, lambda sent=sent, to=form: cast.visitor(role).send("POST", to.action, sent))
                assert leaves_others_alone(found, guarded), (form.action, name)
                tried += 1
    assert tried or role == OWNER


@pytest.mark.parametrize("role", WRITERS)
def test_the_same_form_sent_to_anothers_address_reaches_nothing(cast, before, guarded, forms, role):
    theirs = twins(cast)

    for form in forms[role]:
        action = re.sub(r"[0-9a-f-]{36}|(?<=/)\d+(?=/)", lambda found: theirs.get(found[0], found[0]), form.action)
        if action != form.action:
            usual = filled(form)
            found = written(before, lambda sent=usual, to=action: cast.visitor(role).send("POST", to, sent))
            assert leaves_others_alone(found, guarded), action


def test_the_actions_of_a_list_reach_no_row_of_another_organization(cast, before, guarded):
    for name, page in screens().items():
        row = cast.foreign.by_model.get(page.model)
        if name not in SCREENS or row is None:
            continue
        adjusting = ("pause", "withdraw", "shift") if name == "learners_enrollment" else ()
        for action in ("delete_selected", *(page.actions or ()), *adjusting):
            sent = {"action": action, "_selected_action": [row.pk], "apply": "1", "post": "yes", "days": "3"}
            path = ROUTES[f"admin:{name}_changelist"].path(cast.own)
            found = written(before, lambda to=path, sent=sent: cast.visitor(ADMINISTRATOR).send("POST", to, sent))
            assert leaves_others_alone(found, guarded), (name, action)


API_WRITES: dict[str, tuple[str, Any]] = {
    "api-cohorts": (
        "POST",
        lambda own: {"name": "New", "journey": str(own.version.journey.uuid), "starts_on": "2027-06-01"},
    ),
    "api-cohort": ("PATCH", lambda own: {"name": "Other"}),
    "api-cohort-enrollments": ("POST", lambda own: {"people": [{"email": "somebody@example.net"}]}),
    "api-enrollment": ("PATCH", lambda own: {"shift_days": 3}),
    "api-completion": ("PUT", lambda own: {"completed_at": "2027-03-03T11:00:00Z"}),
}


def test_every_write_of_the_api_is_tried_here():
    writes = {
        (route.name, method)
        for route in ROUTES.values()
        if route.is_api
        for method in getattr(route.view, "view_class", type("", (), {"scopes": {}})).scopes
        if method != "GET"
    }

    assert {(name, method) for name, (method, _) in API_WRITES.items()} == writes


@pytest.mark.parametrize("role", [KEY, ADMINISTRATOR])
@pytest.mark.parametrize("name", API_WRITES)
def test_a_name_that_the_api_does_not_have_is_refused_and_nothing_is_written(cast, before, name, role):
    method, body = API_WRITES[name]
    # A step that is still to be done, and whose answer is nobody's private text.
    path = ROUTES[name].path(cast.own).replace("/try-it/", "/extra/")
    usual = body(cast.own)
    plain = written(before, lambda: cast.visitor(role).send(method, path, usual))
    assert {label for label, _ in plain.rows} - {"accounts.ApiKey"}

    for field, value in extras(cast).items():
        if field in usual or field == "journey":
            continue
        pen = Pen()
        with transaction.atomic():
            with connection.execute_wrapper(pen):
                response = cast.visitor(role).send(method, path, usual | {field: value})
            told = pen.change(before)
            transaction.set_rollback(True)
        assert response.status_code == 422, field
        assert f"/{field}" in {error["pointer"] for error in json.loads(response.content)["errors"]}
        assert {label for label, _ in told.rows} <= {"accounts.ApiKey"}, field


@pytest.mark.parametrize("role", [KEY, ADMINISTRATOR, LIMITED_KEY])
def test_the_api_takes_no_id_of_another_organization(cast, before, guarded, role):
    own, foreign = cast.own, cast.foreign
    tries = [
        ("api-cohorts", {"name": "New", "journey": str(foreign.version.journey.uuid)}, own),
        ("api-cohorts", {"name": "New", "version": str(foreign.version.uuid)}, own),
        *((name, body(own), foreign) for name, (_, body) in API_WRITES.items() if name != "api-cohorts"),
    ]

    for name, body, whose in tries:
        path = ROUTES[name].path(whose)
        method = API_WRITES[name][0]
        found = written(before, lambda m=method, p=path, b=body: cast.visitor(role).send(m, p, b))
        assert leaves_others_alone(found, guarded), name
        assert {label for label, _ in found.rows} <= {"accounts.ApiKey"}, name


def test_an_organization_that_one_does_not_belong_to_is_not_switched_to(cast):
    for wanted in (cast.foreign.organization.uuid, UUID(int=0), "nonsense", ""):
        visitor = cast.visitor(ADMINISTRATOR)
        with transaction.atomic():
            visitor.send("POST", "/organization/", {"organization": str(wanted)})
            response = visitor.send("GET", f"/cohorts/{cast.foreign.cohort.uuid}/")
            assert response.status_code == 404
            assert visitor.send("GET", f"/cohorts/{cast.own.cohort.uuid}/").status_code == 200
            transaction.set_rollback(True)


@pytest.mark.parametrize("route", ["sign-off", "unsubscribe", "invitation"])
def test_a_signed_link_that_was_altered_writes_nothing(cast, before, route):
    good = cast.own.token(route)
    text, _, signature = good.rpartition(":")
    others = [cast.own.token(name) for name in ("sign-off", "unsubscribe", "invitation") if name != route]
    theirs = cast.foreign.token(route)
    altered = [
        f"{text}x:{signature}",
        f"{text}:{signature[:-1]}A" if signature[-1] != "A" else f"{text}:{signature[:-1]}B",
        f"{theirs.rpartition(':')[0]}:{signature}",
        text,
        f"{text}:",
        *others,
    ]
    body = {"verdict": "confirmed", "List-Unsubscribe": "One-Click"}
    body |= {"new_password1": "long-enough-words", "new_password2": "long-enough-words"}

    for token in altered:
        for role in (ANONYMOUS, OWNER):
            found = written(before, lambda t=token, r=role: cast.visitor(r).send("POST", f"/{route}/{t}/", body))
            assert found.rows == {}, token
    assert written(before, lambda: cast.visitor(ANONYMOUS).send("POST", f"/{route}/{good}/", body)).rows


def test_a_signed_link_speaks_for_nobody_else(cast):
    stop = read_unsubscribe(cast.own.token("unsubscribe"))
    assert stop.person == cast.own.learner.uuid
    assert read_token(cast.own.token("sign-off")) == cast.own.sign_off.uuid
    with pytest.raises(LinkExpired):
        read_token(cast.own.token("invitation"))
    assert read_unsubscribe(cast.own.token("sign-off")) is None

"""Keys, access tokens and sessions."""

import base64
from datetime import timedelta

import pytest
from allauth.idp.oidc.models import Token
from django.test import Client

from config.accounts.actions import create_api_client, revoke_api_client, revoke_api_key
from config.accounts.models import ApiKey, ClientOrganization, Membership
from tests.api.test_access import is_problem
from tests.api.world import Caller, anonymous, signed_in, with_key
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.learners.running import NOW


def first_key():
    return ApiKey.objects.get()


def test_a_key_opens_its_own_organization_only(world, key):
    found = key.get("/cohorts/").json()["results"]

    assert {cohort["id"] for cohort in found} == {str(world.cohort.uuid), str(world.second.uuid)}


@pytest.mark.parametrize("value", ["wm_", "wm_unknown", "wm_" + "x" * 4000, "nonsense", ""])
def test_an_unknown_key_is_refused(world, value):
    response = Caller(Client(), value or " ").get("/cohorts/")

    assert is_problem(response, 401)
    assert response["WWW-Authenticate"].startswith("Bearer realm=")


def test_another_scheme_is_told_what_to_send(world):
    response = anonymous().get("/cohorts/", headers={"Authorization": "Basic abc"})

    assert is_problem(response, 401)
    assert "Bearer" in response.json()["detail"]


def test_a_revoked_key_ends_at_once(world, key):
    assert revoke_api_key(api_key_id=first_key().pk, now=NOW)

    response = key.get("/cohorts/")

    assert is_problem(response, 401)
    assert response.json()["type"] == "urn:waymark:problem:key_revoked"
    assert 'error="invalid_token"' in response["WWW-Authenticate"]


def test_a_key_ends_with_its_date(world, key, clock):
    clock.move_to(NOW + timedelta(days=300) - timedelta(seconds=1))
    assert key.get("/cohorts/").status_code == 200

    clock.move_to(NOW + timedelta(days=300))

    assert key.get("/cohorts/").json()["type"] == "urn:waymark:problem:key_expired"


def test_the_use_of_a_key_is_dated_once_a_minute(world, key, clock, django_assert_num_queries):
    key.get("/schema/")
    assert first_key().last_used_at == NOW

    clock.move_to(NOW + timedelta(seconds=59))
    with django_assert_num_queries(1):
        key.get("/schema/")
    assert first_key().last_used_at == NOW

    clock.move_to(NOW + timedelta(seconds=60))
    with django_assert_num_queries(2):
        key.get("/schema/")
    assert first_key().last_used_at == NOW + timedelta(seconds=60)


def test_a_scope_that_was_taken_out_of_the_product_opens_nothing(world):
    key = with_key(world.organization, {"progress:read"})
    ApiKey.objects.update(scopes=["progress:read", "everything:write"])

    assert key.get("/cohorts/").status_code == 200
    assert is_problem(key.post("/cohorts/", json={}), 403)


def token_for(client_id, secret, **form):
    credentials = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    return Client().post(
        "/identity/o/api/token",
        {"grant_type": "client_credentials", **form},
        headers={"Authorization": f"Basic {credentials}"},
    )


@pytest.fixture
def oauth_client(world):
    return create_api_client(
        organization_id=world.organization.pk,
        name="BI",
        scopes=["progress:read", "journeys:read"],
        created_by_id=None,
        now=NOW,
    )


def test_a_client_gets_a_token_for_its_organization(world, oauth_client):
    answer = token_for(oauth_client.client_id, oauth_client.secret).json()
    caller = Caller(Client(), answer["access_token"])

    assert answer["token_type"] == "Bearer"
    assert set(answer["scope"].split()) == {"progress:read", "journeys:read"}
    found = caller.get("/cohorts/").json()["results"]
    assert {cohort["id"] for cohort in found} == {str(world.cohort.uuid), str(world.second.uuid)}
    assert is_problem(caller.get(f"/cohorts/{world.other_cohort.uuid}/"), 404)
    assert is_problem(caller.post("/cohorts/", json={}), 403)


def test_a_token_holds_no_more_than_was_asked_for(oauth_client):
    answer = token_for(oauth_client.client_id, oauth_client.secret, scope="journeys:read").json()
    caller = Caller(Client(), answer["access_token"])

    assert caller.get("/journeys/").status_code == 200
    assert is_problem(caller.get("/cohorts/"), 403)


def test_a_client_cannot_ask_for_scopes_it_was_not_given(oauth_client):
    answer = token_for(oauth_client.client_id, oauth_client.secret, scope="cohorts:write")

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_scope"


@pytest.mark.parametrize("grant", ["password", "authorization_code", "urn:ietf:params:oauth:grant-type:device_code"])
def test_a_client_has_no_other_grant(oauth_client, grant):
    answer = token_for(oauth_client.client_id, oauth_client.secret, grant_type=grant, username="a", password="b")

    assert answer.status_code in {400, 401}
    assert not Token.objects.exists()


def test_a_wrong_secret_gets_no_token(oauth_client):
    assert token_for(oauth_client.client_id, "wrong").status_code == 401


def test_trying_secrets_is_slowed_down(oauth_client):
    answers = [token_for(oauth_client.client_id, "wrong") for _ in range(61)]

    assert {answer.status_code for answer in answers[:60]} == {401}
    assert answers[60].status_code == 429
    assert int(answers[60]["Retry-After"]) > 0


def test_a_token_ends_with_its_hour_and_with_its_client(oauth_client, clock):
    answer = token_for(oauth_client.client_id, oauth_client.secret).json()
    caller = Caller(Client(), answer["access_token"])
    clock.move_to(NOW + timedelta(seconds=answer["expires_in"] + 1))
    assert is_problem(caller.get("/journeys/"), 401)

    fresh = Caller(Client(), token_for(oauth_client.client_id, oauth_client.secret).json()["access_token"])
    assert fresh.get("/journeys/").status_code == 200
    assert revoke_api_client(client_id=oauth_client.client_id)

    assert is_problem(fresh.get("/journeys/"), 401)


def test_a_token_of_a_client_without_an_organization_opens_nothing(oauth_client):
    answer = token_for(oauth_client.client_id, oauth_client.secret).json()
    ClientOrganization.objects.all().delete()

    assert is_problem(Caller(Client(), answer["access_token"]).get("/journeys/"), 401)


def test_a_token_that_was_given_to_a_person_is_refused(world, oauth_client):
    answer = token_for(oauth_client.client_id, oauth_client.secret).json()
    Token.objects.update(user=world.administrator)

    assert is_problem(Caller(Client(), answer["access_token"]).get("/journeys/"), 401)


def test_a_page_reads_with_its_session_and_writes_with_its_csrf_token(world):
    page = signed_in(world.administrator, check_csrf=True)
    assert page.get("/cohorts/").status_code == 200

    refused = page.post("/cohorts/", json={})
    assert is_problem(refused, 403)

    token = "a" * 32
    page.client.cookies["csrftoken"] = token
    assert page.post("/cohorts/", json={}, headers={"X-CSRFToken": token}).status_code == 422


def test_a_key_needs_no_csrf_token(world):
    key = with_key(world.organization)
    key.client = Client(enforce_csrf_checks=True)

    assert key.post("/cohorts/", json={}).status_code == 422


def test_a_person_without_an_organization_is_told_whom_to_ask(db):
    response = signed_in(UserFactory()).get("/cohorts/")

    assert is_problem(response, 403)
    assert response.json()["type"] == "urn:waymark:problem:no_organization"


def test_a_person_who_left_sees_nothing(world):
    page = signed_in(world.administrator)
    Membership.objects.filter(user=world.administrator).update(is_active=False)

    assert is_problem(page.get("/cohorts/"), 403)


def test_a_person_acts_in_the_organization_of_their_session(world):
    MembershipFactory(user=world.administrator, organization=world.other, is_administrator=True)
    page = signed_in(world.administrator)
    session = page.client.session
    session["organization"] = world.other.pk
    session.save()

    found = page.get("/cohorts/").json()["results"]

    assert [cohort["id"] for cohort in found] == [str(world.other_cohort.uuid)]


def test_nothing_of_a_key_is_kept_in_the_clear(world, key):
    kept = ApiKey.objects.values().get()

    assert key.secret.startswith("wm_")
    assert len(key.secret) > 40
    assert key.secret.startswith(kept["prefix"])
    assert key.secret[len(kept["prefix"]) :] not in str(kept)

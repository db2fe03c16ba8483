"""Making and ending keys and clients."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.idp.oidc.models import Client, Token

from config.accounts.actions import (
    create_api_client,
    create_api_key,
    date_key_use,
    forget_expired,
    revoke_api_client,
    revoke_api_key,
)
from config.accounts.actor import Actor
from config.accounts.errors import UnknownScope
from config.accounts.keys import digest_of
from config.accounts.models import ApiKey, ClientOrganization, IdempotentRequest
from config.accounts.queries import cohort_limit, find_key
from config.support.errors import InvalidInput, NotFound
from learners.cohorts.actions.keys import limit_key
from learners.cohorts.errors import UnknownCohort
from learners.cohorts.models import Cohort
from tests.factories.accounts import ApiKeyFactory, OrganizationFactory
from tests.factories.learners import CohortFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 3, 12, tzinfo=UTC)


def reach_of(key):
    found = find_key(key.digest)
    return cohort_limit(found) if found else frozenset()


def make(**values):
    given = {
        "organization_id": OrganizationFactory().pk,
        "name": "BI",
        "scopes": ["progress:read"],
        "expires_at": NOW + timedelta(days=90),
        "created_by_id": None,
        "now": NOW,
    }
    return create_api_key(**(given | values))


def test_a_key_is_kept_as_a_hash_and_its_first_characters():
    made = make(scopes=["progress:read", "cohorts:write", "progress:read"])

    kept = ApiKey.objects.get()
    assert kept.digest == digest_of(made.secret)
    assert kept.prefix == made.secret[:11]
    assert kept.scopes == ["cohorts:write", "progress:read"]
    assert make().secret != made.secret


def test_a_scope_of_what_does_not_exist_yet_is_reserved():
    with pytest.raises(UnknownScope, match="webhooks:manage is reserved"):
        make(scopes=["progress:read", "webhooks:manage"])
    with pytest.raises(UnknownScope, match="webhooks:manage is reserved"):
        create_api_client(
            organization_id=OrganizationFactory().pk, name="BI", scopes=["webhooks:manage"], created_by_id=None, now=NOW
        )


def test_a_scope_that_does_not_exist_is_named():
    with pytest.raises(UnknownScope, match="everything:write"):
        make(scopes=["progress:read", "everything:write"])
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("life", [timedelta(0), timedelta(days=-1), timedelta(days=733)])
def test_a_key_lives_from_now_to_two_years(life):
    with pytest.raises(InvalidInput, match="two years"):
        make(expires_at=NOW + life)


def test_a_fixed_key_is_kept_like_any_other_and_must_be_long():
    assert make(secret="wm_demo-key-for-everyone").secret == "wm_demo-key-for-everyone"
    with pytest.raises(InvalidInput, match="at least"):
        make(secret="short")


def test_a_key_is_revoked_once():
    key = make().api_key

    assert revoke_api_key(api_key_id=key.pk, now=NOW)
    assert not revoke_api_key(api_key_id=key.pk, now=NOW + timedelta(days=1))
    key.refresh_from_db()
    assert key.revoked_at == NOW


def test_of_two_uses_in_one_minute_one_is_written():
    key = make().api_key

    assert date_key_use(api_key_id=key.pk, now=NOW)
    assert not date_key_use(api_key_id=key.pk, now=NOW + timedelta(seconds=59))
    assert date_key_use(api_key_id=key.pk, now=NOW + timedelta(seconds=60))


def test_a_client_has_one_grant_and_a_hashed_secret():
    made = create_api_client(
        organization_id=OrganizationFactory().pk, name="HR", scopes=["journeys:read"], created_by_id=None, now=NOW
    )

    client = Client.objects.get()
    assert client.get_grant_types() == ["client_credentials"]
    assert client.get_scopes() == client.get_default_scopes() == ["journeys:read"]
    assert not client.get_redirect_uris()
    assert made.secret not in client.secret
    assert client.check_secret(made.secret)


def test_a_client_ends_with_its_row():
    made = create_api_client(
        organization_id=OrganizationFactory().pk, name="HR", scopes=["journeys:read"], created_by_id=None, now=NOW
    )

    assert revoke_api_client(client_id=made.client_id)
    assert not revoke_api_client(client_id=made.client_id)
    assert not ClientOrganization.objects.exists()


def test_what_has_ended_is_forgotten_and_nothing_else():
    for hours in (23, 25):
        IdempotentRequest.objects.create(
            caller="key:a", key=str(hours), fingerprint="f", created_at=NOW - timedelta(hours=hours)
        )
    for minutes in (-1, 1):
        Token.objects.create(type="at", hash=str(minutes), expires_at=NOW + timedelta(minutes=minutes))

    assert forget_expired(now=NOW) == 2
    assert forget_expired(now=NOW) == 0
    assert IdempotentRequest.objects.get().key == "23"
    assert Token.objects.get().hash == "1"


def test_a_key_is_limited_to_cohorts_and_let_go_again():
    cohort = CohortFactory()
    key = ApiKeyFactory(organization=cohort.organization)
    assert reach_of(key) is None

    limit_key(api_key_id=key.pk, cohort_ids=[cohort.pk])
    assert reach_of(key) == frozenset({cohort.pk})
    seen = Actor(organization_id=cohort.organization_id, cohort_ids=reach_of(key))
    assert list(Cohort.objects.visible_to(seen)) == [cohort]

    limit_key(api_key_id=key.pk, cohort_ids=[])
    assert reach_of(key) is None


def test_a_key_cannot_be_limited_to_another_organizations_cohort():
    key = ApiKeyFactory()

    with pytest.raises(UnknownCohort):
        limit_key(api_key_id=key.pk, cohort_ids=[CohortFactory().pk])
    with pytest.raises(NotFound):
        limit_key(api_key_id=0, cohort_ids=[])

"""What opens a door is kept as a hash, or not at all: a copy of the database signs nobody in."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.apps import apps
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import CharField, TextField
from django.test import Client

from config.accounts.actions import create_api_client, create_api_key
from config.accounts.mfa import MFAAdapter
from config.accounts.models import ApiKey
from learners.nudges.links import Stop, unsubscribe_link
from learners.people.actions.inviting import ask_for_invitation, mail_waiting_invitations
from learners.progress.queries.sign_offs import sign_off_token
from tests.config.personal_data.person import NOW
from tests.factories.accounts import MembershipFactory
from tests.factories.learners import SignOffFactory

pytestmark = pytest.mark.django_db
PASSWORD = "seven quiet herons"
CODE = re.compile(r"^[A-Z]{4}-[A-Z]{4}$", re.MULTILINE)


def everything_kept():
    values = []
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            values += [str(value) for row in cursor.fetchall() for value in row]
    return values


@pytest.fixture
def member():
    member = MembershipFactory(user__email="ana@example.com")
    member.user.set_password(PASSWORD)
    member.user.save()
    EmailAddress.objects.create(user=member.user, email="ana@example.com", verified=True, primary=True)
    return member


def test_no_key_token_code_or_password_is_kept_readable(member, settings):
    settings.IDP_OIDC_PRIVATE_KEY = ""
    organization = member.organization.pk
    made = create_api_key(
        organization_id=organization,
        name="BI",
        scopes=["progress:read"],
        expires_at=NOW + timedelta(days=9),
        created_by_id=None,
        now=NOW,
    )
    client = create_api_client(
        organization_id=organization, name="HR", scopes=["progress:read"], created_by_id=None, now=NOW
    )
    token = Client().post(
        "/identity/o/api/token",
        {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": client.secret},
    )
    invited = MembershipFactory(user__email="new@example.com", organization=member.organization)
    invited.user.set_unusable_password()
    invited.user.save()
    ask_for_invitation(membership_id=invited.pk, actor_id=None, now=NOW)
    mail_waiting_invitations(now=NOW)
    invitation = re.search(r"/invitation/([^/\s]+)/", mail.outbox[-1].body).group(1)
    Client().post("/accounts/password/reset/", {"email": "ana@example.com"})
    reset = re.search(r"/reset/key/([^/\s]+)/", mail.outbox[-1].body).group(1)
    secrets = {
        "key": made.secret,
        "client": client.secret,
        "token": token.json().get("access_token"),
        "invitation": invitation,
        "reset": reset,
        "sign-off": sign_off_token(SignOffFactory()),
        "unsubscribe": unsubscribe_link(Stop(member.user.uuid, "practice", "email")).split("/")[-2],
        "password": PASSWORD,
    }

    kept = everything_kept()
    found = {name for name, secret in secrets.items() if secret and any(secret in value for value in kept)}
    assert found == set()
    assert len([secret for secret in secrets.values() if secret]) >= 7


def test_a_key_is_found_by_its_hash_and_shown_by_its_beginning(member):
    made = create_api_key(
        organization_id=member.organization_id,
        name="BI",
        scopes=["progress:read"],
        expires_at=NOW + timedelta(days=9),
        created_by_id=None,
        now=NOW,
    )

    key = ApiKey.objects.get()
    assert re.fullmatch(r"[0-9a-f]{64}", key.digest)
    assert made.secret.startswith(key.prefix)
    assert len(key.prefix) <= len(made.secret) / 2


# Columns whose names say that they hold a secret, and why that is no hole.
KNOWN = {
    "accounts.User.password": "hashed",
    "accounts.Organization.salt": "draws trial arms; opens nothing",
    "accounts.ApiKey.digest": "hashed",
    "account.EmailConfirmation.key": "unused: addresses are confirmed by code",
    "allauth_idp_oidc.Client.secret": "hashed",
    "allauth_idp_oidc.Token.hash": "hashed",
    "socialaccount.SocialApp.secret": "what another provider gave this installation; it must be sent to it as it is",
    "socialaccount.SocialApp.key": "as secret",
    "socialaccount.SocialToken.token": "only kept with SOCIALACCOUNT_STORE_TOKENS, which is off",
    "socialaccount.SocialToken.token_secret": "as token",
    "sessions.Session.session_key": "the session itself; see docs/SECURITY.md",
    "usersessions.UserSession.session_key": "as Session",
    "learners.Suppression.address_hash": "hashed",
}
SAYS_SECRET = re.compile(r"secret|token|password|salt|digest|hash|(^|_)key$|whsec")
IDENTIFIES = {"step_key", "module_key", "rule_key", "key", "fingerprint", "lease_token"}


def test_a_new_column_that_may_hold_a_secret_is_looked_at():
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField) and SAYS_SECRET.search(field.name)
    }
    ours = {name for name in found if name.rsplit(".", 1)[1] in IDENTIFIES and name not in KNOWN}

    assert found - ours - set(KNOWN) == set()


def test_tokens_of_other_providers_are_not_kept(settings):
    assert getattr(settings, "SOCIALACCOUNT_STORE_TOKENS", False) is False


def test_secrets_of_authenticators_are_kept_encrypted(member):
    secret = generate_totp_secret()
    TOTP.activate(member.user, secret)
    codes = RecoveryCodes.activate(member.user).generate_codes()

    kept = everything_kept()
    assert not any(word in value for word in (secret, *codes) for value in kept)
    totp = Authenticator.objects.get(type="totp").wrap()
    assert totp.validate_code(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).validate_code(codes[0])


def test_an_earlier_key_still_opens_what_it_closed_and_a_foreign_one_opens_nothing(settings):
    closed = MFAAdapter().encrypt("a secret")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-of-this-test-0123456789-abcdefghijklmnop"

    assert MFAAdapter().decrypt(closed) == "a secret"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FALLBACKS"):
        MFAAdapter().decrypt(closed)

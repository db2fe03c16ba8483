"""Making and ending the keys and clients that speak for an organization."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from allauth.account.models import EmailAddress
from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client, Token
from django.db import transaction
from django.db.models import Q

from config.accounts.actor import KEY_SCOPES, RESERVED_SCOPES, SCOPES
from config.accounts.errors import UnknownScope
from config.accounts.keys import digest_of, new_secret, shown_part
from config.accounts.models import ApiKey, ClientOrganization, IdempotentRequest, User
from config.support.errors import Fault, InvalidInput

LONGEST_LIFE: Final = timedelta(days=2 * 366)
USE_IS_DATED_EVERY: Final = timedelta(minutes=1)
ANSWERS_ARE_KEPT: Final = timedelta(hours=24)
SHORTEST_SECRET: Final = 16


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made. The secret is here and nowhere else: show it once."""

    api_key: ApiKey
    secret: str


@dataclass(frozen=True, slots=True)
class NewClient:
    """An OAuth2 client that was just made. The secret is here and nowhere else: show it once."""

    client_id: str
    secret: str


def create_api_key(
    *,
    organization_id: int,
    name: str,
    scopes: Collection[str],
    expires_at: datetime,
    created_by_id: int | None,
    now: datetime,
    secret: str | None = None,
) -> NewKey:
    """
    Make a key for one organization and return it with its secret, which is kept as a hash only.

    secret: fixes the key (the demo's, or one that moves from another installation); otherwise 256 random bits are
    drawn. Limits to single cohorts are set by learners.cohorts. Raises UnknownScope, and InvalidInput for a life that
    has ended or is longer than two years, and for a fixed secret that is too short.
    """
    _check_scopes(scopes, KEY_SCOPES)
    if not now < expires_at <= now + LONGEST_LIFE:
        raise InvalidInput(faults=[Fault("/expires_at", "Choose a day from tomorrow up to two years ahead.")])
    if secret is not None and len(secret) < SHORTEST_SECRET:
        detail = f"A fixed key has at least {SHORTEST_SECRET} characters."
        raise InvalidInput(faults=[Fault("/secret", detail)])
    value = secret or new_secret()
    api_key = ApiKey.objects.create(
        organization_id=organization_id,
        name=name,
        prefix=shown_part(value),
        digest=digest_of(value),
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
        created_by_id=created_by_id,
    )
    return NewKey(api_key, value)


def revoke_api_key(*, api_key_id: int, now: datetime) -> bool:
    """End a key at once and for good; returns whether it was still alive. Idempotent."""
    return bool(ApiKey.objects.filter(pk=api_key_id, revoked_at__isnull=True).update(revoked_at=now))


def date_key_use(*, api_key_id: int, now: datetime) -> bool:
    """
    Write down that a key was used, at most once a minute: of many requests at once, one writes. At most one query.

    Returns whether it was written.
    """
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - USE_IS_DATED_EVERY)
    return bool(ApiKey.objects.filter(stale, pk=api_key_id).update(last_used_at=now))


def create_api_client(
    *, organization_id: int, name: str, scopes: Collection[str], created_by_id: int | None, now: datetime
) -> NewClient:
    """
    Make an OAuth2 client that may ask for access tokens with the client-credentials grant, for one organization.

    A token that is asked for without a scope gets all of the client's. Raises UnknownScope.
    """
    _check_scopes(scopes, SCOPES)
    secret = get_adapter().generate_client_secret()
    with transaction.atomic():
        client = Client(name=name, type=Client.Type.CONFIDENTIAL, response_types="")
        client.set_scopes(sorted(set(scopes)))
        client.set_default_scopes(sorted(set(scopes)))
        client.grant_types = Client.GrantType.CLIENT_CREDENTIALS
        client.set_secret(secret)
        client.save(force_insert=True)
        ClientOrganization.objects.create(
            client_id=client.pk, organization_id=organization_id, created_by_id=created_by_id, created_at=now
        )
    return NewClient(client.pk, secret)


def revoke_api_client(*, client_id: str) -> bool:
    """End a client and every token it holds, at once; returns whether it was there. Idempotent."""
    with transaction.atomic():
        ClientOrganization.objects.filter(client_id=client_id).delete()
        deleted, _ = Client.objects.filter(pk=client_id).delete()
    return bool(deleted)


@transaction.atomic
def sign_in_with(*, user_id: int, email: str) -> None:
    """
    Let a person sign in with this address, and with no other one that they had here.

    The first mailed code proves it. Idempotent.
    """
    address = email.strip().lower()
    User.objects.filter(pk=user_id).update(email=address)
    EmailAddress.objects.filter(user_id=user_id).exclude(email=address).delete()
    EmailAddress.objects.update_or_create(user_id=user_id, email=address, defaults={"primary": True})


def forget_expired(*, now: datetime) -> int:
    """
    Delete answers to repeated writes that are older than a day and access tokens that have ended; returns how many.

    Idempotent; for a daily round. Each keyed write forgets old answers too, so this is for quiet installations.
    """
    answers, _ = IdempotentRequest.objects.filter(created_at__lt=now - ANSWERS_ARE_KEPT).delete()
    tokens, _ = Token.objects.filter(expires_at__lte=now).delete()
    return int(answers + tokens)


def _check_scopes(scopes: Collection[str], known: Mapping[str, str]) -> None:
    unknown = sorted(set(scopes) - known.keys())
    if unknown:
        raise UnknownScope(faults=[Fault("/scopes", _why_not(scope, known)) for scope in unknown])


def _why_not(scope: str, known: Mapping[str, str]) -> str:
    choose = f"Choose from {', '.join(known)}."
    if scope in RESERVED_SCOPES:
        return f"{scope} is reserved for what does not exist yet. {choose}"
    return f"{scope} is no scope. {choose}"

"""How the API learns who is asking: an API key, an OAuth2 access token, or the session of a page."""

import hmac
from datetime import datetime
from typing import Any, Final, TypeAlias

from allauth.idp.oidc.models import Token
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from rest_framework.authentication import BaseAuthentication, CSRFCheck
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from config.accounts.actions import USE_IS_DATED_EVERY, date_key_use
from config.accounts.actor import KEY_SCOPES, SCOPES, Actor
from config.accounts.keys import SECRET_PREFIX, digest_of
from config.accounts.models import ClientOrganization
from config.accounts.queries import cohort_limit, find_key
from config.accounts.session import actor_of

Found: TypeAlias = tuple[Any, Actor]
CHALLENGE: Final = 'Bearer realm="waymark"'
INVALID: Final = "This key or token is not known here. Check it, or ask for a new one."


def bearer_of(request: Request) -> str | None:
    """Return what stands behind `Authorization: Bearer`, None without such a header."""
    word, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if word.lower() == "bearer" else None


class _Bearer(BaseAuthentication):
    """What both kinds of bearer share: the challenge that a refusal carries."""

    def authenticate_header(self, request: Request) -> str:
        if request.headers.get("Authorization"):
            return f'{CHALLENGE}, error="invalid_token"'
        return CHALLENGE


class ApiKeyAuthentication(_Bearer):
    """
    Lets `Authorization: Bearer wm_…` speak for its organization.

    The key is found by the hash of all of it, so the time of the search tells nothing about a key; the comparison after
    it is in constant time all the same. One query, one more for a key that is limited to cohorts, and one more at most
    once a minute, which dates the use.
    """

    def authenticate(self, request: Request) -> Found | None:
        secret = bearer_of(request)
        if secret is None:
            if request.headers.get("Authorization"):
                raise AuthenticationFailed("Send the key as: Authorization: Bearer <key>.")
            return None
        digest = digest_of(secret)
        api_key = find_key(digest)
        if api_key is None and not secret.startswith(SECRET_PREFIX):
            # A key that somebody fixed may look like anything; what is no key may still be an access token.
            return None
        if api_key is None or not hmac.compare_digest(api_key.digest, digest):
            raise AuthenticationFailed(INVALID)
        now: datetime = request._request.now  # type: ignore[attr-defined]
        if api_key.revoked_at is not None:
            raise AuthenticationFailed("This key was revoked. Ask for a new one.", code="key_revoked")
        if api_key.expires_at <= now:
            raise AuthenticationFailed("This key has expired. Ask for a new one.", code="key_expired")
        if api_key.last_used_at is None or api_key.last_used_at <= now - USE_IS_DATED_EVERY:
            date_key_use(api_key_id=api_key.pk, now=now)
        return AnonymousUser(), Actor(
            organization_id=api_key.organization_id,
            scopes=frozenset(api_key.scopes) & KEY_SCOPES.keys(),
            cohort_ids=cohort_limit(api_key),
            caller=f"key:{api_key.uuid}",
        )


class ClientAuthentication(_Bearer):
    """
    Lets an OAuth2 access token of the client-credentials grant speak for its client's organization.

    A token that was given to a person is refused: people use the product's own pages. Three queries, the first of
    them for a key of that form.
    """

    def authenticate(self, request: Request) -> Found | None:
        value = bearer_of(request)
        if value is None:
            return None
        tokens = Token.objects.valid().by_value(value).filter(type=Token.Type.ACCESS_TOKEN, user__isnull=True)
        token = tokens.exclude(client=None).first()
        place = ClientOrganization.objects.filter(client_id=token.client_id).first() if token else None
        if token is None or place is None:
            raise AuthenticationFailed(INVALID)
        return AnonymousUser(), Actor(
            organization_id=place.organization_id,
            scopes=frozenset(token.get_scopes()) & SCOPES.keys(),
            caller=f"client:{place.uuid}",
        )


class ActorSessionAuthentication(BaseAuthentication):
    """
    Lets a signed-in person's page ask; a write must carry the page's CSRF token.

    Somebody without an organization has no actor, and reads what is for anyone.
    """

    def authenticate(self, request: Request) -> "tuple[Any, Actor | None] | None":
        page: HttpRequest = request._request
        user = getattr(page, "user", None)
        if user is None or not user.is_authenticated or not user.is_active:
            return None
        _refuse_forged(page)
        return user, actor_of(page)


def _refuse_forged(page: HttpRequest) -> None:
    """API views are exempt from the CSRF middleware, because keys need none; a session does."""
    check = CSRFCheck(_pass)
    check.process_request(page)
    reason = check.process_view(page, _pass, (), {})
    if reason:
        raise PermissionDenied(f"Reload the page and try again. {reason}", code="csrf_failed")


def _pass(request: HttpRequest) -> HttpResponse:
    return HttpResponse()

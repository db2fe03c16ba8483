"""The part of allauth's OpenID provider that is in use: access tokens for other tools (client credentials)."""

import secrets
from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter

from config.accounts.actor import SCOPES


class OIDCAdapter(DefaultOIDCAdapter):  # type: ignore[misc]
    """Our scopes, in words, and client secrets of 256 random bits that survive a form and a shell."""

    scope_display = {**DefaultOIDCAdapter.scope_display, **SCOPES}

    def generate_client_secret(self) -> str:
        return secrets.token_urlsafe(32)

    def populate_server_metadata(self, data: dict[str, Any]) -> None:
        """Tell what is on: the grant and the scopes of the API."""
        data["scopes_supported"] = list(SCOPES)
        data["grant_types_supported"] = ["client_credentials"]

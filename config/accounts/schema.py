"""How to authenticate, as the OpenAPI document tells it."""

from typing import Any

from django.conf import settings

from config.accounts.actor import SCOPES


def add_security(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add the three ways to authenticate, and our scopes in words."""
    grant = {"tokenUrl": "/identity/o/api/token", "scopes": SCOPES}
    result.setdefault("components", {})["securitySchemes"] = {
        "apiKey": {"type": "http", "scheme": "bearer", "description": "An API key: it begins with wm_."},
        "oauth2": {
            "type": "oauth2",
            "description": "An access token of an OAuth2 client.",
            "flows": {"clientCredentials": grant},
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "For Waymark's own pages; a write also carries their CSRF token.",
        },
    }
    return result

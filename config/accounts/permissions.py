"""What each address of the API asks of a caller, per method."""

from collections.abc import Mapping
from typing import Any, Final

from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from config.accounts.actor import SCOPES, Actor
from config.accounts.errors import MissingScope, NoOrganization, PeopleOnly

ANYONE: Final = "anyone"
SIGNED_IN: Final = "signed-in"
DECLARABLE: Final = frozenset({*SCOPES, ANYONE, SIGNED_IN})


def declared_scopes(view: object) -> Mapping[str, str]:
    """Return what a view declares as `scopes`: method to scope, or to ANYONE or SIGNED_IN. HEAD follows GET."""
    scopes: Mapping[str, str] = getattr(view, "scopes", {})
    return {**scopes, "HEAD": scopes["GET"]} if "GET" in scopes else scopes


class HasScope(BasePermission):
    """
    Lets a caller through who holds the scope that the view declares for the method.

    A method that declares nothing is closed to everybody, and a test fails for it. People hold every scope: what they
    may do is decided by their roles where the row is read.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        method = request.method or ""
        needed = declared_scopes(view).get(method)
        if needed is None:
            if method == "OPTIONS" or not hasattr(view, method.lower()):
                raise MethodNotAllowed(method)
            return False
        if needed == ANYONE:
            return True
        actor = request.auth
        if not isinstance(actor, Actor):
            if request.user.is_authenticated:
                raise NoOrganization
            raise NotAuthenticated("Send an API key or an access token, or sign in.")
        if needed == SIGNED_IN:
            if not actor.is_person:
                raise PeopleOnly
            return True
        if not actor.may(needed):
            raise MissingScope(f"This needs the scope {needed}. Ask for a key that has it.")
        return True

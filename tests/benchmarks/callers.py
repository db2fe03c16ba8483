"""Callers that ask the product in this very process, through all of its middleware."""

from dataclasses import dataclass
from typing import Any

from django.test import Client

from config.accounts.models import User

V1 = "/api/v1"


@dataclass
class Caller:
    """Somebody with an API key, or with the session of a page."""

    client: Client
    secret: str = ""

    def get(self, path: str) -> Any:
        """Return the answer to a GET, read to its end; anything but 200 and 304 breaks the program off."""
        headers = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        answer = self.client.get(path, headers=headers)
        if answer.status_code not in (200, 304):
            raise AssertionError((path, answer.status_code, answer.content[:500]))
        return answer


def with_key(secret: str) -> Caller:
    """Return a caller with a key."""
    return Caller(Client(), secret)


def signed_in(user: User) -> Caller:
    """Return a caller who is signed in."""
    client = Client()
    client.force_login(user)
    return Caller(client)

"""Addresses that go into messages: absolute, and signed where they must work without signing in."""

import uuid
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse

_UNSUBSCRIBE: Final = "learners.nudges.unsubscribe"


@dataclass(frozen=True, slots=True)
class Stop:
    """Who wants to stop what: a person's uuid, a category, a channel."""

    person: uuid.UUID
    category: str
    channel: str


def absolute(path: str) -> str:
    """Return the full address of a path of this site."""
    return f"{settings.SITE_URL}{path}"


def site_host() -> str:
    """Return the host name of this site, for Message-IDs."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def unsubscribe_link(stop: Stop) -> str:
    """Return the signed address that stops this kind of message without signing in; it never expires."""
    value = {"p": str(stop.person), "c": stop.category, "h": stop.channel}
    token = signing.Signer(salt=_UNSUBSCRIBE).sign_object(value, compress=False)
    return absolute(reverse("unsubscribe", args=[token]))


def read_unsubscribe(token: str) -> Stop | None:
    """Return what a signed address asks to stop, or None for one that was altered."""
    try:
        value = signing.Signer(salt=_UNSUBSCRIBE).unsign_object(token)
        return Stop(person=uuid.UUID(value["p"]), category=str(value["c"]), channel=str(value["h"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None

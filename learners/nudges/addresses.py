"""Addresses as keyed hashes: enough to recognize one, not to read it."""

import hmac
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac

_SALT: Final = "learners.nudges.suppression"


def address_hash(address: str) -> str:
    """Return the hash under which an address is kept from now on."""
    return _finished(_keyed(settings.SECRET_KEY), address)


def known_hashes(address: str) -> list[str]:
    """Return every hash under which an address may have been kept: with the present key and with earlier ones."""
    return list(by_known_hash([address]))


def by_known_hash(addresses: Iterable[str]) -> dict[str, str]:
    """Return many addresses by every hash under which they may have been kept."""
    keys = [_keyed(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return {_finished(keyed, address): address for address in addresses for keyed in keys}


def _finished(keyed: hmac.HMAC, address: str) -> str:
    own = keyed.copy()
    own.update(address.strip().lower().encode())
    return own.hexdigest()


@lru_cache(maxsize=8)
def _keyed(key: str | bytes) -> hmac.HMAC:
    """Return the hash before its first byte: deriving its key takes longer than hashing an address."""
    return salted_hmac(_SALT, "", secret=key, algorithm="sha256")

"""What a key is made of, and how rooms above limit one without keys knowing them."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

SECRET_PREFIX: Final = "wm_"  # noqa: S105 - the part that is no secret
SHOWN_CHARACTERS: Final = 11


def new_secret() -> str:
    """Return a new key: wm_ and 256 random bits."""
    return SECRET_PREFIX + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """Return what is kept of a key: the SHA-256 of the whole. A slow hash would add cost and no safety here."""
    return hashlib.sha256(secret.encode()).hexdigest()


def shown_part(secret: str) -> str:
    """Return the first characters of a key, by which people tell keys apart."""
    return secret[:SHOWN_CHARACTERS]


@dataclass(frozen=True, slots=True)
class CohortLimits:
    """Dotted paths of the two functions that know cohorts; empty until the app that knows them is ready."""

    mark: str = ""
    read: str = ""


_limits = CohortLimits()


def register_cohort_limits(*, mark: str, read: str) -> None:
    """
    Use the functions at these dotted paths to find the cohorts that a key is limited to.

    Called once, when the app that knows cohorts is ready; paths are resolved at the first key that comes. mark: takes a
    queryset of ApiKey and annotates it with is_limited. read: takes an ApiKey id and returns ids of cohorts.
    """
    global _limits
    _limits = CohortLimits(mark, read)


def cohort_limits() -> CohortLimits:
    """Return what was registered."""
    return _limits

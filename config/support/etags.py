"""Entity tags made of row revisions, so that an unchanged answer costs its queries and nothing else."""

import hashlib
from typing import Any

from django.http import HttpRequest
from django.utils.http import parse_etags

# Raised when the shape of an answer changes, so that nobody keeps an answer of the old shape.
SHAPE = 1


def etag_of(*stamp: Any) -> str:
    """
    Return a weak entity tag of these revisions, dates and deadlines that have passed. Never give it a body.

    stamp: plain values whose `repr` tells them apart (numbers, strings, aware datetimes, tuples of them).
    """
    return f'W/"{hashlib.sha256(repr((SHAPE, stamp)).encode()).hexdigest()[:32]}"'


def is_known(request: HttpRequest, etag: str) -> bool:
    """Return whether the caller already holds the answer with this tag (If-None-Match, weak comparison)."""
    held = parse_etags(request.headers.get("If-None-Match", ""))
    return held == ["*"] or etag.removeprefix("W/") in {tag.removeprefix("W/") for tag in held}

"""Repeated writes: the first answer is kept with the write itself and given again."""

import hashlib
import json
import re
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, OperationalError, transaction
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from config.accounts.actions import ANSWERS_ARE_KEPT
from config.accounts.errors import BadIdempotencyKey, IdempotencyKeyReused, StillUnderWay
from config.accounts.models import IdempotentRequest

KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")
KEPT_HEADERS: Final = ("Location", "Retry-After")


def idempotency_key(request: Request) -> str | None:
    """Return the key of a write, None without one. Raises BadIdempotencyKey."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not KEY.fullmatch(key):
        raise BadIdempotencyKey
    return key


def answer_once(request: Request, *, caller: str, key: str, now: datetime, answer: Callable[[], Response]) -> Response:
    """
    Return the first answer that this caller got for this key, or get it from `answer()` and keep it for 24 hours.

    One transaction around both: the answer is kept when and only when the write is, whatever dies in between. A
    repeat that comes while the first is under way waits for it on the unique constraint. Refusals are answers too,
    and kept; a crash is not. Raises IdempotencyKeyReused for another request under the same key, and StillUnderWay
    when the wait is cut.
    """
    fingerprint = fingerprint_of(request)
    with ExitStack() as stack:
        try:
            IdempotentRequest.objects.filter(created_at__lt=now - ANSWERS_ARE_KEPT).delete()
            stack.enter_context(transaction.atomic())
            row, is_first = _claim(caller, key, fingerprint, now)
        except OperationalError as error:
            # SQLite gives up waiting for its write lock; PostgreSQL does when its settings limit the wait.
            raise StillUnderWay from error
        if not is_first:
            return _again(row, fingerprint)
        response = answer()
        row.status, row.body = response.status_code, _kept(response)
        row.save(update_fields=["status", "body"])
    return response


def fingerprint_of(request: Request) -> str:
    """Return the SHA-256 of method, address with its parameters, and body."""
    page = request._request
    parts = ((page.method or "").encode(), page.get_full_path().encode(), page.body)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _claim(caller: str, key: str, fingerprint: str, now: datetime) -> tuple[IdempotentRequest, bool]:
    try:
        with transaction.atomic():
            row = IdempotentRequest(caller=caller, key=key, fingerprint=fingerprint, created_at=now)
            row.save(force_insert=True)
        return row, True
    except IntegrityError:
        return IdempotentRequest.objects.get(caller=caller, key=key), False


def _again(row: IdempotentRequest, fingerprint: str) -> Response:
    if row.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    if row.status is None or row.body is None:
        raise StillUnderWay
    kept: dict[str, Any] = row.body
    headers = {**kept["headers"], "Idempotency-Replayed": "true"}
    return Response(kept["data"], status=row.status, headers=headers, content_type=kept["content_type"])


def _kept(response: Response) -> dict[str, Any]:
    return {
        "data": json.loads(json.dumps(response.data, cls=JSONEncoder)),
        "content_type": response.content_type,
        "headers": {name: response[name] for name in KEPT_HEADERS if name in response},
    }

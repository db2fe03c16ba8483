"""Whether the process lives, and whether it can do its work."""

import logging
import uuid
from collections.abc import Callable

from django.core.cache import caches
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learners.nudges.queries.status import tick_age_seconds

logger = logging.getLogger(__name__)
LATE_TICK_SECONDS = 180


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process can answer at all; asks nothing of anyone."""
    return JsonResponse({"status": "ok"})


def _works(check: Callable[[], bool]) -> str:
    try:
        return "ok" if check() else "failing"
    except Exception as error:  # noqa: BLE001 - whatever a broken backend raises, the answer is that it fails
        logger.warning("Readiness: %s", type(error).__name__)
        return "failing"


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _cache() -> bool:
    probe = uuid.uuid4().hex
    caches["default"].set("readyz", probe, 30)
    return caches["default"].get("readyz") is not None


def _tick_age() -> int | None:
    try:
        age = tick_age_seconds()
        return None if age is None else max(0, int(age))
    except DatabaseError:
        return None


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """
    Answer 200 when requests can be served: the database answers. Says besides whether cache and engine work.

    A cache that is away slows nothing but limits, and a late tick delays messages: both read "degraded", not 503, so
    that a load balancer keeps sending people who only want to learn.
    """
    database = _works(_database)
    cache = _works(_cache)
    tick_age = _tick_age() if database == "ok" else None
    late = tick_age is None or tick_age > LATE_TICK_SECONDS
    status = "failing" if database != "ok" else "degraded" if cache != "ok" or late else "ok"
    body = {"status": status, "checks": {"database": database, "cache": cache, "tick_age_seconds": tick_age}}
    return JsonResponse(body, status=200 if database == "ok" else 503)

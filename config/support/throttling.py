"""How many requests one caller may make."""

import math
import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Final

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from config.support.problems import problem_response

SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
# What rounding could take away from a wait.
A_MOMENT: Final = 0.01
RATE: Final = re.compile(r"(\d+)/(s|m|h|d)[a-z]*")


def parse_rate(rate: str) -> tuple[int, int]:
    """Return (requests, seconds) of a rate such as 1200/min. Raises ValueError for anything else."""
    found = RATE.fullmatch(rate.strip().lower())
    if not found or not int(found[1]):
        raise ValueError(f"{rate!r} is not a rate. Write it as 1200/min, with s, min, hour or day.")
    return int(found[1]), SECONDS[found[2]]


def admit(caller: str, *, rate: str, now: datetime) -> float | None:
    """
    Count one request of this caller and return None, or the seconds to wait when the rate is used up.

    A sliding window made of two counters, the window's own and the share of the last one that still counts: two numbers
    a caller instead of a list of times. While the cache is away nothing is counted and everybody passes.
    """
    allowed, seconds = parse_rate(rate)
    window, into = divmod(now.timestamp(), seconds)
    key, earlier = (f"throttle:{caller}:{int(window) - back}" for back in (0, 1))
    counts: dict[str, Any] = cache.get_many([key, earlier])
    current, before = counts.get(key, 0), counts.get(earlier, 0)
    if current + before * (1 - into / seconds) + 1 > allowed:
        return _wait_for(current, before, allowed=allowed, seconds=seconds, into=into)
    if not cache.add(key, 1, timeout=2 * seconds):
        try:
            cache.incr(key)
        except ValueError:
            # The counter ran out between the two calls: a new window has begun.
            cache.set(key, 1, timeout=2 * seconds)
    return None


def _wait_for(current: int, before: int, *, allowed: int, seconds: int, into: float) -> float:
    """Return the seconds until one more fits: in this window once the last one's share has faded, else in the next."""
    room = allowed - 1 - current
    if room >= 0:
        return seconds * (1 - room / before) - into + A_MOMENT
    return seconds - into + seconds * (1 - (allowed - 1) / current) + A_MOMENT


class CallerThrottle(BaseThrottle):
    """One rate for each key, client or person; those who need no key are told apart by their address."""

    def __init__(self) -> None:
        self.retry_after: float | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        caller = getattr(request.auth, "caller", "") or f"ip:{self.get_ident(request)}"
        rate = str(api_settings.DEFAULT_THROTTLE_RATES["caller"])
        self.retry_after = admit(caller, rate=rate, now=request._request.now)  # type: ignore[attr-defined]
        return self.retry_after is None

    def wait(self) -> float | None:
        return self.retry_after


def limited(rate: str, name: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Limit a plain view by the caller's address; for addresses that check a secret before anybody is known."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            ident = BaseThrottle().get_ident(request)  # type: ignore[arg-type]
            wait = admit(f"{name}:{ident}", rate=rate, now=request.now)  # type: ignore[attr-defined]
            if wait is None:
                return view(request, *args, **kwargs)
            detail = "Wait as long as Retry-After says, then try again."
            response = problem_response(request, status=429, code="throttled", detail=detail)
            response["Retry-After"] = str(max(1, math.ceil(wait)))
            return response

        return guarded

    return decorate

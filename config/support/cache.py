"""A cache that may be away: reads miss, writes are skipped, and the request goes on."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")


def _or_else(missing: Callable[P, R]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Answer with `missing(...)` when Redis is away; anything else that goes wrong is still raised."""

    def decorate(method: Callable[P, R]) -> Callable[P, R]:
        @wraps(method)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return method(*args, **kwargs)
            except RedisError as error:
                logger.warning("The cache is away (%s); going on without it", type(error).__name__)
                return missing(*args, **kwargs)

        return guarded

    return decorate


def _default(self: RedisCache, key: str, default: Any = None, version: int | None = None) -> Any:
    return default


class FailOpenRedisCache(RedisCache):
    """
    Redis as a cache that never fails a request.

    Throttles and rate limits count nothing while it is away, sessions live in the database, and /readyz tells about it.
    """

    get = _or_else(_default)(RedisCache.get)
    add = _or_else(lambda *a, **k: True)(RedisCache.add)
    set = _or_else(lambda *a, **k: None)(RedisCache.set)
    touch = _or_else(lambda *a, **k: False)(RedisCache.touch)
    delete = _or_else(lambda *a, **k: False)(RedisCache.delete)
    get_many = _or_else(lambda *a, **k: {})(RedisCache.get_many)
    has_key = _or_else(lambda *a, **k: False)(RedisCache.has_key)
    incr = _or_else(lambda *a, **k: 0)(RedisCache.incr)
    set_many = _or_else(lambda *a, **k: [])(RedisCache.set_many)
    delete_many = _or_else(lambda *a, **k: None)(RedisCache.delete_many)
    clear = _or_else(lambda *a, **k: None)(RedisCache.clear)

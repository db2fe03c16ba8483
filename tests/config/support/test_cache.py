"""A cache that may be away."""

import os
import socket

import pytest

from config.support.cache import FailOpenRedisCache
from config.support.throttling import admit
from tests.learners.running import NOW


@pytest.fixture
def away():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}
    return FailOpenRedisCache(f"redis://127.0.0.1:{port}/0", {"OPTIONS": options})


def test_reads_miss_and_writes_are_skipped_while_it_is_away(away):
    assert away.get("key") is None
    assert away.get("key", "else") == "else"
    assert away.get_many(["a", "b"]) == {}
    assert away.has_key("key") is False
    assert away.add("key", 1) is True
    assert away.incr("key") == 0
    assert away.set_many({"a": 1}) == []
    for act in (lambda: away.set("key", 1), lambda: away.delete("key"), lambda: away.touch("key"), away.clear):
        act()
    away.delete_many(["a"])
    assert away.get_or_set("key", lambda: 5) == 5


def test_nobody_is_refused_while_nothing_can_be_counted(away, monkeypatch):
    monkeypatch.setattr("config.support.throttling.cache", away)

    assert [admit("a", rate="1/min", now=NOW) for _ in range(3)] == [None, None, None]


@pytest.mark.postgres
def test_it_is_a_cache_while_redis_is_there():
    url = os.environ.get("TEST_REDIS_URL")
    if not url:
        pytest.skip("Run by tests.on_postgres, which starts a Redis")
    cache = FailOpenRedisCache(url, {})

    cache.set("key", {"a": 1}, timeout=5)
    assert cache.get("key") == {"a": 1}
    assert cache.add("key", 2) is False
    cache.set("count", 1)
    assert cache.incr("count") == 2
    with pytest.raises(ValueError, match="not found"):
        cache.incr("absent")

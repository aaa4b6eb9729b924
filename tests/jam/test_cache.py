"""The cache, with a Redis of this test's own that is stopped, frozen and started again."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis as redis_client
from django.contrib.sessions.backends.cached_db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import caches

from jam.cache import SESSION_KEPT, RedisCache, SessionCache, breaker_of
from jam.embedded import redis
from jam.embedded.folder import Folder
from jam.embedded.process import Part
from tests.e2e.stack import eventually


class Redis:
    """One that keeps what it has over a restart, as a real site's does."""

    def __init__(self, root: Path) -> None:
        self.folder = Folder(root)
        self.folder.make()
        self.url = self.folder.redis_url
        self.part: Part | None = None

    def start(self) -> None:
        self.part = redis.start(self.folder)

    def stop(self) -> None:
        if self.part:
            self.signal(signal.SIGCONT)
            self.part.stop()
            self.part = None

    def signal(self, number: signal.Signals) -> None:
        assert self.part
        os.kill(self.part.process.pid, number)

    def has(self, key: str) -> bool:
        with redis_client.Redis.from_url(self.url) as client:
            return bool(client.exists(f"jam:1:{key}"))

    def cache(self, kind: type[RedisCache] = RedisCache) -> RedisCache:
        return kind(self.url, {"KEY_PREFIX": "jam"})

    def until_it_is_back(self) -> None:
        eventually(lambda: not breaker_of(self.url).away, what="the cache uses Redis again")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Redis]:
    own = Redis(tmp_path)
    own.start()
    yield own
    own.stop()


def test_it_is_djangos_cache_in_redis(server: Redis) -> None:
    cache = server.cache()
    cache.set("lamp", "on")
    cache.set_many({"a": 1, "b": 2})
    assert (cache.get("lamp"), cache.get_many(["a", "b", "c"]), cache.incr("a")) == ("on", {"a": 1, "b": 2}, 2)
    assert (cache.add("lamp", "off"), cache.delete("lamp"), cache.has_key("lamp")) == (False, True, False)
    assert server.has("a")


@pytest.mark.parametrize("how", ["stopped", "frozen"])
def test_without_redis_a_process_counts_by_itself(server: Redis, how: str) -> None:
    cache = server.cache()
    cache.set("sign-ins", 3)
    server.stop() if how == "stopped" else server.signal(signal.SIGSTOP)
    assert cache.get("sign-ins") is None
    assert cache.add("lock", 1)
    assert not cache.add("lock", 1)
    cache.set("sign-ins", 1)
    assert cache.get("sign-ins") == 1


def test_only_the_first_call_waits_for_a_redis_that_hangs(server: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = server.cache()
    server.signal(signal.SIGSTOP)
    cache.set("lamp", "on")
    assert breaker_of(server.url).away
    monkeypatch.setattr(cache._cache, "_client", None)  # whoever asks it now fails
    cache.set("lamp", "off")
    assert cache.get("lamp") == "off"


@pytest.mark.parametrize("how", ["stopped", "frozen"])
def test_what_redis_missed_is_not_believed_when_it_is_back(server: Redis, how: str) -> None:
    cache = server.cache(SessionCache)
    for key in ("changed", "ended", "same"):
        cache.set(key, "old")
    server.stop() if how == "stopped" else server.signal(signal.SIGSTOP)
    cache.set("changed", "new")
    cache.delete("ended")
    assert cache.get("same") is None
    server.start() if how == "stopped" else server.signal(signal.SIGCONT)
    server.until_it_is_back()
    assert cache.get_many(["changed", "ended", "same"]) == {"same": "old"}


def test_more_than_is_deleted_at_once(server: Redis) -> None:
    cache = server.cache()
    keys = [str(number) for number in range(1_100)]
    cache.set_many(dict.fromkeys(keys, 1))
    server.stop()
    cache.delete_many(keys)
    server.start()
    server.until_it_is_back()
    assert cache.get_many(keys) == {}


def test_a_restart_between_two_calls_is_not_noticed(server: Redis) -> None:
    cache = server.cache()
    cache.set("lamp", "on")
    server.stop()
    server.start()
    assert (cache.get("lamp"), breaker_of(server.url).away) == ("on", False)


def test_a_session_is_kept_in_redis_for_minutes_only(server: Redis) -> None:
    server.cache(SessionCache).set("session", "data", 1_209_600)
    with redis_client.Redis.from_url(server.url) as client:
        assert 0 < client.ttl("jam:1:session") <= SESSION_KEPT


@pytest.mark.django_db
def test_who_signs_out_while_redis_is_away_is_signed_out_when_it_is_back(
    server: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caches._connections, "sessions", server.cache(SessionCache), raising=False)  # type: ignore[attr-defined]
    session = SessionStore()
    session["person"] = 7
    session.save()
    key = session.session_key
    server.stop()
    assert SessionStore(key)["person"] == 7
    SessionStore(key).flush()
    server.start()
    server.until_it_is_back()
    assert (SessionStore(key).get("person"), Session.objects.count()) == (None, 0)

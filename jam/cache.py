"""The cache in Redis, for a site that goes on while Redis is away.

Django's own raises what Redis raises, each time after as long as Redis takes to fail, and sessions raise it on to the
page. Here one call waits PATIENCE at most; from then on none does, until a thread of this process has had an answer.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from functools import cache, cached_property, partial
from typing import Any

import redis
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.cache.backends.redis import RedisCacheClient
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

PATIENCE = 0.5
"""Seconds for a connection, and for an answer."""
ASK_EVERY = 0.5
MISSED_MAX = 100_000
DELETED_AT_ONCE = 500
SESSION_KEPT = 1_800
"""Seconds for which a session may be taken from the cache before the database is asked again."""

READS = frozenset({"get", "get_many", "has_key"})
# Tried once: that a restart of Redis closed a connection, the pool sees before it hands it out.
CONNECTION: dict[str, Any] = {
    "socket_timeout": PATIENCE,
    "socket_connect_timeout": PATIENCE,
    "retry": Retry(NoBackoff(), 0),
}


class Client(RedisCacheClient):
    """Django's makes a client of Redis for every call, which takes longer than the call; this keeps one."""

    @cached_property
    def _kept(self) -> Any:
        return super().get_client()

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        return self._kept


class RedisCache(DjangoRedisCache):
    """While Redis is away, each process has a cache of its own: enough to count sign-ins against their limit."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.breaker = breaker_of(server)
        self.client = Client([server], **CONNECTION)
        self.meanwhile: BaseCache = LocMemCache(server, params)

    @cached_property
    def _cache(self) -> Guarded:  # type: ignore[override]
        return Guarded(self.client, self.breaker, self.meanwhile)

    def ping(self) -> None:
        """Raises what Redis raises if it does not answer now."""
        self.breaker.ping()


class SessionCache(RedisCache):
    """While Redis is away, sessions are read from the database, which all processes share.

    A session that ended meanwhile is deleted here as soon as Redis is back (see `Breaker`). If the process that should
    do it is gone too, a copy from before is believed for SESSION_KEPT at most.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.meanwhile = DummyCache(server, params)

    def get_backend_timeout(self, timeout: Any = DEFAULT_TIMEOUT) -> int:
        wanted = super().get_backend_timeout(timeout)
        return SESSION_KEPT if wanted is None else min(int(wanted), SESSION_KEPT)


class Guarded:
    """The client of a cache, with every call going to Redis if it is there, and else to `meanwhile`."""

    def __init__(self, client: Any, breaker: Breaker, meanwhile: BaseCache) -> None:
        self._client = client
        self._breaker = breaker
        self._meanwhile = meanwhile

    def __getattr__(self, name: str) -> Any:
        return partial(self._call, name)

    def _call(self, name: str, *arguments: Any) -> Any:
        if not self._breaker.away:
            try:
                return getattr(self._client, name)(*arguments)
            except (redis.RedisError, OSError) as error:
                logger.warning("Redis does not answer, and is not asked until it does: %r", error)
        self._breaker.miss(() if name in READS else keys_of(*arguments))
        return getattr(self._meanwhile, name)(*arguments)


def keys_of(first: Any = (), *rest: Any) -> Iterable[str]:
    return (first,) if isinstance(first, str) else tuple(first)


class Breaker:
    """Whether this process finds a Redis away, and what was not written to it.

    What was not written is deleted before Redis is used again: nothing in it is then older than in the database.
    """

    def __init__(self, client: redis.Redis) -> None:
        self.away = False
        self._client = client
        self._lock = threading.Lock()
        self._missed: dict[str, None] = {}

    def ping(self) -> None:
        self._client.ping()

    def miss(self, keys: Iterable[str]) -> None:
        """Takes it that Redis is away, and that these keys were to be written or deleted."""
        with self._lock:
            self._missed.update(dict.fromkeys(keys))
            while len(self._missed) > MISSED_MAX:
                del self._missed[next(iter(self._missed))]
            if self.away:
                return
            self.away = True
        threading.Thread(target=self._until_it_is_back, name="cache-breaker", daemon=True).start()

    def _until_it_is_back(self) -> None:
        while self.away:
            try:
                self.ping()
                self._make_up()
            except (redis.RedisError, OSError):
                time.sleep(ASK_EVERY)
        logger.info("Redis answers again")

    def _make_up(self) -> None:
        """Deletes what was missed; then, with nothing left, Redis counts as back."""
        while True:
            with self._lock:
                if not self._missed:
                    self.away = False
                    return
                keys = [self._missed.popitem()[0] for _ in range(min(len(self._missed), DELETED_AT_ONCE))]
            try:
                self._client.delete(*keys)
            except BaseException:
                self.miss(keys)
                raise


@cache
def breaker_of(address: str) -> Breaker:
    """The one of this process for a Redis."""
    return Breaker(redis.Redis.from_url(address, **CONNECTION))

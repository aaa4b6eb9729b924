from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from typing import Any

import pytest
import redis
from channels.db import database_sync_to_async
from django.db import connection, transaction

from live import bus, hub
from live.domain import log
from live.hub import stop_hub
from tests.live.gate import JAM, WorldAbove, gate
from tests.live.kinds import Said


@pytest.fixture(autouse=True)
def above(settings: Any) -> Iterator[WorldAbove]:
    """The world above, empty."""
    settings.LIVE_GATE = "tests.live.gate.gate"
    gate.clear()
    yield gate
    bus.drain(5)


@pytest.fixture
def connections_end(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub's threads do not keep their connections, so that the database can be emptied after the test."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)


@pytest.fixture
async def quick_hub(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """A hub that looks around more often than every two seconds, and ends with the test."""
    monkeypatch.setattr(hub, "EVERY", 0.2)
    yield
    await stop_hub()


@pytest.fixture
def speak(say: Callable[..., int]) -> Callable[..., Coroutine[Any, Any, int]]:
    """As `say`, to be awaited."""
    return database_sync_to_async(say)


@pytest.fixture
def say() -> Callable[..., int]:
    """Logs an event in a transaction of its own, and returns its seq."""

    def say(
        *, jam_key: int = JAM, rooms: tuple[str, ...] = ("pulse", "thread:1"), data: Mapping[str, Any] = {}, **html: str
    ) -> int:
        with transaction.atomic():
            return log.append(jam_key=jam_key, event=Said(**data), rooms=rooms, **html)

    return say


@pytest.fixture
def break_the_line_to_redis(settings: Any) -> Callable[[], None]:
    """Breaks the hub's line: until it is back, what is published is for nobody. Those of other tests stay."""

    def kill() -> None:
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            mine = str(client.connection_pool.connection_kwargs["db"])
            for line in client.client_list(_type="pubsub"):
                if line["db"] == mine:
                    client.client_kill_filter(_id=line["id"])

    return kill

"""From a thread that has no time to every hub."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from channels.layers import get_channel_layer
from django.test.utils import override_settings

from live import bus
from live.bus import Post

Heard = asyncio.Queue[dict[str, Any]]


@pytest.fixture
async def heard() -> AsyncIterator[Heard]:
    """What arrives at a hub, of whomever."""
    layer = get_channel_layer(bus.LAYER)
    assert layer is not None
    channel = await layer.new_channel()
    await layer.group_add(bus.GROUP, channel)
    messages: Heard = asyncio.Queue()

    async def listen() -> None:
        while True:
            messages.put_nowait(await layer.receive(channel))

    task = asyncio.create_task(listen())
    yield messages
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await layer.flush()


async def next_of(post: Post, heard: Heard) -> dict[str, Any]:
    """Its next message. Others in this run may say something between, if only how far they are."""
    while (message := await asyncio.wait_for(heard.get(), 5))["from"] != post._name:
        pass
    return message


async def gather(post: Post, heard: Heard, last: int) -> list[tuple[int, Any]]:
    """All its items up to that number, each with its own."""
    items: list[tuple[int, Any]] = []
    while not items or items[-1][0] < last:
        message = await next_of(post, heard)
        items += list(enumerate(message["items"], start=message["first"]))
    return items


async def test_what_is_put_arrives_in_order_and_numbered_in_few_messages(heard: Heard) -> None:
    post = Post()
    for number in range(500):
        post.put({"n": number})
    assert await gather(post, heard, 499) == [(number, {"n": number}) for number in range(500)]
    assert await asyncio.to_thread(post.drain, 5)


def votes(post: str, agree: int, *, version: int, rooms: Sequence[str] = ("thread:1",)) -> dict[str, Any]:
    return {"jam": 7, "rooms": list(rooms), "counts": {post: {"agree": agree}}, "versions": {post: version}}


def test_votes_in_the_same_rooms_are_one_item_with_the_newest_count_of_each_post() -> None:
    event = {"jam": 7, "seq": 1}
    given = [
        votes("41", 1, version=1),
        votes("42", 5, version=2),
        event,
        votes("41", 3, version=4),
        votes("41", 2, version=3),
        votes("41", 9, version=5, rooms=["thread:2"]),
    ]
    together = {"counts": {"41": {"agree": 3}, "42": {"agree": 5}}, "versions": {"41": 4, "42": 2}}
    assert bus.together(list(enumerate(given))) == [
        {"jam": 7, "rooms": ["thread:1"], **together},
        event,
        votes("41", 9, version=5, rooms=["thread:2"]),
    ]


async def test_votes_wait_for_each_other_and_an_event_does_not_wait_for_them(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus, "GATHER_VOTES", 3_600.0)
    post = Post()
    post.put(votes("41", 1, version=1))
    assert (await next_of(post, heard))["next"] == 1
    post.put(votes("41", 2, version=2))
    post.put(votes("41", 3, version=3))
    post.put({"n": 4})
    message = await next_of(post, heard)
    assert (message["first"], message["next"]) == (1, 4)
    assert message["items"] == [votes("41", 3, version=3), {"n": 4}]


async def test_nobody_waits_for_redis_and_what_was_kept_arrives_when_it_is_back(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus, "RETRY_AFTER", 0.02)
    monkeypatch.setattr(bus, "BACKLOG", 5)
    post = Post()
    nowhere = {"default": {"BACKEND": bus_backend(), "CONFIG": {"hosts": ["redis://127.0.0.1:1/0"]}}}
    with override_settings(CHANNEL_LAYERS=nowhere):
        started = time.monotonic()
        for number in range(20):
            post.put({"n": number})
        assert time.monotonic() - started < 0.5
        assert not await asyncio.to_thread(post.drain, 0.2)
    # What was in hand is sent; of the rest the newest five are left, and the numbers show that some are missing.
    numbers = [number for number, _ in await gather(post, heard, 19)]
    assert numbers[-5:] == [15, 16, 17, 18, 19]
    assert len(numbers) < 20
    assert await asyncio.to_thread(post.drain, 5)


def bus_backend() -> str:
    from django.conf import settings

    backend: str = settings.CHANNEL_LAYERS["default"]["BACKEND"]
    return backend


def test_a_forked_process_has_a_bus_of_its_own() -> None:
    bus._post.put({"n": 0})
    assert bus.drain(5)
    child = os.fork()
    if child == 0:
        bus._post.put({"n": 1})
        os._exit(0 if bus.drain(5) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

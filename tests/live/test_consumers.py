"""The live socket from end to end, over a real Redis and a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from unittest.mock import Mock

import pytest
from channels.db import database_sync_to_async
from django.db import OperationalError, transaction

from live import audience, bus, consumers, hub
from live.domain import queries
from live.gate import Admission
from live.hub import stop_hub
from live.models import Event
from tests.live.gate import JAM, OTHER_JAM, WorldAbove
from tests.live.tab import Tab

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("connections_end", "quick_hub")]

Speak = Callable[..., Coroutine[Any, Any, int]]
AGREE = {"agree": 1, "pass": 0, "disagree": 0}


async def test_what_one_does_reaches_the_others_once(speak: Speak) -> None:
    tabs = [Tab("thread:1"), Tab("thread:1"), Tab(), Tab("thread:2")]
    for tab in tabs:
        first = await tab.open()
        assert (first["after"], first["seq"], first["events"]) == (0, 0, [])
    await speak(data={"post": 41}, html="<p>", html_room="thread:1")
    for tab in tabs:
        frame = await tab.news()
        (event,) = frame["events"]
        assert (frame["after"], frame["seq"], event["seq"], event["post"]) == (0, 1, 1, 41)
        assert ("html" in event) == (tab in tabs[:2])
        await tab.leave()


async def test_a_jam_hears_nothing_of_another(speak: Speak) -> None:
    tab = Tab()
    await tab.open()
    await speak(jam_key=OTHER_JAM)
    await speak()
    assert [event["seq"] for event in (await tab.news())["events"]] == [1]
    await tab.leave()


@pytest.mark.parametrize("someone_stayed", [True, False])
async def test_coming_back_brings_what_was_missed_and_no_more(
    speak: Speak, above: WorldAbove, someone_stayed: bool
) -> None:
    """From memory where somebody stayed, else from the log."""
    stayed = Tab()
    if someone_stayed:
        await stayed.open()
    for rooms in (("thread:1",), ("thread:2",), ("pulse",), ("pulse", "thread:1")):
        await speak(rooms=rooms)
    if someone_stayed:
        while (await stayed.frame())["seq"] < 4:
            pass
    above.votes["thread:1"] = {"41": AGREE}
    tab = Tab("thread:1", since=1)
    first = await tab.open()
    assert (first["after"], first["seq"]) == (1, 4)
    assert [event["seq"] for event in first["events"]] == [3, 4]
    assert first["counts"] == {"41": AGREE}
    await speak()
    frame = await tab.news()
    assert (frame["after"], [event["seq"] for event in frame["events"]]) == (4, [5])
    await tab.leave()
    if someone_stayed:
        await stayed.leave()


async def test_nothing_is_lost_between_the_page_and_the_socket(speak: Speak) -> None:
    """Tabs come in, each from where the page stood, while others speak without a pause."""
    spoken = 60

    async def speak_on() -> None:
        for _ in range(spoken):
            await speak()

    async def listen() -> list[int]:
        since = await database_sync_to_async(queries.seq_of)(JAM)
        tab = Tab(since=since)
        heard: list[int] = []
        frame = await tab.open()
        while True:
            assert frame["after"] == since
            heard += [event["seq"] for event in frame["events"]]
            since = frame["seq"]
            if since == spoken:
                await tab.leave()
                return heard
            frame = await tab.frame()

    async def come_in() -> list[list[int]]:
        listeners = []
        for _ in range(12):
            listeners.append(asyncio.create_task(listen()))
            await asyncio.sleep(0.02)
        return await asyncio.gather(*listeners)

    _, heard = await asyncio.gather(speak_on(), come_in())
    for numbers in heard:
        assert numbers == list(range(spoken - len(numbers) + 1, spoken + 1))


async def test_too_much_to_catch_up_with_is_a_reset(speak: Speak, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "CATCH_UP_EVENTS", 3)
    for _ in range(5):
        await speak()
    tab = Tab(since=1)
    assert await tab.open() == {"reset": True, "seq": 5}
    await speak()
    assert (await tab.news())["after"] == 5
    await tab.leave()


async def test_a_seq_that_never_was_is_a_reset(speak: Speak) -> None:
    await speak()
    tab = Tab(since=99)
    assert await tab.open() == {"reset": True, "seq": 1}
    await tab.leave()


async def test_votes_come_as_the_newest_count(speak: Speak) -> None:
    tab = Tab("thread:1")
    other = Tab("thread:2")
    await tab.open()
    await other.open()

    @database_sync_to_async
    def vote(agree: int) -> None:
        with transaction.atomic():
            bus.publish_counts(jam_key=JAM, rooms=["thread:1"], counts={"41": AGREE | {"agree": agree}})

    for agree in range(1, 31):
        await vote(agree)
    frames = []
    while not frames or frames[-1]["counts"]["41"]["agree"] < 30:
        frames.append(await tab.news())
    assert all(frame["after"] == frame["seq"] == 0 and frame["events"] == [] for frame in frames)
    seen = [frame["counts"]["41"]["agree"] for frame in frames]
    assert seen == sorted(set(seen))
    assert len(frames) < 15
    await speak(rooms=["thread:2"])
    assert "counts" not in await other.news()
    await tab.leave()
    await other.leave()


async def test_votes_of_a_transaction_that_failed_are_told_nobody(speak: Speak) -> None:
    tab = Tab("thread:1")
    await tab.open()

    @database_sync_to_async
    @transaction.atomic
    def fail_to_vote() -> None:
        bus.publish_counts(jam_key=JAM, rooms=["thread:1"], counts={"41": AGREE})
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_to_vote()
    await speak()
    assert "counts" not in await tab.news()
    await tab.leave()


async def test_without_a_database_a_tab_is_asked_to_come_back(
    above: WorldAbove, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "PATIENCE", 0)
    monkeypatch.setattr(above, "admit", Mock(side_effect=OperationalError("gone")))
    tab = Tab()
    assert await tab.connect()
    assert await tab.closed() == 4503


async def test_a_tab_waits_at_the_door_for_a_database_that_starts_anew(
    above: WorldAbove, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "ASK_AGAIN_AFTER", (0, 0))
    answers = [OperationalError("gone"), OperationalError("starting up"), Admission(JAM, 7, frozenset({"pulse"}))]
    monkeypatch.setattr(above, "admit", Mock(side_effect=answers))
    tab = Tab()
    assert await tab.connect()
    assert await tab.frame() == {"after": 0, "seq": 0, "events": [], "here": 1}
    await tab.leave()


async def test_an_event_too_large_to_carry_is_read_by_the_hub(speak: Speak) -> None:
    tab = Tab("thread:1")
    await tab.open()
    await speak(html="x" * (bus.LARGE + 1), html_room="thread:1")
    (event,) = (await tab.news())["events"]
    assert len(event["html"]) == bus.LARGE + 1
    await tab.leave()


async def test_what_redis_lost_is_found_in_the_database(
    speak: Speak, above: WorldAbove, break_the_line_to_redis: Callable[[], None]
) -> None:
    tab = Tab("thread:1")
    await tab.open()
    await speak()
    await tab.news()
    break_the_line_to_redis()
    above.votes["thread:1"] = {"41": AGREE}
    await speak()
    bus.drain(5)
    heard: list[int] = []
    counts: dict[str, Any] = {}
    while not heard or not counts:
        frame = await tab.news()
        heard += [event["seq"] for event in frame["events"]]
        counts |= frame.get("counts", {})
    assert heard == [2]
    assert counts == {"41": AGREE}
    await tab.leave()


async def test_when_the_log_no_longer_goes_back_the_tabs_start_over(speak: Speak) -> None:
    tab = Tab()
    await tab.open()

    @database_sync_to_async
    def lose() -> None:
        with transaction.atomic():
            for seq in (1, 2):
                queries.Stream.objects.update_or_create(pk=JAM, defaults={"last_seq": seq})
        Event.objects.all().delete()

    await lose()
    assert await tab.news() == {"reset": True, "seq": 2}
    await speak()
    assert (await tab.news())["after"] == 2
    await tab.leave()


async def test_who_talks_is_let_go() -> None:
    chatter, shouter, polite = Tab(), Tab(), Tab()
    for tab in (chatter, shouter, polite):
        await tab.open()
    await polite.say("ping")
    for _ in range(consumers.MESSAGES_MAX + 1):
        await chatter.say("hello")
    await shouter.say("x" * (consumers.MESSAGE_MAX + 1))
    assert await chatter.closed() == 4429
    assert await shouter.closed() == 4429
    await polite.leave()


async def test_at_the_end_the_tabs_are_sent_elsewhere() -> None:
    tab = Tab()
    await tab.open()
    await stop_hub()
    assert await tab.closed() == 1012
    assert tab.reason == "3"
    await tab.leave()


async def test_the_more_tabs_there_are_the_longer_they_take_to_return(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "RETURNS_PER_SECOND", 0.5)
    tabs_open = [Tab(), Tab(), Tab()]
    for tab in tabs_open:
        await tab.open()
    await stop_hub()
    for tab in tabs_open:
        assert (await tab.closed(), tab.reason) == (1012, "6")
        await tab.leave()


async def test_nothing_is_kept_of_a_jam_that_nobody_listens_to() -> None:
    tab = Tab("thread:1")
    await tab.open()
    running = await hub.running_hub()
    assert [type(kept) for kept in running._audiences.values()] == [audience.Audience]
    await tab.leave()
    assert running._audiences == {}

"""What was told and is told otherwise since: a tab that comes back hears it as it is now."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.db import transaction

from live.domain import log
from live.hub import running_hub, stop_hub
from tests.live.gate import JAM
from tests.live.kinds import Said
from tests.live.tab import Tab

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("connections_end")]


@pytest.fixture(autouse=True)
async def hub_ends() -> AsyncIterator[None]:
    yield
    await stop_hub()


@database_sync_to_async
def amend() -> None:
    """And says so, as a verb does."""
    with transaction.atomic():
        log.amend(jam_key=JAM, kinds=[Said], about={"post": 41}, data={"words": ""}, html="<p>Hidden.</p>")
        log.append(jam_key=JAM, event=Said(post=41, words="Hidden."), rooms=["pulse"])


async def test_a_hub_does_not_remember_what_is_told_otherwise_now(say: Callable[..., int]) -> None:
    speak = database_sync_to_async(say)
    stayed = Tab("thread:1")
    await stayed.open()
    for post in (41, 42):
        await speak(data={"post": post, "words": "Lamps!"}, html="<p>Lamps!</p>", html_room="thread:1")
    while (await stayed.frame())["seq"] < 2:
        pass
    (audience,) = (await running_hub())._audiences.values()
    rooms = frozenset({"pulse", "thread:1"})
    assert len(audience.recall(since=0, until=2, rooms=rooms) or ()) == 2

    await amend()
    while (await stayed.frame())["seq"] < 3:
        pass
    tab = Tab("thread:1", since=0)
    events: list[dict[str, Any]] = (await tab.open())["events"]
    assert [(event["post"], event["words"], event.get("html")) for event in events] == [
        (41, "", "<p>Hidden.</p>"),
        (42, "Lamps!", "<p>Lamps!</p>"),
        (41, "Hidden.", None),
    ]
    await tab.leave()
    await stayed.leave()

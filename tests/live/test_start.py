"""A process that starts says so, since it may be in the place of one that died before it had told all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from asgiref.testing import ApplicationCommunicator

from live import hub
from live.asgi import lifespan
from live.hub import running_hub, stop_hub
from tests.e2e.stack import eventually
from tests.live.gate import WorldAbove
from tests.live.tab import Tab

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("connections_end")]


@pytest.fixture(autouse=True)
async def quick_hub(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setattr(hub, "EVERY", 0.2)
    yield
    await stop_hub()


async def test_a_vote_that_nobody_told_of_is_heard_when_a_process_starts(above: WorldAbove) -> None:
    tab = Tab("thread:1")
    await tab.open()
    own = await running_hub()
    # What a hub reads of its own accord, when it begins to listen, comes first.
    await asyncio.to_thread(eventually, lambda: not own._refreshes)
    votes = {"41": {"agree": 1, "pass": 0, "disagree": 0}}
    above.votes["thread:1"] = votes
    process = ApplicationCommunicator(lifespan, {"type": "lifespan"})
    await process.send_input({"type": "lifespan.startup"})
    assert await process.receive_output() == {"type": "lifespan.startup.complete"}
    assert (await tab.news())["counts"] == votes
    await tab.leave()
    process.stop()

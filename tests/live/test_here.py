"""How many are here, over the socket and over processes."""

from __future__ import annotations

from unittest.mock import AsyncMock, Mock

import pytest

from live import bus, hub, presence, tabs
from live.door import Caller
from live.gate import Admission
from tests.live.gate import JAM, TOKEN
from tests.live.tab import Tab

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("connections_end", "quick_hub")]


async def test_how_many_are_here_is_those_in_the_room() -> None:
    first, second, elsewhere = Tab("thread:1"), Tab("thread:1", person=2), Tab("thread:2")
    assert (await first.open())["here"] == 1
    assert (await second.open())["here"] == 2
    assert (await elsewhere.open())["here"] == 1
    await first.until_here(2)
    await second.leave()
    await first.until_here(1)
    await first.leave()
    await elsewhere.leave()


async def test_who_is_in_another_process_is_here_too() -> None:
    tab = Tab("thread:1")
    assert (await tab.open())["here"] == 1
    elsewhere = hub.Hub()
    elsewhere.start()
    await elsewhere.ready()
    admission = Admission(JAM, 2, frozenset({"pulse", "thread:1"}), here="thread:1")
    caller = Caller("river", ("thread:1",), "", TOKEN)
    with elsewhere.seat(JAM) as its_audience:
        there = tabs.Tab(AsyncMock(), seq=0, caller=caller, admission=admission, audience=its_audience)
        elsewhere.enter(there, admission, asked=elsewhere.reviews.mark)
        await tab.until_here(2)
        await elsewhere.stop()
    await tab.until_here(1)
    await tab.leave()


async def test_three_tabs_are_one_person() -> None:
    tabs_of_ana = [Tab("thread:1") for _ in range(3)]
    for tab in tabs_of_ana:
        assert (await tab.open())["here"] == 1
    ben = Tab("thread:1", person=2)
    assert (await ben.open())["here"] == 2
    await tabs_of_ana[0].leave()
    zoe = Tab("thread:1", person=3)
    assert (await zoe.open())["here"] == 3
    for tab in (*tabs_of_ana[1:], ben, zoe):
        await tab.leave()


async def test_who_was_in_a_process_that_died_is_soon_not_here(monkeypatch: pytest.MonkeyPatch) -> None:
    tab = Tab("thread:1")
    await tab.open()
    dead = bus.envelope(sender="dead", first=0, count=1, items=[{"here": {str(JAM): {"thread:1": 4}}}])
    await bus.send(dead)
    await tab.until_here(5)
    running = await hub.running_hub()
    clock = running._loop
    monkeypatch.setattr(running, "_loop", Mock(time=lambda: clock.time() + presence.EXPIRY + 1, wraps=clock))
    await tab.until_here(1)
    await tab.leave()

"""The client's process: `python -m benchmarks.live.client` reads commands from stdin and answers on stdout, as JSON.

Tabs and writers share it, and with it a clock.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import uvloop

from benchmarks.live.plans import Heard, Opened, OpenPlan, Outcome, Rounds, TabPlan, Truth, Write, WritePlan, Written
from benchmarks.live.tabs import Tabs
from benchmarks.live.writers import Writers

SETTLING = 10.0
"""Seconds for what was written to arrive in every tab."""
LINE_MAX = 256 * 1024 * 1024


class Client:
    """Each method is a command."""

    def __init__(self) -> None:
        self.tabs = Tabs()
        self.sent_at: dict[int, float] = {}

    async def open(self, said: dict[str, Any]) -> Opened:
        plan = OpenPlan(**said | {"tabs": [TabPlan(**tab) for tab in said["tabs"]]})
        opened = await self.tabs.open(plan)
        # What lies here now lies here for good: no need to look through it again and again.
        gc.collect()
        gc.freeze()
        return opened

    async def write(self, said: dict[str, Any]) -> Written:
        plan = WritePlan(**said | {"writes": [Write(**write) for write in said["writes"]]})
        writers = Writers(plan)
        written = await writers.run()
        self.sent_at = writers.sent_at  # a warm-up that came before is not what is measured
        return written

    async def heard(self, said: dict[str, Any]) -> Heard:
        return self.tabs.heard()

    async def settle(self, said: dict[str, Any]) -> Outcome:
        """Waits until every tab has heard and knows everything, or for as long as it may take; then says what came."""
        truth = Truth(**said)
        await within(SETTLING, lambda: self.tabs.have_come_to(truth.seq))
        unsure = self.tabs.tabs

        def all_know() -> bool:
            nonlocal unsure
            unsure = [tab for tab in unsure if not tab.knows_all(truth.counts)]
            return not unsure

        await within(SETTLING, all_know)
        outcome = self.tabs.outcome(self.sent_at)
        outcome.votes_right = len(self.tabs.tabs) - len(unsure)
        return outcome

    async def rounds(self, said: dict[str, Any]) -> Outcome:
        began = Rounds(**said).began
        await within(SETTLING, lambda: not self.tabs.outcome_of_rounds(began).missing)
        return self.tabs.outcome_of_rounds(began)


async def within(seconds: float, ask: Callable[[], bool]) -> None:
    """Returns as soon as `ask` says yes, or when the time is over."""
    deadline = time.monotonic() + seconds
    while not ask():
        if time.monotonic() > deadline:
            return
        await asyncio.sleep(0.25)


async def main() -> None:
    client = Client()
    commands = asyncio.StreamReader(limit=LINE_MAX)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        name, said = json.loads(line)
        answer = await getattr(client, name)(said)
        print(json.dumps(asdict(answer)), flush=True)
    client.tabs.close()


if __name__ == "__main__":
    uvloop.run(main())

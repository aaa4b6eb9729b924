"""How a hub hears what is published, and notices what it did not hear."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

from channels.layers import get_channel_layer

from live import bus
from live.chores import Chores

logger = logging.getLogger(__name__)

SENDERS_MAX = 1_000
READY_PATIENCE = 2.0


class Ears:
    """One channel on the layer. Each item is handed to `take_in`, with the name of who sent it."""

    def __init__(
        self, chores: Chores, *, take_in: Callable[[str, bus.Item], None], lost_some: Callable[[], None]
    ) -> None:
        self._chores = chores
        self._take_in = take_in
        self._lost_some = lost_some
        self._hearing = asyncio.Event()
        self._senders: dict[str, int] = {}

    async def ready(self) -> None:
        """Returns when there is a channel, or when that takes too long."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._hearing.wait(), READY_PATIENCE)

    async def run(self) -> None:
        layer = get_channel_layer(bus.LAYER)
        if layer is None:
            raise RuntimeError(f"CHANNEL_LAYERS has no {bus.LAYER!r}")
        while True:
            try:
                channel = await layer.new_channel()
                await layer.group_add(bus.GROUP, channel)
                self._chores.works("listen")
                self._lost_some()
                self._hearing.set()
                while True:
                    self._hear(await layer.receive(channel))
            except Exception as error:
                self._chores.fails("listen", error)
                with contextlib.suppress(Exception):
                    await layer.flush()
                await asyncio.sleep(1)

    def _hear(self, message: dict[str, Any]) -> None:
        try:
            self._count(message["from"], message["first"], message["next"])
            for item in message["items"]:
                self._take_in(message["from"], item)
        except Exception:
            # A process of another release may say what this one does not understand. The log has it all the same.
            logger.exception("A message to the hub was not understood")

    def _count(self, sender: str, first: int, after: int) -> None:
        """A sender numbers what it says, and says how far it is when it falls silent."""
        expected = self._senders.pop(sender, first)
        if first > expected:
            self._lost_some()
        self._senders[sender] = max(expected, after)
        if len(self._senders) > SENDERS_MAX:
            del self._senders[next(iter(self._senders))]

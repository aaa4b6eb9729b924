"""What a part of the process does beside its work: tasks that go on, and failures that are told once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

logger = logging.getLogger(__name__)

CANCEL_AGAIN = 0.5


class Chores:
    """The tasks of one event loop that belong together. `what` they are about is said in the log by its name."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._failing: set[str] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def every(self, seconds: Callable[[], float], work: Callable[[], Awaitable[None]]) -> None:
        """Does the work again and again, whatever it raises."""
        while True:
            await asyncio.sleep(seconds())
            try:
                await work()
            except Exception as error:
                self.fails(work.__name__, error)
            else:
                self.works(work.__name__)

    def fails(self, what: str, error: Exception) -> None:
        if what not in self._failing:
            logger.warning("The hub cannot %s, and tries on: %r", what.strip("_").replace("_", " "), error)
        self._failing.add(what)

    def works(self, what: str) -> None:
        if what in self._failing:
            logger.info("The hub can %s again", what.strip("_").replace("_", " "))
            self._failing.discard(what)

    async def end(self) -> None:
        """Cancels every task, and returns when they have ended."""
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            # More than once: what a task waits for may turn the first into an error of its own, and the task goes on.
            await asyncio.wait(self._tasks, timeout=CANCEL_AGAIN)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("A part of the hub ended", exc_info=error)

"""One open tab: writing to it without waiting for it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Generator
from typing import Any, TypeAlias

from live.codes import Close

logger = logging.getLogger(__name__)

Message: TypeAlias = dict[str, Any]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

BACKLOG_FRAMES = 200
BACKLOG_CHARACTERS = 1_000_000
PATIENCE = 20.0
"""Seconds for which a tab may take nothing at all."""
CLOSE_PATIENCE = 3.0


class Socket:
    """A tab's line. `seq` is the last it was told; the audience sets it.

    A frame is handed to the server's `send` there and then, without a task, as long as the server takes it at once.
    When it does not, because the tab does not read, a task waits for it, and what comes meanwhile is kept in a backlog;
    when that grows too long or stands for too long, the tab is let go. It comes back with its seq.
    """

    __slots__ = ("_backlog", "_backlog_size", "_held", "_send", "_waiting", "_waiting_since", "gone", "seq")

    def __init__(self, send: Send, *, seq: int) -> None:
        self.seq = seq
        self.gone = False
        self._send = send
        self._held = True
        self._backlog: deque[Message] = deque()
        self._backlog_size = 0
        self._waiting: asyncio.Task[None] | None = None
        self._waiting_since = 0.0

    def release(self, first: str) -> None:
        """Sends the first frame, and after it what was written since the socket was made."""
        kept, self._backlog, self._backlog_size, self._held = self._backlog, deque(), 0, False
        self.write(text_message(first))
        for message in kept:
            self.write(message)

    def write(self, message: Message) -> None:
        """Sends a message that may be shared with other sockets. Never waits, never raises."""
        if self.gone:
            return
        if self._held or self._waiting is not None:
            self._keep(message)
            return
        try:
            rest = begin(self._send(message))
        except Exception as error:
            # Whatever the server raises, this line is dead; that of the next tab is not.
            self._lost(error)
        else:
            if rest is not None:
                self._waiting_since = time.monotonic()
                self._waiting = asyncio.get_running_loop().create_task(self._catch_up(rest))

    def is_stuck(self) -> bool:
        return self._waiting is not None and time.monotonic() - self._waiting_since > PATIENCE

    def close(self, code: Close) -> None:
        """Closes the line from this end; cut, if the tab does not read even that."""
        if self.gone:
            return
        self.gone = True
        self._backlog.clear()
        if self._waiting is not None:
            self._waiting.cancel()
        loop = asyncio.get_running_loop()
        loop.call_later(CLOSE_PATIENCE, cut, self._send)
        self._waiting = loop.create_task(self._close(code))

    def forget(self) -> None:
        """The line is closed from the other end."""
        self.gone = True
        self._backlog.clear()
        if self._waiting is not None:
            self._waiting.cancel()

    def _keep(self, message: Message) -> None:
        self._backlog.append(message)
        self._backlog_size += len(message["text"])
        if len(self._backlog) > BACKLOG_FRAMES or self._backlog_size > BACKLOG_CHARACTERS:
            self.close(Close.TOO_SLOW)

    async def _catch_up(self, rest: Rest) -> None:
        try:
            await rest
            while self._backlog:
                message = self._backlog.popleft()
                self._backlog_size -= len(message["text"])
                self._waiting_since = time.monotonic()
                await self._send(message)
        except Exception as error:
            self._lost(error)
        self._waiting = None

    async def _close(self, code: Close) -> None:
        try:
            await self._send({"type": "websocket.close", "code": int(code)})
        except Exception as error:
            logger.debug("A tab could not be closed: %r", error)

    def _lost(self, error: Exception) -> None:
        # The consumer hears of it from the server and leaves.
        self.gone = True
        self._backlog.clear()
        logger.debug("A tab is gone: %r", error)


def text_message(text: str) -> Message:
    return {"type": "websocket.send", "text": text}


def cut(send: Send) -> None:
    """Drops the connection with what was still to be sent, where the server lets us have it (uvicorn does).

    ASGI has no word for this. Without it, what a client refuses to read would be kept until TCP gives up.
    """
    abort = getattr(getattr(getattr(send, "__self__", None), "transport", None), "abort", None)
    if abort is not None:
        abort()


class Rest:
    """The rest of an await that was begun outside of the task that ends it."""

    __slots__ = ("_first", "_steps")

    def __init__(self, first: Any, steps: Generator[Any, Any, None]) -> None:
        self._first = first
        self._steps = steps

    def __await__(self) -> Generator[Any, Any, None]:
        try:
            yield self._first
            yield from self._steps
        finally:
            self._steps.close()


def begin(awaitable: Awaitable[None]) -> Rest | None:
    """Runs `awaitable` up to where it has to wait, and returns the rest to be awaited; None if it ran to its end."""
    steps = awaitable.__await__()
    try:
        first = next(steps)
    except StopIteration:
        return None
    return Rest(first, steps)

"""One open tab: writing to it without waiting for it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from struct import pack
from typing import Any, Protocol, TypeAlias

from live.codes import Close

logger = logging.getLogger(__name__)

Message: TypeAlias = dict[str, Any]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

EXTENSION = "jam.line"
"""Where a server that has lines (`jam.serving.sockets`) puts one into the extensions of a scope."""


class Line(Protocol):
    """What a server can do for us beyond ASGI."""

    def write_frame(self, frame: bytes) -> bool:
        """Writes a whole WebSocket frame, or does nothing and says False because the client does not read on.

        Raises any Exception if the line is gone. Only after the handshake, and only for a line without compression.
        """
        ...

    def abort(self) -> None:
        """Drops the connection with what was still to be sent."""
        ...


@dataclass(frozen=True, slots=True)
class Frame:
    """A text for many tabs, encoded for the line once."""

    text: str
    encoded: bytes

    @classmethod
    def of(cls, text: str) -> Frame:
        payload = text.encode()
        return cls(text, _head(len(payload)) + payload)

    @property
    def message(self) -> Message:
        return {"type": "websocket.send", "text": self.text}


def _head(length: int) -> bytes:
    """The head of an unmasked text frame in one piece: RFC 6455, 5.2."""
    if length < 126:
        return pack("!BB", 0x81, length)
    if length < 65_536:
        return pack("!BBH", 0x81, 126, length)
    return pack("!BBQ", 0x81, 127, length)


BACKLOG_FRAMES = 200
BACKLOG_BYTES = 1_000_000
PATIENCE = 20.0
"""Seconds for which a tab may take nothing at all."""
CLOSE_PATIENCE = 3.0


class Socket:
    """A tab's end of the line. `seq` is the last it was told; the audience sets it.

    A frame is written there and then, without a task, as long as the line takes it at once. When it does not, because
    the tab does not read, a task waits for it, and what comes meanwhile is kept in a backlog; when that grows too long
    or stands for too long, the tab is let go. It comes back with its seq. A server without lines gets every frame by a
    task: slower, and otherwise the same.
    """

    __slots__ = ("_backlog", "_backlog_size", "_held", "_line", "_send", "_waiting", "_waiting_since", "gone", "seq")

    def __init__(self, send: Send, *, seq: int, line: Line | None = None) -> None:
        self.seq = seq
        self.gone = False
        self._send = send
        self._line = line
        self._held = True
        self._backlog: deque[Frame] = deque()
        self._backlog_size = 0
        self._waiting: asyncio.Task[None] | None = None
        self._waiting_since = 0.0

    def release(self, first: str) -> None:
        """Sends the first frame, and after it what was written since the socket was made."""
        kept, self._backlog, self._backlog_size, self._held = self._backlog, deque(), 0, False
        self.write(Frame.of(first))
        for frame in kept:
            self.write(frame)

    def write(self, frame: Frame) -> None:
        """Sends a frame that may be shared with other sockets. Never waits, never raises."""
        if self.gone:
            return
        if self._held or self._waiting is not None:
            self._keep(frame)
            return
        try:
            if self._line is not None and self._line.write_frame(frame.encoded):
                return
        except Exception as error:
            # Whatever the server raises, this line is dead; that of the next tab is not.
            self._lost(error)
            return
        self._keep(frame)
        self._waiting_since = time.monotonic()
        self._waiting = asyncio.get_running_loop().create_task(self._catch_up())

    def is_stuck(self) -> bool:
        return self._waiting is not None and time.monotonic() - self._waiting_since > PATIENCE

    def close(self, code: Close, reason: str = "") -> None:
        """Closes the line from this end; cut, if the tab does not read even that."""
        if self.gone:
            return
        self.forget()
        loop = asyncio.get_running_loop()
        if self._line is not None:
            loop.call_later(CLOSE_PATIENCE, self._line.abort)
        self._waiting = loop.create_task(self._close(code, reason))

    def forget(self) -> None:
        """The line is closed from the other end."""
        self.gone = True
        self._backlog.clear()
        if self._waiting is not None:
            self._waiting.cancel()

    def _keep(self, frame: Frame) -> None:
        self._backlog.append(frame)
        self._backlog_size += len(frame.encoded)
        if len(self._backlog) > BACKLOG_FRAMES or self._backlog_size > BACKLOG_BYTES:
            self.close(Close.TOO_SLOW)

    async def _catch_up(self) -> None:
        try:
            while self._backlog:
                frame = self._backlog.popleft()
                self._backlog_size -= len(frame.encoded)
                self._waiting_since = time.monotonic()
                await self._send(frame.message)
        except Exception as error:
            self._lost(error)
        self._waiting = None

    async def _close(self, code: Close, reason: str) -> None:
        try:
            await self._send({"type": "websocket.close", "code": int(code), "reason": reason})
        except Exception as error:
            logger.debug("A tab could not be closed: %r", error)

    def _lost(self, error: Exception) -> None:
        # The consumer hears of it from the server and leaves.
        self.gone = True
        self._backlog.clear()
        logger.debug("A tab is gone: %r", error)


def line_of(scope: Mapping[str, Any]) -> Line | None:
    """The line that the server offers for this socket, if it does."""
    line: Line | None = scope.get("extensions", {}).get(EXTENSION, {}).get("line")
    return line

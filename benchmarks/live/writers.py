"""The people who write while others listen: requests at fixed times, however long the answers take."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from typing import cast

from benchmarks.live.plans import Write, WritePlan, Written

LINES_MAX = 256
ANSWER_PATIENCE = 20.0


class Line(asyncio.Protocol):
    """A keep-alive connection with one request under way at a time."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """The status and the body. Raises ConnectionError if the line breaks."""
        self._received.clear()
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        async with asyncio.timeout(ANSWER_PATIENCE):
            return await self._answer

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or self._answer is None or self._answer.done():
            return
        length = head.lower().partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
        if len(body) >= int(length or 0):
            self._answer.set_result((int(head[9:12]), bytes(body)))

    def connection_lost(self, error: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or ConnectionResetError("the server closed the line"))

    def close(self) -> None:
        self._transport.close()


class Writers:
    """`sent_at` is when the request of each post was handed to its connection, by the monotonic clock."""

    def __init__(self, plan: WritePlan) -> None:
        self.plan = plan
        self.sent_at: dict[int, float] = {}
        self._idle: list[Line] = []
        self._places = asyncio.Semaphore(LINES_MAX)
        self._errors: Counter[str] = Counter()
        self._behind = 0.0
        self._post_seconds: list[float] = []
        self._vote_seconds: list[float] = []

    async def run(self) -> Written:
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for write in self.plan.writes:
                due = began + write.at
                if (wait := due - time.monotonic()) > 0:
                    await asyncio.sleep(wait)
                group.create_task(self._write(write, due))
        for line in self._idle:
            line.close()
        return Written(
            posts=list(self.sent_at),
            votes=len(self._vote_seconds),
            errors=dict(self._errors),
            behind=self._behind,
            post_seconds=self._post_seconds,
            vote_seconds=self._vote_seconds,
        )

    async def _write(self, write: Write, due: float) -> None:
        request = self._request(write)
        async with self._places:
            try:
                line = self._idle.pop() if self._idle else await self._connect()
                sent_at = time.monotonic()
                status, body = await line.ask(request)
            except (OSError, TimeoutError) as error:
                self._errors[repr(error)] += 1
                return
        self._behind = max(self._behind, sent_at - due)
        self._idle.append(line)
        self._answered(write, status, body, sent_at)

    def _answered(self, write: Write, status: int, body: bytes, sent_at: float) -> None:
        took = time.monotonic() - sent_at
        if write.method == "POST" and status == 201:
            self.sent_at[json.loads(body)["id"]] = sent_at
            self._post_seconds.append(took)
        elif write.method == "PUT" and status == 200:
            self._vote_seconds.append(took)
        else:
            self._errors[f"{write.method} answered {status}"] += 1

    async def _connect(self) -> Line:
        host, _, port = self.plan.address.rpartition(":")
        _, line = await asyncio.get_running_loop().create_connection(Line, host, int(port))
        return line

    def _request(self, write: Write) -> bytes:
        body = json.dumps(write.body).encode()
        lines = [
            f"{write.method} {write.path} HTTP/1.1",
            f"Host: {self.plan.address}",
            "User-Agent: benchmarks.live",
            f"Authorization: Bearer {write.token}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body

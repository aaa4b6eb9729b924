"""The load: some keep-alive connections, each asking for its page again as soon as it has it.

A process of its own on a core of its own, and as little work a request as Python can do, so that what is measured is
the server: `python -m benchmarks.load` reads a `Plan` as JSON and writes an `Outcome`. The other end is ours, on this
machine; this is no general client.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import cast

import uvloop

from benchmarks.machine import on_core

GRACE = 15  # seconds for the answers that are under way


@dataclass(frozen=True)
class Plan:
    """What to ask. It ends after `seconds` or `requests`, whichever comes first."""

    host: str
    port: int
    path: str
    cookies: list[str]  # of each connection; without any it is signed out
    seconds: float
    requests: int
    name: str = "127.0.0.1"  # what the site is called

    def request(self, cookie: str) -> bytes:
        lines = [
            f"GET {self.path} HTTP/1.1",
            f"Host: {self.name}",
            "User-Agent: benchmarks.load",
            "Accept: text/html,application/xhtml+xml",
            "Accept-Language: en",
            "Accept-Encoding: gzip",
        ]
        return "\r\n".join([*lines, *([f"Cookie: {cookie}"] if cookie else []), "", ""]).encode("latin-1")


@dataclass
class Outcome:
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)  # in seconds, of the requests that were answered with 200
    errors: int = 0
    smallest: int = 0
    largest: int = 0
    failures: dict[str, int] = field(default_factory=dict)

    def failed(self, why: str) -> None:
        self.errors += 1
        self.failures[why] = self.failures.get(why, 0) + 1


class Connection(asyncio.Protocol):
    """Asks, reads the answer to its end, asks again."""

    def __init__(self, request: bytes, run: Run) -> None:
        self.request = request
        self.run = run
        self.received = bytearray()
        self.missing = -1  # bytes of the body that are still to come; -1 while the head is not whole
        self.size = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class
        self.ask()

    def ask(self) -> None:
        self.received.clear()
        self.missing = -1
        self.asked_at = time.perf_counter()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        if self.missing < 0:
            self.received += data
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return
            length = self.received.lower().find(b"\r\ncontent-length:", 0, end)
            if length < 0:
                self.run.outcome.failed("an answer without a length")
                self.transport.abort()
                return
            self.size = int(self.received[length + 17 : self.received.find(b"\r", length + 2)])
            self.missing = self.size - (len(self.received) - end - 4)
        else:
            self.missing -= len(data)
        if self.missing == 0:
            self.answered()

    def answered(self) -> None:
        self.run.count(time.perf_counter() - self.asked_at, status=bytes(self.received[9:12]), size=self.size)
        if self.run.goes_on():
            self.ask()
        else:
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.transport.is_closing() or error:
            self.run.outcome.failed("a connection was closed")
        self.run.ended()


class Run:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.outcome = Outcome()
        self.done = asyncio.get_running_loop().create_future()
        self.asked = self.open = len(plan.cookies)
        self.began = self.last = time.perf_counter()

    def count(self, latency: float, *, status: bytes, size: int) -> None:
        self.last = time.perf_counter()
        outcome = self.outcome
        if status != b"200":
            outcome.failed(f"status {status.decode()}")
            return
        outcome.latencies.append(latency)
        outcome.smallest = min(outcome.smallest or size, size)
        outcome.largest = max(outcome.largest, size)

    def goes_on(self) -> bool:
        if self.asked >= self.plan.requests or self.last - self.began >= self.plan.seconds:
            return False
        self.asked += 1
        return True

    def ended(self) -> None:
        self.open -= 1
        if not self.open and not self.done.done():
            self.done.set_result(None)


async def run(plan: Plan) -> Outcome:
    loop = asyncio.get_running_loop()
    running = Run(plan)
    for cookie in plan.cookies:
        await loop.create_connection(partial(Connection, plan.request(cookie), running), plan.host, plan.port)
    try:
        await asyncio.wait_for(running.done, plan.seconds + GRACE)
    except TimeoutError:
        running.outcome.failed("no answer")
    running.outcome.seconds = running.last - running.began
    return running.outcome


def apply(plan: Plan, *, core: int | None) -> Outcome:
    """Runs `plan` in a process of its own."""
    with on_core(core):
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.load"],
            input=json.dumps(asdict(plan)),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            cwd=Path(__file__).parent.parent,
            timeout=plan.seconds + 2 * GRACE,
        )
    return Outcome(**json.loads(done.stdout))


if __name__ == "__main__":
    json.dump(asdict(uvloop.run(run(Plan(**json.load(sys.stdin))))), sys.stdout)

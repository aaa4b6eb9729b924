"""The threads in which the event loop reads the database: few, with connections that stay.

Those that wait for ten thousand tabs coming in, or being asked about again, do not hold up the hub.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, TypeVar

from django.db import connections

P = ParamSpec("P")
R = TypeVar("R")

SOCKET_THREADS = 4
CHECK_EVERY = 1.0
"""Seconds between two checks that a connection still works. Django's own way, one before each use, asks twice as often
as a tab that comes in."""

_checked = threading.local()


class DatabaseThreads:
    """Called with a function that reads the database, gives one that does so in one of these threads, to be awaited."""

    def __init__(self, name: str, *, threads: int = 1) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)

    def __call__(self, function: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
        async def call(*args: P.args, **kwargs: P.kwargs) -> R:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, partial(_run, partial(function, *args, **kwargs)))

        return call


def _run(function: Callable[[], R]) -> R:
    if time.monotonic() - getattr(_checked, "at", float("-inf")) > CHECK_EVERY:
        _clean_up(check=True)
        _checked.at = time.monotonic()
    try:
        return function()
    finally:
        _clean_up()


def _clean_up(*, check: bool = False) -> None:
    """Closes this thread's connections if they are too old or an error showed that they do not work."""
    for connection in connections.all(initialized_only=True):
        is_old = connection.close_at is not None and time.monotonic() >= connection.close_at
        if check or is_old or connection.errors_occurred:
            connection.close_if_unusable_or_obsolete()


for_socket = DatabaseThreads("live-socket", threads=SOCKET_THREADS)
for_review = DatabaseThreads("live-review")
for_hub = DatabaseThreads("live-hub")

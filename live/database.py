"""The threads in which the event loop reads the database: few, with connections that stay.

Those that wait for ten thousand tabs coming in, or being asked about again, do not hold up the hub.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async

P = ParamSpec("P")
R = TypeVar("R")

SOCKET_THREADS = 4

_for_sockets = ThreadPoolExecutor(SOCKET_THREADS, thread_name_prefix="live-socket")
_for_review = ThreadPoolExecutor(1, thread_name_prefix="live-review")
_for_hub = ThreadPoolExecutor(1, thread_name_prefix="live-hub")


def for_socket(function: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    call: Callable[P, Coroutine[Any, Any, R]] = database_sync_to_async(
        function, thread_sensitive=False, executor=_for_sockets
    )
    return call


def for_review(function: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    call: Callable[P, Coroutine[Any, Any, R]] = database_sync_to_async(
        function, thread_sensitive=False, executor=_for_review
    )
    return call


def for_hub(function: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    call: Callable[P, Coroutine[Any, Any, R]] = database_sync_to_async(
        function, thread_sensitive=False, executor=_for_hub
    )
    return call

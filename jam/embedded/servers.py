"""Both servers together."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping

from jam.embedded import postgres, redis
from jam.embedded.folder import Folder
from jam.embedded.process import Part

# In `Folder.run` while the servers of the folder answer.
READY = "servers.ready"


def urls(folder: Folder) -> dict[str, str]:
    return {"DATABASE_URL": folder.database_url, "REDIS_URL": folder.redis_url}


def missing(environ: Mapping[str, str]) -> set[str]:
    """The servers that the environment does not name, and that we have to bring."""
    return {name for name in ("DATABASE_URL", "REDIS_URL") if not environ.get(name)}


def fill_in(folder: Folder, names: set[str]) -> None:
    """Puts the addresses of the folder's own servers into this process's environment."""
    os.environ.update({name: url for name, url in urls(folder).items() if name in names})


def embedded(folder: Folder, environ: Mapping[str, str]) -> set[str]:
    """The servers that the environment names and that are the folder's own."""
    return {name for name, url in urls(folder).items() if environ.get(name) == url}


class Servers:
    def __init__(self, folder: Folder, names: set[str], *, durable: bool = True) -> None:
        self.folder = folder
        self.names = names
        self.durable = durable
        self.parts: list[Part] = []
        self.new_database = False

    def start(self) -> None:
        if "DATABASE_URL" in self.names:
            part, self.new_database = postgres.start(self.folder, durable=self.durable)
            self.parts.append(part)
        if "REDIS_URL" in self.names:
            self.parts.append(redis.start(self.folder, durable=self.durable))

    def stop(self) -> None:
        for part in reversed(self.parts):
            part.ask_to_stop()
        for part in reversed(self.parts):
            part.stop()
        self.parts.clear()
        if self.folder.sockets != self.folder.run:
            shutil.rmtree(self.folder.sockets, ignore_errors=True)

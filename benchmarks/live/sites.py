"""The site that is listened to: as one process, as on a laptop, or as two, as in containers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.machine import Cores, on_core, pin
from benchmarks.site import Server, pid_of, serving
from jam.embedded.folder import Folder


@dataclass(frozen=True)
class Site:
    """`live` answers sockets and `pages` requests; they may be the same. The client speaks to each by its address."""

    folder: Folder
    cores: Cores
    live: Server
    pages: Server

    @property
    def apart(self) -> bool:
        return self.live != self.pages

    @property
    def pids(self) -> dict[str, int]:
        web = {"live": self.live.pid} | ({"pages": self.pages.pid} if self.apart else {})
        return web | _servers(self.folder)

    def __str__(self) -> str:
        if self.apart:
            return "a process for sockets and one for pages, nothing pinned"
        return f"one web process; {self.cores}"


@contextmanager
def standing(folder: Folder, *, cores: Cores, apart: bool, **environ: str) -> Iterator[Site]:
    """The site until the block ends, with `environ` beside.

    As one process it has a core to itself. Apart, nothing is pinned: what runs then weighs more than one of two cores
    can carry, in whatever way it is divided.
    """
    if apart:
        cores = Cores(None, None)
    for pid in _servers(folder).values():
        pin(pid, cores.rest)
    with on_core(cores.rest), serving(folder, core=cores.server, name="live", **environ) as live:
        if not apart:
            yield Site(folder, cores, live, live)
            return
        with serving(folder, core=cores.rest, name="pages", **environ) as pages:
            yield Site(folder, cores, live, pages)


def _servers(folder: Folder) -> dict[str, int]:
    """The processes of the folder's own PostgreSQL and Redis, as far as it has them."""
    return {part: pid_of(folder, part) for part in ("postgres", "redis") if (folder.run / f"{part}.json").exists()}


def address(server: Server) -> str:
    return f"{server.host}:{server.port}"

"""A site whose parts can be broken: two web processes behind one address, a PostgreSQL and a Redis."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.site import pid_of
from jam.embedded import postgres, process, redis
from jam.embedded.folder import Folder
from jam.embedded.process import Part

if TYPE_CHECKING:
    from jam.serving.supervisor import Supervisor

WEB = ("web-1", "web-2")


@dataclass
class BreakableSite:
    """Both web processes take connections from one listening socket, so the address answers while one of them does."""

    folder: Folder
    supervisor: Supervisor
    sock: socket.socket
    environ: dict[str, str]

    @property
    def address(self) -> str:
        host, port = self.sock.getsockname()[:2]
        return f"{host}:{port}"

    def start_web(self, name: str) -> None:
        self.supervisor.start(
            name, self.environ, "jam.serving.web", f"fd:{self.sock.fileno()}", pass_fds=(self.sock.fileno(),)
        )

    def kill_web(self, name: str) -> None:
        """As the kernel kills: without a word, with all its tabs and what it had yet to tell."""
        part = self._web(name)
        part.process.kill()
        part.process.wait()
        self.supervisor.parts.remove(part)

    def stop_web(self, name: str) -> None:
        """As for a new release: it answers what it has begun, and sends its tabs elsewhere."""
        part = self._web(name)
        part.stop()
        self.supervisor.parts.remove(part)

    def _web(self, name: str) -> Part:
        return next(part for part in self.supervisor.parts if part.name == name)

    def stop_redis(self) -> None:
        process.end_leftover(self.folder.run / "redis.json", stop_signal=signal.SIGTERM)

    def start_redis(self) -> None:
        self._keep(redis.start(self.folder))

    def stop_postgres(self) -> None:
        """Fast: it ends every session there and then, and writes everything down."""
        process.end_leftover(self.folder.run / "postgres.json", stop_signal=signal.SIGINT)

    def start_postgres(self) -> None:
        self._keep(postgres.start(self.folder)[0])

    def signal_redis(self, number: signal.Signals) -> None:
        os.kill(pid_of(self.folder, "redis"), number)

    def _keep(self, part: Part) -> None:
        # In the place of the one before, so that it is stopped at the end.
        self.supervisor.servers.parts = [other for other in self.supervisor.servers.parts if other.name != part.name]
        self.supervisor.servers.parts.append(part)


@contextmanager
def breakable_site(folder: Folder) -> Iterator[BreakableSite]:
    """The site on the servers of `folder`, which may be broken too."""
    # These read the settings, which must wait until the servers have addresses.
    from jam.embedded.servers import Servers
    from jam.serving.supervisor import Supervisor, environment, listen

    supervisor = Supervisor(folder, Servers(folder, set()))
    with listen("127.0.0.1", 0) as sock:
        host, port = sock.getsockname()[:2]
        site = BreakableSite(folder, supervisor, sock, environment(host=host, port=port))
        try:
            for name in WEB:
                site.start_web(name)
            supervisor.wait_until_it_answers(sock, site.environ)
            yield site
        finally:
            supervisor.stop()


@dataclass(frozen=True)
class Fault:
    """Something that breaks, and is mended."""

    name: str
    happen: Callable[[BreakableSite], None]


def faults(*, redis_away: float, postgres_away: float) -> list[Fault]:
    """In the order in which they happen; the seconds are how long each is away."""

    def kill_a_process(site: BreakableSite) -> None:
        site.kill_web(WEB[0])
        time.sleep(1)
        site.start_web(WEB[0])

    def replace_a_process(site: BreakableSite) -> None:
        site.stop_web(WEB[1])
        site.start_web(WEB[1])

    def stop_redis(site: BreakableSite) -> None:
        site.stop_redis()
        time.sleep(redis_away)
        site.start_redis()

    def freeze_redis(site: BreakableSite) -> None:
        site.signal_redis(signal.SIGSTOP)
        time.sleep(redis_away)
        site.signal_redis(signal.SIGCONT)

    def stop_redis_and_kill_a_process(site: BreakableSite) -> None:
        site.stop_redis()
        time.sleep(redis_away / 2)
        site.kill_web(WEB[0])
        site.start_web(WEB[0])
        time.sleep(redis_away / 2)
        site.start_redis()

    def restart_postgres(site: BreakableSite) -> None:
        site.stop_postgres()
        time.sleep(postgres_away)
        site.start_postgres()

    return [
        Fault("one of two web processes is killed, and started again", kill_a_process),
        Fault("one is stopped, and started again", replace_a_process),
        Fault(f"Redis is stopped for {redis_away:g} s", stop_redis),
        Fault(f"Redis hangs for {redis_away:g} s", freeze_redis),
        Fault(f"Redis is stopped for {redis_away:g} s, and a web process killed", stop_redis_and_kill_a_process),
        Fault(f"PostgreSQL is stopped for {postgres_away:g} s", restart_postgres),
    ]

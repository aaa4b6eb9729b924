"""Everything that `manage.py up` runs: started in order, watched, and stopped in the opposite order."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from types import FrameType
from urllib.error import HTTPError

from django.conf import settings

from jam.embedded import process
from jam.embedded.folder import Folder
from jam.embedded.process import Part
from jam.embedded.servers import Servers
from jam.serving import health

START_TIMEOUT = 60
STOP_GRACE = 12
PORTS_TO_TRY = 100
CELERY = ("celery", "-A", "jam.celery", "--quiet")
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked us to stop."""


class PartFailed(Exception):
    """A part could not start, or died; the message is one line."""


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """The first signal to stop raises `Stopped`; the rest are ignored, so that they cannot break the clean end.

    Ctrl-C often comes twice: from the terminal, and from the `make` that started us.
    """

    def stop(signum: int, frame: FrameType | None) -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    before = {number: signal.signal(number, stop) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on the first free port from `port` on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, min(port + PORTS_TO_TRY, 65536)) if port else [0]:
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, candidate))
            sock.listen(2048)
            return sock
        except OSError as error:
            sock.close()
            if error.errno != errno.EADDRINUSE:
                raise PartFailed(f"cannot listen on {host}: {error.strerror or error}") from error
    raise PartFailed(f"no free port from {port} on at {host}")


class Supervisor:
    def __init__(self, folder: Folder, servers: Servers) -> None:
        self.folder = folder
        self.servers = servers
        self.parts: list[Part] = []

    def start_web(self, sock: socket.socket, environ: Mapping[str, str]) -> None:
        """The web process, which takes over `sock`."""
        self.start("web", environ, "jam.serving.web", f"fd:{sock.fileno()}", pass_fds=(sock.fileno(),))

    def start_worker(self, environ: Mapping[str, str]) -> None:
        options = ("--pool", "threads", "--concurrency", "4", "--without-gossip", "--without-mingle")
        self.start("worker", environ, *CELERY, "worker", *options, "--loglevel", settings.LOG_LEVEL)

    def start_beat(self, environ: Mapping[str, str]) -> None:
        """The worker's clock."""
        schedule = self.folder.run / "beat-schedule"
        self.start("beat", environ, *CELERY, "beat", "--pidfile", "", "--schedule", str(schedule))

    def start(self, name: str, environ: Mapping[str, str], *command: str, pass_fds: tuple[int, ...] = ()) -> None:
        part = process.start(
            name,
            [sys.executable, "-m", *command],
            run=self.folder.run,
            log=self.folder.log / f"{name}.log",
            env=environ,
            cwd=settings.BASE_DIR,
            pass_fds=pass_fds,
        )
        self.parts.append(part)

    def wait_until_it_answers(self, sock: socket.socket, environ: Mapping[str, str]) -> None:
        """Returns when the site says that it, its database and its Redis are well."""
        host, port = sock.getsockname()[:2]
        address = f"{reachable(host)}:{port}"
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            try:
                health.ask(address, site_url=environ["SITE_URL"])
                return
            except OSError as error:
                self.check()
                # 503 is "not yet"; any other answer will not get better.
                mistaken = isinstance(error, HTTPError) and error.code != HTTPStatus.SERVICE_UNAVAILABLE
                if mistaken or time.monotonic() > deadline:
                    log = self.folder.log / "web.log"
                    raise PartFailed(f"web does not answer as it should at {address}: {error} (see {log})") from error
            time.sleep(0.05)

    def check(self) -> None:
        """Raises `PartFailed` if a part is not running."""
        for part in (*self.servers.parts, *self.parts):
            if not part.alive:
                code = part.process.returncode
                how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"
                raise PartFailed(f"{part.name} {how}: {part.last_words() or 'no word in its log'} (see {part.log})")

    def watch(self) -> None:
        while True:
            self.check()
            time.sleep(0.25)

    def stop(self) -> None:
        for part in reversed(self.parts):
            part.ask_to_stop()
        for part in reversed(self.parts):
            part.stop(grace=STOP_GRACE)
        self.parts.clear()
        self.servers.stop()


def environment(*, host: str, port: int) -> dict[str, str]:
    """The environment of the parts: ours, and where the site is unless somebody said so."""
    if os.environ.get("SITE_URL"):
        return dict(os.environ)
    names = dict.fromkeys([reachable(host), "127.0.0.1", "localhost", "[::1]", socket.gethostname()])
    return {"ALLOWED_HOSTS": ",".join(names)} | os.environ | {"SITE_URL": f"http://{reachable(host)}:{port}"}


def reachable(host: str) -> str:
    """The host to write into an address for somebody on this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"[{host}]" if ":" in host else host

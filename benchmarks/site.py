"""A site to measure: servers that are thrown away, and the web process as `manage.py up` starts it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import on_core
from jam.embedded import servers
from jam.embedded.folder import Folder


@contextmanager
def throw_away_servers(settings_module: str) -> Iterator[Folder]:
    """A PostgreSQL and a Redis of our own, as durable as those of `make run`, in an environment that names only them.

    Django is set up inside, with `settings_module`, and its tables are made.
    """
    with tempfile.TemporaryDirectory(prefix="jam-bench-") as root:
        folder = Folder(Path(root))
        folder.make()
        os.environ |= servers.urls(folder) | {
            "DJANGO_SETTINGS_MODULE": settings_module,
            "DATA_DIR": str(folder.root),
            "SECRET_KEY": folder.secret_key(),
        }
        for name in ("SITE_URL", "ALLOWED_HOSTS", "EMAIL_URL", "STATIC_ROOT", "DEBUG"):
            os.environ.pop(name, None)
        started = servers.Servers(folder, {"DATABASE_URL", "REDIS_URL"})
        try:
            started.start()
            make_ready()
            yield folder
        finally:
            started.stop()


def pid_of(folder: Folder, part: str) -> int:
    """The process of a part of this folder that is running: "postgres", "redis" or "web"."""
    return int(json.loads((folder.run / f"{part}.json").read_text())["pid"])


def make_ready() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


@dataclass(frozen=True)
class Server:
    """A web process that answers."""

    host: str
    port: int
    pid: int


@contextmanager
def serving(
    folder: Folder, *, core: int | None, name: str = "web", program: str = "jam.serving.web", **environ: str
) -> Iterator[Server]:
    """The web process on `core` until the block ends, started as `manage.py up` does, with `environ` beside.

    Another `name` makes it another process of the same site, another `program` one that takes its address likewise.
    """
    # These read the settings, which must wait until the servers have addresses.
    from jam.serving.supervisor import Supervisor, environment, listen

    supervisor = Supervisor(folder, servers.Servers(folder, set()))
    with listen("127.0.0.1", 0) as sock:
        host, port = sock.getsockname()[:2]
        variables = environment(host=host, port=port) | environ
        try:
            with on_core(core):
                supervisor.start(name, variables, program, f"fd:{sock.fileno()}", pass_fds=(sock.fileno(),))
            supervisor.wait_until_it_answers(sock, variables)
            yield Server(host=host, port=port, pid=supervisor.parts[0].process.pid)
        finally:
            supervisor.stop()

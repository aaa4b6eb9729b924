"""`manage.py up`: the whole site on one machine, in front of a terminal."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, connections
from redis import Redis, RedisError

from jam.embedded.errors import EmbeddedError
from jam.embedded.folder import Folder
from jam.embedded.lock import owner_lock, owning
from jam.embedded.servers import READY, Servers, embedded
from jam.serving.supervisor import PartFailed, Stopped, Supervisor, environment, listen, stop_on_signals
from results.demo import ensure_demo


class Command(BaseCommand):
    help = "Runs everything a jam needs until Ctrl-C: the servers, the site with live updates, a worker and its clock."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
        parser.add_argument("--port", type=int, default=8000, help="the port; if it is taken, the next free one")
        parser.add_argument("--data", metavar="DIR", help="where everything is kept (default: DATA_DIR, or .jam)")
        parser.add_argument("--no-demo", action="store_true", help="do not make the demo jam and its people")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Folder(settings.DATA_DIR)
        try:
            with stop_on_signals(), owning(folder, "manage.py up") as lock:
                if not lock:
                    raise CommandError(f"{folder.root} is in use by {owner_lock(folder).holder()}; stop that first.")
                self.run(folder, **options)
        except Stopped:
            self.say("stopped")
        except (EmbeddedError, PartFailed) as error:
            raise CommandError(str(error)) from error

    def run(self, folder: Folder, *, host: str, port: int, no_demo: bool, **options: Any) -> None:
        servers = Servers(folder, embedded(folder, os.environ))
        supervisor = Supervisor(folder, servers)
        ready = folder.run / READY
        ready.unlink(missing_ok=True)
        try:
            with listen(host, port) as sock:
                taken = sock.getsockname()[1]
                if port and taken != port:
                    self.say(f"port {port} is taken; using {taken}")
                environ = environment(host=host, port=taken)
                servers.start()
                self.ask_servers()
                self.prepare()
                sign_ins = [] if no_demo else [str(sign_in) for sign_in in ensure_demo()]
                connections.close_all()
                ready.touch()
                supervisor.start_web(sock, environ)
                supervisor.start_worker(environ)
                supervisor.start_beat(environ)
                supervisor.wait_until_it_answers(sock, environ)
            self.say(f"ready {environ['SITE_URL']}/", *sign_ins)
            supervisor.watch()
        finally:
            ready.unlink(missing_ok=True)
            supervisor.stop()

    def ask_servers(self) -> None:
        """Those that the environment names may be down; say so before anything else does."""
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise PartFailed(f"PostgreSQL does not answer (DATABASE_URL): {' '.join(str(error).split())}") from error
        try:
            with Redis.from_url(settings.REDIS_URL, retry=None) as client:
                client.ping()
        except RedisError as error:
            raise PartFailed(f"Redis does not answer (REDIS_URL): {error}") from error

    def prepare(self) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)

    def say(self, *lines: str) -> None:
        for line in lines:
            self.stdout.write(line)
        self.stdout.flush()

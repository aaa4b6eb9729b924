"""The whole site as a person meets it: the real processes, on the test's database and Redis."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

from django.core.management import call_command
from django.db import connection
from django.test import override_settings

import jam.settings
from jam.celery import app
from jam.embedded.folder import Folder
from jam.embedded.servers import Servers
from jam.serving.supervisor import Supervisor, environment, listen

T = TypeVar("T")


def eventually(ask: Callable[[], T], *, within: float = 10, what: str = "") -> T:
    """What `ask` gives as soon as that is true of something; fails after `within` seconds."""
    deadline = time.monotonic() + within
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"not within {within} s: {what or ask}"
        time.sleep(0.02)
    return answer


class Site:
    """A running site, with further settings if some are given. `url` has no slash at its end."""

    def __init__(self, root: Path, **settings: str) -> None:
        self.settings = settings
        self.folder = Folder(root)
        self.folder.make()
        self.supervisor = Supervisor(self.folder, Servers(self.folder, set()))
        self.environ: dict[str, str] = {}
        self.url = ""

    def start(self) -> None:
        """Starts the web process with the settings of a real site; the tests' own overrides do not reach it."""
        with listen("127.0.0.1", 0) as sock:
            self.environ = environment(host="127.0.0.1", port=sock.getsockname()[1])
            self.environ |= {"DATABASE_URL": test_database_url(), "DATA_DIR": str(self.folder.root)}
            self.environ |= self.settings
            self.url = self.environ["SITE_URL"]
            self.collect_static()
            self.supervisor.start_web(sock, self.environ)
            self.supervisor.wait_until_it_answers(sock, self.environ)

    def collect_static(self) -> None:
        with override_settings(STORAGES=jam.settings.STORAGES, STATIC_ROOT=self.folder.root / "static"):
            call_command("collectstatic", interactive=False, verbosity=0)

    def stop(self) -> None:
        self.supervisor.stop()

    @contextmanager
    def working(self, *, beat: bool = True) -> Iterator[None]:
        """With a Celery worker, and with its clock unless told otherwise, until the block ends."""
        before = list(self.supervisor.parts)
        self.supervisor.start_worker(self.environ)
        if beat:
            self.supervisor.start_beat(self.environ)
        try:
            eventually(self.worker_answers, within=30, what="the worker answers")
            yield
        finally:
            for part in self.supervisor.parts[len(before) :]:
                part.stop()
            del self.supervisor.parts[len(before) :]

    def worker_answers(self) -> bool:
        self.supervisor.check()
        return bool(app.control.ping(timeout=0.2))

    def mails(self) -> list[EmailMessage]:
        """The mail that went out, oldest first."""
        files = sorted((self.folder.root / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    def mails_to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails() if address in str(mail["To"])]

    def forget_mails(self) -> None:
        shutil.rmtree(self.folder.root / "mail", ignore_errors=True)


def test_database_url() -> str:
    """DATABASE_URL with the name of the database that this test process made."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))

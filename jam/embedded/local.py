"""What `manage.py` does before Django: see that a command finds its settings and its servers.

With DATABASE_URL and REDIS_URL in the environment there is nothing to do. Without, the servers of the data folder are
used: those of a running `up` or another command if there is one, else this command's own, for as long as it takes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from jam.embedded import servers
from jam.embedded.errors import EmbeddedError
from jam.embedded.folder import Folder
from jam.embedded.lock import guest_lock, owner_lock, owning

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# Commands that read the settings but talk to no server; `up` starts its own.
SERVERLESS = {
    "",
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "startapp",
    "up",
    "version",
    "--help",
    "--version",
}
GUEST_TIMEOUT = 120


def data_folder() -> Folder:
    return Folder(Path(os.environ.get("DATA_DIR") or BASE_DIR / ".jam"))


@contextmanager
def servers_for(argv: Sequence[str]) -> Iterator[None]:
    """Gives the command in `argv` the environment and the servers that it needs."""
    command = argv[1] if len(argv) > 1 else ""
    if command == "up" and (folder_option := option(argv, "--data")):
        os.environ["DATA_DIR"] = str(Path(folder_option).resolve())
    names = servers.missing(os.environ)
    if not names and command != "up":
        yield
        return
    folder = data_folder()
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = folder.secret_key()
    servers.fill_in(folder, names)
    if command in SERVERLESS or {"-h", "--help"} & set(argv):
        yield
        return
    with running(folder, names, what=f"manage.py {command}"):
        yield


def option(argv: Sequence[str], name: str) -> str:
    """The value of an option that must be known before Django parses the command line."""
    for word, following in zip(argv, [*argv[1:], ""], strict=True):
        if word == name:
            return following
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return ""


@contextmanager
def running(folder: Folder, names: set[str], *, what: str) -> Iterator[None]:
    """The folder's servers, running: as their owner, or as a guest of the process that is."""
    deadline = time.monotonic() + GUEST_TIMEOUT
    while True:
        with owning(folder, what) as lock:
            if lock:
                yield from own_servers(folder, names, migrate=what != "manage.py migrate")
                return
        guest = guest_lock(folder)
        guest.take(shared=True, wait=True)
        try:
            if (folder.run / servers.READY).exists():
                yield
                return
        finally:
            guest.release()
        if time.monotonic() > deadline:
            raise EmbeddedError(f"the servers of {folder.root} do not answer: {owner_lock(folder).holder()} has them")
        time.sleep(0.05)


def own_servers(folder: Folder, names: set[str], *, migrate: bool) -> Iterator[None]:
    own = servers.Servers(folder, names)
    ready = folder.run / servers.READY
    guests = guest_lock(folder)
    ready.unlink(missing_ok=True)  # of an owner that was killed
    try:
        own.start()
        if own.new_database and migrate:
            make_tables()
        ready.touch()
        yield
    finally:
        ready.unlink(missing_ok=True)
        guests.take(wait=True)  # until the last guest is done
        own.stop()
        guests.release()


def make_tables() -> None:
    """So that `importjam` works on a folder where nothing has run yet."""
    sys.stderr.write("making the tables of a new database\n")
    command = [sys.executable, str(BASE_DIR / "manage.py"), "migrate", "--verbosity", "0"]
    if subprocess.run(command, stdin=subprocess.DEVNULL).returncode:
        raise EmbeddedError("the tables of the new database could not be made")

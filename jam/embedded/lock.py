"""Who runs the servers of a data folder, and who else uses them.

One process owns them: it starts and stops them. Others are guests. Both are locks of the system, which a crash
releases by itself; what the lock file says is only for the message.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from jam.embedded.folder import Folder


class Lock:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: IO[str] | None = None

    def take(self, *, shared: bool = False, wait: bool = False) -> bool:
        file = self.path.open("a+")
        mode = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
        try:
            fcntl.flock(file, mode)
        except BlockingIOError:
            file.close()
            return False
        self.file = file
        return True

    def sign(self, text: str) -> None:
        """Leaves a word about the holder."""
        assert self.file is not None
        self.file.truncate(0)
        self.file.write(text)
        self.file.flush()

    def release(self) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None

    def holder(self) -> str:
        try:
            return self.path.read_text().strip()
        except OSError:
            return ""


def owner_lock(folder: Folder) -> Lock:
    return Lock(folder.run / "owner.lock")


def guest_lock(folder: Folder) -> Lock:
    return Lock(folder.run / "guests.lock")


@contextmanager
def owning(folder: Folder, what: str) -> Iterator[Lock | None]:
    """Holds the folder's servers for this process; gives None if another has them."""
    folder.make()
    lock = owner_lock(folder)
    if not lock.take():
        yield None
        return
    try:
        lock.sign(f"{what} (process {os.getpid()})")
        yield lock
    finally:
        lock.release()

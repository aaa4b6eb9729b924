"""The data folder: where everything of a local run lies, and the addresses that follow from it."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from jam.embedded.errors import EmbeddedError

# A socket's path may have 107 bytes on Linux and 103 on macOS; the longest name we put in the folder is this one.
SOCKET_PATH_MAX = 103
LONGEST_SOCKET = "pg/.s.PGSQL.5432.lock"
DATABASE = "jam"


@dataclass(frozen=True)
class Folder:
    root: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", self.root.expanduser().resolve())

    @property
    def run(self) -> Path:
        """Locks and the records of what runs."""
        return self.root / "run"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def redis(self) -> Path:
        return self.root / "redis"

    @property
    def sockets(self) -> Path:
        """Where the servers listen: `run`, or a short folder of this person's own if that path is too long."""
        if len(os.fsencode(self.run / LONGEST_SOCKET)) <= SOCKET_PATH_MAX:
            return self.run
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"jam-{os.getuid()}-{digest}"

    @property
    def database_url(self) -> str:
        return f"postgresql://postgres@/{DATABASE}?host={quote(str(self.sockets / 'pg'), safe='/')}"

    @property
    def redis_url(self) -> str:
        return f"unix://{quote(str(self.sockets / 'redis.sock'), safe='/')}?db=0"

    def make(self) -> None:
        """Makes the folder. Only its owner may look inside; as root, PostgreSQL's user may pass through."""
        passage = 0o711 if os.geteuid() == 0 else 0o700
        try:
            for path in (self.root, self.run, self.log, self.redis, self.sockets):
                path.mkdir(parents=True, exist_ok=True, mode=passage)
        except OSError as error:
            raise EmbeddedError(f"cannot make the data folder {self.root}: {error.strerror}") from error
        info = self.sockets.lstat()
        if not stat.S_ISDIR(info.st_mode) or info.st_uid != os.geteuid():
            raise EmbeddedError(f"{self.sockets} belongs to somebody else: remove it, or choose a shorter data folder")
        self.log.chmod(0o700)
        self.redis.chmod(0o700)

    def secret_key(self) -> str:
        """The signing key of a local run, made once."""
        path = self.root / "secret-key"
        if not path.exists():
            self.make()
        return kept_once(path, lambda: secrets.token_urlsafe(64))


def kept_once(path: Path, make: Callable[[], str]) -> str:
    """The secret in a file, which is made if it is not there. Written beside and linked in, so that two processes that
    start at once agree on one. Raises OSError where it cannot be kept."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()

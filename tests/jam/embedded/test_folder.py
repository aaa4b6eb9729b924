from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest

from jam.embedded.errors import EmbeddedError
from jam.embedded.folder import SOCKET_PATH_MAX, Folder


def test_addresses_lie_in_the_folder(tmp_path: Path) -> None:
    folder = Folder(Path(tempfile.gettempdir()) / "short")
    assert folder.database_url == f"postgresql://postgres@/jam?host={folder.root}/run/pg"
    assert folder.redis_url == f"unix://{folder.root}/run/redis.sock?db=0"


def test_a_long_path_has_its_sockets_elsewhere_and_always_in_the_same_place(tmp_path: Path) -> None:
    folder = Folder(tmp_path / ("long" * 30))
    assert len(str(folder.sockets / "pg/.s.PGSQL.5432.lock")) <= SOCKET_PATH_MAX
    assert folder.sockets == Folder(tmp_path / ("long" * 30)).sockets
    assert folder.sockets != Folder(tmp_path / ("longer" * 30)).sockets


def test_sockets_are_not_put_where_somebody_else_was_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = Folder(tmp_path / ("long" * 30))
    folder.sockets.symlink_to(tmp_path)
    with pytest.raises(EmbeddedError, match="belongs to somebody else"):
        folder.make()


def test_the_secret_is_made_once_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "data")
    secret = folder.secret_key()
    assert len(secret) >= 64
    assert (folder.secret_key(), Folder(tmp_path / "data").secret_key()) == (secret, secret)
    assert stat.S_IMODE((folder.root / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in folder.root.glob("secret-key*")] == ["secret-key"]


def test_others_cannot_look_into_the_folder(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "data")
    folder.make()
    for path in (folder.root, folder.run, folder.log, folder.redis):
        assert stat.S_IMODE(path.stat().st_mode) & 0o066 == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(EmbeddedError, match="cannot make the data folder"):
        Folder(tmp_path / "data").make()

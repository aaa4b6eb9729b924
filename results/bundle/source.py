"""Where a bundle lies: a folder, or a zip that nobody has to trust.

Nothing of a zip is ever unpacked to the disk, so a name that climbs out of its folder has nowhere to climb to; it is
refused all the same, as is whatever else an honest zip of a bundle does not hold.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from results.bundle.errors import BundleRefused
from results.bundle.layout import DESCRIPTION, IMAGE_SUFFIX, IMAGES_FOLDER

# A jam of many pictures has a file for each.
ENTRIES_MAX = 20_000
UNPACKED_MAX = 1024**3
# Text packs 3 to 50 times smaller. What grows more than this is made to, once it is big enough to hurt.
RATIO_MAX = 200
RATIO_COUNTS_FROM = 16 * 1024**2
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
ENCRYPTED = 0x1


class Source(Protocol):
    """Files by name."""

    @property
    def names(self) -> frozenset[str]: ...

    def open(self, name: str) -> IO[bytes]:
        """The file's bytes, from its start. Raises BundleRefused if they cannot be read."""
        ...


class FolderSource:
    """A folder on this machine's own disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            names = {entry.name for entry in folder.iterdir() if entry.is_file()}
            images = folder / IMAGES_FOLDER
            found = images.iterdir() if images.is_dir() else ()
            names |= {f"{IMAGES_FOLDER}/{entry.name}" for entry in found if entry.suffix == IMAGE_SUFFIX}
            self.names = frozenset(names)
        except OSError as error:
            raise BundleRefused(f"{folder} cannot be read: {error.strerror}.") from error
        if DESCRIPTION not in self.names:
            raise BundleRefused(f"There is no {DESCRIPTION} in {folder}: this is not a jam bundle.")

    def open(self, name: str) -> IO[bytes]:
        try:
            return (self._folder / name).open("rb")
        except OSError as error:
            raise BundleRefused(f"It cannot be read: {error.strerror}.", file=name) from error


class ZipSource:
    """A zip whose files lie at its top, or in one folder at its top."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        entries = archive.infolist()
        if len(entries) > ENTRIES_MAX:
            raise BundleRefused(f"The zip holds {len(entries):,} files, which is more than a bundle has.")
        if sum(entry.file_size for entry in entries) > UNPACKED_MAX:
            raise BundleRefused(f"The zip holds more than {UNPACKED_MAX // 1024**2:,} MB.")
        files = {}
        for entry in entries:
            path = _safe_path(entry)
            if entry.is_dir() or _is_clutter(path):
                continue
            if path in files:
                raise BundleRefused(f"The zip holds {_shown(entry)} twice.")
            files[path] = entry
        top = _top(list(files))
        self._files = {path.name: entry for path, entry in files.items() if path.parent == top}
        self._files |= {
            f"{IMAGES_FOLDER}/{path.name}": entry
            for path, entry in files.items()
            if path.parent == top / IMAGES_FOLDER and path.suffix == IMAGE_SUFFIX
        }
        self.names = frozenset(self._files)

    def open(self, name: str) -> IO[bytes]:
        return io.BufferedReader(_Unpacked(self._archive, self._files[name], name), 64 * 1024)


class _Unpacked(io.RawIOBase):
    """One file of a zip. Counts the bytes that really come out: the header may say anything."""

    def __init__(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> None:
        super().__init__()
        self._name = name
        self._packed = max(entry.compress_size, 1)
        self._count = 0
        with self._refusing():
            self._stream = archive.open(entry)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        with self._refusing():
            data = self._stream.read(len(buffer))
        self._count += len(data)
        if self._count > UNPACKED_MAX or (self._count > RATIO_COUNTS_FROM and self._count > RATIO_MAX * self._packed):
            raise BundleRefused("It grows out of all proportion when it is unpacked.", file=self._name)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed and hasattr(self, "_stream"):
            self._stream.close()
        super().close()

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
            raise BundleRefused("It is damaged inside the zip.", file=self._name) from error


def _shown(entry: zipfile.ZipInfo) -> str:
    return "“" + "".join(c if c.isprintable() else "�" for c in entry.filename[:80]) + "”"


def _safe_path(entry: zipfile.ZipInfo) -> PurePosixPath:
    name = entry.filename.replace("\\", "/")
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or ":" in name:
        raise BundleRefused(f"The zip holds {_shown(entry)}, which lies outside of its folder.")
    if entry.flag_bits & ENCRYPTED:
        raise BundleRefused(f"{_shown(entry)} in the zip is encrypted. Make a zip without a password.")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise BundleRefused(f"{_shown(entry)} in the zip is a link or a device and not a file.")
    if entry.compress_type not in METHODS:
        raise BundleRefused(f"{_shown(entry)} in the zip is packed in a way that is not read here; use deflate.")
    return path


def _is_clutter(path: PurePosixPath) -> bool:
    return path.parts[:1] == ("__MACOSX",) or path.name.startswith(".")


def _top(paths: list[PurePosixPath]) -> PurePosixPath:
    """The folder in the zip that is the bundle."""
    tops = [path.parent for path in paths if path.name == DESCRIPTION and len(path.parts) <= 2]
    if not tops:
        raise BundleRefused(f"There is no {DESCRIPTION} in the zip: this is not a jam bundle.")
    if len(tops) > 1:
        raise BundleRefused(f"The zip holds {len(tops)} files named {DESCRIPTION}: give one bundle at a time.")
    return tops[0]


@contextmanager
def open_zip(file: Path | IO[bytes]) -> Iterator[ZipSource]:
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError) as error:
        raise BundleRefused("This is not a zip file, or it is damaged.") from error
    with archive:
        yield ZipSource(archive)


@contextmanager
def open_path(path: Path) -> Iterator[Source]:
    """The bundle at `path`. Raises BundleRefused if there is none."""
    if path.is_dir():
        yield FolderSource(path)
    elif path.is_file():
        with open_zip(path) as source:
            yield source
    else:
        raise BundleRefused(f"There is no file or folder {path}.")

"""Where an export goes: a file, a folder or a zip. It takes its name when it is whole; a failure leaves nothing."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Protocol, TextIO

from results.exports.errors import ExportRefused

# The same jam gives the same bytes, whenever it is exported.
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
ZIP_MODE = 0o100644


class Sink(Protocol):
    def open(self, name: str) -> AbstractContextManager[TextIO]:
        """A new text file, UTF-8 with line ends as written. One at a time."""
        ...

    def open_bytes(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """A new file of bytes. One at a time."""
        ...


class FolderSink:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def open(self, name: str) -> Iterator[TextIO]:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="") as file:
            yield file

    @contextmanager
    def open_bytes(self, name: str) -> Iterator[IO[bytes]]:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            yield file


class ZipSink:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @contextmanager
    def open(self, name: str) -> Iterator[TextIO]:
        with self.open_bytes(name) as raw, io.TextIOWrapper(raw, encoding="utf-8", newline="") as file:
            yield file

    @contextmanager
    def open_bytes(self, name: str) -> Iterator[IO[bytes]]:
        entry = zipfile.ZipInfo(name, ZIP_TIME)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = ZIP_MODE << 16
        with self._archive.open(entry, "w", force_zip64=True) as raw:
            yield raw


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A path to write to, beside `path`; it becomes `path` when the block ends well."""
    if path.is_dir():
        raise ExportRefused(f"{path} is a folder. Name a file.")
    with _unfinished(path) as folder:
        unfinished = folder / path.name
        yield unfinished
        unfinished.replace(path)


@contextmanager
def new_zip(path: Path) -> Iterator[Sink]:
    with new_file(path) as unfinished, zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        yield ZipSink(archive)


@contextmanager
def new_folder(path: Path, *, force: bool, may_hold: Collection[str] = ()) -> Iterator[Sink]:
    """A folder that becomes `path` when the block ends well.

    If `path` holds something, ExportRefused; with `force`, files of the same name are replaced one by one, others stay,
    and those of `may_hold` that were not written this time go.
    """
    if path.exists() and not path.is_dir():
        raise ExportRefused(f"{path} is a file. Name a folder, or a name that ends in .zip.")
    if not force and path.is_dir() and any(path.iterdir()):
        raise ExportRefused(f"{path} is not empty. Name another folder, or take --force to replace what is in it.")
    with _unfinished(path) as folder:
        unfinished = folder / "export"
        unfinished.mkdir()
        yield FolderSink(unfinished)
        path.mkdir(exist_ok=True)
        written = sorted(file.relative_to(unfinished) for file in unfinished.rglob("*") if file.is_file())
        for name in written:
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (unfinished / name).replace(path / name)
        for left_over in set(may_hold) - {str(name) for name in written}:
            (path / left_over).unlink(missing_ok=True)


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """A hidden folder beside `path`, on the same disk, gone afterwards."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=".export-", dir=path.resolve().parent))
    except OSError as error:
        raise ExportRefused(f"Cannot write beside {path}: {error.strerror}.") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)

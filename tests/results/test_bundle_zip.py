"""Zips, honest and not."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from jam.models import Jam
from results.bundle import source
from results.bundle.errors import BundleRefused
from results.bundle.source import open_path, open_zip
from tests.results.making import Made, load_path

pytestmark = pytest.mark.django_db


def refusal(data: bytes) -> str:
    with pytest.raises(BundleRefused) as caught:
        read_all(data)
    return caught.value.message


def read_all(data: bytes) -> None:
    with open_zip(io.BytesIO(data)) as opened:
        for name in opened.names:
            opened.open(name).read()


def packed(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    """The made bundle as a zip, with more in it."""
    buffer = io.BytesIO(Made().zip())
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize("top", ["", "quay/", "a folder/"])
def test_a_bundle_lies_at_the_top_or_in_one_folder(top: str, tmp_path: Path) -> None:
    path = tmp_path / "quay.zip"
    path.write_bytes(Made().zip(top=top))

    assert load_path(path, strict=True).jam == Jam.objects.get(slug="quay")


def test_what_a_desktop_leaves_in_a_zip_is_passed_over() -> None:
    data = packed(("__MACOSX/._posts.csv", b"\0"), (".DS_Store", b"\0"), ("Thumbs/", b""))
    with open_zip(io.BytesIO(data)) as opened:
        assert opened.names == {"jam.json", "forums.csv", "people.csv", "posts.csv", "votes.csv"}


@pytest.mark.parametrize(
    "name", ["../evil.csv", "quay/../../evil.csv", "/etc/passwd", "..\\evil.csv", "C:\\evil.csv", "C:evil.csv"]
)
def test_a_name_that_climbs_out(name: str) -> None:
    assert refusal(packed((name, b"x"))) == f"The zip holds “{name}”, which lies outside of its folder."


def test_a_link() -> None:
    link = zipfile.ZipInfo("link.csv")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert refusal(packed((link, b"/etc/passwd"))) == "“link.csv” in the zip is a link or a device and not a file."


def test_encrypted() -> None:
    data = bytearray(Made().zip())
    # the flag of the first file, where its own header and the directory have it
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + offset
        data[at] |= 1
    assert refusal(bytes(data)) == "“jam.json” in the zip is encrypted. Make a zip without a password."


def test_packed_otherwise() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("jam.json", b"{}")
    assert refusal(buffer.getvalue()) == "“jam.json” in the zip is packed in a way that is not read here; use deflate."


def test_too_many_files() -> None:
    many = [(f"{number}.csv", b"") for number in range(source.ENTRIES_MAX)]
    assert refusal(packed(*many)) == f"The zip holds {source.ENTRIES_MAX + 5:,} files, which is more than a bundle has."


def test_the_same_name_twice() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = packed(("posts.csv", b"post_id\n"))
    assert refusal(data) == "The zip holds “posts.csv” twice."


def test_two_bundles() -> None:
    assert refusal(packed(("other/jam.json", b"{}"))).startswith("The zip holds 2 files named jam.json")


def test_no_bundle() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a/b/jam.json", b"{}")
    assert refusal(buffer.getvalue()) == "There is no jam.json in the zip: this is not a jam bundle."


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip", Made().zip()[:-30]])
def test_no_zip(data: bytes) -> None:
    assert refusal(data) == "This is not a zip file, or it is damaged."


def test_a_bomb_is_stopped_by_what_comes_out_of_it() -> None:
    buffer = io.BytesIO(Made(raw={"votes.csv": None}).zip())
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("votes.csv", b"0" * (64 * 1024**2))
    assert len(buffer.getvalue()) < 100_000
    assert refusal(buffer.getvalue()) == "votes.csv: It grows out of all proportion when it is unpacked."


def test_a_bomb_that_says_its_size() -> None:
    data = bytearray(Made().zip())
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 2**31)
    assert refusal(bytes(data)) == "The zip holds more than 1,024 MB."


def test_a_file_that_is_not_what_its_checksum_says() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("jam.json", b'{"title": "The quay"}')
    assert refusal(buffer.getvalue().replace(b"The quay", b"The quiz")) == "jam.json: It is damaged inside the zip."


def test_nothing_is_unpacked_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "quay.zip"
    path.write_bytes(Made().zip(top="quay/"))
    monkeypatch.chdir(tmp_path)
    with open_path(path) as opened:
        assert opened.open("jam.json").read()

    assert [file.name for file in tmp_path.iterdir()] == ["quay.zip"]

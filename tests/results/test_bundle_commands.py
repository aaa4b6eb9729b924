"""importjam and exportjam, as they are typed."""

from __future__ import annotations

import re
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from jam.models import Jam
from results.exports import formats
from tests.results.making import HARBOUR, Made, load_path, post, vote

pytestmark = pytest.mark.django_db


def run(*args: object, **options: object) -> str:
    out = StringIO()
    call_command(*(str(arg) for arg in args), stdout=out, **options)
    return out.getvalue()


def test_import_prints_the_account(tmp_path: Path) -> None:
    posts = [post("a"), post("b", "gone"), post("c", "gone"), post("d", person_id="nobody")]
    votes = [vote("a", "ben"), vote("a", "ben", "-1")]
    said = run("importjam", Made(posts=posts, votes=votes).folder(tmp_path / "b"))

    assert said.splitlines() == [
        "posts.csv line 3: mended: names the parent “gone”, which is not there: starts a thread of its own",
        "posts.csv line 4: mended: names the parent “gone”, which is not there: starts a thread of its own",
        "posts.csv line 5: refused: is by “nobody”, who is not among the people loaded",
        "",
        "posts.csv: 2 replies name a parent that is not there: each now starts a thread of its own",
        "posts.csv: 1 post is by somebody who is not among the people loaded: left out",
        "",
        "file                    read      loaded      mended  superseded     refused",
        "forums.csv                 1           1           0           0           0",
        "people.csv                 2           2           0           0           0",
        "posts.csv                  4           3           2           0           1",
        "votes.csv                  2           1           0           1           0",
        "",
        "Loaded “The quay” as quay.",
        "Only its own people and admins of the site see it; --door account lets in everyone with an account.",
    ]


def test_import_takes_slug_door_and_zip(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(Made().zip(top="b/"))
    said = run("importjam", path, slug="other", door="account")

    assert said.endswith("\nLoaded “The quay” as other.\n")
    assert Jam.objects.get(slug="other").door == "account"


def test_import_refuses_with_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as caught:
        run("importjam", tmp_path / "nothing")
    assert str(caught.value) == f"Nothing was loaded. There is no file or folder {tmp_path / 'nothing'}."
    assert caught.value.returncode == 1
    with pytest.raises(CommandError, match=r"^Nothing was loaded\. posts\.csv line 2: names the parent “gone”"):
        run("importjam", Made(posts=[post("b", "gone")]).folder(tmp_path / "b"), strict=True)
    assert not Jam.objects.exists()


@pytest.mark.parametrize("name", formats.FORMATS)
def test_every_format_comes_out_whole_and_leaves_nothing_beside_it(name: str, tmp_path: Path) -> None:
    load_path(HARBOUR)
    chosen = formats.FORMATS[name]
    path = tmp_path / f"harbour{chosen.suffix}"
    said = run("exportjam", "harbour", format=name, out=path)

    assert said == f"Wrote “The harbour – 港口 – الميناء” as {name} to {path}.\n"
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    first = path.read_bytes()
    run("exportjam", "harbour", format=name, out=path)
    assert path.read_bytes() == first, "the same jam gives the same bytes"


def test_a_format_of_many_files_is_a_folder_unless_it_is_named_a_zip(tmp_path: Path) -> None:
    load_path(HARBOUR)
    run("exportjam", "harbour", format="bundle", out=tmp_path / "folder")
    run("exportjam", "harbour", format="bundle", out=tmp_path / "file.ZIP")

    with zipfile.ZipFile(tmp_path / "file.ZIP") as archive:
        assert archive.testzip() is None
        zipped = {name: archive.read(name) for name in archive.namelist()}
    assert zipped == {file.name: file.read_bytes() for file in (tmp_path / "folder").iterdir()}


def test_what_is_in_a_folder_stays_without_force(tmp_path: Path) -> None:
    load_path(HARBOUR)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")
    (tmp_path / "out" / "favourites.csv").write_text("of an earlier export")

    with pytest.raises(CommandError, match=r"^Nothing was written\. .*/out is not empty\. Name another folder"):
        run("exportjam", "harbour", format="bundle", out=tmp_path / "out")
    assert len(list((tmp_path / "out").iterdir())) == 2

    Jam.objects.get(slug="harbour").posts.get(key="p1").favourites.all().delete()
    Jam.objects.get(slug="harbour").posts.get(key="r2").favourites.all().delete()
    run("exportjam", "harbour", format="bundle", out=tmp_path / "out", force=True)
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        "notes.txt", "jam.json", "forums.csv", "people.csv", "posts.csv", "votes.csv", "actions.csv",
    }  # fmt: skip


def test_a_failure_while_writing_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jam = load_path(HARBOUR).jam
    path = tmp_path / "harbour.json"
    path.write_text("an earlier export")
    (tmp_path / "folder").mkdir()

    def fail(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("results.exports.tables.format_time", fail)
    monkeypatch.setattr("results.bundle.write.format_time", fail)
    for name, target in (("json", path), ("bundle", tmp_path / "folder"), ("csv", tmp_path / "new.zip")):
        with pytest.raises(CommandError, match="No space left on device"):
            run("exportjam", jam.slug, format=name, out=target)
    assert path.read_text() == "an earlier export"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["folder", "harbour.json"]
    assert not list((tmp_path / "folder").iterdir())


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    load_path(HARBOUR)
    (tmp_path / "file").write_text("")
    for name, out, line in (
        ("json", tmp_path, "is a folder. Name a file."),
        ("bundle", tmp_path / "file", "is a file. Name a folder"),
        ("xlsx", tmp_path / "no" / "x.xlsx", "No such file or directory"),
    ):
        with pytest.raises(CommandError, match=re.escape(line)):
            run("exportjam", "harbour", format=name, out=out)


def test_no_such_jam(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no jam “nothing”"):
        run("exportjam", "nothing", format="json", out=tmp_path / "x.json")


def test_the_contract_names_the_formats() -> None:
    assert list(formats.FORMATS) == ["bundle", "csv", "xlsx", "json", "html", "graphml"]

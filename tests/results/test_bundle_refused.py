"""Bundles that are not loaded: one clear line, and nothing kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection

from accounts.models import Person
from jam.models import Forum, Jam
from results.bundle import reader
from results.bundle.errors import BundleRefused
from tests.results.making import JAM, Made, load_path, post
from threads.models import Post, Vote

pytestmark = pytest.mark.django_db


def refusal(path: Path, **options: Any) -> str:
    """The line with which a bundle is refused; nothing of it may be there then."""
    with pytest.raises(BundleRefused) as caught:
        load_path(path, **options)
    assert (Jam.objects.count(), Person.objects.count(), Post.objects.count()) == (0, 0, 0)
    assert "\n" not in caught.value.message
    return caught.value.message


NO_SLUG = "cannot be part of an address: letters, digits, - and _, at most 60. Name another with --slug."
JAM_CHANGES = {
    "another format": ({"format": "jam/2"}, "jam.json: The format is “jam/2”; this site reads jam-bundle/1."),
    "no format": ({"format": None}, "jam.json: It lacks format."),
    "no window": ({"opens_at": None, "closes_at": None}, "jam.json: It lacks opens_at, closes_at."),
    "no title": ({"title": " \u200b "}, "jam.json: The title is empty."),
    "title that is a number": ({"title": 7}, "jam.json: “title” is no text."),
    "published that is a word": ({"published": "yes"}, "jam.json: “published” is neither true nor false."),
    "wrong zone": (
        {"timezone": "Europe/Atlantis"},
        "jam.json: The time zone “Europe/Atlantis” is not known. Write one like Europe/Berlin.",
    ),
    "zone that climbs": (
        {"timezone": "../../etc/passwd"},
        "jam.json: The time zone “../../etc/passwd” is not known. Write one like Europe/Berlin.",
    ),
    "wrong voting": ({"voting": "stars"}, "jam.json: The voting “stars” is not known: agree-disagree or upvote."),
    "no time": (
        {"opens_at": "tomorrow"},
        "jam.json: opens_at is “tomorrow”, which is no time. Write one like 2026-05-01T09:00:00Z.",
    ),
    "closes before it opens": (
        {"closes_at": "2026-02-28T23:00:00Z"},
        "jam.json: The jam would close (2026-02-28T23:00:00Z) before it opens (2026-03-01T08:00:00Z).",
    ),
    "closes when it opens": (
        {"closes_at": JAM["opens_at"]},
        "jam.json: The jam would close (2026-03-01T08:00:00Z) before it opens (2026-03-01T08:00:00Z).",
    ),
    "reading ends before the close": (
        {"reading_until": JAM["opens_at"]},
        "jam.json: Reading would end (reading_until) before the close (closes_at).",
    ),
    "review without reading": (
        {"review_until": "2026-04-01T00:00:00Z"},
        "jam.json: Review would end (review_until) before reading does (reading_until).",
    ),
    "slug": (
        {"slug": "two words"}, f"The slug “two words” {NO_SLUG}",
    ),
    "no slug": ({"slug": None}, f"The slug nothing {NO_SLUG}"),
    "slug that is too long": ({"slug": "s" * 61}, f"The slug “{'s' * 59}…” {NO_SLUG}"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "line"), JAM_CHANGES.values(), ids=JAM_CHANGES.keys())
def test_jam_json(change: dict[str, Any], line: str, tmp_path: Path) -> None:
    assert refusal(Made(jam=JAM | change).folder(tmp_path / "b")) == line


RAW = {
    "jam.json is no JSON": ("jam.json", b"{\n'slug'", "jam.json line 2: This is not JSON: Expecting property name"),
    "jam.json is a list": ("jam.json", b"[]", "jam.json: It holds no object in braces."),
    "jam.json nests for ever": ("jam.json", b'{"a":' * 100_000, "jam.json: This is not JSON that can be read."),
    "jam.json is huge": ("jam.json", b" " * 1_100_000, "jam.json: It is larger than 1024 KB."),
    "jam.json is Latin-1": ("jam.json", b'{\n"title": "caf\xe9"}', "jam.json line 2: This is not UTF-8: byte 0xE9."),
    "no posts.csv": ("posts.csv", None, "There is no posts.csv in the bundle."),
    "posts.csv is empty": (
        "posts.csv", b"",
        "posts.csv line 1: The header lacks post_id, forum_id, parent_id, person_id, created_at, body.",
    ),
    "a column is missing": ("votes.csv", b"post_id,value\r\n", "votes.csv line 1: The header lacks person_id."),
    "a column comes twice": (
        "forums.csv", b"forum_id,title,title\r\n", "forums.csv line 1: The header names title twice.",
    ),
    "a quote is never closed": (
        "people.csv", b'person_id,name\r\nana,Ana\r\nben,"Ben\r\n', "people.csv line 3: A quote is opened in this row",
    ),
    "text after a closed quote": (
        "people.csv", b'person_id,name\r\nana,"A"na\r\n', "people.csv line 2: The quoting of this row is broken",
    ),
    "a bare carriage return": (
        "people.csv", b"person_id,name\r\nana,A\rna\r\n", "people.csv line 2: There is a line break inside a field",
    ),
    "Latin-1": (
        "people.csv", b"person_id,name\r\nana,Ren\xe9\r\n",
        "people.csv line 2: This is not UTF-8: byte 0xE9 at place 8 of the line.",
    ),
    "UTF-16": ("people.csv", "person_id,name".encode("utf-16"), "people.csv line 1: This is not UTF-8: byte 0xFF"),
}  # fmt: skip


@pytest.mark.parametrize(("file", "data", "line"), RAW.values(), ids=RAW.keys())
def test_files_that_cannot_be_trusted(file: str, data: bytes | None, line: str, tmp_path: Path) -> None:
    assert refusal(Made(raw={file: data}).folder(tmp_path / "b")).startswith(line)


def test_a_field_that_never_ends(tmp_path: Path) -> None:
    endless = b'person_id,name\r\nana,"' + b"x" * 1000 + b"\r\n" * (reader.FIELD_MAX // 2) + b'"\r\n'
    assert refusal(Made(raw={"people.csv": endless}).folder(tmp_path / "b")) == (
        "people.csv line 2: A field is longer than 4 MB; a quote may not be closed."
    )


def test_a_line_that_never_ends(tmp_path: Path) -> None:
    endless = b"person_id,name\r\n" + b"x" * (reader.LINE_MAX + 1)
    assert refusal(Made(raw={"people.csv": endless}).folder(tmp_path / "b")) == (
        "people.csv line 2: The line is longer than 16 MB."
    )


def test_a_slug_that_is_taken(tmp_path: Path) -> None:
    folder = Made().folder(tmp_path / "b")
    load_path(folder)
    before = (Jam.objects.count(), Person.objects.count(), Post.objects.count(), Vote.objects.count())

    with pytest.raises(BundleRefused, match=r"slug “quay” already\. Name another with --slug"):
        load_path(folder)
    assert (Jam.objects.count(), Person.objects.count(), Post.objects.count(), Vote.objects.count()) == before


def test_a_slug_that_is_given_spares_a_bad_one(tmp_path: Path) -> None:
    assert load_path(Made(jam=JAM | {"slug": "two words"}).folder(tmp_path / "b"), slug="words").jam.slug == "words"


def test_no_such_path(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nothing") == f"There is no file or folder {tmp_path / 'nothing'}."


def test_a_folder_that_is_no_bundle(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"There is no jam.json in {tmp_path}: this is not a jam bundle."


def test_strict_stops_at_the_first_row_to_be_mended(tmp_path: Path) -> None:
    made = Made(posts=[post("a"), post("b", "gone"), post("c", "gone")])
    assert refusal(made.folder(tmp_path / "b"), strict=True) == (
        "posts.csv line 3: names the parent “gone”, which is not there: starts a thread of its own. "
        "(A strict import takes no row that it has to mend or leave out.)"
    )


def test_strict_stops_at_the_first_row_to_be_left_out(tmp_path: Path) -> None:
    made = Made(posts=[post("a"), post("a")])
    assert refusal(made.folder(tmp_path / "b"), strict=True).startswith(
        "posts.csv line 3: has the id “a”, as an earlier row does."
    )


@pytest.mark.parametrize("table", ["jam_forum", "accounts_person", "jam_member", "threads_post", "threads_vote"])
def test_a_failure_in_the_middle_leaves_nothing(table: str, tmp_path: Path) -> None:
    """The database itself says no to the last kind of row, for a reason that the loader could not know of."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no'; END$$")
        cursor.execute(f"CREATE TRIGGER refuse BEFORE INSERT ON {table} EXECUTE FUNCTION refuse()")

    with pytest.raises(DatabaseError):
        load_path(Made().folder(tmp_path / "b"))
    assert [model.objects.count() for model in (Jam, Forum, Person, Post, Vote)] == [0, 0, 0, 0, 0]


def test_what_is_shown_of_a_bad_value_cannot_play_with_the_terminal(tmp_path: Path) -> None:
    made = Made(jam=JAM | {"timezone": "\x1b[2J\u202e" + "x" * 500})
    line = refusal(made.folder(tmp_path / "b"))

    assert line.isprintable()
    assert len(line) < 150
    assert json.dumps(line)

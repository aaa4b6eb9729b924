"""Rows that are mended or left out: what becomes of them, and what is said of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from jam.models import Forum, Member
from results.bundle.report import Fate
from tests.results.making import JAM, Made, load_path, person, post, vote
from threads.models import Follow, Post, Vote

pytestmark = pytest.mark.django_db

OPENS = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
WROTE = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def load_made(made: Made, tmp_path: Path) -> list[str]:
    """Loads, and returns the account; the counts must add up, file by file."""
    report = load_path(made.folder(tmp_path / "b")).report
    for tally in report.tallies():
        assert tally.read == tally.loaded + tally.superseded + tally.refused
        assert tally.mended <= tally.loaded
    assert sum(len(group.entries) for group in report.groups()) == len(report.entries())
    told = report.entries()
    for tally in report.tallies():
        lines = {fate: {e.line for e in told if e.file == tally.file and e.fate is fate} for fate in Fate}
        assert (len(lines[Fate.REFUSED]), len(lines[Fate.MENDED])) == (tally.refused, tally.mended)
    return [str(entry) for entry in told]


JAM_MENDS: dict[str, tuple[dict[str, Any], str, str, object]] = {
    "time without a zone": (
        {"opens_at": "2026-03-01T07:00:00"},
        "jam.json: mended: opens_at “2026-03-01T07:00:00” names no time zone: taken as UTC",
        "opens_at", datetime(2026, 3, 1, 7, 0, tzinfo=UTC),
    ),
    "language": (
        {"language": "English, please"},
        "jam.json: mended: “English, please” is not a language code: made “en”", "language", "en",
    ),
    "accent": (
        {"accent": "red;}body{"}, "jam.json: mended: “red;}body{” is not a colour as #rrggbb: left out", "accent", "",
    ),
    "door": ({"door": "open"}, "jam.json: mended: “open” is not a door: made “invitation”", "door", "invitation"),
    "long title": (
        {"title": "T" * 250}, "jam.json: mended: has 250 characters in title, which holds 200: cut", "title", "T" * 200,
    ),
    "control characters": (
        {"question": "One\x00 two\ud800"}, "jam.json: mended: holds control characters in question: taken out",
        "question", "One two",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "said", "name", "value"), JAM_MENDS.values(), ids=JAM_MENDS.keys())
def test_jam_json(change: dict[str, Any], said: str, name: str, value: object, tmp_path: Path) -> None:
    loaded = load_path(Made(jam=JAM | change).folder(tmp_path / "b"))

    assert [str(entry) for entry in loaded.report.entries()] == [said]
    loaded.jam.refresh_from_db()
    assert getattr(loaded.jam, name) == value


def test_an_offset_is_understood(tmp_path: Path) -> None:
    loaded = load_path(Made(jam=JAM | {"opens_at": "2026-03-01T09:00:00+02:00"}).folder(tmp_path / "b"), strict=True)

    assert loaded.jam.opens_at == datetime(2026, 3, 1, 7, 0, tzinfo=UTC)


def test_forums(tmp_path: Path) -> None:
    forums = [
        {"forum_id": "f", "title": " ", "position": "-3", "question": "a\x07b"},
        {"forum_id": "f", "title": "Again", "position": "2", "question": ""},
        {"forum_id": "", "title": "No id", "position": "3", "question": ""},
        {"forum_id": "x" * 101, "title": "Long id", "position": "4", "question": ""},
        {"forum_id": "a\x00b", "title": "Bad id", "position": "5", "question": ""},
        {"forum_id": "g", "title": "t" * 201, "position": "99999999999", "question": ""},
    ]
    said = load_made(Made(forums=forums), tmp_path)

    assert said == [
        "forums.csv line 2: mended: has no title: its id stands for it",
        "forums.csv line 2: mended: holds control characters in question: taken out",
        "forums.csv line 2: mended: has the position “-3”: put where the row stands",
        "forums.csv line 3: refused: has the id “f”, as an earlier row does",
        "forums.csv line 4: refused: has no id",
        "forums.csv line 5: refused: has an id that cannot be kept: 101 characters, 100 are kept",
        "forums.csv line 6: refused: has an id that cannot be kept: “a�b” holds control characters",
        "forums.csv line 7: mended: has 201 characters in title, which holds 200: cut",
        "forums.csv line 7: mended: has the position “99999999999”: put where the row stands",
    ]
    assert list(Forum.objects.values_list("key", "title", "question", "position")) == [
        ("f", "f", "ab", 1), ("g", "t" * 200, "", 2),
    ]  # fmt: skip


def test_people(tmp_path: Path) -> None:
    people = [
        person("ana", email="ana@example.org"),
        person("ben", name="", email="ANA@example.org "),
        person("cleo", email="not an address", role="king"),
        person("dan", name="n" * 121, affiliation="Two\nlines", email="a" * 250 + "@example.org"),
        person("ana", name="Another"),
    ]
    said = load_made(Made(people=people), tmp_path)

    assert said == [
        "people.csv line 3: mended: has the e-mail of an earlier row, “ana@example.org”: left out",
        "people.csv line 3: mended: has no name: the id stands for it",
        "people.csv line 4: mended: has the e-mail “not an address”, which is none: left out",
        "people.csv line 4: mended: has the role “king”: made participant",
        f"people.csv line 5: mended: has the e-mail “{'a' * 59}…”, which is none: left out",
        "people.csv line 5: mended: has 121 characters in name, which holds 120: cut",
        "people.csv line 5: mended: has line breaks or tabs in affiliation, which is one line here: made spaces",
        "people.csv line 7: refused: has the id “ana”, as an earlier row does",
    ]
    members = Member.objects.order_by("pk").values_list("key", "name", "person__email", "affiliation", "role")
    assert list(members) == [
        ("ana", "Ana", "ana@example.org", "", "participant"),
        ("ben", "ben", None, "", "participant"),
        ("cleo", "Cleo", None, "", "participant"),
        ("dan", "n" * 120, None, "Two lines", "participant"),
    ]


def test_who_answers_whom(tmp_path: Path) -> None:
    forums = [{"forum_id": key, "title": key, "question": "", "position": "1"} for key in "fg"]
    posts = [
        post("orphan", "gone"),
        post("child", "orphan"),
        post("strayed", "child", forum_id="g"),
        post("lost", "child", forum_id="nowhere"),
        post("nowhere", forum_id="nowhere"),
        post("under-nowhere", "nowhere"),
        post("nobody", person_id="nobody"),
        post("under-nobody", "nobody"),
        post("itself", "itself"),
        post("ring-1", "ring-3", created_at="2026-03-01T12:00:00Z"),
        post("ring-2", "ring-1", created_at="2026-03-01T11:00:00Z"),
        post("ring-3", "ring-2", created_at="2026-03-01T13:00:00Z"),
        post("on-the-ring", "ring-3"),
    ]
    said = load_made(Made(forums=forums, posts=posts, votes=[]), tmp_path)

    assert said == [
        "posts.csv line 2: mended: names the parent “gone”, which is not there: starts a thread of its own",
        "posts.csv line 4: mended: names the forum “g”, and its thread is in another: kept in its thread",
        "posts.csv line 5: mended: names the forum “nowhere”, and its thread is in another: kept in its thread",
        "posts.csv line 6: refused: is in the forum “nowhere”, which is not among those loaded",
        "posts.csv line 7: mended: names the parent “nowhere”, which was left out: starts a thread of its own",
        "posts.csv line 8: refused: is by “nobody”, who is not among the people loaded",
        "posts.csv line 9: mended: names the parent “nobody”, which was left out: starts a thread of its own",
        "posts.csv line 10: mended: stands among its own ancestors: starts a thread of its own",
        "posts.csv line 12: mended: stands among its own ancestors: starts a thread of its own",
    ]
    assert dict(Post.objects.values_list("key", "parent__key")) == {
        "orphan": None, "child": "orphan", "strayed": "child", "lost": "child", "under-nowhere": None,
        "under-nobody": None, "itself": None, "ring-2": None, "ring-3": "ring-2", "ring-1": "ring-3",
        "on-the-ring": "ring-3",
    }  # fmt: skip
    assert Post.objects.get(key="on-the-ring").depth == 2
    assert set(Post.objects.values_list("thread__forum__key", flat=True)) == {"f"}


def test_what_posts_say(tmp_path: Path) -> None:
    posts = [
        post("a", created_at="yesterday"),
        post("b", created_at="2026-03-01 09:00"),
        post("c", created_at="9999-12-31"),
        post("d", status="deleted"),
        post("e", subject="s" * 250),
        post("f", subject="Two\r\nlines", body="One\x00\x1b[31m\r\ntwo\rthree"),
        post("g", tags="Light; light ;;#Pier;" + "x" * 60),
        post("h", tags=";".join(f"tag {n}" for n in range(20)), status=" Hidden "),
        post("i", subject="", body=" \u200b\n"),
        post("j", "i", body="An answer to nothing"),
        post("k", body="ב\u202eb" + "x" * 100_000),
    ]
    said = load_made(Made(posts=posts, votes=[]), tmp_path)

    assert said == [
        "posts.csv line 2: mended: has the time “yesterday”, which is none: the opening of the jam stands for it",
        "posts.csv line 3: mended: created_at “2026-03-01 09:00” names no time zone: taken as UTC",
        "posts.csv line 4: mended: has the time “9999-12-31”, which is none: the opening of the jam stands for it",
        "posts.csv line 5: mended: has the status “deleted”: hidden, to be safe",
        "posts.csv line 6: mended: has a subject of 250 characters: cut, and put whole on top of the body",
        "posts.csv line 7: mended: holds control characters in body: taken out",
        "posts.csv line 7: mended: has line breaks or tabs in subject, which is one line here: made spaces",
        f"posts.csv line 10: mended: has tags that are not written so here: made “light;pier;{'x' * 40}”",
        "posts.csv line 12: kept as it is: has neither subject nor body: stays for who answered whom",
    ]
    found = {p.key: p for p in Post.objects.all()}
    assert (found["a"].created_at, found["b"].created_at, found["c"].created_at) == (OPENS, WROTE, OPENS)
    assert found["d"].status == "hidden"
    assert found["e"].subject == "s" * 199 + "…"
    assert found["e"].body == "s" * 250 + "\n\nBody of e"
    assert (found["f"].subject, found["f"].body) == ("Two lines", "One[31m\ntwo\nthree")
    assert found["g"].tags == ["light", "pier", "x" * 40]
    assert (len(found["h"].tags), found["h"].status) == (20, "hidden")
    assert found["j"].parent == found["i"]
    assert len(found["k"].body) == 100_003


def test_line_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    posts = [post("a", body="three\nlines\nhere"), post("b", "gone"), post("c", body='"\n"'), post("d", "gone")]
    said = load_made(Made(posts=posts, votes=[]), tmp_path)

    assert [line.split(":")[0] for line in said] == ["posts.csv line 5", "posts.csv line 8"]


def test_rows_of_another_width(tmp_path: Path) -> None:
    rows = b"post_id,person_id,value\r\na,ben\r\n\r\na,ben,1,2026-03-01T10:00:00Z,more\r\na,ben,1\r\n"
    said = load_made(Made(raw={"votes.csv": rows}), tmp_path)

    assert said == [
        "votes.csv line 2: refused: has another number of columns than the header (2 where the header names 3)",
        "votes.csv line 4: refused: has another number of columns than the header (5 where the header names 3)",
    ]


def test_votes(tmp_path: Path) -> None:
    votes = [
        vote("gone", "ben"),
        vote("refused", "ben"),
        vote("a", "nobody"),
        vote("a", "ben", "2"),
        vote("a", "ben", ""),
        vote("a", "ben", "+1", cast_at="soon"),
        vote("b", "ben", " -1 ", cast_at=""),
        vote("b", "ana", "0", cast_at="2026-03-01T10:00:00"),
    ]
    posts = [post("a"), post("b", "a", person_id="ben"), post("refused", person_id="nobody")]
    said = load_made(Made(posts=posts, votes=votes), tmp_path)

    assert said[1:] == [
        "votes.csv line 2: refused: is on the post “gone”, which is not there",
        "votes.csv line 3: refused: is on the post “refused”, which was left out",
        "votes.csv line 4: refused: is by “nobody”, who is not among the people loaded",
        "votes.csv line 5: refused: has the value “2”; a vote is 1, 0 or -1",
        "votes.csv line 6: refused: has the value nothing; a vote is 1, 0 or -1",
        "votes.csv line 7: mended: has the time “soon”, which is none: the time of the post stands for it",
        "votes.csv line 9: mended: cast_at “2026-03-01T10:00:00” names no time zone: taken as UTC",
    ]
    # a vote on one's own post is nothing that the site takes, and is kept: it is in the data
    assert set(Vote.objects.values_list("post__key", "member__key", "value", "cast_at")) == {
        ("a", "ben", 1, WROTE), ("b", "ben", -1, WROTE), ("b", "ana", 0, WROTE.replace(hour=10)),
    }  # fmt: skip


def test_an_upvote_jam_takes_upvotes_only(tmp_path: Path) -> None:
    votes = [vote("a", "ana"), vote("a", "ben", "-1"), vote("b", "ana", "0")]
    said = load_made(Made(jam=JAM | {"voting": "upvote"}, votes=votes), tmp_path)

    assert said == [
        "votes.csv line 3: refused: has the value “-1”; in an upvote jam a vote is 1",
        "votes.csv line 4: refused: has the value “0”; in an upvote jam a vote is 1",
    ]


def test_favourites_and_actions(tmp_path: Path) -> None:
    made = Made(
        raw={
            "favourites.csv": b"post_id,person_id,kept_at\r\na,ben,2026-03-01T10:00:00Z\r\na,ben,\r\ngone,ben,\r\n",
            "actions.csv": b"post_id,person_id,kind,reason,at\r\na,ben,hide,Off topic,\r\na,ben,burn,,\r\n",
        }
    )
    said = load_made(made, tmp_path)

    assert said == [
        "favourites.csv line 3: refused: says what an earlier row says",
        "favourites.csv line 4: refused: is on the post “gone”, which is not there",
        "actions.csv line 3: refused: has the kind “burn”, which is not known",
    ]


def test_follows(tmp_path: Path) -> None:
    lines = (
        "person_id,post_id,followed_id,tag,since",
        "ben,a,,,2026-03-01T10:00:00Z", "ben,a,,,", "ben,,ana,,yesterday", "ben,,,#Light,", "nobody,a,,,",
        "ben,gone,,,", "ben,,ben,,", "ben,a,ana,,", "ben,,,,",
    )  # fmt: skip
    said = load_made(Made(raw={"follows.csv": "\r\n".join([*lines, ""]).encode()}), tmp_path)

    nothing = "refused: does not name one thing to follow that is there: an idea, somebody else or a tag"
    assert said == [
        "follows.csv line 3: refused: says what an earlier row says",
        "follows.csv line 4: mended: has the time “yesterday”, which is none: the opening of the jam stands for it",
        "follows.csv line 6: refused: is by “nobody”, who is not among the people loaded",
        *(f"follows.csv line {line}: {nothing}" for line in (7, 8, 9, 10)),
    ]
    kept = [(each.member.key, each.tag, each.person and each.person.key) for each in Follow.objects.order_by("pk")]
    assert kept == [("ben", "", None), ("ben", "", "ana"), ("ben", "light", None)]


def test_what_is_not_known_is_kept_out_with_a_warning(tmp_path: Path) -> None:
    made = Made(
        jam=JAM | {"colour\x1b": "red"},
        raw={
            "themes.csv": b"theme_id,name,size\r\n",
            "forums.csv": b"forum_id,title,mood\r\nf,Forum,good\r\n",
            ".DS_Store": b"",
        },
    )
    loaded = load_path(made.folder(tmp_path / "b"), strict=True)

    assert loaded.report.entries() == []
    assert loaded.report.warnings == [
        "kept out, since a bundle has no such file: themes.csv.",
        "jam.json: kept out, since this site does not know the key: “colour�”.",
        "forums.csv: kept out, since this site does not know the column: “mood”.",
    ]

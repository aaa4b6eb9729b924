"""Loading a bundle that is as it should be."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from jam.domain.phases import Phase, database_now, phase_of
from jam.models import Activity, Door, Forum, Jam, Member
from live.models import Event
from moderation.models import Action
from results.domain.closing import due
from tests.results.making import HARBOUR, Made, load_path, person, post, vote
from threads.domain import counts
from threads.models import DEPTH_MAX, Favourite, Post, Thread, Vote

pytestmark = pytest.mark.django_db


def test_every_value_arrives() -> None:
    loaded = load_path(HARBOUR)
    jam = Jam.objects.get(slug="harbour")

    assert loaded.jam == jam
    assert jam.title == "The harbour – 港口 – الميناء"
    assert "<em>first</em>" in jam.question_html
    assert (jam.time_zone, jam.voting, jam.door, jam.accent) == (
        "Europe/Berlin", "agree-disagree", "invitation", "#0a7d6b",
    )  # fmt: skip
    assert jam.closes_at == datetime(2026, 3, 30, 16, 0, 0, 500_000, tzinfo=UTC)
    assert list(Forum.objects.filter(jam=jam).values_list("key", "position")) == [("piers", 1), ("水", 2), ("f-3", 3)]
    members = Member.objects.filter(jam=jam).order_by("pk")
    assert [(m.key, m.role) for m in members] == [
        ("1", "admin"), ("2", "facilitator"), ("3", "participant"), ("b-4", "guest"), ("5", "observer"),
        ("6", "participant"),
    ]  # fmt: skip
    pilot = Post.objects.get(jam=jam, key="r2")
    assert pilot.author.name == 'O\'Brien, "Pat"'
    assert pilot.body.splitlines()[1] == "must not blind the pilots;"
    assert pilot.created_at == datetime(2026, 3, 27, 9, 10, 0, 123_456, tzinfo=UTC)
    assert "<script" not in pilot.html
    assert "javascript:" not in pilot.html.replace("[this](javascript:alert(1))", "")
    assert Post.objects.get(jam=jam, key="p2").tags == ["渡轮", "时间"]
    assert Post.objects.get(jam=jam, key="p5").status == "hidden"
    assert Action.objects.get(jam=jam).reason == 'Off the topic, "for now"'
    assert Favourite.objects.filter(post__jam=jam).count() == 2


def test_the_tree_is_as_the_verbs_would_have_made_it() -> None:
    jam = load_path(HARBOUR).jam
    thread = Post.objects.get(jam=jam, key="p1").thread
    posts = list(Post.objects.filter(thread=thread).order_by("path"))

    assert [p.key for p in posts] == ["p1", "r1", "r2", *(f"d{n}" for n in range(3, 27))]
    assert [p.depth for p in posts] == list(range(27))
    for above, below in pairwise(posts):
        assert below.parent == above
        assert below.path.startswith(above.path)
        assert len(below.path) == 8 * (below.depth + 1)


def test_counts_are_those_that_recounting_finds() -> None:
    jam = load_path(HARBOUR).jam
    kept = _counts(jam)
    counts.recount(jam.pk)

    assert _counts(jam) == kept
    idea = Post.objects.get(jam=jam, key="p1")
    assert (idea.agree_count, idea.pass_count, idea.disagree_count) == (3, 0, 1)
    assert idea.thread.reply_count == 26
    assert idea.thread.last_post_at == datetime(2026, 3, 30, 2, 0, tzinfo=UTC)
    piers = Forum.objects.get(jam=jam, key="piers")
    assert (piers.thread_count, piers.post_count) == (3, 29)
    assert sum(Activity.objects.filter(jam=jam).values_list("posts", flat=True)) == Post.objects.filter(jam=jam).count()


def _counts(jam: Jam) -> object:
    return (
        list(Forum.objects.filter(jam=jam).values_list("pk", "thread_count", "post_count")),
        list(Thread.objects.filter(jam=jam).order_by("pk").values_list("pk", "reply_count", "last_post_at", "heat")),
        list(
            Post.objects.filter(jam=jam).order_by("pk").values_list("pk", "agree_count", "pass_count", "disagree_count")
        ),
        list(Activity.objects.filter(jam=jam).order_by("at").values_list("at", "posts")),
    )


def test_siblings_stand_in_the_order_of_time_whatever_the_order_of_the_file(tmp_path: Path) -> None:
    late, early = (
        post("late", "a", created_at="2026-03-01T12:00:00Z"),
        post("early", "a", created_at="2026-03-01T11:00:00Z"),
    )
    made = Made(posts=[late, early, post("below", "late"), post("a")], votes=[])
    loaded = load_path(made.folder(tmp_path / "b"), strict=True)

    in_order = Post.objects.filter(jam=loaded.jam).order_by("path").values_list("key", flat=True)
    assert list(in_order) == ["a", "early", "late", "below"]


def test_the_last_vote_of_a_person_on_a_post_counts(tmp_path: Path) -> None:
    votes = [vote("a", "ben", "1"), vote("b", "ana", "0"), vote("a", "ben", "-1", cast_at="2026-03-01T09:30:00Z")]
    loaded = load_path(Made(votes=votes).folder(tmp_path / "b"), strict=True)

    assert Vote.objects.get(post__key="a", member__key="ben").value == -1
    tally = loaded.report.tally("votes.csv")
    assert (tally.read, tally.loaded, tally.superseded, tally.refused) == (3, 2, 1, 0)


def test_optional_columns_and_files_may_be_missing(tmp_path: Path) -> None:
    made = Made(
        raw={
            "forums.csv": b"forum_id,title\nf,Forum\n",
            "people.csv": b"person_id,name\nana,Ana\n",
            "posts.csv": b"post_id,forum_id,parent_id,person_id,created_at,body\na,f,,ana,2026-03-01T09:00:00Z,Words\n",
            "votes.csv": None,
        }
    )
    loaded = load_path(made.folder(tmp_path / "b"), strict=True)

    made_post = Post.objects.get(jam=loaded.jam)
    assert (made_post.subject, made_post.tags, made_post.status) == ("", [], "visible")
    assert loaded.report.warnings == ["there is no votes.csv: the jam has no votes."]


def test_a_byte_order_mark_and_any_line_ends_are_read(tmp_path: Path) -> None:
    files = Made().files()
    raw = {name: b"\xef\xbb\xbf" + data.replace(b"\r\n", b"\n") for name, data in files.items()}
    loaded = load_path(Made(raw=dict(raw)).folder(tmp_path / "b"), strict=True)

    assert Post.objects.filter(jam=loaded.jam).count() == 2


def test_a_jam_whose_window_lies_around_now_is_open(tmp_path: Path) -> None:
    made = Made()
    made.jam |= {"opens_at": "2020-01-01T00:00:00Z", "closes_at": "2190-01-01T00:00:00Z"}
    jam = load_path(made.folder(tmp_path / "b")).jam

    assert phase_of(jam, database_now()) is Phase.OPEN
    assert jam.door == Door.INVITATION


def test_nobody_is_told_of_a_jam_that_closed_long_ago() -> None:
    jam = load_path(HARBOUR).jam

    assert jam not in due()
    assert not Event.objects.filter(jam_key=jam.pk).exists()


def test_a_draft_stays_one(tmp_path: Path) -> None:
    made = Made()
    made.jam |= {"opens_at": None, "closes_at": None, "published": False}
    jam = load_path(made.folder(tmp_path / "b")).jam

    assert phase_of(jam, database_now()) is Phase.DRAFT


def test_slug_and_door_can_be_given(tmp_path: Path) -> None:
    jam = load_path(Made().folder(tmp_path / "b"), slug="elsewhere", door="account").jam

    assert (jam.slug, jam.door) == ("elsewhere", "account")


def test_people_who_are_here_become_the_members(tmp_path: Path) -> None:
    here = Person.objects.create_user("Ana@Example.org", "a-quiet-harbour-42", name="Ana of this site")
    moved = Person.objects.create_user("new@example.org", "a-quiet-harbour-42", name="Moved")
    EmailAddress.objects.create(user=moved, email="old@example.org", verified=True)
    people = [
        person("ana", email="ANA@example.ORG", affiliation="As in the bundle"),
        person("ben", email="old@example.org"),
        person("cleo", email="cleo@example.org"),
        person("dan"),
    ]
    jam = load_path(Made(people=people).folder(tmp_path / "b"), strict=True).jam

    members = {member.key: member for member in Member.objects.filter(jam=jam).select_related("person")}
    assert members["ana"].person == here
    assert (members["ana"].name, members["ana"].affiliation) == ("Ana", "As in the bundle")
    here.refresh_from_db()
    assert here.name == "Ana of this site"
    assert here.check_password("a-quiet-harbour-42")
    assert members["ben"].person == moved
    assert not members["cleo"].person.has_usable_password()
    assert (members["dan"].person.email, members["dan"].person.has_usable_password()) == (None, False)


def test_one_person_is_not_two_members(tmp_path: Path) -> None:
    here = Person.objects.create_user("ana@example.org", None, name="Ana")
    EmailAddress.objects.create(user=here, email="second@example.org", verified=True)
    people = [person("ana", email="ana@example.org"), person("ben", email="second@example.org")]
    loaded = load_path(Made(people=people).folder(tmp_path / "b"))

    assert Member.objects.get(jam=loaded.jam, key="ana").person == here
    assert Member.objects.get(jam=loaded.jam, key="ben").person.email is None
    assert loaded.report.tally("people.csv").mended == 1


def test_depth_goes_as_far_as_a_thread_does(tmp_path: Path) -> None:
    chain = [post("0"), *(post(str(n), str(n - 1)) for n in range(1, DEPTH_MAX + 4))]
    loaded = load_path(Made(posts=chain, votes=[]).folder(tmp_path / "b"))

    assert loaded.report.tally("posts.csv").mended == 3
    deepest = Post.objects.filter(jam=loaded.jam, depth=DEPTH_MAX)
    assert set(deepest.values_list("key", "parent__key")) == {
        (str(DEPTH_MAX + n), str(DEPTH_MAX - 1)) for n in range(4)
    }


def test_statements_do_not_grow_with_rows(tmp_path: Path) -> None:
    def statements(number: int) -> int:
        posts = [post(str(n)) for n in range(number)]
        people = [person("ana"), *(person(f"p{n}", email=f"p{n}@example.org") for n in range(number))]
        votes = [vote(str(n), f"p{n}") for n in range(number)]
        folder = Made(posts=posts, people=people, votes=votes).folder(tmp_path / str(number))
        with CaptureQueriesContext(connection) as queries:
            load_path(folder, slug=f"s{number}")
        return len(queries)

    assert statements(3) == statements(60)

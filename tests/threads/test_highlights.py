"""Highlights: who may hold a post up, who is told, and where it shows."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jam.domain import doings
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.models import Duty
from live.models import Event
from notifications.domain.kinds import News
from notifications.models import Notification
from tests.cast import Cast, close_by_clock, set_window
from threads.domain import editing, highlights, posting, telling
from threads.domain.highlight_notices import look, sentence
from threads.models import Highlight, Post, PostStatus

pytestmark = pytest.mark.django_db


def told(cast: Cast) -> list[object]:
    events = Event.objects.filter(jam_key=cast.jam.pk, kind="post.highlighted").order_by("seq")
    return [event.data["highlight"] for event in events]


def mark(cast: Cast, post: Post, kind: str) -> Highlight | None:
    return highlights.highlight(member=cast.fay, post=post, kind=kind)


def test_emerging_becomes_best_and_is_taken_back(cast: Cast) -> None:
    reply = cast.reply(cast.idea())
    mark(cast, reply, "emerging")
    highlights.highlight(member=cast.ada, post=reply, kind="best")
    found = Highlight.objects.get()
    assert (found.post, found.kind, found.by, found.jam) == (reply, "best", cast.ada, cast.jam)
    assert highlights.kinds_of([reply.pk]) == {reply.pk: "best"}
    assert mark(cast, reply, "") is None
    assert not Highlight.objects.exists()
    assert told(cast) == ["emerging", "best", None]


def test_the_same_twice_is_once(cast: Cast) -> None:
    idea = cast.idea()
    first = mark(cast, idea, "best")
    assert highlights.highlight(member=cast.ada, post=idea, kind="best") == first
    assert Highlight.objects.get().by == cast.fay
    assert mark(cast, cast.idea(), "") is None
    assert told(cast) == ["best"]


def test_everybody_hears_of_it_and_who_has_the_thread_open_gets_the_mark(cast: Cast) -> None:
    idea = cast.idea()
    mark(cast, idea, "emerging")
    event = Event.objects.get(kind="post.highlighted")
    assert event.rooms == ["pulse", f"forum:{cast.harbour.pk}", f"thread:{idea.thread_id}"]
    assert 'data-word="emerging"' in event.html
    assert event.data["by"] == {"id": cast.fay.pk, "name": "Fay"}
    assert (event.data["subject"], event.data["excerpt"]) == ("A lamp on the pier", "So that boats find home.")


def test_it_is_written_down(cast: Cast) -> None:
    idea = cast.idea()
    with mock.patch.object(doings, "_listeners", [heard := mock.Mock()]):
        mark(cast, idea, "emerging")
        mark(cast, idea, "emerging")
        mark(cast, idea, "")
    kinds = [(call.kwargs["kind"], call.kwargs["before"], call.kwargs["after"]) for call in heard.call_args_list]
    assert kinds == [
        ("highlight", {"highlight": ""}, {"highlight": "emerging"}),
        ("unhighlight", {"highlight": "emerging"}, {"highlight": ""}),
    ]
    assert heard.call_args.kwargs["by"] == cast.fay


@pytest.mark.parametrize("name", ["ana", "ben", "omar"])
def test_only_who_runs_the_jam_does(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        highlights.highlight(member=getattr(cast, name), post=cast.idea(), kind="best")
    assert told(cast) == []


def test_who_runs_another_jam_or_another_forum_does_not(cast: Cast) -> None:
    idea = cast.idea()
    with pytest.raises(Invalid):
        highlights.highlight(member=cast.ned, post=idea, kind="best")
    Duty.objects.create(member=cast.fay, forum=cast.streets)
    with pytest.raises(NotAllowed) as refused:
        mark(cast, idea, "best")
    assert refused.value.code == "not_your_forum"
    mark(cast, cast.idea(forum=cast.streets), "best")
    assert told(cast) == ["best"]


def test_what_is_no_mark_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid):
        mark(cast, cast.idea(), "splendid")


def test_it_can_be_said_after_the_close_and_not_before_the_opening(cast: Cast) -> None:
    idea = cast.idea()
    close_by_clock(cast.jam)
    mark(cast, idea, "best")
    set_window(cast.jam, opens_in=timedelta(hours=1), closes_in=timedelta(hours=2))
    with pytest.raises(Conflict):
        mark(cast, idea, "emerging")


def test_what_nobody_reads_takes_no_mark_and_its_words_are_told_to_nobody(cast: Cast) -> None:
    idea = cast.idea()
    mark(cast, idea, "best")
    editing.withdraw(member=cast.ana, post=idea)
    before = Event.objects.get(kind="post.highlighted")
    assert (before.data["subject"], before.data["excerpt"]) == ("", "")
    assert "boats" not in before.html
    with pytest.raises(Conflict):
        mark(cast, idea, "emerging")
    mark(cast, idea, "")
    after = Event.objects.filter(kind="post.highlighted").latest("seq")
    assert (after.data["subject"], after.data["excerpt"], after.data["highlight"]) == ("", "", None)
    assert "boats" not in after.html


def test_the_author_is_told_once_of_each_mark(cast: Cast) -> None:
    idea = cast.idea()
    for kind in ("emerging", "", "emerging", "best"):
        mark(cast, idea, kind)
    telling.tell_all()
    rows = list(Notification.objects.filter(kind="highlight").order_by("pk"))
    assert [(row.member, row.data["highlight"]) for row in rows] == [(cast.ana, "emerging"), (cast.ana, "best")]
    standing = look(rows)
    assert [standing[row.pk].gone for row in rows] == [True, False]
    assert "one of the best" in sentence(News(data=rows[1].data, names=["Fay"], title=standing[rows[1].pk].title))
    Post.objects.update(status=PostStatus.HIDDEN)
    assert [one.gone for one in look(rows).values()] == [True, True]


def test_whoever_marks_their_own_post_is_not_told(cast: Cast) -> None:
    mark(cast, cast.idea(by=cast.fay), "best")
    telling.tell_all()
    assert not Notification.objects.filter(kind="highlight").exists()


def test_a_list_has_the_latest_mark_first_and_no_hidden_post(cast: Cast) -> None:
    posts = [cast.idea(subject=subject) for subject in ("One", "Two", "Three")]
    for post, kind in zip(posts, ("best", "emerging", "best"), strict=True):
        mark(cast, post, kind)
    assert [post.subject for post in highlights.listed(cast.jam)] == ["Three", "Two", "One"]
    editing.withdraw(member=cast.ana, post=posts[2])
    assert [post.subject for post in highlights.listed(cast.jam, ["best"])] == ["One"]
    assert list(highlights.listed(cast.other)) == []


def test_a_facilitator_asks_a_thread(cast: Cast) -> None:
    idea = cast.idea()
    asked = posting.reply(member=cast.fay, parent=idea, body="Who has done this before?", is_prompt=True)
    assert Post.objects.get(pk=asked.pk).is_prompt
    assert 'data-word="prompt"' in Event.objects.filter(kind="post.created").latest("seq").html
    with pytest.raises(NotAllowed):
        posting.reply(member=cast.ben, parent=idea, body="Who has?", is_prompt=True)
    Duty.objects.create(member=cast.fay, forum=cast.streets)
    with pytest.raises(NotAllowed):
        posting.reply(member=cast.fay, parent=idea, body="And who would?", is_prompt=True)
    assert Post.objects.filter(is_prompt=True).count() == 1


def test_everybody_sees_the_mark_in_lists_and_in_the_thread(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    mark(cast, cast.reply(idea, body="A bell would do."), "emerging")
    mark(cast, idea, "best")
    client.force_login(cast.ben.person)
    thread = client.get(f"/jams/tides/threads/{idea.thread_id}/").content.decode()
    assert thread.count('data-word="best"') == thread.count('data-word="emerging"') == 1
    for path in ("", f"forums/{cast.harbour.pk}/", "ideas/"):
        assert 'data-highlight="best">Best</span>' in client.get(f"/jams/tides/{path}").content.decode()
    home = client.get("/jams/tides/").content.decode()
    assert "A bell would do." in home[home.index('id="highlights-title"') : home.index('id="hot-title"')]


def test_the_api_says_it_too(cast: Cast, client: Client) -> None:
    idea = cast.idea()
    posting.reply(member=cast.fay, parent=idea, body="Who has done this before?", is_prompt=True)
    mark(cast, idea, "best")
    client.force_login(cast.ben.person)
    posts = client.get(f"/api/v1/threads/{idea.thread_id}").json()["posts"]
    assert [(post["highlight"], post["is_prompt"]) for post in posts] == [("best", False), (None, True)]


def test_a_list_is_narrowed_down_to_threads_with_a_mark(cast: Cast, client: Client) -> None:
    plain, best, answered = (cast.idea(subject=subject) for subject in ("Plain one", "Best one", "Answered one"))
    mark(cast, best, "best")
    mark(cast, cast.reply(answered), "emerging")
    client.force_login(cast.ben.person)

    def shown(kind: str, path: str = "ideas/") -> set[int]:
        page = client.get(f"/jams/tides/{path}?sort=new&highlight={kind}").content.decode()
        part = page[page.index('data-list="ideas"') :]
        return {post.pk for post in (plain, best, answered) if f'data-thread="{post.thread_id}"' in part}

    assert shown("best") == shown("best", f"forums/{cast.harbour.pk}/") == {best.pk}
    assert shown("emerging") == {answered.pk}
    assert shown("any") == {best.pk, answered.pk}
    assert shown("splendid") == {plain.pk, best.pk, answered.pk}
    page = client.get("/jams/tides/ideas/?highlight=best&sort=top").content.decode()
    assert "?sort=top&amp;highlight=emerging" in page
    editing.withdraw(member=cast.ana, post=best)
    assert "Nothing is highlighted like that" in client.get("/jams/tides/ideas/?highlight=best").content.decode()


def test_pages_cost_the_same_with_one_mark_and_three(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben.person)
    thread = cast.idea().thread_id
    costs: dict[str, list[int]] = {}
    for number in (1, 2):
        for _ in range(number):
            mark(cast, cast.idea(), "best")
            mark(cast, cast.reply(Post.objects.get(thread=thread, parent=None)), "emerging")
        for path in ("", f"forums/{cast.harbour.pk}/", "ideas/?highlight=any", f"threads/{thread}/", "catch-up/"):
            client.get(f"/jams/tides/{path}")
            with CaptureQueriesContext(connection) as queries:
                client.get(f"/jams/tides/{path}")
            costs.setdefault(path, []).append(len(queries))
    assert {path: first for path, (first, _) in costs.items()} == {path: second for path, (_, second) in costs.items()}

"""The pages of moving, without JavaScript: what they say beforehand, what they refuse, and where old addresses lead."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.domain import tokens
from jam.domain import feed_keys
from jam.models import Duty
from tests.cast import Cast
from threads.domain import connecting, moving
from threads.domain.undoing import undo
from threads.models import Moved, Post, PostStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def fay(cast: Cast, client: Client) -> Client:
    client.force_login(cast.fay.person)
    return client


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(f"/jams/tides/{path}")
    assert answer.status_code == status
    return answer.content.decode()


def test_a_thread_is_moved_and_moved_back_by_the_link_beside_the_message(cast: Cast, fay: Client) -> None:
    idea = cast.idea()
    page = text(fay, f"threads/{idea.thread_id}/move/")
    assert "Streets" in page
    assert f'value="{cast.harbour.pk}"' not in page
    sent = {"forum": cast.streets.pk, "reason": "It is about the road."}
    answer = fay.post(f"/jams/tides/threads/{idea.thread_id}/move/", sent, follow=True)
    move = Moved.objects.get()
    assert f'<a href="/jams/tides/moves/{move.pk}/undo/">Undo</a>' in answer.content.decode()
    assert "Streets" in text(fay, f"moves/{move.pk}/undo/")
    fay.post(f"/jams/tides/moves/{move.pk}/undo/")
    assert Post.objects.get().thread.forum_id == cast.harbour.pk
    assert "It is about the road." in text(fay, "moves/")
    again = fay.post(f"/jams/tides/moves/{move.pk}/undo/")
    assert again.status_code == 409
    assert "Fay undid this already" in again.content.decode()


@pytest.mark.parametrize("asked", ["words", "link", "post", "number", "hash"])
def test_the_other_thread_is_found_by_words_a_link_or_its_number(cast: Cast, fay: Client, asked: str) -> None:
    idea, other = cast.idea(subject="A lamp"), cast.idea(subject="Seven buoys")
    reply = cast.reply(other)
    q = {
        "words": "buoys",
        "link": f"https://jam.example/jams/tides/threads/{other.thread_id}/?page=1",
        "post": f"https://jam.example/jams/tides/posts/{reply.pk}/",
        "number": str(other.thread_id),
        "hash": f"#{other.thread_id}",
    }[asked]
    page = fay.get(f"/jams/tides/threads/{idea.thread_id}/merge/", {"q": q}).content.decode()
    if asked == "words":
        assert f'href="?to={other.pk}"' in page
        page = text(fay, f"threads/{idea.thread_id}/merge/?to={other.pk}")
    assert "What will happen" in page
    assert "Seven buoys" in page


@pytest.mark.parametrize(
    ("q", "says"),
    [
        ("https://jam.example/jams/other/threads/1/", "another jam"),
        ("999999", "no such thread"),
        ("99999999999999999999999", "Nothing has these words"),
        ("zyzzyva", "Nothing has these words"),
        ("https://jam.example/jams/tides/posts/999999/", "no such thread"),
    ],
)
def test_what_is_not_found_is_said(cast: Cast, fay: Client, q: str, says: str) -> None:
    idea = cast.idea()
    for path in (f"threads/{idea.thread_id}/merge/", f"threads/{idea.thread_id}/connect/"):
        assert says in fay.get(f"/jams/tides/{path}", {"q": q}).content.decode()


def test_a_merge_says_beforehand_what_it_will_do(cast: Cast, fay: Client) -> None:
    small, large = cast.idea(subject="A lamp", forum=cast.streets), cast.idea(subject="Lamps")
    cast.reply(large)
    cast.reply(cast.reply(large))
    cast.reply(small)
    page = text(fay, f"threads/{large.thread_id}/merge/?to={small.pk}")
    for words in (
        "2 posts move. The thread that goes on then has 5 replies",
        "2 people wrote in it",
        "<bdi>Streets</bdi>",
    ):
        assert words in page
    other_way = text(fay, f"threads/{large.thread_id}/merge/?to={small.pk}&into={small.thread_id}")
    assert "4 posts move" in other_way
    sent = {"to": small.pk, "into": large.thread_id, "reason": ""}
    answer = fay.post(f"/jams/tides/threads/{large.thread_id}/merge/", sent)
    assert answer.headers["Location"] == f"/jams/tides/posts/{small.pk}/"
    assert Post.objects.get(pk=small.pk).parent_id == large.pk


def test_a_thread_is_not_offered_to_be_merged_into_itself_or_its_branch(cast: Cast, fay: Client) -> None:
    idea, small = cast.idea(), cast.idea()
    reply = cast.reply(idea)
    moving.merge(member=cast.fay, thread=idea.thread, other=small.thread)
    for number in (idea.pk, reply.pk, small.pk):
        page = text(fay, f"threads/{idea.thread_id}/merge/?to={number}", status=422)
        assert "cannot be merged into itself" in page
    page = fay.get(f"/jams/tides/threads/{idea.thread_id}/merge/", {"q": str(small.thread_id)}).content.decode()
    assert "cannot be merged into itself" in page


def test_a_reply_is_moved_or_made_a_thread(cast: Cast, fay: Client) -> None:
    idea, other = cast.idea(subject="A lamp"), cast.idea(subject="Lamps")
    top = cast.reply(idea)
    page = text(fay, f"posts/{top.pk}/move/?to={other.pk}")
    assert "It will stand under this" in page
    fay.post(f"/jams/tides/posts/{top.pk}/move/", {"to": other.pk, "reason": ""})
    assert Post.objects.get(pk=top.pk).thread_id == other.thread_id
    refused = fay.post(
        f"/jams/tides/posts/{top.pk}/split/", {"subject": " ", "forum": cast.streets.pk, "reason": "Why."}
    )
    assert refused.status_code == 422
    assert "Why." in refused.content.decode()
    fay.post(f"/jams/tides/posts/{top.pk}/split/", {"subject": "Apart", "forum": cast.streets.pk, "reason": ""})
    split = Post.objects.get(pk=top.pk)
    assert (split.parent_id, split.subject, split.thread.forum_id) == (None, "Apart", cast.streets.pk)


def test_what_a_move_page_is_refused_is_said_and_kept(cast: Cast, fay: Client) -> None:
    idea = cast.idea()
    top = cast.reply(idea)
    below = cast.reply(top)
    answer = fay.post(f"/jams/tides/posts/{top.pk}/move/", {"to": below.pk, "reason": "It belongs there."})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "cannot be moved under itself" in page
    assert "It belongs there." in page


def test_threads_are_connected_and_taken_apart_and_name_each_other(cast: Cast, fay: Client) -> None:
    one, other = cast.idea(subject="A lamp"), cast.idea(subject="Seven buoys")
    fay.post(f"/jams/tides/threads/{one.thread_id}/connect/", {"to": other.pk})
    assert "Seven buoys" in text(fay, f"threads/{one.thread_id}/")
    assert "A lamp" in text(fay, f"threads/{other.thread_id}/")
    fay.post(f"/jams/tides/threads/{other.thread_id}/connect/", {"apart": one.pk})
    assert "Seven buoys" not in text(fay, f"threads/{one.thread_id}/")


PAGES = [
    "threads/{t}/move/",
    "threads/{t}/merge/",
    "threads/{t}/connect/",
    "posts/{p}/move/",
    "moves/{m}/undo/",
    "moves/",
]


@pytest.mark.parametrize("path", PAGES)
def test_these_pages_are_for_who_runs_the_jam_as_a_member(cast: Cast, client: Client, path: str) -> None:
    idea = cast.idea()
    reply = cast.reply(idea)
    move = moving.move_thread(member=cast.fay, thread=idea.thread, forum=cast.streets)
    path = "/jams/tides/" + path.format(t=idea.thread_id, p=reply.pk, m=move.pk)
    assert client.get(path).status_code == 302
    for person, status in ((cast.ben.person, 404), (cast.omar.person, 404), (cast.zoe, 404), (cast.sid, 404),
                           (cast.ned.person, 404), (cast.fay.person, 200), (cast.ada.person, 200)):  # fmt: skip
        client.force_login(person)
        assert client.get(path).status_code == status, person
        elsewhere = 200 if (person, path) == (cast.ned.person, "/jams/tides/moves/") else 404
        assert client.get(path.replace("tides", "other")).status_code == elsewhere
    Duty.objects.create(member=cast.fay, forum=cast.harbour)
    client.force_login(cast.fay.person)
    assert client.get(path).status_code == (200 if "moves" in path else 404)
    assert client.post(path, {"to": idea.pk, "forum": cast.harbour.pk}).status_code in (403, 404, 405)


@pytest.mark.parametrize("path", ["", "unread/"])
def test_the_address_of_a_merged_thread_leads_to_what_its_idea_became(cast: Cast, client: Client, path: str) -> None:
    small, large = cast.idea(), cast.idea()
    reply = cast.reply(large)
    client.force_login(cast.ben.person)
    move = moving.merge(member=cast.fay, thread=small.thread, other=large.thread)
    answer = client.get(f"/jams/tides/threads/{small.thread_id}/{path}", follow=True)
    last, _status = answer.redirect_chain[-1]
    assert last.startswith(f"/jams/tides/threads/{large.thread_id}/")
    assert client.get(f"/jams/tides/posts/{small.pk}/").headers["Location"].endswith(f"#post-{small.pk}")
    undo(member=cast.fay, move=move)
    assert client.get(f"/jams/tides/threads/{small.thread_id}/").status_code == 200
    assert client.get(f"/jams/tides/posts/{reply.pk}/").headers["Location"].endswith(f"#post-{reply.pk}")


def test_a_merged_thread_is_followed_and_its_feed_read_where_it_is_now(cast: Cast, client: Client) -> None:
    small, large = cast.idea(subject="A lamp"), cast.idea(subject="Lamps")
    cast.reply(large, body="And at the mole.")
    key = feed_keys.renew(member=cast.ben)
    address = f"/jams/tides/feeds/{cast.ben.pk}/{key}/threads/{small.thread_id}/"
    moving.merge(member=cast.fay, thread=small.thread, other=large.thread)
    assert "And at the mole." in client.get(address).content.decode()


def test_the_api_leads_on_too(cast: Cast, client: Client) -> None:
    small, large = cast.idea(), cast.idea()
    cast.reply(large)
    moving.merge(member=cast.fay, thread=small.thread, other=large.thread)
    headers = {"Authorization": f"Bearer {tokens.make_token(person=cast.ben.person)}"}
    answer = client.get(f"/api/v1/threads/{small.thread_id}", headers=headers)
    assert (answer.status_code, answer.headers["Location"]) == (307, f"/api/v1/threads/{large.thread_id}")
    posted = client.post(
        f"/api/v1/threads/{small.thread_id}/posts", json.dumps({"body": "Yes."}), content_type="application/json",
        headers=headers,
    )  # fmt: skip
    assert (posted.status_code, posted.json()["parent"], posted.json()["thread"]) == (201, small.pk, large.thread_id)


def test_pages_cost_the_same_with_one_and_three(cast: Cast, fay: Client) -> None:
    idea = cast.idea()
    costs: dict[str, list[int]] = {}
    for number in (1, 2):
        for _ in range(number):
            other = cast.idea(subject="Seven buoys")
            connecting.connect(member=cast.fay, thread=idea.thread, other=other.thread)
            moving.split(member=cast.fay, post=cast.reply(other), subject="Apart")
        for path in ("moves/", f"threads/{idea.thread_id}/", f"threads/{idea.thread_id}/connect/?q=buoys"):
            fay.get(f"/jams/tides/{path}")
            with CaptureQueriesContext(connection) as asked:
                assert fay.get(f"/jams/tides/{path}").status_code == 200
            costs.setdefault(path, []).append(len(asked))
    assert {path: cost[0] for path, cost in costs.items()} == {path: cost[1] for path, cost in costs.items()}


def test_a_merge_with_hidden_ideas_says_so(cast: Cast, fay: Client) -> None:
    small, large = cast.idea(), cast.idea()
    cast.reply(large)
    Post.objects.filter(pk=large.pk).update(status=PostStatus.HIDDEN)
    answer: Any = fay.post(
        f"/jams/tides/threads/{small.thread_id}/merge/", {"to": large.pk, "into": large.thread_id, "reason": ""}
    )
    assert answer.status_code == 409
    assert "it was hidden or withdrawn" in answer.content.decode()

"""What the tests of moving look at: everything that is kept of a jam, as a picture that can be compared."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from jam.models import Member
from tests.cast import Cast
from threads.domain import paths, reading
from threads.domain.counts import recount
from threads.models import Follow, Outcome, Post, TagCount, Thread

DOCUMENTS = "SELECT post_id, words::text FROM threads_searchdocument ORDER BY post_id"


def tree(cast: Cast) -> dict[str, Any]:
    """Where every post of the jam stands, and what is kept beside it. Threads of which nothing is left are left out."""
    posts = Post.objects.filter(jam=cast.jam).order_by("pk")
    threads = Thread.objects.filter(jam=cast.jam, moved_to=None).order_by("pk")
    with connection.cursor() as cursor:
        cursor.execute(DOCUMENTS)
        documents = cursor.fetchall()
    return {
        "posts": list(posts.values_list("pk", "thread", "parent", "path", "depth", "subject", "agree_count")),
        "threads": list(threads.values_list("pk", "forum", "reply_count", "created_at", "last_post_at", "agree_count")),
        "heat": [round(heat, 6) for heat in threads.values_list("heat", flat=True)],
        "forums": list(cast.jam.forums.order_by("pk").values_list("pk", "thread_count", "post_count")),
        "activity": list(cast.jam.activity.order_by("at").values_list("at", "posts")),
        "tags": sorted(
            TagCount.objects.filter(jam=cast.jam, count__gt=0).values_list("forum", "tag", "count"), key=str
        ),
        "documents": documents,
    }


def assert_kept(cast: Cast) -> dict[str, Any]:
    """That every number is what a recount finds and every post stands where its parent says. Gives the picture."""
    there = tree(cast)
    with transaction.atomic():
        recount(cast.jam.pk)
    assert tree(cast) == there
    _assert_tree(cast)
    _assert_documents(cast)
    return there


def _assert_tree(cast: Cast) -> None:
    posts = {post.pk: post for post in Post.objects.filter(jam=cast.jam)}
    for post in posts.values():
        above = posts.get(post.parent_id) if post.parent_id else None
        assert post.path == paths.path_under(above.path if above else "", post.pk)
        assert post.depth == (above.depth + 1 if above else 0)
        assert above is None or above.thread_id == post.thread_id
    for thread in Thread.objects.filter(jam=cast.jam):
        ideas = [post for post in posts.values() if post.thread_id == thread.pk and post.parent_id is None]
        assert len(ideas) == (thread.moved_to_id is None)


def _assert_documents(cast: Cast) -> None:
    from threads.domain import search_index

    before = tree(cast)["documents"]
    search_index.fill(cast.jam.pk)
    assert tree(cast)["documents"] == before


def seen_by(member: Member) -> set[int]:
    """The posts that are not new to a member: seen, or their own."""
    new: set[int] = set()
    for thread in Thread.objects.filter(jam=member.jam_id):
        posts = list(Post.objects.filter(thread=thread).values_list("pk", flat=True))
        new |= reading.unread_posts(member, thread, posts)
    return set(Post.objects.filter(jam=member.jam_id).values_list("pk", flat=True)) - new


def followers(thread: Thread) -> set[str]:
    return set(Follow.objects.filter(thread=thread).values_list("member__name", flat=True))


def outcome_of(thread: Thread) -> str:
    found = Outcome.objects.filter(thread=thread).first()
    return found.state if found else ""

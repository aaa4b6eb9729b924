"""Reads that more than one page wants. Each says how many queries it costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import connection
from django.db.models import QuerySet

from jam.models import Forum, Jam, Member
from threads.models import Post, PostStatus, Vote

Sort = Literal["hot", "new", "top", "needs_reply"]


def ideas(*, jam: Jam | None = None, forum: Forum | None = None) -> QuerySet[Post]:
    """The ideas of a jam or a forum that can be listed, with author, thread, outcome and highlight; no hidden ones."""
    posts = Post.objects.filter(parent=None, status=PostStatus.VISIBLE).select_related(
        "author", "thread__outcome", "highlight"
    )
    if forum is not None:
        return posts.filter(thread__forum=forum)
    return posts.filter(thread__jam=jam)


def in_order(posts: QuerySet[Post], sort: str) -> QuerySet[Post]:
    """`posts` (ideas) in one order. Raises KeyError for an unknown one.

    hot: see `heat`. new: newest idea first. top: most agreeing votes first. needs_reply: those without a reply, the one
    that has waited longest first.
    """
    orders: dict[str, tuple[str, ...]] = {
        "hot": ("-thread__heat", "-thread_id"),
        "new": ("-thread__created_at", "-thread_id"),
        "top": ("-thread__agree_count", "thread__disagree_count", "-thread_id"),
        "needs_reply": ("thread__created_at", "thread_id"),
    }
    ordered = posts.order_by(*orders[sort])
    return ordered.filter(thread__reply_count=0) if sort == "needs_reply" else ordered


def newest_posts(jam: Jam, limit: int) -> QuerySet[Post]:
    """The pulse: the newest posts of a jam, with author and thread. One query."""
    return (
        Post.objects.filter(jam=jam, status=PostStatus.VISIBLE)
        .select_related("author", "thread")
        .order_by("-created_at", "-pk")[:limit]
    )


@dataclass(frozen=True)
class Mine:
    """What is the reader's own on a page of posts."""

    votes: dict[int, int] = field(default_factory=dict)
    favourites: frozenset[int] = frozenset()


def votes_of(member: Member | None, post_ids: Iterable[int]) -> dict[int, int]:
    """The member's votes on these posts. One query, none without a member."""
    if member is None:
        return {}
    return dict(Vote.objects.filter(member=member, post__in=list(post_ids)).values_list("post_id", "value"))


# Every page of a thread asks this, with hundreds of posts: the ORM takes longer to put it together than to run it.
MINE = """
    SELECT post_id, value, false FROM threads_vote WHERE member_id = %(member)s AND post_id = ANY(%(posts)s)
    UNION ALL
    SELECT post_id, NULL, true FROM threads_favourite WHERE member_id = %(member)s AND post_id = ANY(%(posts)s)
"""


def mine(member: Member | None, post_ids: Iterable[int]) -> Mine:
    """The member's votes and favourites among these posts. One query, none without a member."""
    if member is None:
        return Mine()
    with connection.cursor() as cursor:
        cursor.execute(MINE, {"member": member.pk, "posts": list(post_ids)})
        rows = cursor.fetchall()
    return Mine(
        votes={post_id: value for post_id, value, kept in rows if not kept},
        favourites=frozenset(post_id for post_id, _, kept in rows if kept),
    )


# A forum can have more ideas than a tab wants to be told of. What it does not know is among those that changed last.
COUNTED_IDEAS_MAX = 500

COUNTS_IN_ROOMS = """
    SELECT id, agree_count, pass_count, disagree_count FROM threads_post
    WHERE jam_id = %(jam)s AND thread_id = ANY(%(threads)s::bigint[])
    UNION ALL
    SELECT idea.id, agree_count, pass_count, disagree_count
    FROM unnest(%(forums)s::bigint[]) AS forum (id)
    CROSS JOIN LATERAL (
        SELECT id FROM threads_thread
        WHERE forum_id = forum.id AND jam_id = %(jam)s ORDER BY counted_at DESC LIMIT %(most)s
    ) AS thread
    JOIN threads_post AS idea ON idea.thread_id = thread.id AND idea.parent_id IS NULL
"""


def counts_in_rooms(jam_id: int, *, forums: Iterable[int], threads: Iterable[int]) -> dict[str, dict[str, int]]:
    """The vote counts that tabs in these rooms show: of a thread's posts, and of the ideas of a forum that were voted
    on or answered last, `COUNTED_IDEAS_MAX` at most. One query.
    """
    asked: dict[str, Any] = {"jam": jam_id, "forums": list(forums), "threads": list(threads), "most": COUNTED_IDEAS_MAX}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS_IN_ROOMS, asked)
        rows = cursor.fetchall()
    return {str(pk): {"agree": agree, "pass": passed, "disagree": disagree} for pk, agree, passed, disagree in rows}

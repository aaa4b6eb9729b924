"""A post with what nearly everybody wants beside it."""

from __future__ import annotations

from typing import Any

from accounts.rows import Fetch
from jam.models import Forum, Member
from threads.models import Post, Thread

WHOLE = """
    SELECT {post}, {thread}, {forum}, {author}
    FROM threads_post AS post
    JOIN threads_thread AS thread ON thread.id = post.thread_id
    JOIN jam_forum AS forum ON forum.id = thread.forum_id
    JOIN jam_member AS author ON author.id = post.author_id
"""


class FetchPost:
    """A query for one post with its thread, forum and author. `where` is how its SQL goes on, and `first` what goes
    before it in the same message; see `Fetch`."""

    def __init__(self, where: str, *, first: str = "") -> None:
        self._fetch = Fetch(first + WHOLE + where, post=Post, thread=Thread, forum=Forum, author=Member)

    def first(self, **parameters: Any) -> Post | None:
        """One query."""
        found = self._fetch.first(**parameters)
        if found is None:
            return None
        post: Post
        post, thread, forum, author = found
        post.thread, thread.forum, post.author = thread, forum, author
        return post


HOLD_POST = FetchPost(
    "WHERE post.id = %(post)s",
    first="SELECT FROM threads_post WHERE id = %(post)s FOR NO KEY UPDATE;",
)
"""The post as it is now, and stays until the transaction ends: locks its row.

Two statements in one message: the second, which may have waited, finds the post where it was moved meanwhile.
"""

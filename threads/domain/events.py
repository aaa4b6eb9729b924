"""What threads append to a jam's event log, and who gets it."""

from __future__ import annotations

from typing import Any

from jam.domain.rendering import excerpt
from live.domain import log
from live.gate import PULSE
from threads.fragments import post_fragment
from threads.models import Post


def forum_room(forum_id: int) -> str:
    return f"forum:{forum_id}"


def thread_room(thread_id: int) -> str:
    return f"thread:{thread_id}"


def post_rooms(post: Post) -> list[str]:
    return [PULSE, forum_room(post.thread.forum_id), thread_room(post.thread_id)]


def _place(post: Post) -> dict[str, Any]:
    return {"post": post.pk, "thread": post.thread_id, "forum": post.thread.forum_id}


def post_created(post: Post) -> int:
    """Appends that `post` was written, with the counts as they stand then. The last statement of its transaction."""
    thread = post.thread
    thread.refresh_from_db(fields=["reply_count"])
    thread.forum.refresh_from_db(fields=["thread_count", "post_count"])
    return log.append(
        jam_key=post.jam_id,
        kind="post.created",
        rooms=post_rooms(post),
        data=_place(post)
        | {
            "parent": post.parent_id,
            "path": post.path,
            "depth": post.depth,
            "author": {"id": post.author_id, "name": post.author.name},
            "subject": post.subject,
            "excerpt": excerpt(post.html),
            "at": post.created_at.isoformat(),
            "replies": thread.reply_count,
            "forum_threads": thread.forum.thread_count,
            "forum_posts": thread.forum.post_count,
        },
        html=post_fragment(post=post, author=post.author),
        html_room=thread_room(post.thread_id),
    )


def post_hidden(post: Post) -> int:
    """Appends that `post` was hidden. Carries nothing of what it said but the place it leaves."""
    return log.append(
        jam_key=post.jam_id,
        kind="post.hidden",
        rooms=post_rooms(post),
        data=_place(post),
        html=post_fragment(post=post, author=post.author),
        html_room=thread_room(post.thread_id),
    )


def post_restored(post: Post) -> int:
    """Appends that `post` is shown again."""
    return log.append(
        jam_key=post.jam_id,
        kind="post.restored",
        rooms=post_rooms(post),
        data=_place(post) | {"subject": post.subject, "excerpt": excerpt(post.html)},
        html=post_fragment(post=post, author=post.author),
        html_room=thread_room(post.thread_id),
    )

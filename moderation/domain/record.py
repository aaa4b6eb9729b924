"""Writing the log of what was done. Nothing else writes it, and nothing changes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jam.models import Forum, Jam, Member
from moderation.models import Action
from threads.models import Post, Thread


def record(
    *,
    jam: Jam,
    by: Member | None,
    kind: str,
    reason: str = "",
    post: Post | None = None,
    thread: Thread | None = None,
    forum: Forum | None = None,
    subject: Member | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Action:
    """Writes down for good what `by` (None: the site itself) did; call it in the transaction that does it.

    The thread is taken from the post and the forum from the thread where they are not given; `subject` is to whom it
    was done. One query, and one for a thread that is not loaded.
    """
    if post is not None and thread is None:
        thread = post.thread
    return Action.objects.create(
        jam_id=jam.pk,
        by=by,
        kind=kind,
        reason=reason,
        post=post,
        thread=thread,
        forum_id=forum.pk if forum else thread and thread.forum_id,
        subject=subject,
        before=dict(before or {}),
        after=dict(after or {}),
    )

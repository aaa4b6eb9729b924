"""Writing the log of what was done. Nothing else writes it, and nothing changes it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from jam.domain.doings import Done
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
    place = forum.pk if forum is not None else thread.forum_id if thread is not None else None
    return Action.objects.create(
        jam_id=jam.pk,
        by=by,
        kind=kind,
        reason=reason,
        post=post,
        thread=thread,
        forum_id=place,
        subject=subject,
        before=dict(before or {}),
        after=dict(after or {}),
    )


def last_done(*, jam: Jam, subjects: Collection[int], kinds: Collection[str]) -> Iterator[Done]:
    """What of these kinds was done last to each of these members. One query, none without members."""
    if not subjects:
        return
    found = Action.objects.filter(jam=jam, subject__in=subjects, kind__in=kinds).select_related("by")
    for action in found.order_by("subject", "-id").distinct("subject"):
        by = action.by.name if action.by else action.after.get("by_site_admin", "")
        yield Done(action.subject_id or 0, action.kind, by, action.at, action.before, action.after)

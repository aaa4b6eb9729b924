"""Pinning a thread: it stands first in its forum, in every order but that of what waits for a reply.

In lists of the whole jam it has the place that its votes and its age give it. A thread that moves to another forum is
pinned there.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import ngettext

from jam.domain import doings
from jam.domain.errors import Conflict
from jam.domain.phases import database_now
from jam.models import Forum, Member
from threads.domain import queries
from threads.domain.held import hold_thread
from threads.domain.thread_events import thread_pinned
from threads.models import Post, Thread

PINS_MAX = 5
"""In a forum: a screen that begins with more says nothing first."""


def pin(*, member: Member, thread: Thread) -> Thread:
    """Puts `thread` first in its forum, above what was pinned before; one that is pinned is left as it is.

    Raises NotAllowed, Invalid, and Conflict where it was merged into another, or `PINS_MAX` are pinned there. Locks the
    forum's row if it pins, after the thread's, and at the end the jam's event counter. Recorded.
    """
    return _set(member, thread, pinned=True)


def unpin(*, member: Member, thread: Thread) -> Thread:
    """Puts `thread` back in its place. Raises and locks as `pin`."""
    return _set(member, thread, pinned=False)


def pinned_in(forum: Forum) -> QuerySet[Post]:
    """The ideas that are pinned in a forum and can be listed, the one pinned last first. One query."""
    return queries.ideas(forum=forum).filter(thread__pinned_at__isnull=False).order_by("-thread__pinned_at")


def _set(member: Member, thread: Thread, *, pinned: bool) -> Thread:
    with transaction.atomic():
        held = hold_thread(member, thread)
        if (held.pinned_at is not None) == pinned:
            return held
        if pinned:
            _check_there_is_room(held)
        now = database_now()
        held.pinned_at = now if pinned else None
        held.save(update_fields=["pinned_at"])
        doings.did(jam=held.jam, by=member, kind="pin" if pinned else "unpin", thread=held)
        thread_pinned(held, pinned=pinned, by=member, at=now)
        return held


def _check_there_is_room(thread: Thread) -> None:
    # Two that are pinned at once in one forum are counted one after the other.
    Forum.objects.select_for_update(no_key=True).get(pk=thread.forum_id)
    if Thread.objects.filter(forum=thread.forum_id, moved_to=None, pinned_at__isnull=False).count() >= PINS_MAX:
        raise Conflict(
            ngettext(
                "%(count)s thread is pinned in this forum, which is as many as can be. Unpin it first.",
                "%(count)s threads are pinned in this forum, which is as many as can be. Unpin one first.",
                PINS_MAX,
            )
            % {"count": PINS_MAX},
            code="too_many",
            field="thread",
        )

"""Locking a thread: it takes no new posts, from nobody, until it is unlocked.

What is there stays as alive as it was: it is read, voted on, kept, and changed or withdrawn by its authors. Whoever
runs the thread's forum locks and unlocks it, in any phase.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext

from jam.domain import doings
from jam.domain.errors import Conflict
from jam.domain.phases import database_now
from jam.domain.text import clean_line
from jam.models import Member
from threads.domain.held import hold_thread
from threads.domain.thread_events import thread_locked
from threads.models import MOVE_REASON_MAX, Thread

LOCKED = "locked"
"""The code of the refusal."""


def lock(*, member: Member, thread: Thread, reason: str = "") -> Thread:
    """Locks `thread`; one that is locked is left as it is.

    Once this has been committed no post can appear in it: a reply that was let in earlier was written before, and is
    waited for. Raises NotAllowed, Invalid, and Conflict where it was merged into another thread. Locks the thread's row
    and, at the end, the jam's event counter. Recorded.
    """
    return _set(member, thread, reason, locked=True)


def unlock(*, member: Member, thread: Thread, reason: str = "") -> Thread:
    """Lets `thread` take posts again. Raises and locks as `lock`."""
    return _set(member, thread, reason, locked=False)


def why_locked() -> str:
    return gettext("This thread is locked: it takes no new posts. You can read it and vote on what is there.")


def refuse_if_locked(thread: Thread) -> None:
    """Raises Conflict if `thread`, as it was read, is locked. No query."""
    if thread.locked_at is not None:
        raise Conflict(why_locked(), code=LOCKED, field="parent")


def _set(member: Member, thread: Thread, reason: str, *, locked: bool) -> Thread:
    reason = clean_line(reason, field="reason", name=gettext("The reason"), limit=MOVE_REASON_MAX)
    with transaction.atomic():
        held = hold_thread(member, thread)
        if (held.locked_at is not None) == locked:
            return held
        now = database_now()
        held.locked_at, held.locked_by = (now, member) if locked else (None, None)
        held.save(update_fields=["locked_at", "locked_by"])
        doings.did(jam=held.jam, by=member, kind="lock" if locked else "unlock", thread=held, reason=reason)
        thread_locked(held, locked=locked, by=member, at=now)
        return held

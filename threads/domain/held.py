"""A thread whose row is locked, for a verb of those who run its forum."""

from __future__ import annotations

from django.utils.translation import gettext

from jam.access import require_runs
from jam.domain.errors import Conflict, Invalid
from jam.models import Member
from threads.models import Thread


def hold_thread(member: Member, thread: Thread) -> Thread:
    """The thread as it is now, and stays until the transaction ends, for `member`, who runs its forum.

    Raises Invalid (of another jam), NotAllowed, and Conflict where it was merged into another. Locks its row. Two
    queries for a facilitator, one for an admin.
    """
    if thread.jam_id != member.jam_id:
        raise Invalid(gettext("That thread is not part of this jam."), code="thread", field="thread")
    # Without the forum beside it: of two at once, the second would look for the thread in the forum that it left.
    held = Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
    held.jam = member.jam
    require_runs(member, held.forum_id)
    if held.moved_to_id is not None:
        raise Conflict(
            gettext("This thread was merged into another meanwhile. Load the page again to go there."),
            code="merged",
            field="thread",
        )
    return held

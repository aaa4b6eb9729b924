"""What moderation appends to a jam's event log, for those alone who run the jam."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from jam.domain.events import MemberName
from jam.domain.rooms import STAFF
from live.domain import log
from live.domain.kinds import Count, EventData, Id, Moment, declare
from moderation.models import Action, ActionKind, Case, CaseKind, Handled, Shift
from threads.domain.events import PostEvent


@declare("post.moderated")
class PostModerated(PostEvent):
    """Somebody who runs the jam hid a post or showed it again. Only who runs the jam hears who it was, and why."""

    action: ActionKind = Field(description="What was done.")
    by: MemberName | None = Field(description="Who did it; null: the site itself.")
    reason: str = Field(description="Why, in their words.")
    at: Moment = Field(description="When it was done.")


def post_moderated(action: Action) -> int:
    """Appends what was done to a post. `action` with its post, the post's thread and who did it loaded."""
    post = action.post
    event = PostModerated(
        post=post.pk,
        thread=post.thread_id,
        forum=post.thread.forum_id,
        action=ActionKind(action.kind),
        by=MemberName(id=action.by.pk, name=action.by.name) if action.by else None,
        reason=action.reason,
        at=action.at,
    )
    return log.append(jam_key=action.jam_id, event=event, rooms=[STAFF])


@declare("queue.changed")
class QueueChanged(EventData):
    """Something came to the queue of those who run the jam, changed there, or was settled. Fetch what you show."""

    case: Id = Field(description="The matter.")
    what: CaseKind = Field(description="What it is about.")
    forum: Id | None = Field(description="The forum that it is in; null if it concerns the whole jam.")
    flags: Count = Field(description="How many flags on the post are open.")
    open: bool = Field(description="Whether it still waits for somebody.")


def queue_changed(case: Case) -> int:
    """Appends how a case is now."""
    event = QueueChanged(
        case=case.pk,
        what=CaseKind(case.kind),
        forum=case.forum_id,
        flags=case.flag_count,
        open=case.settled_at is None,
    )
    return log.append(jam_key=case.jam_id, event=event, rooms=[STAFF])


@declare("handling.changed")
class HandlingChanged(EventData):
    """Somebody who runs the jam took something up, went on with it, or let it go. It ends by itself at `until`."""

    what: Handled = Field(description="What is handled.")
    number: Id = Field(description="The thread, the post or the held post.")
    thread: Id | None = Field(description="The thread that it is or is in; null for an idea that is held back.")
    forum: Id | None = Field(description="The forum that it is in; null if it concerns the whole jam.")
    title: str = Field(description="What it is known by. Empty once nobody handles it.")
    by: MemberName | None = Field(description="Who handles it; null if nobody does any more.")
    until: Moment | None = Field(description="When that ends, unless they go on; null with `by`.")


def handling_changed(event: HandlingChanged, *, jam_id: int) -> int:
    """Appends who handles something now."""
    return log.append(jam_key=jam_id, event=event, rooms=[STAFF])


class ShiftChange(StrEnum):
    PLANNED = "planned"
    REMOVED = "removed"
    OFFERED = "offered"
    PASSED_ON = "passed_on"
    WRITTEN = "written"
    HANDED = "handed"
    CONFIRMED = "confirmed"


@declare("shift.changed")
class ShiftChanged(EventData):
    """The roster of those who run the jam changed, or the journal of a shift. Fetch what you show of it."""

    shift: Id = Field(description="The shift.")
    what: ShiftChange = Field(description="What became of it.")
    member: MemberName = Field(description="Whose shift it is now.")
    starts_at: Moment = Field(description="When it begins.")
    ends_at: Moment = Field(description="When it ends.")


def shift_changed(shift: Shift, what: str) -> int:
    """Appends what became of a shift. `shift` with its member loaded."""
    event = ShiftChanged(
        shift=shift.pk,
        what=ShiftChange(what),
        member=MemberName(id=shift.member.pk, name=shift.member.name),
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
    )
    return log.append(jam_key=shift.jam_id, event=event, rooms=[STAFF])

"""What moderation appends to a jam's event log, for those alone who run the jam."""

from __future__ import annotations

from pydantic import Field

from jam.domain.events import MemberName
from jam.domain.rooms import STAFF
from live.domain import log
from live.domain.kinds import EventData, Id, Moment, declare
from moderation.models import Action, ActionKind, Handled
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


@declare("handling.changed")
class HandlingChanged(EventData):
    """Somebody who runs the jam took something up, went on with it, or let it go. It ends by itself at `until`."""

    what: Handled = Field(description="What is handled.")
    number: Id = Field(description="The thread, the post or the held post.")
    thread: Id | None = Field(description="The thread that it is or is in; null for an idea that is held back.")
    forum: Id = Field(description="The forum that it is in.")
    title: str = Field(description="What it is known by. Empty once nobody handles it.")
    by: MemberName | None = Field(description="Who handles it; null if nobody does any more.")
    until: Moment | None = Field(description="When that ends, unless they go on; null with `by`.")


def handling_changed(event: HandlingChanged, *, jam_id: int) -> int:
    """Appends who handles something now."""
    return log.append(jam_key=jam_id, event=event, rooms=[STAFF])

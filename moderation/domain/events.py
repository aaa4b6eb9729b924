"""What moderation appends to a jam's event log, for those alone who run the jam."""

from __future__ import annotations

from pydantic import Field

from jam.domain.events import MemberName
from jam.domain.rooms import STAFF
from live.domain import log
from live.domain.kinds import Moment, declare
from moderation.models import Action, ActionKind
from threads.domain.events import PostEvent


@declare("post.moderated")
class PostModerated(PostEvent):
    """Somebody who runs the jam hid a post or showed it again. Only who runs the jam hears who it was, and why."""

    action: ActionKind = Field(description="What was done.")
    by: MemberName = Field(description="Who did it.")
    reason: str = Field(description="Why, in their words.")
    at: Moment = Field(description="When it was done.")


def post_moderated(action: Action) -> int:
    """Appends what was done to a post. `action` with its post, the post's thread and its member loaded."""
    post = action.post
    event = PostModerated(
        post=post.pk,
        thread=post.thread_id,
        forum=post.thread.forum_id,
        action=ActionKind(action.kind),
        by=MemberName(id=action.member_id, name=action.member.name),
        reason=action.reason,
        at=action.at,
    )
    return log.append(jam_key=action.jam_id, event=event, rooms=[STAFF])

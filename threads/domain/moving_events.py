"""What is appended to a jam's event log of moves: what went from where to where, and the counts that it changed."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from jam.domain.events import MemberName
from jam.domain.rendering import excerpt
from jam.domain.rooms import PULSE, forum_room, thread_room
from jam.models import Forum, Member
from live.domain import log
from live.domain.kinds import Count, EventData, EventPart, Id, Moment, declare
from threads.models import Moved, Post, Thread


class ThreadCounts(EventPart):
    """A thread and what it has now."""

    id: Id = Field(description="The thread.")
    replies: Count = Field(description="Replies in it now.")


class ForumCounts(EventPart):
    """A forum and what it has now."""

    id: Id = Field(description="The forum.")
    threads: Count = Field(description="Threads in it now.")
    posts: Count = Field(description="Posts in it now.")


class MoveEvent(EventData):
    """A post went, with all that stands under it, from one place to another."""

    move: Id = Field(description="The move.")
    post: Id = Field(description="The top of what was moved. Its permanent link leads to it wherever it is.")
    posts: Count = Field(description="How many posts were moved.")
    subject: str = Field(description="The subject that it has now; a reply may go without.")
    excerpt: str = Field(description="Its first words, as plain text. Empty, as its subject, if it was hidden since.")
    thread: Id = Field(description="The thread that they came from.")
    forum: Id = Field(description="The forum of that thread then.")
    to_thread: Id = Field(description="The thread that they are in now.")
    to_forum: Id = Field(description="The forum of that thread now.")
    by: MemberName = Field(description="Who did it.")
    at: Moment = Field(description="When they did.")
    threads: list[ThreadCounts] = Field(description="What these threads have now.")
    forums: list[ForumCounts] = Field(description="What these forums have now.")


@declare("thread.moved")
class ThreadMoved(MoveEvent):
    """A thread went to another forum."""


@declare("thread.merged")
class ThreadMerged(MoveEvent):
    """A thread was merged into another: its idea is a reply there, with all that stood under it. Its old address leads
    to it."""


@declare("thread.split")
class ThreadSplit(MoveEvent):
    """A reply was made a thread of its own, with all that stood under it."""


@declare("post.moved")
class PostMoved(MoveEvent):
    """A reply went to another place, with all that stood under it: in its thread or in another."""


@declare("move.undone")
class MoveUndone(MoveEvent):
    """A move was undone: what was moved is back where it was, with what was written under it since."""


ALL = (ThreadMoved, ThreadMerged, ThreadSplit, PostMoved, MoveUndone)
KINDS: dict[str, type[MoveEvent]] = {
    Moved.Kind.FORUM: ThreadMoved,
    Moved.Kind.MERGE: ThreadMerged,
    Moved.Kind.SPLIT: ThreadSplit,
    Moved.Kind.BRANCH: PostMoved,
}


def moved(move: Moved, by: Member) -> int:
    """Appends what `move`, which was just made, did. Three queries besides the append."""
    assert move.from_forum_id is not None, "it was there a moment ago"
    return _append(
        KINDS[move.kind],
        move,
        by,
        at=move.at,
        thread=move.from_thread_id,
        forum=move.from_forum_id,
        post=move.post,
        to=move.to_thread,
    )


def undone(move: Moved, by: Member, *, was: Post, now: Post) -> int:
    """Appends that `move` was undone: its post, with its thread, as it `was` and as it is `now`."""
    assert move.undone_at is not None
    return _append(
        MoveUndone,
        move,
        by,
        at=move.undone_at,
        thread=was.thread_id,
        forum=was.thread.forum_id,
        post=now,
        to=now.thread,
    )


def _append(
    kind: type[MoveEvent], move: Moved, by: Member, *, at: datetime, thread: int, forum: int, post: Post, to: Thread
) -> int:
    threads = Thread.objects.filter(pk__in=[thread, to.pk]).order_by("pk")
    forums = Forum.objects.filter(pk__in=[forum, to.forum_id]).order_by("pk")
    event = kind(
        move=move.pk,
        post=post.pk,
        posts=move.posts,
        subject=post.subject if post.is_visible else "",
        excerpt=excerpt(post.html) if post.is_visible else "",
        thread=thread,
        forum=forum,
        to_thread=to.pk,
        to_forum=to.forum_id,
        by=MemberName(id=by.pk, name=by.name),
        at=at,
        threads=[ThreadCounts(id=one.pk, replies=one.reply_count) for one in threads],
        forums=[ForumCounts(id=one.pk, threads=one.thread_count, posts=one.post_count) for one in forums],
    )
    places = [forum_room(forum), forum_room(to.forum_id), thread_room(thread), thread_room(to.pk)]
    return log.append(jam_key=move.jam_id, event=event, rooms=[PULSE, *dict.fromkeys(places)])

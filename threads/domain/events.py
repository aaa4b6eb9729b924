"""What threads append to a jam's event log, and who gets it."""

from __future__ import annotations

from pydantic import Field

from jam.domain.events import MemberName
from jam.domain.rendering import excerpt, to_html
from jam.domain.rooms import PULSE, forum_room, thread_room
from live.domain import log
from live.domain.kinds import Count, EventData, Id, Moment, declare
from threads.domain import moving_events, thread_events  # noqa: F401  (they declare kinds of their own)
from threads.fragments import post_fragment
from threads.models import Highlight, Outcome, Post


class PostEvent(EventData):
    """Where the post is that an event is about."""

    post: Id = Field(description="The post.")
    thread: Id = Field(description="The thread that it is in.")
    forum: Id = Field(description="The forum of that thread.")


@declare("post.created", html=True)
class PostCreated(PostEvent):
    """Somebody wrote a post: an idea, which starts a thread, or a reply."""

    parent: Id | None = Field(description="The post that is answered; null for an idea.")
    path: str = Field(description="The post's place in its thread. The order of these texts is the order of reading.")
    depth: Count = Field(description="How many posts lie above it; 0 for an idea.")
    author: MemberName = Field(description="Who wrote it.")
    subject: str = Field(description="Its subject; a reply may go without.")
    excerpt: str = Field(description="Its first words, as plain text. Empty, as its subject, if it was hidden since.")
    at: Moment = Field(description="When it was written.")
    replies: Count = Field(description="Replies in the thread, with this one.")
    forum_threads: Count = Field(description="Threads in the forum, with this one.")
    forum_posts: Count = Field(description="Posts in the forum, with this one.")


@declare("post.hidden", html=True)
class PostHidden(PostEvent):
    """Somebody who runs the jam hid a post. It keeps its place and its replies; the fragment has none of its words."""


@declare("post.restored", html=True)
class PostRestored(PostEvent):
    """A post that was hidden or withdrawn is shown again."""

    subject: str = Field(description="Its subject; a reply may go without.")
    excerpt: str = Field(description="Its first words, as plain text.")


@declare("post.withdrawn", html=True)
class PostWithdrawn(PostEvent):
    """Its author withdrew a post. It keeps its place and its replies; the fragment has none of its words."""


@declare("post.edited", html=True)
class PostEdited(PostEvent):
    """Its author changed a post. What it said before is on its history page."""

    subject: str = Field(description="Its subject as it is now; a reply may go without.")
    excerpt: str = Field(description="Its first words as they are now, as plain text.")
    at: Moment = Field(description="When it was changed.")
    tags_changed: bool = Field(description="Whether an idea is now listed under other tags than before.")


@declare("post.highlighted", html=True)
class PostHighlighted(PostEvent):
    """Somebody who runs the jam marked a post as emerging or best, or took the mark back."""

    highlight: Highlight.Kind | None = Field(description="How it is marked; null if it is not any more.")
    by: MemberName | None = Field(description="Who marked it; null with the mark.")
    at: Moment | None = Field(description="When they did; null with the mark.")
    subject: str = Field(description="Its subject; a reply may go without.")
    excerpt: str = Field(description="Its first words, as plain text. Empty, as its subject, if it was hidden since.")


@declare("outcome.set")
class OutcomeSet(PostEvent):
    """Somebody who runs the jam said what became of an idea, or took that back."""

    state: Outcome.State | None = Field(description="What became of it; null if nothing is said any more.")
    words: str = Field(description="What they said of it, as safe HTML. May be empty.")
    by: MemberName | None = Field(description="Who said it; null with the state.")
    at: Moment | None = Field(description="When they said it; null with the state.")


def post_created(post: Post) -> int:
    """Appends that `post` was written, with the counts as they stand then. The last statement of its transaction.

    Its thread and forum must have been given their counts by `counts.count_new_post`.
    """
    thread = post.thread
    event = PostCreated(
        post=post.pk,
        thread=post.thread_id,
        forum=thread.forum_id,
        parent=post.parent_id,
        path=post.path,
        depth=post.depth,
        author=MemberName(id=post.author_id, name=post.author.name),
        subject=post.subject,
        excerpt=excerpt(post.html),
        at=post.created_at,
        replies=thread.reply_count,
        forum_threads=thread.forum.thread_count,
        forum_posts=thread.forum.post_count,
    )
    return _append(post, event)


def post_hidden(post: Post) -> int:
    """Appends that `post` was hidden. Carries nothing of what it said but the place it leaves.

    Who catches up from before it was hidden is not to read its words either, so they are taken out of the log.
    """
    _tell_otherwise(post, subject="", excerpt="")
    return _append(post, PostHidden(post=post.pk, thread=post.thread_id, forum=post.thread.forum_id))


def post_withdrawn(post: Post) -> int:
    """Appends that `post` was withdrawn by its author; otherwise as `post_hidden`."""
    _tell_otherwise(post, subject="", excerpt="")
    return _append(post, PostWithdrawn(post=post.pk, thread=post.thread_id, forum=post.thread.forum_id))


def post_edited(post: Post, *, tags_changed: bool) -> int:
    """Appends that `post` was changed. Who catches up from before reads what it says now and nothing else."""
    assert post.edited_at is not None, "it was changed"
    words = {"subject": post.subject, "excerpt": excerpt(post.html)}
    _tell_otherwise(post, **words)
    event = PostEdited(
        post=post.pk,
        thread=post.thread_id,
        forum=post.thread.forum_id,
        at=post.edited_at,
        tags_changed=tags_changed,
        **words,
    )
    return _append(post, event)


def _tell_otherwise(post: Post, *, subject: str, excerpt: str) -> None:
    log.amend(
        jam_key=post.jam_id,
        kinds=[PostCreated, PostRestored, PostEdited, PostHighlighted],
        about={"post": post.pk},
        data={"subject": subject, "excerpt": excerpt},
        html=post_fragment(post=post, author=post.author),
        since=post.created_at,
    )
    if post.moves.exists():
        log.amend(
            jam_key=post.jam_id,
            kinds=moving_events.ALL,
            about={"post": post.pk},
            data={"subject": subject, "excerpt": excerpt},
            html="",
            since=post.created_at,
        )


def post_restored(post: Post) -> int:
    """Appends that `post` is shown again."""
    event = PostRestored(
        post=post.pk,
        thread=post.thread_id,
        forum=post.thread.forum_id,
        subject=post.subject,
        excerpt=excerpt(post.html),
    )
    return _append(post, event)


def post_highlighted(post: Post, highlight: Highlight | None) -> int:
    """Appends how `post` is marked now, which is as `highlight` says. The post with its thread, author and jam."""
    event = PostHighlighted(
        post=post.pk,
        thread=post.thread_id,
        forum=post.thread.forum_id,
        highlight=Highlight.Kind(highlight.kind) if highlight else None,
        by=MemberName(id=highlight.by_id, name=highlight.by.name) if highlight else None,
        at=highlight.at if highlight else None,
        subject=post.subject if post.is_visible else "",
        excerpt=excerpt(post.html) if post.is_visible else "",
    )
    return _append(post, event)


def outcome_set(idea: Post, outcome: Outcome | None) -> int:
    """Appends what became of `idea`, which has its thread; None if nothing is said of it any more."""
    thread = idea.thread
    event = OutcomeSet(
        post=idea.pk,
        thread=thread.pk,
        forum=thread.forum_id,
        state=Outcome.State(outcome.state) if outcome else None,
        words=to_html(outcome.words) if outcome else "",
        by=MemberName(id=outcome.by_id, name=outcome.by.name) if outcome else None,
        at=outcome.at if outcome else None,
    )
    rooms = [PULSE, forum_room(thread.forum_id), thread_room(thread.pk)]
    return log.append(jam_key=idea.jam_id, event=event, rooms=rooms)


def _append(post: Post, event: PostEvent) -> int:
    """For everybody in the jam; its fragment for those who have its thread open."""
    thread = thread_room(post.thread_id)
    return log.append(
        jam_key=post.jam_id,
        event=event,
        rooms=[PULSE, forum_room(event.forum), thread],
        html=post_fragment(post=post, author=post.author),
        html_room=thread,
    )

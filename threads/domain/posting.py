"""Writing: ideas and replies."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from jam.access import require_runs
from jam.domain.errors import Conflict, Invalid
from jam.domain.phases import OpenWindow
from jam.models import Forum, Member
from threads.domain import counts, drafts, events, follows, gate, heat, images, mentions, paths, search_index, tags
from threads.domain.admission import let_in
from threads.domain.locking import refuse_if_locked
from threads.domain.whole import HOLD_POST, FetchPost
from threads.domain.written import Written, check
from threads.models import DEPTH_MAX, Post, PostStatus, Thread

POSTED_BEFORE = FetchPost("WHERE post.author_id = %(author)s AND post.request_key = %(request_key)s")


def start_thread(
    *,
    member: Member,
    forum: Forum,
    subject: str,
    body: str,
    tags: Sequence[str] = (),
    request_key: str | None = None,
    picked: Sequence[int] = (),
    looked_at: bool = False,
) -> Post:
    """Starts a thread in `forum` with an idea, and returns the idea. `picked` is as for `written.check`.

    `looked_at` says that a facilitator lets it in. Else the gate (`threads.domain.gate`) is asked, which may refuse it,
    or keep it for a look: then Held is raised, and nothing was posted.

    With a `request_key` that this member used before, returns the post written then, even after the close, or raises
    Conflict if it was used for something else. Raises OutsideWindow, NotAllowed, Invalid. Opens its own transaction;
    locks, till the commit, the jam's window (shared), then what it counts in (see `counts.count_new_post`), and last
    the jam's event counter.
    """
    if forum.jam_id != member.jam_id:
        raise Invalid(gettext("That forum is not part of this jam."), code="forum", field="forum")
    written = check(member=member, subject=subject, body=body, tags=tags, request_key=request_key, picked=picked)
    if not written.subject:
        raise Invalid(gettext("Give your idea a subject."), code="required", field="subject")
    try:
        with transaction.atomic():
            earlier = _posted_before(member, written, parent=None, forum=forum)
            return earlier or _start(member, written, forum=forum, picked=picked, looked_at=looked_at)
    except gate.Hold as hold:
        raise gate.keep(hold) from None
    except IntegrityError as error:
        return _other_of_two(error, member, written, parent=None, forum=forum)


def reply(
    *,
    member: Member,
    parent: Post,
    body: str,
    subject: str = "",
    tags: Sequence[str] = (),
    request_key: str | None = None,
    picked: Sequence[int] = (),
    is_prompt: bool = False,
    looked_at: bool = False,
) -> Post:
    """Writes a reply to `parent`, and returns it. What it raises is as for `start_thread`, and what it locks; between
    the window and the counts it locks the parent's row.

    With `is_prompt` it is what a facilitator asks the thread, and shown as such: NotAllowed for who does not run it.

    A post that is hidden by the time of the write takes no reply, and a locked thread none at all: Conflict. Under a
    post that is moved meanwhile, the reply goes along.
    """
    if parent.jam_id != member.jam_id:
        raise Invalid(gettext("That post is not part of this jam."), code="parent", field="parent")
    written = check(
        member=member,
        subject=subject,
        body=body,
        tags=tags,
        request_key=request_key,
        thread_id=parent.thread_id,
        picked=picked,
    )
    try:
        with transaction.atomic():
            earlier = _posted_before(member, written, parent=parent, forum=None)
            return earlier or _reply(
                member, written, parent=parent, is_prompt=is_prompt, picked=picked, looked_at=looked_at
            )
    except gate.Hold as hold:
        raise gate.keep(hold) from None
    except IntegrityError as error:
        return _other_of_two(error, member, written, parent=parent, forum=None)


def _start(member: Member, written: Written, *, forum: Forum, picked: Sequence[int], looked_at: bool) -> Post:
    window = let_in(member)
    # Nobody removes a forum while we hold the jam's window; it may have gone before.
    if not Forum.objects.filter(pk=forum.pk).exists():
        raise Conflict(gettext("That forum was removed meanwhile."), code="forum_gone", field="forum")
    asked = gate.Asked(member, written, window.now, forum.pk, forum=forum, picked=picked)
    afterwards = [] if looked_at else gate.ask(asked)
    thread = Thread.objects.create(
        jam_id=forum.jam_id,
        forum=forum,
        created_at=window.now,
        last_post_at=window.now,
        heat=heat.heat(agree=0, disagree=0, replies=0, created_at=window.now),
    )
    post = _insert(member, written, thread=thread, parent=None, window=window)
    return _finish(post, place=None if looked_at else drafts.forum_place(forum), afterwards=afterwards)


def _reply(
    member: Member, written: Written, *, parent: Post, is_prompt: bool, picked: Sequence[int], looked_at: bool
) -> Post:
    window = let_in(member)
    above = _hold(parent)
    if is_prompt:
        require_runs(member, above.thread.forum_id)
    if above.status == PostStatus.WITHDRAWN:
        raise Conflict(
            gettext("The author withdrew the post that you answer."), code="parent_withdrawn", field="parent"
        )
    if not above.is_visible:
        raise Conflict(gettext("The post that you answer was hidden meanwhile."), code="parent_hidden", field="parent")
    refuse_if_locked(above.thread)
    if above.depth >= DEPTH_MAX:
        raise Invalid(
            gettext("This branch is %(count)s replies deep. Answer a post further up.") % {"count": DEPTH_MAX},
            code="too_deep",
            field="parent",
        )
    thread = above.thread
    asked = gate.Asked(member, written, window.now, thread.forum_id, thread.pk, parent=above, picked=picked)
    afterwards = [] if looked_at else gate.ask(asked)
    post = _insert(member, written, thread=thread, parent=above, window=window, is_prompt=is_prompt)
    return _finish(post, place=None if looked_at else drafts.reply_place(parent), afterwards=afterwards)


def _hold(parent: Post) -> Post:
    """The row as it is now, and stays until we commit: it may have been hidden since it was shown."""
    above = HOLD_POST.first(post=parent.pk)
    if above is None:
        raise Post.DoesNotExist
    return above


def _posted_before(member: Member, written: Written, *, parent: Post | None, forum: Forum | None) -> Post | None:
    """The post that this member made with the same request key. Raises Conflict if it is another post."""
    if written.request_key is None:
        return None
    post = POSTED_BEFORE.first(author=member.pk, request_key=written.request_key)
    if post is None:
        return None
    same_place = post.parent_id == parent.pk if parent else post.parent_id is None and forum == post.thread.forum
    if not same_place or (post.subject, post.body) != (written.subject, written.body):
        raise Conflict(
            gettext("This form was sent before with another text. Load it again, and post what is new."),
            code="idempotency_key",
        )
    return post


def _other_of_two(
    error: IntegrityError, member: Member, written: Written, *, parent: Post | None, forum: Forum | None
) -> Post:
    """What the other of two equal requests wrote. Raises `error` if it does not come from there being two."""
    post = _posted_before(member, written, parent=parent, forum=forum)
    if post is None:
        raise error
    return post


def _insert(
    member: Member,
    written: Written,
    *,
    thread: Thread,
    parent: Post | None,
    window: OpenWindow,
    is_prompt: bool = False,
) -> Post:
    (post_id,) = paths.take_post_ids(1)
    post = Post.objects.create(
        pk=post_id,
        jam=window.jam,
        thread=thread,
        parent=parent,
        author=member,
        path=paths.path_under(parent.path if parent else "", post_id),
        depth=parent.depth + 1 if parent else 0,
        subject=written.subject,
        body=written.body,
        html=written.html,
        tags=written.tags,
        created_at=window.now,
        request_key=written.request_key,
        is_prompt=is_prompt,
    )
    # Nobody can have highlighted it yet: its fragment need not ask.
    Post.highlight.related.set_cached_value(post, None)
    images.record(post, written.images)
    mentions.record(post, written.mentioned)
    return post


def _finish(post: Post, *, place: str | None, afterwards: Sequence[gate.Afterwards]) -> Post:
    search_index.add(post.pk)
    counts.count_new_post(post)
    tags.move(post, now=tags.listed(post))
    # Who let in what waited does not know what its author is writing there now.
    if place is not None:
        drafts.forget(member=post.author, place=place)
    follows.follow_what_one_writes_in(post)
    events.post_created(post)
    for act in afterwards:
        act(post)
    return post

"""Moving threads and what is said in them, merging two and splitting one: by those who run the forums concerned.

They may in any phase. Each verb is one transaction, is recorded, tells the tabs, and can be undone (`undoing`). A post
keeps its author, time, votes, favourites and links wherever it goes, and what stands under it goes along, with what
people saw of it. A thread of which nothing is left stays as a row, whose old address leads on (`Thread.moved_to`).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from jam.access import require_runs
from jam.domain import doings
from jam.domain.errors import Conflict, Invalid
from jam.domain.text import clean_line, is_blank
from jam.models import Forum, Member
from threads.domain import moving_events, replanting
from threads.domain.carrying import carry_follows, carry_outcome, copy_connections, tell_outcome
from threads.domain.replanting import Branch
from threads.models import MOVE_REASON_MAX, SUBJECT_MAX, Moved, Post, Thread

Kind = Moved.Kind


def move_thread(*, member: Member, thread: Thread, forum: Forum, reason: str = "") -> Moved:
    """Moves a thread to another forum of the jam.

    Raises NotAllowed unless `member` runs both forums, Invalid, and Conflict (moved or merged meanwhile, the forum was
    removed). Locks, till the commit, the jam's window (shared), the jam's moves, and what `replanting` does.
    """
    reason = _clean_reason(reason)
    _check_jam(member, forum, field="forum")
    with transaction.atomic():
        _, now = replanting.begin(member)
        idea = idea_of(member, thread)
        source = idea.thread
        require_runs(member, source.forum_id)
        forum = _still_there(forum)
        require_runs(member, forum.pk)
        if source.forum_id != thread.forum_id:
            raise Conflict(_what_was_done(source), code="moved", field="thread")
        if source.forum_id == forum.pk:
            raise Invalid(gettext("The thread is in this forum already."), code="already", field="forum")
        left = source.forum
        branch = replanting.hold(idea)
        replanting.move_to_forum(branch, forum)
        move = _note(Kind.FORUM, branch, member, now, reason, from_forum=left, to=idea)
        moving_events.moved(move, member)
    return move


def move_branch(*, member: Member, post: Post, under: Post, reason: str = "") -> Moved:
    """Moves a reply, with all that stands under it, under another post, of its own thread or of another.

    Raises Invalid (of another jam, an idea, under itself or where it is), otherwise as `move_thread`; Conflict also for
    a branch that would be too deep, and under a post that cannot be read. Who wrote in it and follows its thread
    follows the other too.
    """
    reason = _clean_reason(reason)
    with transaction.atomic():
        _, now = replanting.begin(member)
        top, under = _unmoved(member, post), replanting.find(member, under.pk, field="to")
        if top.parent_id is None:
            raise Invalid(
                gettext("This is the idea of its thread: merge the thread, or move it to another forum."),
                code="idea",
                field="post",
            )
        return _put(Kind.BRANCH, member, top, under, now, reason)


def merge(*, member: Member, thread: Thread, other: Thread, into: Thread | None = None, reason: str = "") -> Moved:
    """Merges two threads: the smaller becomes a branch of the larger, under its idea, and its idea a reply there.

    `into` says which of the two goes on, whatever their sizes. Of two alike the older one does. Who follows the one
    that is merged follows the other too; what became of its idea is said of the other's, unless something is said of
    that already, and its connections are the other's as well. Raises as `move_branch`; Invalid for a thread and itself.
    """
    reason = _clean_reason(reason)
    with transaction.atomic():
        _, now = replanting.begin(member)
        ideas = [idea_of(member, thread), idea_of(member, other)]
        if ideas[0].thread_id == ideas[1].thread_id:
            raise Invalid(gettext("A thread cannot be merged into itself."), code="same", field="to")
        kept = goes_on(ideas[0].thread, ideas[1].thread) if into is None else into
        under, top = sorted(ideas, key=lambda idea: idea.thread_id != kept.pk)
        return _put(Kind.MERGE, member, top, under, now, reason)


def split(*, member: Member, post: Post, subject: str, forum: Forum | None = None, reason: str = "") -> Moved:
    """Makes a reply, with all that stands under it, a thread of its own, in `forum` or in that of its thread.

    The reply becomes an idea, and has `subject` from then on. Raises as `move_branch`.
    """
    reason = _clean_reason(reason)
    subject = clean_line(subject, field="subject", name=gettext("The subject"), limit=SUBJECT_MAX)
    if is_blank(subject):
        raise Invalid(gettext("Give the new thread a subject."), code="required", field="subject")
    if forum is not None:
        _check_jam(member, forum, field="forum")
    with transaction.atomic():
        _, now = replanting.begin(member)
        top = _unmoved(member, post)
        if top.parent_id is None:
            raise Invalid(gettext("This is the idea of a thread already."), code="idea", field="post")
        require_runs(member, top.thread.forum_id)
        forum = _still_there(forum or top.thread.forum)
        require_runs(member, forum.pk)
        branch = replanting.hold(top)
        thread = Thread.objects.create(
            jam=top.jam, forum=forum, created_at=top.created_at, last_post_at=top.created_at, heat=0
        )
        moved = replanting.replant(branch, thread=thread, under=None, subject=subject)
        carry_follows(branch.posts, source=top.thread_id, target=thread.pk, since=now)
        words = {"subject_before": top.subject, "subject_after": subject}
        move = _note(Kind.SPLIT, branch, member, now, reason, from_forum=top.thread.forum, to=moved, **words)
        moving_events.moved(move, member)
    return move


def goes_on(one: Thread, other: Thread) -> Thread:
    """Which of two threads the other becomes a branch of: the larger; of two alike the older."""
    return min(one, other, key=lambda thread: (-thread.reply_count, thread.pk))


def idea_of(member: Member, thread: Thread) -> Post:
    """The idea of a thread as it is now. Raises Invalid for another jam's, Conflict for a thread that was merged."""
    if thread.jam_id != member.jam_id:
        raise Invalid(gettext("That thread is not part of this jam."), code="thread", field="thread")
    found = Post.objects.filter(thread=thread.pk, parent=None).values_list("pk", flat=True).first()
    if found is None:
        raise Conflict(_what_was_done(thread), code="merged", field="thread")
    return replanting.find(member, found)


def _put(kind: Kind, member: Member, top: Post, under: Post, now: datetime, reason: str) -> Moved:
    """Puts `top` with its branch under `under`; both are as they are now."""
    source, target = top.thread, under.thread
    require_runs(member, source.forum_id)
    require_runs(member, target.forum_id)
    branch = replanting.hold(top, under=under)
    replanting.check_place(branch, under)
    took_outcome = False
    moved = replanting.replant(branch, thread=target, under=under)
    if source.pk != target.pk:
        everybody = kind == Kind.MERGE
        carry_follows(branch.posts, source=source.pk, target=target.pk, since=now, everybody=everybody)
    if kind == Kind.MERGE:
        Thread.objects.filter(pk=source.pk).update(moved_to=top.pk, forum=target.forum)
        took_outcome = carry_outcome(source=source.pk, target=target.pk)
        copy_connections(source=source.pk, target=target.pk, by=member, at=now)
    move = _note(kind, branch, member, now, reason, from_forum=source.forum, to=moved, took_outcome=took_outcome)
    moving_events.moved(move, member)
    if took_outcome:
        tell_outcome(target)
    return move


def _note(
    kind: Kind,
    branch: Branch,
    member: Member,
    now: datetime,
    reason: str,
    *,
    from_forum: Forum,
    to: Post,
    **more: object,
) -> Moved:
    """Keeps what was done, for the list and for undoing it, and has it recorded. `to` is the top as it is now."""
    top = branch.top
    move = Moved.objects.create(
        jam_id=member.jam_id,
        kind=kind,
        post=to,
        posts=len(branch.posts),
        from_thread_id=top.thread_id,
        from_parent_id=top.parent_id,
        from_forum=from_forum,
        to_thread=to.thread,
        to_parent_id=to.parent_id,
        to_forum=to.thread.forum,
        reason=reason,
        by=member,
        at=now,
        **more,
    )
    doings.did(
        jam=to.jam,
        by=member,
        kind={Kind.MERGE: "merge", Kind.SPLIT: "split"}.get(kind, "move"),
        reason=reason,
        post=to,
        thread=to.thread,
        forum=to.thread.forum,
        before={"thread": top.thread_id, "forum": from_forum.pk, "under": top.parent_id},
        after={
            "thread": to.thread_id, "forum": to.thread.forum_id, "under": to.parent_id, "posts": len(branch.posts),
        },
    )  # fmt: skip
    return move


def _unmoved(member: Member, post: Post) -> Post:
    """The post as it is now. Raises Conflict if it is not in the thread that it was seen in."""
    found = replanting.find(member, post.pk)
    if (found.thread_id, found.parent_id) != (post.thread_id, post.parent_id):
        raise Conflict(_what_was_done(post.thread, post), code="moved", field="post")
    return found


def _what_was_done(thread: Thread, post: Post | None = None) -> str:
    """Says who was quicker."""
    moves = Moved.objects.select_related("by").filter(undone_at=None)
    last = (moves.filter(post=post) if post else moves.filter(from_thread=thread)).order_by("-pk").first()
    if last is None:
        return gettext("It was moved meanwhile. Load the page again.")
    return gettext("%(name)s was quicker: %(what)s. Load the page again.") % {
        "name": last.by.name,
        "what": last.get_kind_display(),
    }


def _still_there(forum: Forum) -> Forum:
    # Nobody removes a forum while we hold the jam's window; it may have gone before.
    found = Forum.objects.filter(pk=forum.pk).first()
    if found is None:
        raise Conflict(gettext("That forum was removed meanwhile."), code="forum_gone", field="forum")
    return found


def _check_jam(member: Member, forum: Forum, *, field: str) -> None:
    if forum.jam_id != member.jam_id:
        raise Invalid(gettext("That forum is not part of this jam."), code="forum", field=field)


def _clean_reason(reason: str) -> str:
    return clean_line(reason, field="reason", name=gettext("The reason"), limit=MOVE_REASON_MAX)

"""Undoing a move: what was moved goes back to where it was, with what was written under it since.

Moves can be undone in any order in which each finds what it left: a branch goes back under the post that it stood
under, wherever that is now. Where a later move stands in the way, that one is undone first.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from jam.access import require_runs
from jam.domain import doings
from jam.domain.errors import Conflict, Invalid
from jam.models import Forum, Member
from threads.domain import moving_events, replanting
from threads.domain.carrying import carry_follows, drop_connections, drop_follows, tell_outcome
from threads.domain.replanting import Branch
from threads.models import Moved, Outcome, Post, Thread

Kind = Moved.Kind


def undo(*, member: Member, move: Moved) -> Moved:
    """Takes `move` back, for who runs the forum that it is in now and that which it came from.

    Raises NotAllowed, Invalid (of another jam), and Conflict: undone already, a later move stands in the way, the forum
    that it came from was removed, or the branch would be too deep there. Locks as `moving.move_thread`.
    """
    if move.jam_id != member.jam_id:
        raise Invalid(gettext("That move is not of this jam."), code="move")
    with transaction.atomic():
        _, now = replanting.begin(member)
        related = ("undone_by", "from_forum", "to_forum", "from_thread", "to_thread")
        held = Moved.objects.select_related(*related).get(pk=move.pk)
        _check_not_undone(held)
        top = replanting.find(member, held.post_id)
        require_runs(member, top.thread.forum_id)
        _check_it_is_there(held, top)
        back = _to_forum(member, held, top) if held.kind == Kind.FORUM else _put_back(member, held, top, now)
        held.undone_at, held.undone_by = now, member
        held.save(update_fields=["undone_at", "undone_by"])
        doings.did(
            jam=back.jam,
            by=member,
            kind="undo",
            post=back,
            thread=back.thread,
            forum=back.thread.forum,
            before={"thread": top.thread_id, "forum": top.thread.forum_id, "under": top.parent_id},
            after={"thread": back.thread_id, "forum": back.thread.forum_id, "under": back.parent_id, "move": held.pk},
        )
        moving_events.undone(held, member, was=top, now=back)
        if held.took_outcome:
            tell_outcome(held.to_thread)
            tell_outcome(held.from_thread)
    return held


def _to_forum(member: Member, move: Moved, idea: Post) -> Post:
    require_runs(member, _forum_before(move).pk)
    replanting.move_to_forum(replanting.hold(idea), _forum_before(move))
    return replanting.find_again(idea)


def _put_back(member: Member, move: Moved, top: Post, now: datetime) -> Post:
    under = replanting.find(member, move.from_parent_id) if move.from_parent_id else None
    branch = replanting.hold(top, under=under)
    if under is None:
        back = _as_thread(member, move, branch)
    else:
        require_runs(member, under.thread.forum_id)
        if branch.holds(under):
            raise Conflict(
                gettext("Where it stood is part of it now, since that was moved later. Undo the later move first."),
                code="in_the_way",
            )
        replanting.check_depth(branch, under)
        subject = move.subject_before if move.kind == Kind.SPLIT and top.subject == move.subject_after else None
        back = replanting.replant(branch, thread=under.thread, under=under, subject=subject)
    if move.kind == Kind.SPLIT:
        Thread.objects.filter(pk=move.to_thread_id).update(moved_to=top.pk, forum=back.thread.forum)
    drop_follows(target=move.to_thread_id, since=move.at)
    if back.thread_id != top.thread_id:
        carry_follows(branch.posts, source=top.thread_id, target=back.thread_id, since=now)
    return back


def _as_thread(member: Member, move: Moved, branch: Branch) -> Post:
    """The idea of a merged thread has that thread for itself again."""
    forum = _forum_before(move)
    require_runs(member, forum.pk)
    thread = move.from_thread
    thread.forum = forum
    Thread.objects.filter(pk=thread.pk).update(moved_to=None, forum=forum)
    back = replanting.replant(branch, thread=thread, under=None)
    drop_connections(target=move.to_thread_id, at=move.at)
    if move.took_outcome:
        Outcome.objects.filter(thread=move.to_thread_id).update(thread=thread)
    return back


def _check_not_undone(move: Moved) -> None:
    if move.undone_by is not None:
        raise Conflict(
            gettext("%(name)s undid this already.") % {"name": move.undone_by.name}, code="already", field="move"
        )


def _check_it_is_there(move: Moved, top: Post) -> None:
    """That what was moved is still where this put it, and was not moved away and back since."""
    later = Moved.objects.select_related("by").filter(post=top, undone_at=None, pk__gt=move.pk).order_by("-pk").first()
    if later is not None:
        raise Conflict(
            gettext("It was moved again since, by %(name)s: %(what)s. Undo that first.")
            % {"name": later.by.name, "what": later.get_kind_display()},
            code="in_the_way",
            field="move",
        )
    there = top.parent_id == move.to_parent_id and (top.parent_id is not None or top.thread_id == move.to_thread_id)
    if move.kind == Kind.FORUM:
        there = there and top.thread.forum_id == move.to_forum_id
    if not there:
        raise Conflict(gettext("It is not where this put it any more."), code="in_the_way", field="move")


def _forum_before(move: Moved) -> Forum:
    if move.from_forum is None:
        raise Conflict(
            gettext("The forum that it came from was removed. Move it to another one instead."),
            code="forum_gone",
            field="move",
        )
    return move.from_forum

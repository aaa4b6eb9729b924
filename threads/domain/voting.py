"""Votes. A count is state and not an event: tabs get the newest one of each post."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from jam.access import WRITING_ROLES
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.phases import OpenWindow, require_open
from jam.domain.rooms import forum_room, thread_room
from jam.models import Member, Voting
from live import bus
from threads.domain import heat
from threads.models import Post, PostStatus, Vote

AGREE, PASS, DISAGREE = 1, 0, -1
COUNT_OF = {AGREE: "agree_count", PASS: "pass_count", DISAGREE: "disagree_count"}


@dataclass(frozen=True)
class Tally:
    """A post's counts, as they are shown to everybody."""

    post_id: int
    agree: int
    passed: int
    disagree: int

    @classmethod
    def of(cls, post: Post) -> Tally:
        return cls(post.pk, post.agree_count, post.pass_count, post.disagree_count)

    def as_json(self) -> dict[str, int]:
        return {"agree": self.agree, "pass": self.passed, "disagree": self.disagree}


def cast(*, member: Member, post: Post, value: int) -> Tally:
    """Makes `value` the member's vote on `post`, in place of an earlier one; the same again changes nothing.

    Raises OutsideWindow, NotAllowed (a role that does not write, one's own post), Conflict (the post is hidden) and
    Invalid (a value this jam does not take). Locks the post's row, and the thread's if it is the idea, till the commit.
    """
    if value not in COUNT_OF:
        raise Invalid("A vote is 1, 0 or -1.", code="value", field="value")
    return _change(member=member, post=post, value=value)


def withdraw(*, member: Member, post: Post) -> Tally:
    """Takes the member's vote on `post` back; without one, changes nothing. Raises and locks as `cast`."""
    return _change(member=member, post=post, value=None)


def _change(*, member: Member, post: Post, value: int | None) -> Tally:
    with transaction.atomic():
        window = require_open(member.jam_id)
        locked = Post.objects.select_related("thread").select_for_update(of=("self",), no_key=True).get(pk=post.pk)
        _check(window, member, locked, value)
        before = Vote.objects.filter(post=locked, member=member).first()
        old = None if before is None else before.value
        if old == value:
            return Tally.of(locked)
        _write(window, member, locked, before, value)
        _count(locked, old=old, new=value)
        if locked.parent_id is None:
            heat.refresh([locked.thread_id])
        tally = Tally.of(locked)
        bus.publish_counts(
            jam_key=locked.jam_id,
            rooms=[thread_room(locked.thread_id), forum_room(locked.thread.forum_id)],
            counts={str(locked.pk): tally.as_json()},
        )
        return tally


def _check(window: OpenWindow, member: Member, post: Post, value: int | None) -> None:
    if post.jam_id != member.jam_id:
        raise Invalid("That post is not part of this jam.", code="post", field="post")
    if member.role not in WRITING_ROLES:
        raise NotAllowed("Your role in this jam reads and does not vote.", code="role")
    if post.author_id == member.pk:
        raise NotAllowed("You cannot vote on your own post.", code="own_post")
    if post.status == PostStatus.HIDDEN:
        raise Conflict("This post was hidden; it takes no votes.", code="hidden")
    if window.jam.voting == Voting.UPVOTE and value not in (AGREE, None):
        raise Invalid("In this jam a vote is 1, or none.", code="value", field="value")


def _write(window: OpenWindow, member: Member, post: Post, before: Vote | None, value: int | None) -> None:
    if value is None:
        Vote.objects.filter(post=post, member=member).delete()
    elif before is None:
        Vote.objects.create(post=post, member=member, value=value, cast_at=window.now)
    else:
        Vote.objects.filter(pk=before.pk).update(value=value, cast_at=window.now)


def _count(post: Post, *, old: int | None, new: int | None) -> None:
    # The row is locked: what was read is what stands there.
    changed = {}
    for value, step in ((old, -1), (new, 1)):
        if value is not None:
            name = COUNT_OF[value]
            changed[name] = F(name) + step
            setattr(post, name, getattr(post, name) + step)
    Post.objects.filter(pk=post.pk).update(**changed)

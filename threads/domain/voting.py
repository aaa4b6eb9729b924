"""Votes. A count is state and not an event: tabs get the newest one of each post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext

from jam.access import WRITING_ROLES
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.phases import OpenWindow, require_open
from jam.domain.rooms import forum_room, thread_room
from jam.models import Member, Voting
from live import bus
from threads.domain import heat
from threads.models import Post, PostStatus

AGREE, PASS, DISAGREE = 1, 0, -1

# Votes are what is written most, so they are in SQL: of the ORM each of these would be two queries or three.
# The second statement, which may have waited, finds the post where it was moved meanwhile.
HOLD = """
    SELECT FROM threads_post WHERE id = %(post)s FOR NO KEY UPDATE;
    SELECT post.jam_id, post.thread_id, thread.forum_id, post.parent_id IS NULL, post.author_id, post.status,
           post.agree_count, post.pass_count, post.disagree_count
    FROM threads_post AS post JOIN threads_thread AS thread ON thread.id = post.thread_id
    WHERE post.id = %(post)s
"""
CAST = """
    WITH before AS (SELECT value FROM threads_vote WHERE post_id = %(post)s AND member_id = %(member)s)
    INSERT INTO threads_vote AS vote (post_id, member_id, value, cast_at)
    VALUES (%(post)s, %(member)s, %(value)s, %(at)s)
    ON CONFLICT (post_id, member_id) DO UPDATE SET value = excluded.value, cast_at = excluded.cast_at
        WHERE vote.value <> excluded.value
    RETURNING (SELECT value FROM before)
"""
WITHDRAW = "DELETE FROM threads_vote WHERE post_id = %(post)s AND member_id = %(member)s RETURNING value"
COUNT = """
    UPDATE threads_post SET agree_count = %s, pass_count = %s, disagree_count = %s WHERE id = %s
    RETURNING (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
"""


@dataclass(frozen=True)
class Tally:
    """A post's counts, as they are shown to everybody."""

    post_id: int
    agree: int
    passed: int
    disagree: int

    def moved(self, *, old: int | None, new: int | None) -> Tally:
        """The counts once a vote of `old` is one of `new`; None is no vote."""
        agree, passed, disagree = (
            count + (new == value) - (old == value)
            for value, count in ((AGREE, self.agree), (PASS, self.passed), (DISAGREE, self.disagree))
        )
        return Tally(self.post_id, agree, passed, disagree)

    def as_json(self) -> dict[str, int]:
        return {"agree": self.agree, "pass": self.passed, "disagree": self.disagree}


@dataclass(frozen=True)
class Held:
    """What a vote has to know of a post whose row is locked."""

    jam_id: int
    thread_id: int
    forum_id: int
    is_idea: bool
    author_id: int
    status: str
    tally: Tally


def cast(*, member: Member, post: Post, value: int) -> Tally:
    """Makes `value` the member's vote on `post`, in place of an earlier one; the same again changes nothing.

    Raises OutsideWindow, NotAllowed (a role that does not write, one's own post), Conflict (the post is hidden) and
    Invalid (a value this jam does not take). Locks, till the commit, the jam's window (shared), then the post's row,
    then the thread's if the post is the idea. Who replies takes the same in the same order. Four queries, five for an
    idea; three if nothing changes.
    """
    if value not in (AGREE, PASS, DISAGREE):
        raise Invalid(gettext("A vote is 1, 0 or -1."), code="value", field="value")
    return _change(member=member, post=post, value=value)


def withdraw(*, member: Member, post: Post) -> Tally:
    """Takes the member's vote on `post` back; without one, changes nothing. Raises and locks as `cast`."""
    return _change(member=member, post=post, value=None)


def _change(*, member: Member, post: Post, value: int | None) -> Tally:
    with transaction.atomic():
        window = require_open(member.jam_id, member_id=member.pk)
        held = _hold(post)
        _check(window, member, held, value)
        changed = _write(member=member, post=post, value=value, at=window.now)
        if changed is None:
            return held.tally
        (old,) = changed
        tally = held.tally.moved(old=old, new=value)
        version = _count(tally)
        if held.is_idea:
            heat.refresh([held.thread_id])
        bus.publish_counts(
            jam_key=held.jam_id,
            rooms=[thread_room(held.thread_id), forum_room(held.forum_id)],
            counts={str(post.pk): tally.as_json()},
            version=version,
        )
        return tally


def _hold(post: Post) -> Held:
    """Locks the post's row, and so everything that is counted of its votes. Raises Post.DoesNotExist."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, {"post": post.pk})
        row = cursor.fetchone()
    if row is None:
        raise Post.DoesNotExist
    jam_id, thread_id, forum_id, is_idea, author_id, status, *counts = row
    return Held(jam_id, thread_id, forum_id, is_idea, author_id, status, Tally(post.pk, *counts))


def _check(window: OpenWindow, member: Member, post: Held, value: int | None) -> None:
    if post.jam_id != member.jam_id:
        raise Invalid(gettext("That post is not part of this jam."), code="post", field="post")
    if member.role not in WRITING_ROLES:
        raise NotAllowed(gettext("Your role in this jam reads and does not vote."), code="role")
    if post.author_id == member.pk:
        raise NotAllowed(gettext("You cannot vote on your own post."), code="own_post")
    if post.status == PostStatus.WITHDRAWN:
        raise Conflict(gettext("Its author withdrew this post; it takes no votes."), code="withdrawn")
    if post.status != PostStatus.VISIBLE:
        raise Conflict(gettext("This post was hidden; it takes no votes."), code="hidden")
    if window.jam.voting == Voting.UPVOTE and value not in (AGREE, None):
        raise Invalid(gettext("In this jam a vote is 1, or none."), code="value", field="value")


def _write(*, member: Member, post: Post, value: int | None, at: datetime) -> tuple[int | None] | None:
    """Puts the vote where it belongs, and gives what stood there; None if that is what is wanted already."""
    with connection.cursor() as cursor:
        cursor.execute(
            WITHDRAW if value is None else CAST, {"post": post.pk, "member": member.pk, "value": value, "at": at}
        )
        changed: tuple[int | None] | None = cursor.fetchone()
    return changed


def _count(tally: Tally) -> int:
    """Writes the counts, and gives the database's clock in microseconds, by which tabs know the newer of two counts."""
    # The row is locked: what was read of it, and moved on, is what comes to stand there.
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [tally.agree, tally.passed, tally.disagree, tally.post_id])
        (version,) = cursor.fetchone()
    return int(version)

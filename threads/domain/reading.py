"""How far a member has read: what is new to them, and what they saw.

A post is unread if others wrote it, it is visible, and the member has not seen it. To somebody who is here for the
first time everything is. A post that was hidden when they read past it counts as seen if it is shown again.

What is kept of a thread (`ThreadReading`) is a number up to which all is seen and a short list of posts beyond it. A
number may stand for posts only once no post with a lower one can still appear: numbers are given before the commit, so
of two writers the later number may show first. See `SETTLED`.

Counts are bounded and not estimated: `MOST` stands for "as many or more". They go over the threads of a forum by their
last post, newest first, and stop at the bound. So they cost a newcomer in a jam of a million posts a few threads, and
others besides that the threads that they read to the end since they last marked all as seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import ngettext

from jam.models import Member
from notifications.domain import inbox
from threads.models import Post, Thread

MOST = 100
"""Counts below it are exact, it itself is said as "99+"."""

SETTLED = timedelta(seconds=20)
"""After which a post's number may stand for those below it: twice as long as a transaction that writes one may take.

Its time is read before its number is taken. So a number below that of a post written 2 t ago was taken, and by a
transaction shorter than t is committed, before now.
"""
BEYOND_MAX = 1_000
"""Posts of a thread that are kept as seen past the first unseen one. Of more, those seen of old are new again."""
SEEN_AT_ONCE = 500

# --- SQL that the other statements are made of ---

PIECES = {
    "settled": f"interval '{SETTLED.total_seconds()} seconds'",
    # One row, also for who was never here. `since`: no thread whose last post is older has one past `upto`.
    "own": """
        own AS MATERIALIZED (
            SELECT visit.last_at, visit.left_at, visit.caught_up_before IS NOT NULL AS can_undo,
                coalesce(visit.caught_up_to, 0) AS upto, coalesce(visit.caught_up_also, ARRAY[]::bigint[]) AS also,
                coalesce(
                    (SELECT created_at FROM threads_post WHERE id = visit.caught_up_to) - {settled}, '-infinity'
                ) AS since
            FROM (SELECT) AS one LEFT JOIN threads_visit AS visit ON visit.member_id = %(member)s
        )
    """,
    "reading": """
        LEFT JOIN threads_threadreading AS reading
            ON reading.member_id = %(member)s AND reading.thread_id = thread.id
    """,
    # Of `post`, with `own` and `reading` beside it.
    "seen": """
        (post.id <= greatest(own.upto, coalesce(reading.upto, 0))
            OR post.id = ANY (own.also) OR post.id = ANY (coalesce(reading.beyond, ARRAY[]::bigint[])))
    """,
    "unread": "post.status = 'visible' AND post.author_id <> %(member)s AND NOT {seen}",
    "some_unread": """
        CROSS JOIN LATERAL (
            SELECT FROM threads_post AS post WHERE post.thread_id = thread.id AND {unread} LIMIT 1
        ) AS some_unread
    """,
}


def statement(sql: str) -> str:
    """`sql` with each of the PIECES in the place of its name."""
    while "{" in sql:
        sql = sql.format(**PIECES)
    return sql


def rows_of(sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


# --- how many ---


@dataclass(frozen=True)
class Unread:
    """How many posts are new to a member, and in how many threads, by forum: at most `most` in each."""

    posts: dict[int, int] = field(default_factory=dict)
    threads: dict[int, int] = field(default_factory=dict)
    most: int = MOST
    last_at: datetime | None = None
    """When they were last noted to be here; None if never."""
    left_at: datetime | None = None
    """When the visit before this one ended; None on the first."""
    can_undo: bool = False
    """Whether the last "mark all as seen" can be taken back."""

    @property
    def total(self) -> int:
        """Exact unless `is_bounded`; then there are as many or more."""
        return sum(self.posts.values())

    @property
    def is_bounded(self) -> bool:
        return any(count >= self.most for count in self.posts.values())

    @property
    def all(self) -> int:
        """For the tab's title: bounded like that of a forum."""
        return min(self.total, self.most)

    @property
    def label(self) -> str:
        """The number in the tab's title; empty if there is nothing new."""
        return capped(self.all, self.most) if self.total else ""


def capped(count: int, most: int = MOST) -> str:
    return str(count) if count < most else f"{most - 1}+"


def new_words(count: int) -> str:
    """How many are new, as a list says it: "3 new"."""
    return ngettext("%(number)s new", "%(number)s new", count) % {"number": capped(count)}


COUNT = statement("""
    WITH {own}
    SELECT own.last_at, own.left_at, own.can_undo, forum.id, found.posts, found.threads
    FROM own LEFT JOIN jam_forum AS forum ON forum.jam_id = %(jam)s
    LEFT JOIN LATERAL (
        SELECT count(*) AS posts, count(DISTINCT thread_id) AS threads
        FROM (
            SELECT unread.thread_id
            FROM threads_thread AS thread {reading}
            CROSS JOIN LATERAL (
                SELECT post.thread_id FROM threads_post AS post
                WHERE post.thread_id = thread.id AND {unread} ORDER BY post.id LIMIT %(most)s
            ) AS unread
            WHERE thread.forum_id = forum.id AND thread.last_post_at >= own.since
            ORDER BY thread.last_post_at DESC, thread.id DESC LIMIT %(most)s
        ) AS counted
    ) AS found ON true
""")


def unread(member: Member | None, *, most: int = MOST) -> Unread:
    """What is new to `member`, at most `most` posts counted in each forum. One query, none without a member."""
    if member is None:
        return Unread(most=most)
    rows = rows_of(COUNT, member=member.pk, jam=member.jam_id, most=most)
    last_at, left_at, can_undo = rows[0][:3]
    posts = {forum: count for *_, forum, count, _ in rows if forum is not None}
    threads = {forum: count for *_, forum, _, count in rows if forum is not None}
    return Unread(posts, threads, most, last_at, left_at, can_undo)


IN_THREADS = statement("""
    WITH {own}
    SELECT thread.id, found.posts
    FROM own CROSS JOIN unnest(%(threads)s::bigint[]) AS thread (id) {reading}
    CROSS JOIN LATERAL (
        SELECT count(*) AS posts FROM (
            SELECT 1 FROM threads_post AS post WHERE post.thread_id = thread.id AND {unread} LIMIT %(most)s
        ) AS counted
    ) AS found
    WHERE found.posts > 0
""")


def unread_in_threads(member: Member | None, thread_ids: Iterable[int]) -> dict[int, int]:
    """How many posts are new in each of these threads, at most `MOST`; threads without any are left out. One query,
    none without a member or threads. The threads are of the member's jam: who asks sees to that."""
    asked = list(thread_ids)
    if member is None or not asked:
        return {}
    return dict(rows_of(IN_THREADS, member=member.pk, threads=asked, most=MOST))


# --- which ---

IN_THREAD = statement("""
    WITH {own}
    SELECT post.id, post.path
    FROM own CROSS JOIN (SELECT %(thread)s::bigint AS id) AS thread {reading}
    JOIN threads_post AS post ON post.thread_id = thread.id
    WHERE {unread}
""")
AMONG = IN_THREAD + "AND post.id = ANY (%(posts)s::bigint[])"
FIRST = IN_THREAD + "ORDER BY post.path LIMIT 1"


def unread_posts(member: Member | None, thread: Thread, post_ids: Iterable[int]) -> set[int]:
    """Those among these posts of `thread` that are new. One query, none without a member."""
    if member is None:
        return set()
    return {post for post, _path in rows_of(AMONG, member=member.pk, thread=thread.pk, posts=list(post_ids))}


def first_unread(member: Member | None, thread: Thread) -> Post | None:
    """The first post of `thread`, in the order of reading, that is new: its id, path and thread, and nothing else.
    One query, none without a member."""
    if member is None:
        return None
    found = rows_of(FIRST, member=member.pk, thread=thread.pk)
    return Post(pk=found[0][0], path=found[0][1], thread=thread) if found else None


NEXT = statement("""
    WITH {own}
    SELECT next.id
    FROM own JOIN jam_forum AS forum ON forum.jam_id = %(jam)s
    CROSS JOIN LATERAL (
        SELECT thread.id
        FROM threads_thread AS thread {reading}
        WHERE thread.forum_id = forum.id AND thread.last_post_at >= own.since AND thread.id <> %(thread)s
            AND EXISTS (SELECT FROM threads_post AS post WHERE post.thread_id = thread.id AND {unread})
        ORDER BY thread.last_post_at DESC, thread.id DESC LIMIT 1
    ) AS next
    ORDER BY forum.id <> %(forum)s, forum.position, forum.id LIMIT 1
""")


def next_unread(member: Member, after: Thread) -> int | None:
    """The thread to go on with after this one: of those with something new the one that was written in last, in the
    same forum if there is one, else in the first that has one. One query.
    """
    found = rows_of(NEXT, member=member.pk, jam=member.jam_id, forum=after.forum_id, thread=after.pk)
    return int(found[0][0]) if found else None


# --- what was seen ---

# In the order of threads, so that two tabs of one member do not wait for each other.
SEE = """
    INSERT INTO threads_threadreading AS reading (member_id, thread_id, upto, beyond, read_at)
    SELECT %(member)s, thread_id, 0, array_agg(id), clock_timestamp()
    FROM threads_post WHERE id = ANY (%(posts)s::bigint[]) AND jam_id = %(jam)s GROUP BY thread_id ORDER BY thread_id
    ON CONFLICT (member_id, thread_id) DO UPDATE SET
        beyond = ARRAY(SELECT unnest(reading.beyond) UNION SELECT unnest(excluded.beyond)), read_at = excluded.read_at
    RETURNING thread_id
"""
# `upto` goes on over what was seen, one's own and what is not visible, up to the first that was not or is too new. What
# "mark all as seen" covers counts once that cannot be undone.
GO_ON = statement("""
    UPDATE threads_threadreading AS reading
    SET upto = moved.upto,
        beyond = ARRAY(
            SELECT id FROM unnest(reading.beyond) AS id WHERE id > moved.upto ORDER BY id DESC LIMIT %(most)s
        )
    FROM (
        SELECT held.id, coalesce(last.id, held.upto) AS upto
        FROM (
            SELECT reading.id, reading.thread_id, reading.beyond,
                greatest(reading.upto, coalesce(visit.caught_up_before, visit.caught_up_to, 0)) AS upto
            FROM threads_threadreading AS reading LEFT JOIN threads_visit AS visit ON visit.member_id = %(member)s
            WHERE reading.member_id = %(member)s AND reading.thread_id = ANY (%(threads)s::bigint[])
        ) AS held
        LEFT JOIN LATERAL (
            SELECT post.id FROM threads_post AS post
            WHERE post.thread_id = held.thread_id AND post.id > held.upto
                AND (
                    post.created_at > clock_timestamp() - {settled}
                    OR (post.status = 'visible' AND post.author_id <> %(member)s AND post.id <> ALL (held.beyond))
                )
            ORDER BY post.id LIMIT 1
        ) AS stop ON true
        LEFT JOIN LATERAL (
            SELECT post.id FROM threads_post AS post
            WHERE post.thread_id = held.thread_id AND post.id > held.upto AND (stop.id IS NULL OR post.id < stop.id)
            ORDER BY post.id DESC LIMIT 1
        ) AS last ON true
    ) AS moved
    WHERE reading.id = moved.id
""")


def see(member: Member, post_ids: Iterable[int]) -> list[int]:
    """Notes that `member` has seen these posts, and gives the threads that they are in.

    Takes `SEEN_AT_ONCE` of them, and passes over those that are not of the member's jam. Needs no open window: what is
    read after the close is read too. What they were told of these posts is no news to them any more either. Opens its
    own transaction; three statements.
    """
    posts = list(dict.fromkeys(post_ids))[:SEEN_AT_ONCE]
    if not posts:
        return []
    with transaction.atomic():
        threads = [thread for (thread,) in rows_of(SEE, member=member.pk, jam=member.jam_id, posts=posts)]
        if threads:
            with connection.cursor() as cursor:
                cursor.execute(GO_ON, {"member": member.pk, "threads": threads, "most": BEYOND_MAX})
            inbox.saw(member.pk, [f"post:{post}" for post in posts])
    return threads

"""The numbers that are kept beside what they count, so that a page reads them without counting.

The verbs keep them up in the transaction that changes what they count. `recount` makes them anew from the posts and
votes, for what was loaded in bulk. A hidden post counts: it is there, and its replies are read.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from threads.domain import heat, tags
from threads.domain.locking import refuse_if_locked
from threads.models import Post, Thread

ACTIVITY_STEP = timedelta(minutes=10)


def activity_bucket(at: datetime) -> datetime:
    """The start of the ten minutes that `at` lies in."""
    return at.replace(minute=at.minute - at.minute % 10, second=0, microsecond=0)


# A reply that was let in earlier may be counted later.
COUNT_IN_THREAD = """
    UPDATE threads_thread SET reply_count = reply_count + %s, last_post_at = greatest(last_post_at, %s) WHERE id = %s
    RETURNING reply_count, last_post_at, locked_at
"""
# The forum's row gives the other its row, and so is locked before it.
COUNT_IN_FORUM = """
    WITH forum AS (
        UPDATE jam_forum SET post_count = post_count + 1, thread_count = thread_count + %(threads)s
        WHERE id = %(forum)s RETURNING jam_id, post_count, thread_count
    ), activity AS (
        INSERT INTO jam_activity (jam_id, at, posts) SELECT jam_id, %(at)s, 1 FROM forum
        ON CONFLICT (jam_id, at) DO UPDATE SET posts = jam_activity.posts + 1
    )
    SELECT post_count, thread_count FROM forum
"""


def count_new_post(post: Post) -> None:
    """Counts `post`, which was just written, in its thread, forum and ten minutes, and sets the first two's new counts.

    Locks those rows until the transaction ends, always in the order thread, forum, activity. Two queries, and one more
    for a reply. Raises Conflict if the thread was locked while its row was waited for.
    """
    thread, forum = post.thread, post.thread.forum
    replies = 0 if post.parent_id is None else 1
    with connection.cursor() as cursor:
        cursor.execute(COUNT_IN_THREAD, [replies, post.created_at, thread.pk])
        thread.reply_count, thread.last_post_at, thread.locked_at = cursor.fetchone()
    refuse_if_locked(thread)
    if replies:
        heat.refresh([thread.pk])
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT_IN_FORUM,
            {"threads": 1 - replies, "forum": forum.pk, "at": activity_bucket(post.created_at)},
        )
        forum.post_count, forum.thread_count = cursor.fetchone()


def recount(jam_id: int) -> None:
    """Makes every kept number of a jam anew from its posts and votes, in a fixed number of statements.

    Needs a transaction. Analyses the tables of posts, threads and votes, so whoever else does waits until the commit;
    readers and writers do not.
    """
    with connection.cursor() as cursor:
        # The planner knows nothing yet of what this transaction loaded, and might go over all of it for each row.
        cursor.execute("ANALYZE threads_post, threads_thread, threads_vote")
        cursor.execute(
            """
            UPDATE threads_post AS post
            SET agree_count = tally.agree, pass_count = tally.pass, disagree_count = tally.disagree
            FROM (
                SELECT counted.id,
                       count(*) FILTER (WHERE vote.value = 1) AS agree,
                       count(*) FILTER (WHERE vote.value = 0) AS pass,
                       count(*) FILTER (WHERE vote.value = -1) AS disagree
                FROM threads_post AS counted LEFT JOIN threads_vote AS vote ON vote.post_id = counted.id
                WHERE counted.jam_id = %s GROUP BY counted.id
            ) AS tally
            WHERE post.id = tally.id
            """,
            [jam_id],
        )
        cursor.execute(
            """
            UPDATE threads_thread AS thread
            SET reply_count = tally.posts - 1, created_at = tally.first_at, last_post_at = tally.last_at
            FROM (
                SELECT thread_id, count(*) AS posts, max(created_at) AS last_at,
                       min(created_at) FILTER (WHERE parent_id IS NULL) AS first_at
                FROM threads_post WHERE jam_id = %s GROUP BY thread_id
            ) AS tally
            WHERE thread.id = tally.thread_id
            """,
            [jam_id],
        )
        cursor.execute(
            """
            UPDATE jam_forum AS forum
            SET thread_count = tally.threads, post_count = tally.posts
            FROM (
                SELECT counted.id, count(thread.id) AS threads, coalesce(sum(thread.reply_count + 1), 0) AS posts
                FROM jam_forum AS counted
                LEFT JOIN threads_thread AS thread ON thread.forum_id = counted.id AND thread.moved_to_id IS NULL
                WHERE counted.jam_id = %s GROUP BY counted.id
            ) AS tally
            WHERE forum.id = tally.id
            """,
            [jam_id],
        )
        cursor.execute("DELETE FROM jam_activity WHERE jam_id = %s", [jam_id])
        cursor.execute(
            """
            INSERT INTO jam_activity (jam_id, at, posts)
            SELECT jam_id, date_bin('10 minutes', created_at, timestamptz '2000-01-01 00:00+00'), count(*)
            FROM threads_post WHERE jam_id = %s GROUP BY 1, 2
            """,
            [jam_id],
        )
        # Who voted on an idea had seen it, though nobody noted it where it was.
        cursor.execute(
            """
            UPDATE threads_thread AS thread
            SET shown_count = greatest(shown_count, idea.agree_count + idea.pass_count + idea.disagree_count)
            FROM threads_post AS idea
            WHERE thread.jam_id = %s AND idea.thread_id = thread.id AND idea.parent_id IS NULL
            """,
            [jam_id],
        )
    heat.refresh(Thread.objects.filter(jam_id=jam_id).values_list("pk", flat=True))
    tags.recount(jam_id)

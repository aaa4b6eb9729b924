"""What members have seen goes along with posts that move to another thread.

What is kept of a thread is a number up to which all was seen, and single posts beyond it (`threads.domain.reading`).
Posts that come into a thread may lie below its number without having been seen, and above it although they were. So
of each member who read in either thread both are put together anew: what was seen stays seen, and what was not is new
still. Only where the single posts would be more than `BEYOND_MAX`, the older of them are put below the number, with
what lies between them.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from threads.domain.reading import BEYOND_MAX

# Arrays are in order, so `width_bucket` finds in a few steps how many of them a number covers. `there` are the posts
# that were in the target before, `moved` those that came. Two lists of a thousand are compared as sets: post by post it
# took a minute for 1,500 readers of 2,000 posts.
CARRY = """
    WITH given AS MATERIALIZED (
        SELECT %(moved)s::bigint[] AS moved, ARRAY(
            SELECT id FROM threads_post WHERE thread_id = %(target)s AND id <> ALL (%(moved)s::bigint[]) ORDER BY id
        ) AS there
    ), held AS MATERIALIZED (
        SELECT coalesce(mine.member_id, other.member_id) AS member_id,
            coalesce(other.upto, 0) AS upto, coalesce(other.beyond, ARRAY[]::bigint[]) AS beyond,
            greatest(mine.read_at, other.read_at) AS read_at,
            given.moved[1:covered.number] AS below, given.moved[covered.number + 1:] AS rest,
            coalesce(mine.beyond, ARRAY[]::bigint[]) AS singly, given.there
        FROM (SELECT * FROM threads_threadreading WHERE thread_id = %(source)s) AS mine
        FULL JOIN (SELECT * FROM threads_threadreading WHERE thread_id = %(target)s) AS other USING (member_id)
        CROSS JOIN given
        CROSS JOIN LATERAL (SELECT width_bucket(coalesce(mine.upto, 0), given.moved) AS number) AS covered
    ), parted AS MATERIALIZED (
        SELECT held.*, new.first, seen.posts AS seen
        FROM held
        CROSS JOIN LATERAL (
            SELECT min(id) AS first FROM (SELECT unnest(held.rest) EXCEPT SELECT unnest(held.singly)) AS unseen (id)
        ) AS new
        CROSS JOIN LATERAL (
            SELECT held.below || ARRAY(SELECT unnest(held.rest) INTERSECT SELECT unnest(held.singly)) AS posts
        ) AS seen
    ), put AS (
        SELECT member_id, read_at, least(upto, first - 1) AS upto, ARRAY(
            SELECT id FROM (
                SELECT unnest(beyond)
                UNION SELECT unnest(seen)
                UNION SELECT unnest(CASE WHEN first <= upto
                    THEN there[width_bucket(first, there) + 1:width_bucket(upto, there)] END)
            ) AS every (id)
            WHERE id > least(upto, first - 1) ORDER BY id DESC
        ) AS beyond
        FROM parted WHERE cardinality(seen) > 0 OR first <= upto
    )
    INSERT INTO threads_threadreading AS reading (member_id, thread_id, upto, beyond, read_at)
    SELECT member_id, %(target)s, greatest(upto, coalesce(beyond[%(most)s + 1], 0)), beyond[1:%(most)s], read_at
    FROM put
    ON CONFLICT (member_id, thread_id) DO UPDATE SET upto = excluded.upto, beyond = excluded.beyond
"""


def carry(post_ids: Sequence[int], *, source: int, target: int) -> None:
    """Has what members saw of these posts, which came from the thread `source`, count in the thread `target`.

    One statement; it goes over those who read in either thread.
    """
    with connection.cursor() as cursor:
        cursor.execute(CARRY, {"moved": sorted(post_ids), "source": source, "target": target, "most": BEYOND_MAX})

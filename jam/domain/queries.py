"""Reads that more than one page wants. Each says how many queries it costs."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from jam.domain.line import BUCKET, COLUMNS_MAX

# In words of its own, since every page of a jam asks it: the ORM takes longer to put this together than to run it.
# How many columns there are is the same as line.columns_in.
ACTIVITY = """
    SELECT jam_id, columns, width_bucket(extract(epoch FROM at), opens, closes, columns) AS number, sum(posts)
    FROM jam_activity
    JOIN (
        SELECT id, opens_at, closes_at, extract(epoch FROM opens_at) AS opens, extract(epoch FROM closes_at) AS closes,
            least(%(most)s, greatest(1, ceil(extract(epoch FROM closes_at - opens_at) / %(bucket)s)))::int AS columns
        FROM jam_jam
        WHERE id = ANY(%(jams)s)
    ) AS jam ON jam.id = jam_id
    WHERE at > opens_at - make_interval(secs => %(bucket)s) AND at < closes_at
    GROUP BY jam_id, columns, number
"""


def activity_columns(jam_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """How many posts fell into each column of each jam's line. One query, however many jams or posts.

    A jam without a window, or without posts in it, is left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(ACTIVITY, {"jams": list(jam_ids), "most": COLUMNS_MAX, "bucket": BUCKET.total_seconds()})
        rows = cursor.fetchall()
    found: dict[int, list[int]] = {}
    for jam_id, width, number, total in rows:
        # A bucket that began before the opening belongs to the first column.
        found.setdefault(jam_id, [0] * width)[max(number, 1) - 1] += total
    return {jam_id: tuple(counts) for jam_id, counts in found.items()}

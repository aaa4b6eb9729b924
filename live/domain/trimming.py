"""Letting go of what is too old for anybody to catch up with."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

BATCH = 1_000

# The first event of each jam tells whether there is anything to do: one step into an index for each jam.
BEGUN = """
SELECT stream.jam_key, stream.last_seq
FROM live_stream AS stream
CROSS JOIN LATERAL (
    SELECT seq, at FROM live_event WHERE jam_key = stream.jam_key ORDER BY seq LIMIT 1
) AS oldest
WHERE oldest.at < %(before)s AND oldest.seq < stream.last_seq
ORDER BY stream.jam_key
"""

# From the front, and up to the first that is young enough: whatever a clock did, what is kept has no gap.
TRIM = """
WITH batch AS (
    SELECT id, seq, at FROM live_event
    WHERE jam_key = %(jam_key)s AND seq < %(last_seq)s
    ORDER BY seq LIMIT %(limit)s
)
DELETE FROM live_event USING batch
WHERE live_event.id = batch.id
    AND batch.seq < coalesce((SELECT min(seq) FROM batch WHERE at >= %(before)s), %(last_seq)s)
"""


def trim(*, keep: timedelta) -> int:
    """Removes the events of all jams that are older than `keep` by the database's clock, and says how many.

    Never a jam's newest event, and never one with an older one left before it. Call it outside of a transaction: each
    statement then removes BATCH events at most and is done. Locks nothing but what it removes, so nobody who writes
    waits for it; two at once do each other's work, without harm.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp() - make_interval(secs => %s)", [keep.total_seconds()])
        (before,) = cursor.fetchone()
        cursor.execute(BEGUN, {"before": before})
        jams = cursor.fetchall()
    return sum(_trim_jam(jam_key, last_seq=last_seq, before=before) for jam_key, last_seq in jams)


def _trim_jam(jam_key: int, *, last_seq: int, before: datetime) -> int:
    removed, batch = 0, BATCH
    while batch == BATCH:
        with connection.cursor() as cursor:
            cursor.execute(TRIM, {"jam_key": jam_key, "last_seq": last_seq, "before": before, "limit": BATCH})
            batch = cursor.rowcount
        removed += batch
    return removed

"""What grows fast: threads that gather more replies and votes than they did just before.

What came to a thread in the last window (its replies and the votes on its idea) is held against what comes to it in
such a window otherwise, which is the mean of the four before. Things that come by themselves come as a Poisson process,
whose deviation is the root of its mean. So

    growth = (now - before) / sqrt(max(before, 1))

is by how many deviations there is more than one would expect: a quiet thread with six replies at once stands before a
busy one that went from forty to forty-six. Fewer than three things in a window are no growth.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from jam.models import Jam
from threads.domain.reading import rows_of

WINDOWS = (timedelta(minutes=15), timedelta(minutes=60))
AT_LEAST = 3
CANDIDATES = 200
"""Of the threads that something came to, those that it came to last."""

# The threads of each forum come by when they were counted last, which every reply and every vote on an idea writes.
GROWING = """
    WITH span AS MATERIALIZED (SELECT clock_timestamp() AS till, %(window)s::interval AS wide),
    candidate AS (
        SELECT thread.id
        FROM span CROSS JOIN jam_forum AS forum CROSS JOIN LATERAL (
            SELECT id, counted_at FROM threads_thread
            WHERE forum_id = forum.id AND counted_at >= span.till - span.wide
            ORDER BY counted_at DESC LIMIT %(candidates)s
        ) AS thread
        WHERE forum.jam_id = %(jam)s AND (%(forums)s::bigint[] IS NULL OR forum.id = ANY(%(forums)s::bigint[]))
        ORDER BY thread.counted_at DESC LIMIT %(candidates)s
    )
    SELECT grown.id, grown.replies, grown.votes, grown.before
    FROM (
        SELECT candidate.id, replies.now AS replies, votes.now AS votes, (replies.before + votes.before) / 4.0 AS before
        FROM candidate CROSS JOIN span
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE created_at >= span.till - span.wide) AS now,
                   count(*) FILTER (WHERE created_at < span.till - span.wide) AS before
            FROM threads_post
            WHERE thread_id = candidate.id AND parent_id IS NOT NULL AND status = 'visible'
                AND created_at >= span.till - 5 * span.wide
        ) AS replies
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE vote.cast_at >= span.till - span.wide) AS now,
                   count(*) FILTER (WHERE vote.cast_at < span.till - span.wide) AS before
            FROM threads_post AS idea JOIN threads_vote AS vote ON vote.post_id = idea.id
            WHERE idea.thread_id = candidate.id AND idea.parent_id IS NULL
                AND vote.cast_at >= span.till - 5 * span.wide
        ) AS votes
    ) AS grown
    WHERE grown.replies + grown.votes >= %(at_least)s AND grown.replies + grown.votes > grown.before
    ORDER BY (grown.replies + grown.votes - grown.before) / sqrt(greatest(grown.before, 1)) DESC, grown.id DESC
    LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Growth:
    """What came to a thread in the last window, and on average in each of the four before."""

    thread: int
    replies: int
    votes: int
    before: float


def growing(jam: Jam, *, window: timedelta, forums: Collection[int] | None, limit: int) -> list[Growth]:
    """The threads of a jam, or of these `forums` of it, that grow, the fastest first. One query, bounded by the number
    of forums and `CANDIDATES`, by the database's clock."""
    asked = {"jam": jam.pk, "window": window, "forums": None if forums is None else list(forums), "limit": limit}
    found = rows_of(GROWING, **asked, candidates=CANDIDATES, at_least=AT_LEAST)
    return [Growth(thread, replies, votes, float(before)) for thread, replies, votes, before in found]

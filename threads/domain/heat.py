"""The order called hot.

Heat is log10 of what an idea gathered (agreeing less disagreeing votes on it, and the replies under it; at least 1)
plus its time of writing in units of 12.5 hours: an idea needs ten times as much to stand level with one written 12.5
hours later. The formula is the one that Reddit published as "hot" in 2010, with replies counted in.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime

from django.db import connection

SECONDS_A_TENFOLD = 45_000


def heat(*, agree: int, disagree: int, replies: int, created_at: datetime) -> float:
    score = agree - disagree + replies
    sign = (score > 0) - (score < 0)
    return sign * math.log10(max(abs(score), 1)) + created_at.timestamp() / SECONDS_A_TENFOLD


def refresh(thread_ids: Iterable[int]) -> None:
    """Writes the heat of these threads anew, in one statement. Locks their rows until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE threads_thread AS thread
            SET heat = sign(score.value) * log10(greatest(abs(score.value), 1)::double precision)
                + extract(epoch FROM thread.created_at)::double precision / %s
            FROM (
                SELECT other.id, idea.agree_count - idea.disagree_count + other.reply_count AS value
                FROM threads_thread AS other
                JOIN threads_post AS idea ON idea.thread_id = other.id AND idea.parent_id IS NULL
                WHERE other.id = ANY(%s)
            ) AS score
            WHERE thread.id = score.id
            """,
            [SECONDS_A_TENFOLD, list(thread_ids)],
        )

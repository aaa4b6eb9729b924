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


# The thread is not in a subquery, for of two updates at once the second reads only the row that it writes anew.
REFRESH = """
    UPDATE threads_thread AS thread
    SET counted_at = clock_timestamp(), agree_count = idea.agree_count, disagree_count = idea.disagree_count,
        heat = sign(idea.agree_count - idea.disagree_count + thread.reply_count)
        * log10(greatest(abs(idea.agree_count - idea.disagree_count + thread.reply_count), 1)::double precision)
        + extract(epoch FROM thread.created_at)::double precision / %s
    FROM threads_post AS idea
    WHERE thread.id = ANY(%s) AND idea.thread_id = thread.id AND idea.parent_id IS NULL
"""


def refresh(thread_ids: Iterable[int]) -> None:
    """Writes the heat of these threads anew, and the votes that top goes by, in one statement.

    Locks their rows until the transaction ends. Who changed the votes on an idea must hold the lock on its row by then,
    and who changed the replies that on the thread's: of two at once, the second then has the numbers of both.
    """
    with connection.cursor() as cursor:
        cursor.execute(REFRESH, [SECONDS_A_TENFOLD, list(thread_ids)])

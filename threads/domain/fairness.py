"""Every idea is shown to some people before rank decides alone.

A list by rank shows what many have seen already, so an idea that came late may be seen by nobody. So in the lists by
rank (hot, top) every third row is kept, while the jam is open, for an idea that fewer than `ENOUGH` people were shown
and this reader was not: of these, the one that has waited longest. `docs/fairness.md` has what a simulation on real
jams said of it, and why these numbers.

Shown means that the row was in view for a second, in whatever list, as the reader's browser tells it
(`static/js/shown.js`). Each person counts once, the author does not. Where such rows stand is in `places`.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from jam.models import Member
from threads.domain.places import ENOUGH
from threads.models import Exposure, Post, Vote


def few_have_seen(ideas: QuerySet[Post], member: Member, *, limit: int) -> QuerySet[Post]:
    """Those of `ideas` that are still to be shown to people, and to `member` among them: not one they were shown, voted
    on or wrote. The one that has waited longest first. One query, which reads as many rows as it gives and those of
    that member's own that it passes over.
    """
    shown = Exposure.objects.filter(thread=OuterRef("thread"), member=member)
    voted = Vote.objects.filter(post=OuterRef("pk"), member=member)
    due = ideas.filter(thread__shown_count__lt=ENOUGH).exclude(author=member)
    return due.filter(~Exists(shown), ~Exists(voted)).order_by("thread_id")[:limit]


# What the member was shown before is not locked. Rows are locked in the order of their numbers, so that of two people
# with the same rows in view one waits for the other.
SHOW = """
    WITH due AS (
        SELECT thread.id
        FROM threads_thread AS thread
        JOIN threads_post AS idea ON idea.thread_id = thread.id AND idea.parent_id IS NULL
        WHERE thread.id = ANY(%(threads)s) AND thread.jam_id = %(jam)s AND thread.shown_count < %(enough)s
            AND idea.status = 'visible' AND idea.author_id <> %(member)s
            AND NOT EXISTS (SELECT FROM threads_exposure WHERE thread_id = thread.id AND member_id = %(member)s)
        ORDER BY thread.id
        FOR NO KEY UPDATE OF thread
    ), shown AS (
        INSERT INTO threads_exposure (thread_id, member_id) SELECT id, %(member)s FROM due
        ON CONFLICT DO NOTHING RETURNING thread_id
    )
    UPDATE threads_thread SET shown_count = shown_count + 1 FROM shown WHERE id = shown.thread_id
"""


def show(*, member: Member, thread_ids: Iterable[int]) -> None:
    """Notes that the ideas of these threads were shown to `member`. Twice is once, and others than the jam's, hidden
    ones and the member's own are passed over. Nothing is written of an idea that enough people were shown.

    One query. Locks the rows of the threads that it writes.
    """
    with connection.cursor() as cursor:
        numbers = sorted(set(thread_ids))
        cursor.execute(SHOW, {"threads": numbers, "jam": member.jam_id, "member": member.pk, "enough": ENOUGH})

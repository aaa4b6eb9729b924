"""What goes along when posts come into another thread: who follows it, what became of it, what it is connected with.

What was carried bears the time of the move, so that its undoing finds it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Q

from jam.models import Member
from threads.domain.events import outcome_set
from threads.models import Connection, Follow, Outcome, Post, Thread

FOLLOW_ALONG = """
    INSERT INTO threads_follow (member_id, thread_id, tag, since)
    SELECT follow.member_id, %(target)s, '', %(since)s FROM threads_follow AS follow
    WHERE follow.thread_id = %(source)s AND (
        %(everybody)s OR follow.member_id IN (SELECT author_id FROM threads_post WHERE id = ANY(%(posts)s))
    )
    ON CONFLICT DO NOTHING
"""


def carry_follows(posts: Sequence[int], *, source: int, target: int, since: datetime, everybody: bool = False) -> None:
    """Has those who follow the thread `source` and wrote one of these posts follow `target` too; or everybody who
    follows it. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            FOLLOW_ALONG,
            {"posts": list(posts), "source": source, "target": target, "since": since, "everybody": everybody},
        )


def drop_follows(*, target: int, since: datetime) -> None:
    """Takes back what a move at that moment carried."""
    Follow.objects.filter(thread=target, since=since).delete()


def carry_outcome(*, source: int, target: int) -> bool:
    """Says of the thread `target` what is said of `source`, if nothing is said of it yet; whether it did."""
    if Outcome.objects.filter(thread=target).exists():
        return False
    return bool(Outcome.objects.filter(thread=source).update(thread=target))


def tell_outcome(thread: Thread) -> None:
    """Appends to the event log what is said of the idea of `thread` now, if it has one still."""
    idea = Post.objects.select_related("thread").filter(thread=thread.pk, parent=None).first()
    if idea is not None:
        outcome_set(idea, Outcome.objects.select_related("by").filter(thread=thread.pk).first())


def copy_connections(*, source: int, target: int, by: Member, at: datetime) -> None:
    """Connects the thread `target` with all that `source` is connected with. Two queries."""
    pairs = Connection.objects.filter(Q(one=source) | Q(other=source)).values_list("one", "other")
    others = {thread for pair in pairs for thread in pair} - {source, target}
    Connection.objects.bulk_create(
        [Connection(one_id=min(target, one), other_id=max(target, one), by=by, at=at) for one in sorted(others)],
        ignore_conflicts=True,
    )


def drop_connections(*, target: int, at: datetime) -> None:
    """Takes back what a move at that moment copied."""
    Connection.objects.filter(Q(one=target) | Q(other=target), at=at).delete()

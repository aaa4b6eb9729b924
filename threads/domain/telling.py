"""Telling people of what was written: who was answered, who was named, who follows the thread, its writer or a tag.

A jam's event log says what was written, without a gap and in the order of the commits. So telling reads the log and
notes how far it is: a write costs nothing for it, needs no broker, and nothing is forgotten if a worker dies.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.db import connection
from django.urls import reverse

from jam.domain.phases import database_now
from live.models import Event
from notifications.domain.sending import notify
from threads.domain import follows
from threads.domain.events import OutcomeSet, PostCreated, PostEdited, PostHighlighted, PostRestored
from threads.domain.highlight_notices import tell_highlight
from threads.domain.moving_events import KINDS
from threads.domain.moving_notices import tell_move
from threads.domain.notices import MENTION, PERSON, REPLY, TAG, THREAD
from threads.domain.outcome_notices import tell_outcome
from threads.models import Mention, Post, PostStatus, Telling

HELD_FOR = timedelta(minutes=1)
"""After which another worker goes on in place of one that died."""
EVENTS_AT_ONCE = 100
MOVES = frozenset(kind.kind for kind in KINDS.values())

BEHIND = """
    SELECT jam.id FROM live_stream AS stream JOIN jam_jam AS jam ON jam.id = stream.jam_key
    LEFT JOIN threads_telling AS telling ON telling.jam_id = jam.id
    WHERE stream.last_seq > coalesce(telling.seq, 0)
    ORDER BY jam.id
"""
# Whoever gets a row may tell; without one, somebody else does.
HOLD = """
    INSERT INTO threads_telling AS telling (jam_id, seq, held_until)
    VALUES (%(jam)s, 0, clock_timestamp() + make_interval(secs => %(held_for)s))
    ON CONFLICT (jam_id) DO UPDATE SET held_until = excluded.held_until
    WHERE telling.held_until IS NULL OR telling.held_until < clock_timestamp()
    RETURNING seq, held_until
"""


def tell_all() -> None:
    """Tells the members of each jam what was written there since it was last called. One query when nothing was.

    May run anywhere, late and several at once: each jam is taken by one of them.
    """
    with connection.cursor() as cursor:
        cursor.execute(BEHIND)
        jams = [jam for (jam,) in cursor.fetchall()]
    for jam_id in jams:
        while tell_next(jam_id):
            pass


def tell_next(jam_id: int) -> bool:
    """Tells of the next events of a jam, and says whether there may be more. Nobody is told of an event twice, also if
    a worker died amid them: see `notify`."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, {"jam": jam_id, "held_for": HELD_FOR.total_seconds()})
        held = cursor.fetchone()
    if held is None:
        return False
    seq, held_until = held
    mine = Telling.objects.filter(jam=jam_id, held_until=held_until)
    events = list(
        Event.objects.filter(jam_key=jam_id, seq__gt=seq).order_by("seq").values("seq", "kind", "data")[:EVENTS_AT_ONCE]
    )
    for event in events:
        if event["kind"] in (PostCreated.kind, PostRestored.kind):
            tell(event["data"]["post"])
        elif event["kind"] == PostEdited.kind:
            tell(event["data"]["post"], mentioned_alone=True)
        elif event["kind"] == OutcomeSet.kind:
            tell_outcome(event["data"])
        elif event["kind"] == PostHighlighted.kind:
            tell_highlight(event["data"])
        elif event["kind"] in MOVES:
            tell_move(event["data"])
        if held_until - database_now() < HELD_FOR / 2:
            renewed = database_now() + HELD_FOR
            if not mine.update(seq=event["seq"], held_until=renewed):
                return False
            held_until = renewed
            mine = Telling.objects.filter(jam=jam_id, held_until=held_until)
    mine.update(seq=events[-1]["seq"] if events else seq, held_until=None)
    return len(events) == EVENTS_AT_ONCE


def tell(post_id: int, *, mentioned_alone: bool = False) -> int:
    """Tells of one post, and says how many people: each once, by what concerns them most. Its author never is told,
    and of a post that cannot be read nobody is.

    With `mentioned_alone`, for a post that was changed, only those are told who are named in it.
    """
    post = Post.objects.select_related("jam", "parent").filter(pk=post_id, status=PostStatus.VISIBLE).first()
    if post is None:
        return 0
    told = 0
    for kind, members in _concerned(post, mentioned_alone=mentioned_alone):
        told += notify(
            kind=kind,
            jam_id=post.jam_id,
            to=members,
            about=f"post:{post.pk}",
            path=reverse("threads:post", args=[post.jam.slug, post.pk]),
            data={"post": post.pk, "thread": post.thread_id},
            by=post.author_id,
        )
    return told


def _concerned(post: Post, *, mentioned_alone: bool) -> Iterator[tuple[str, list[int]]]:
    """Whom it concerns and as what, the most personal first."""
    if post.parent is not None and not mentioned_alone:
        yield REPLY, [post.parent.author_id]
    yield MENTION, list(Mention.objects.filter(post=post).order_by("member").values_list("member", flat=True))
    if mentioned_alone:
        return
    who = partial(follows.followers, jam_id=post.jam_id)
    if post.parent is not None:
        yield from ((THREAD, batch) for batch in who(thread=post.thread_id))
    yield from ((PERSON, batch) for batch in who(person=post.author_id))
    if post.tags:
        yield from ((TAG, batch) for batch in who(tags=post.tags))

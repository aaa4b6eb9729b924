"""Connecting two threads: each names the other as one to see also, until they are taken apart."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from jam.access import require_runs
from jam.domain import doings
from jam.domain.errors import Conflict, Invalid
from jam.domain.phases import database_now
from jam.models import Member
from threads.domain import replanting
from threads.domain.thread_events import threads_connected
from threads.models import Connection, Post, PostStatus, Thread

CONNECTIONS_MAX = 20
HAS_OTHERS = Exists(Connection.objects.filter(Q(one=OuterRef("pk")) | Q(other=OuterRef("pk"))))
"""Of a thread that is read: whether it is connected with another."""


def connect(*, member: Member, thread: Thread, other: Thread) -> Connection:
    """Connects two threads, for who runs the forum of one of them; connected already, they are left so.

    Raises NotAllowed, Invalid (a thread and itself, of another jam), and Conflict (one was merged into another, or has
    `CONNECTIONS_MAX`). Locks as `moving.move_thread` up to the threads' rows, and at the end the jam's event counter.
    Recorded.
    """
    with transaction.atomic():
        replanting.begin(member)
        one, two = _hold_both(member, thread, other)
        there = Connection.objects.filter(one=one, other=two).first()
        if there is not None:
            return there
        _check_there_is_room(one, two)
        made = Connection.objects.create(one=one, other=two, by=member, at=database_now())
        doings.did(
            jam=member.jam, by=member, kind="connect", thread=one, before={}, after={"threads": [one.pk, two.pk]}
        )
        threads_connected(one, two, connected=True, by=member, at=made.at)
    return made


def take_apart(*, member: Member, thread: Thread, other: Thread) -> None:
    """Takes two threads apart; that are not connected, leaves them so. Raises and locks as `connect`."""
    with transaction.atomic():
        replanting.begin(member)
        one, two = _hold_both(member, thread, other)
        deleted, _ = Connection.objects.filter(one=one, other=two).delete()
        if deleted:
            doings.did(
                jam=member.jam, by=member, kind="disconnect", thread=one, before={"threads": [one.pk, two.pk]}, after={}
            )
            threads_connected(one, two, connected=False, by=member, at=database_now())


def connected_with(thread: Thread) -> Sequence[Post]:
    """The ideas of the threads that `thread` is connected with and that everybody may read, with their thread and
    forum, the one connected first first. One query."""
    pairs = Connection.objects.filter(Q(one=thread) | Q(other=thread))
    ideas = Post.objects.filter(parent=None, status=PostStatus.VISIBLE).exclude(thread=thread)
    others = Q(thread__in=pairs.values("one")) | Q(thread__in=pairs.values("other"))
    return list(ideas.filter(others).select_related("thread__forum").order_by("thread_id")[:CONNECTIONS_MAX])


def _hold_both(member: Member, thread: Thread, other: Thread) -> tuple[Thread, Thread]:
    if thread.pk == other.pk:
        raise Invalid(gettext("A thread cannot be connected with itself."), code="same", field="to")
    _check_jams(member, thread, other)
    locked = Thread.objects.select_for_update(no_key=True).filter(pk__in=[thread.pk, other.pk]).order_by("pk")
    one, two = locked
    for held in (one, two):
        held.jam = member.jam
        if held.moved_to_id is not None:
            raise Conflict(
                gettext("One of the two was merged into another thread meanwhile. Load the page again."),
                code="merged",
                field="to",
            )
    require_runs(member, next(held.forum_id for held in (one, two) if held.pk == thread.pk))
    return one, two


def _check_jams(member: Member, thread: Thread, other: Thread) -> None:
    if not thread.jam_id == other.jam_id == member.jam_id:
        raise Invalid(gettext("That thread is not part of this jam."), code="thread", field="to")


def _check_there_is_room(one: Thread, two: Thread) -> None:
    for thread in (one, two):
        if Connection.objects.filter(Q(one=thread) | Q(other=thread)).count() >= CONNECTIONS_MAX:
            raise Conflict(
                gettext("A thread can be connected with %(count)s others. Take one apart first.")
                % {"count": CONNECTIONS_MAX},
                code="too_many",
                field="to",
            )

"""What happened in a jam in some hours, read from the database: the part of a shift's journal that writes itself.

It holds numbers of posts, threads and cases, and no words of anybody: what they say, and whether they may still be
read, is asked when the journal is shown. Every list is bounded, and says how many there are in all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from jam.models import Announcement, Jam, Member, Poll
from moderation.models import Action, Handling, RosterKind
from moderation.models.cases import Case, CaseKind, Flag
from threads.models import Highlight, Post, Thread, Vote

SHOWN = 10
COUNTED_MAX = 1_000
MOVING = ("move", "merge", "split", "connect", "undo")


@dataclass(frozen=True)
class Hours:
    """From `starts` up to, and without, `ends`, in these forums of a jam or, with None, in all."""

    jam: Jam
    starts: datetime
    ends: datetime
    forums: frozenset[int] | None = None

    def within(self, field: str) -> Q:
        return Q(**{f"{field}__gte": self.starts, f"{field}__lt": self.ends})

    def here(self, field: str, *, or_none: bool = False) -> Q:
        """In the forums, by the lookup `field`; with `or_none` also what belongs to no forum."""
        if self.forums is None:
            return Q()
        here = Q(**{f"{field}__in": self.forums})
        return here | Q(**{f"{field}__isnull": True}) if or_none else here


def find(hours: Hours) -> dict[str, Any]:
    """All of it, as JSON. Fourteen queries, each over what was written in these hours or over an index of what waits;
    the votes are found by a small index of the time that they were cast at (`vote_cast`)."""
    return {
        "counts": counts(hours),
        "highlights": _listed(
            Highlight.objects.filter(hours.within("at"), hours.here("post__thread__forum"), jam=hours.jam), "post"
        ),
        "announcements": _listed(_said(Announcement, hours)),
        "polls": _listed(_said(Poll, hours)),
        "actions": _actions(hours),
        "moved": _listed(_acts(hours).filter(kind__in=MOVING)),
        "open": _open(hours),
    }


# Who wrote or voted is counted together: it is people that are asked for.
PEOPLE = """
    SELECT count(*) FROM (
        SELECT post.author_id FROM threads_post AS post JOIN threads_thread AS thread ON thread.id = post.thread_id
        WHERE post.jam_id = %(jam)s AND post.created_at >= %(starts)s AND post.created_at < %(ends)s
            AND (%(forums)s::bigint[] IS NULL OR thread.forum_id = ANY (%(forums)s::bigint[]))
        UNION
        SELECT vote.member_id FROM threads_vote AS vote JOIN threads_post AS post ON post.id = vote.post_id
        JOIN threads_thread AS thread ON thread.id = post.thread_id
        WHERE vote.cast_at >= %(starts)s AND vote.cast_at < %(ends)s AND post.jam_id = %(jam)s
            AND (%(forums)s::bigint[] IS NULL OR thread.forum_id = ANY (%(forums)s::bigint[]))
    ) AS people
"""


def counts(hours: Hours) -> dict[str, int]:
    """Posts and ideas as they stand, hidden ones too; votes as they were cast last; people who wrote or voted; members
    who joined. Four queries."""
    posts = Post.objects.filter(hours.within("created_at"), hours.here("thread__forum"), jam=hours.jam)
    written = posts.aggregate(posts=Count("pk"), ideas=Count("pk", filter=Q(parent=None)))
    votes = Vote.objects.filter(hours.within("cast_at"), hours.here("post__thread__forum"), post__jam=hours.jam)
    forums = None if hours.forums is None else sorted(hours.forums)
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"jam": hours.jam.pk, "starts": hours.starts, "ends": hours.ends, "forums": forums})
        people = cursor.fetchone()[0]
    return {
        **written,
        "votes": votes.count(),
        "people": people,
        "newcomers": Member.objects.filter(hours.within("joined_at"), jam=hours.jam).count(),
    }


def _said(model: type[Announcement] | type[Poll], hours: Hours) -> QuerySet[Any]:
    return model.objects.filter(hours.within("created_at"), hours.here("forum", or_none=True), jam=hours.jam)


def _acts(hours: Hours) -> QuerySet[Action]:
    acts = Action.objects.filter(hours.within("at"), hours.here("forum", or_none=True), jam=hours.jam)
    return acts.exclude(kind__in=RosterKind.values)


def _actions(hours: Hours) -> dict[str, int]:
    """How often each kind of thing was done."""
    return dict(_acts(hours).order_by().values_list("kind").annotate(Count("pk")).order_by("kind"))


def _open(hours: Hours) -> dict[str, Any]:
    """What was left to do at the end of the hours: what lay open then, as far as that can still be told."""
    still = Case.objects.filter(hours.here("forum", or_none=True), jam=hours.jam, opened_at__lt=hours.ends)
    still = still.filter(Q(settled_at=None) | Q(settled_at__gte=hours.ends))
    waiting = Thread.objects.filter(hours.here("forum"), jam=hours.jam, reply_count=0, created_at__lt=hours.ends)
    waiting = waiting.filter(posts__parent=None, posts__status="visible")
    handled = Handling.objects.filter(jam=hours.jam, since__lt=hours.ends, until__gt=hours.ends)
    flags = Flag.objects.filter(hours.within("at"), hours.here("case__forum", or_none=True), case__jam=hours.jam)
    return {
        "first_reply": _listed(waiting.order_by("created_at", "pk")),
        "cases": dict(still.order_by().values_list("kind").annotate(Count("pk")).order_by("kind")),
        "flagged": _listed(still.filter(kind=CaseKind.POST).order_by("opened_at", "pk"), "post"),
        "flags": flags.count(),
        "handled": _listed(handled.order_by("since", "pk")),
    }


def _listed(rows: QuerySet[Any], field: str = "pk") -> dict[str, Any]:
    """The first few, and how many there are, counted up to a bound. One query."""
    found = list(rows.values_list(field, flat=True)[: COUNTED_MAX + 1])
    return {"count": len(found), "first": found[:SHOWN]}


def titles(threads: Iterable[int]) -> dict[int, Post]:
    """The ideas of these threads that everybody may read. One query."""
    ideas = Post.objects.visible().filter(thread__in=list(threads), parent=None)
    return {idea.thread_id: idea for idea in ideas.select_related("author")}

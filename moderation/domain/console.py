"""What a facilitator on duty has before them: what is new, what waits, what grows, what is flagged, who is here.

Each is bounded, and read in a number of queries that does not depend on how much there is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Now

from jam.access import STAFF_ROLES
from jam.models import Jam, Member, Role
from moderation.domain.growing import Growth, growing
from moderation.domain.handling import title
from moderation.models import Case, Handled, Handling
from threads.domain import queries
from threads.models import Post, Visit

ROWS = 50
"""Of a column, at most."""
LOOKED_THROUGH = 5_000
"""Of a jam's newest posts, where a filter leaves few."""
COUNTED = 1_000
"""How many ideas without a reply are counted, at most."""
HERE = timedelta(minutes=5)
"""Who asked for a page so long ago at most is here."""
LATELY = timedelta(minutes=15)

Forums = Collection[int] | None
"""Their numbers; None for all of the jam."""
Key = tuple[str, int]


@dataclass(frozen=True)
class Filters:
    """What of the stream is wanted; all that is set must hold. `handled` are keys of `handling.of`."""

    ideas: bool = False
    newcomers: bool = False
    outsiders: bool = False
    guests: bool = False
    flagged: bool = False
    handled: Collection[Key] | None = None

    def __bool__(self) -> bool:
        return any((self.ideas, self.newcomers, self.outsiders, self.guests, self.flagged, self.handled is not None))

    def of(self, posts: Any) -> Any:
        """Those of `posts`, which have `is_first`, that are wanted."""
        if self.ideas:
            posts = posts.filter(parent=None)
        if self.newcomers:
            posts = posts.filter(is_first=True)
        if self.outsiders:
            posts = posts.filter(author__outside=True)
        if self.guests:
            posts = posts.filter(author__role=Role.GUEST)
        if self.flagged:
            posts = posts.filter(Exists(Case.objects.filter(post=OuterRef("pk"), settled_at=None)))
        if self.handled is not None:
            threads = [number for what, number in self.handled if what == Handled.THREAD]
            found = [number for what, number in self.handled if what == Handled.POST]
            posts = posts.filter(Q(thread__in=threads) | Q(pk__in=found))
        return posts


@dataclass(frozen=True)
class Waiting:
    """Ideas without a reply, the oldest first, and how many there are: `COUNTED` is that many or more."""

    ideas: list[Post]
    total: int


@dataclass(frozen=True)
class Busy:
    """A forum in the last quarter of an hour: how many posts, and of how many people."""

    posts: int = 0
    people: int = 0


@dataclass(frozen=True)
class Staff:
    """Somebody who runs the jam, when they were seen last, and what they handle."""

    member: Member
    at: datetime | None
    handles: list[Handling] = field(default_factory=list)


def stream(jam: Jam, *, forums: Forums, filters: Filters) -> list[Post]:
    """The newest posts that everybody can read, `ROWS` at most, each with `is_first`. One query.

    With a filter, of the newest `LOOKED_THROUGH` of the jam.
    """
    posts = _with_all(Post.objects.filter(jam=jam))
    if forums is not None or filters:
        newest = Post.objects.filter(jam=jam).order_by("-created_at", "-pk").values("pk")[:LOOKED_THROUGH]
        posts = filters.of(_in(posts.filter(pk__in=newest), forums))
    return list(posts.visible().order_by("-created_at", "-pk")[:ROWS])


def waiting(jam: Jam, *, forums: Forums) -> Waiting:
    """What needs a first reply; nobody can give one to a thread that is locked. Two queries."""
    ideas = _in(queries.in_order(queries.ideas(jam=jam), "needs_reply").filter(thread__locked_at=None), forums)
    total = ideas.order_by()[:COUNTED].count()
    return Waiting(list(_with_all(ideas)[:ROWS]) if total else [], total)


def grown(jam: Jam, *, forums: Forums, window: timedelta) -> list[tuple[Growth, Post]]:
    """What grows fast, each with its idea; hidden ones are left out. Two queries, one if nothing does."""
    found = growing(jam, window=window, forums=forums, limit=ROWS)
    if not found:
        return []
    ideas = _with_all(Post.objects.filter(thread__in=[one.thread for one in found], parent=None)).visible()
    by_thread = {idea.thread_id: idea for idea in ideas}
    return [(one, by_thread[one.thread]) for one in found if one.thread in by_thread]


def open_cases(jam: Jam, *, forums: Forums) -> list[Case]:
    """What waits for a look, the oldest first: flagged posts, held ones, and messages. One query.

    With `forums`, what belongs to no forum is left to who runs all.
    """
    cases = Case.objects.filter(jam=jam, settled_at=None).select_related(
        "forum", "post__author", "post__thread", "post__highlight", "held__author", "talk__member"
    )
    return list(cases.filter(**_forums(forums, "forum")).order_by("opened_at", "pk")[:ROWS])


def titles_above(posts: Iterable[Post]) -> dict[int, str]:
    """What the ideas are called that these replies are under, by the thread; hidden ones are left out. One query."""
    threads = {post.thread_id for post in posts if post.parent_id is not None}
    ideas = Post.objects.filter(thread__in=threads, parent=None).visible().defer("body")
    return {idea.thread_id: title(idea) for idea in ideas}


def flags_of(posts: Iterable[Post]) -> dict[int, int]:
    """How many flags wait for a look, of those of these posts that have an open case. One query."""
    found = Case.objects.filter(post__in=[post.pk for post in posts], settled_at=None)
    return dict(found.values_list("post", "flag_count"))


def busy_forums(jam: Jam) -> dict[int, Busy]:
    """Where something was written in the last quarter of an hour. One query."""
    posts = Post.objects.filter(jam=jam, created_at__gt=Now() - LATELY).order_by()
    found = posts.values("thread__forum").annotate(posts=Count("pk"), people=Count("author", distinct=True))
    return {row["thread__forum"]: Busy(row["posts"], row["people"]) for row in found}


def people_here(jam: Jam) -> int:
    """How many members asked for a page of the jam in the last minutes. One query."""
    return Visit.objects.filter(member__jam=jam, last_at__gt=Now() - HERE).count()


def staff(jam: Jam, handled: Iterable[Handling]) -> list[Staff]:
    """Those who run the jam, who is here first. One query."""
    mine: dict[int, list[Handling]] = {}
    for one in handled:
        mine.setdefault(one.member_id, []).append(one)
    # Whether somebody is here is for the clock of the database.
    here = Exists(Visit.objects.filter(member=OuterRef("pk"), last_at__gt=Now() - HERE))
    seen = Visit.objects.filter(member=OuterRef("pk")).values("last_at")[:1]
    found: Any = Member.objects.filter(jam=jam, role__in=STAFF_ROLES).annotate(is_here=here, seen_at=seen)
    return [
        Staff(member, member.seen_at if member.is_here else None, mine.get(member.pk, []))
        for member in found.order_by("-is_here", "name", "pk")
    ]


def _with_all(posts: Any) -> Any:
    """With what a row says of a post: `is_first` if its author wrote no other in the jam."""
    others = Post.objects.filter(author=OuterRef("author")).exclude(pk=OuterRef("pk"))
    return posts.select_related("author", "thread__forum", "thread__outcome", "highlight").annotate(
        is_first=~Exists(others)
    )


def _in(posts: Any, forums: Forums) -> Any:
    return posts.filter(**_forums(forums, "thread__forum"))


def _forums(forums: Forums, column: str) -> dict[str, Any]:
    return {} if forums is None else {f"{column}__in": list(forums)}

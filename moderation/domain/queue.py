"""The queue as a facilitator reads it. Each says how many queries it costs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from jam.models import Jam, Member
from moderation.domain import handling, reasons
from moderation.domain.handling import Matter
from moderation.models import (
    Action,
    ActionKind,
    Case,
    Flag,
    FlagKind,
    FlagState,
    Handled,
    Handling,
    HeldPost,
    HeldState,
    Message,
    Slowdown,
)
from threads.models import Post, PostStatus

A_PAGE = 30
FLAGS_SHOWN = 50
ACTIONS_SHOWN = 10
AROUND = 3
"""How many posts before and after one are shown with it."""


@dataclass(frozen=True)
class Row:
    """A case in the list. `why` are the flags as words with how many say so; `words` a message's last."""

    case: Case
    why: Sequence[tuple[str, int]] = ()
    message: Message | None = None
    handled: Handling | None = None


@dataclass(frozen=True)
class Page:
    rows: Sequence[Row]
    counts: Mapping[str, int]
    """How many cases of each kind are open, with "all"."""
    more: str = ""
    """The cursor of the next page."""


def cases_of(jam: Jam, forums: frozenset[int] | None) -> QuerySet[Case]:
    """The open cases of a jam, or of these forums: those of no forum are for who runs all of it."""
    found = Case.objects.filter(jam=jam, settled_at=None)
    return found if forums is None else found.filter(forum__in=forums)


def page_of(jam: Jam, forums: frozenset[int] | None, *, what: str = "", after: str = "") -> Page:
    """Some open cases, the longest waiting first. Six queries."""
    found = cases_of(jam, forums)
    by_kind = dict(found.values_list("kind").annotate(Count("pk")).order_by())
    if what:
        found = found.filter(kind=what)
    if place := read_cursor(after):
        found = found.filter(Q(opened_at__gt=place[0]) | Q(opened_at=place[0], pk__gt=place[1]))
    listed = list(with_all(found).order_by("opened_at", "pk")[: A_PAGE + 1])
    shown = listed[:A_PAGE]
    more = f"{shown[-1].opened_at.isoformat()}_{shown[-1].pk}" if len(listed) > A_PAGE else ""
    return Page(_rows(jam, shown), by_kind | {"all": sum(by_kind.values())}, more)


def read_cursor(text: str) -> tuple[datetime, int] | None:
    """What a cursor says; None for one that is none."""
    at, _, number = text.rpartition("_")
    try:
        moment, pk = datetime.fromisoformat(at), int(number)
    except ValueError:
        return None
    return (moment, pk) if moment.tzinfo and 0 < pk < 2**63 else None


def with_all(found: QuerySet[Case]) -> QuerySet[Case]:
    return found.select_related(
        "forum", "post__author", "post__thread", "held__author", "held__forum", "held__parent__author",
        "held__parent__thread", "talk__member", "settled_by",
    )  # fmt: skip


def _rows(jam: Jam, shown: Sequence[Case]) -> list[Row]:
    why: dict[int, Counter[str]] = defaultdict(Counter)
    flags = Flag.objects.filter(case__in=shown, state=FlagState.OPEN).order_by()
    by_people = flags.filter(member__isnull=False).values_list("case", "kind").annotate(Count("pk"))
    for case, kind, count in by_people:
        why[case][str(FlagKind(kind).label)] += count
    for case, words in flags.filter(member=None).values_list("case", "words"):
        why[case][reasons.say(words)] += 1
    talks = [case.talk_id for case in shown if case.talk_id]
    last = Message.objects.filter(talk__in=talks).order_by("talk", "-pk").distinct("talk")
    messages = {message.talk_id: message for message in last}
    handled = handling.of(jam)
    return [
        Row(
            case,
            why=why[case.pk].most_common(),
            message=messages.get(case.talk_id or 0),
            handled=handled.get((case.kind, number_of(case))),
        )
        for case in shown
    ]


def number_of(case: Case) -> int:
    """By what the claims know what a case is about."""
    return case.post_id or case.held_id or case.talk_id or 0


def matter_of(case: Case) -> Matter:
    """What is claimed with it (`moderation.domain.handling`)."""
    if case.post is not None:
        return Matter.of_post(case.post)
    return Matter(
        what=Handled(case.kind),
        number=number_of(case),
        jam_id=case.jam_id,
        forum=case.forum_id,
        thread=case.held.parent.thread_id if case.held and case.held.parent else None,
        title=case.held.subject if case.held else "",
    )


@dataclass(frozen=True)
class Context:
    """What stands around a post: what it answers, up to the idea, then what was written under it."""

    above: Sequence[Post] = ()
    below: Sequence[Post] = ()


def context_of(post: Post | None, parent: Post | None = None) -> Context:
    """Around a post, or around where a held reply would stand. Two queries at most."""
    under = post or parent
    if under is None:
        return Context()
    # The path of a parent is the beginning of the path of its replies, eight digits shorter.
    ends = range(8, len(under.path) + (0 if post is not None else 8), 8)
    paths = [under.path[:end] for end in ends][-AROUND:]
    above = Post.objects.select_related("author").filter(thread=under.thread_id, path__in=paths).order_by("path")
    below = Post.objects.select_related("author").filter(parent=under).order_by("-pk")[:AROUND]
    return Context(list(above) if paths else [], list(reversed(below)))


@dataclass(frozen=True)
class History:
    """What is known of somebody in a jam, for those who are to judge of something that they wrote."""

    posts: int
    hidden: int
    held: int
    flagged: int
    flags: Mapping[str, int]
    """Their own flags, by what became of them."""
    actions: Sequence[Action] = field(default_factory=list)
    slowdown: Slowdown | None = None


def history_of(member: Member) -> History:
    """Five queries, each led to by an index."""
    posts = Post.objects.filter(author=member).aggregate(
        all=Count("pk"), hidden=Count("pk", filter=Q(status=PostStatus.HIDDEN))
    )
    actions = Action.objects.filter(subject=member).select_related("by", "post__thread")
    return History(
        posts=posts["all"],
        hidden=posts["hidden"],
        held=HeldPost.objects.filter(author=member, state=HeldState.REFUSED).count(),
        flagged=Flag.objects.filter(post__author=member, member__isnull=False).count(),
        flags=dict(Flag.objects.filter(member=member).values_list("state").annotate(Count("pk")).order_by()),
        actions=list(actions.exclude(kind=ActionKind.LET_IN).order_by("-pk")[:ACTIONS_SHOWN]),
        slowdown=Slowdown.objects.filter(member=member).first(),
    )


def flags_of(case: Case) -> list[Flag]:
    """Those of a case, the oldest first, with who flagged. One query."""
    return list(Flag.objects.filter(case=case).select_related("member").order_by("pk")[:FLAGS_SHOWN])


def next_after(case: Case, jam: Jam, forums: frozenset[int] | None) -> Case | None:
    """The open case that has waited longest of those after it, else the first of all. One query or two."""
    found = cases_of(jam, forums).exclude(pk=case.pk).order_by("opened_at", "pk")
    later = found.filter(Q(opened_at__gt=case.opened_at) | Q(opened_at=case.opened_at, pk__gt=case.pk))
    return later.first() or found.first()

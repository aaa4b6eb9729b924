"""Lists that go on: the ideas of a forum by cursor, the posts of a thread by page."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from jam.domain.errors import Invalid
from jam.models import Forum, Member
from threads.domain import paths
from threads.domain.queries import in_order
from threads.models import Draft, Favourite, Post, Thread

IDEAS_A_PAGE = 25
POSTS_A_PAGE = 200
KEPT_A_PAGE = 50


@dataclass(frozen=True)
class Cursor:
    """How to say where a page of ideas ended, and how to go on from there, in one order."""

    of: Callable[[Post], list[Any]]
    after: Callable[[list[Any]], Q]


def _after_time(values: list[Any], *, later: bool) -> Q:
    at, thread = datetime.fromisoformat(values[0]), int(values[1])
    if at.tzinfo is None:
        raise ValueError(values[0])
    if later:
        return Q(thread__created_at__gte=at) & (Q(thread__created_at__gt=at) | Q(thread_id__gt=thread))
    return Q(thread__created_at__lte=at) & (Q(thread__created_at__lt=at) | Q(thread_id__lt=thread))


def _after_heat(values: list[Any]) -> Q:
    heat, thread = float(values[0]), int(values[1])
    return Q(thread__heat__lte=heat) & (Q(thread__heat__lt=heat) | Q(thread_id__lt=thread))


def _after_votes(values: list[Any]) -> Q:
    agree, disagree, thread = map(int, values)
    return Q(thread__agree_count__lte=agree) & (
        Q(thread__agree_count__lt=agree)
        | Q(thread__disagree_count__gt=disagree)
        | Q(thread__disagree_count=disagree, thread_id__lt=thread)
    )


CURSORS = {
    "hot": Cursor(lambda idea: [idea.thread.heat, idea.thread_id], _after_heat),
    "new": Cursor(
        lambda idea: [idea.thread.created_at.isoformat(), idea.thread_id],
        lambda values: _after_time(values, later=False),
    ),
    "top": Cursor(
        lambda idea: [idea.thread.agree_count, idea.thread.disagree_count, idea.thread_id],
        _after_votes,
    ),
    "needs_reply": Cursor(
        lambda idea: [idea.thread.created_at.isoformat(), idea.thread_id],
        lambda values: _after_time(values, later=True),
    ),
}


@dataclass(frozen=True)
class IdeaPage:
    ideas: Sequence[Post]
    after: str | None


def idea_page(ideas: QuerySet[Post], *, sort: str, after: str = "", size: int = IDEAS_A_PAGE) -> IdeaPage:
    """One page of `ideas` in one order, from where the cursor `after` left off. One query.

    It goes on by value and not by number, so a far page costs what the first one does. Raises Invalid for a cursor that
    this did not make, KeyError for an unknown sort.
    """
    cursor = CURSORS[sort]
    rows = in_order(ideas, sort)
    if after:
        rows = rows.filter(cursor.after(_decode(after, sort)))
    found = list(rows[: size + 1])
    more = _encode(sort, cursor.of(found[size - 1])) if len(found) > size else None
    return IdeaPage(ideas=found[:size], after=more)


def _encode(sort: str, values: list[Any]) -> str:
    return urlsafe_b64encode(json.dumps([sort, *values]).encode()).decode().rstrip("=")


def _decode(text: str, sort: str) -> list[Any]:
    try:
        made_for, *values = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if made_for != sort:
            raise ValueError(sort)
        CURSORS[sort].after(values)
    except (ValueError, TypeError, OverflowError, IndexError) as error:
        raise Invalid(gettext("That is not a place in this list."), code="cursor", field="after") from error
    return list(values)


@dataclass(frozen=True)
class PostPage:
    """Some posts of a thread in reading order, as dicts of the fields asked for.

    `above` are the posts on the way from the idea to the first of them, where that stands on an earlier page.
    """

    posts: list[dict[str, Any]]
    above: list[dict[str, Any]]
    number: int
    pages: int
    total: int


def post_page(thread: Thread, *, number: int, fields: Sequence[str], size: int = POSTS_A_PAGE) -> PostPage:
    """Page `number` (from 1) of a thread's posts; past the end, the last one. At most two queries."""
    total = thread.reply_count + 1
    pages = max(1, -(-total // size))
    number = min(max(1, number), pages)
    rows = Post.objects.filter(thread=thread).order_by("path").values(*fields)
    # The last page takes what was written since the thread's row was read.
    posts = list(rows[(number - 1) * size :] if number == pages else rows[(number - 1) * size : number * size])
    above = []
    if number > 1 and posts:
        first = posts[0]["path"]
        steps = [first[:end] for end in range(paths.STEP, len(first), paths.STEP)]
        above = list(rows.filter(path__in=steps))
    return PostPage(posts=posts, above=above, number=number, pages=pages, total=total)


BEFORE = "SELECT count(*) FROM threads_post WHERE thread_id = %s AND path < %s"


def page_of(post: Post, *, size: int = POSTS_A_PAGE) -> int:
    """The number of the page of its thread that `post` is on. One query, none for a thread of one page."""
    if post.thread.reply_count < size:
        return 1
    with connection.cursor() as cursor:
        cursor.execute(BEFORE, [post.thread_id, post.path])
        (before,) = cursor.fetchone()
    return int(before) // size + 1


def kept_by(
    member: Member, *, before: int | None = None, size: int = KEPT_A_PAGE
) -> tuple[list[Favourite], int | None]:
    """The posts that `member` keeps, the one kept last first, and the cursor of the next page. One query."""
    kept = Favourite.objects.filter(member=member).select_related("post__author", "post__thread__forum").order_by("-pk")
    if before is not None:
        kept = kept.filter(pk__lt=before)
    found = list(kept[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None


def written_by(member: Member) -> QuerySet[Post]:
    """Everything that `member` wrote, the newest first, with thread and forum. One query."""
    return Post.objects.filter(author=member).select_related("author", "thread__forum").order_by("-pk")


@dataclass(frozen=True)
class KeptDraft:
    """A draft and the place it is for; a place that is gone is neither."""

    draft: Draft
    forum: Forum | None
    parent: Post | None


def drafts_of(member: Member) -> list[KeptDraft]:
    """What `member` was writing, the newest first, with where it belongs. Three queries."""
    drafts = list(Draft.objects.filter(member=member).order_by("-saved_at"))
    ids: dict[str, set[int]] = {"forum": set(), "post": set()}
    for draft in drafts:
        kind, _, number = draft.place.partition(":")
        ids[kind].add(int(number))
    forums = Forum.objects.filter(jam=member.jam_id).in_bulk(ids["forum"])
    posts = Post.objects.filter(jam=member.jam_id).select_related("author", "thread__forum").in_bulk(ids["post"])
    found = []
    for draft in drafts:
        kind, _, number = draft.place.partition(":")
        found.append(
            KeptDraft(
                draft=draft,
                forum=forums.get(int(number)) if kind == "forum" else None,
                parent=posts.get(int(number)) if kind == "post" else None,
            )
        )
    return found

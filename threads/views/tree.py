"""The posts of a thread as a tree to show: rows in reading order that say where a branch begins and how many end.

A row is the fragment of a post, the same for every reader, with what is this reader's own laid over it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import asdict, dataclass
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

from django.utils.html import escape
from django.utils.safestring import SafeString

from jam.access import Entry
from jam.models import Voting
from jam.templatetags.counted import replies_to
from jam.views.frame import home_of
from threads.domain.editing import editable_until
from threads.domain.listing import PostPage
from threads.domain.queries import Mine
from threads.fragments import Offer, describe, fragments
from threads.marks import NOTHING, Pieces, fill_in, mark, once_for_each, render_marked

# A reply this deep is the last to move right; what is under it stands below it and says whom it answers.
NEST_MAX = 5


def level(depth: int) -> int:
    return min(depth, NEST_MAX + 1)


def tree_rows(
    entry: Entry, page: PostPage, mine: Mine, unread: Container[int] = (), *, moderates: bool = False
) -> list[dict[str, Any]]:
    """A row for each post of the page and each post above it, the idea too if it is there.

    `unread` are those that are new to the reader, who `moderates` the thread's forum or does not.
    """
    zone = ZoneInfo(entry.jam.time_zone)
    names: dict[int, str] = {}
    described = []
    for values in (*page.above, *page.posts):
        names[values["id"]] = values["author__name"]
        described.append(describe(values, zone=zone, answers=names.get(values["parent_id"], "")))
    above, shown = described[: len(page.above)], described[len(page.above) :]
    made = fragments(entry.jam, ((post, _offer(entry, post)) for post in shown))
    rows: list[dict[str, Any]] = [{"post": post, "above": True, "fragment": ""} for post in above]
    rows += [{"post": post, "above": False, "fragment": fragment} for post, fragment in zip(shown, made, strict=True)]
    _nest(rows)
    for row, html in zip(rows, _rendered(entry, rows, mine, unread, moderates), strict=True):
        row["html"] = html
    return rows


def _is_own(entry: Entry, post: dict[str, Any]) -> bool:
    return entry.member is not None and post["author_id"] == entry.member.pk


@dataclass(frozen=True)
class Shape:
    """What decides which parts of its template a row has."""

    above: bool
    idea: bool
    vote: int | None
    kept: bool
    own: bool
    unread: bool
    hidden: bool
    words: bool  # of a hidden post
    branch: bool
    closes: int
    edit: bool
    withdraw: bool
    put_back: bool
    move: bool
    hide: bool
    restore: bool
    can_post: bool
    upvote: bool


@once_for_each
def _marked(shape: Shape) -> Pieces:
    marks = {name: mark(name) for name in ("fragment", "branch_count", "replies", "language", "edit_minutes")}
    post = {name: mark(name) for name in ("id", "author", "avatar", "html")}
    context = {"post": post, "frame": {"home": mark("home")}, **marks, **asdict(shape), "closes": range(shape.closes)}
    return render_marked("threads/row.html", context)


def _rendered(
    entry: Entry, rows: list[dict[str, Any]], mine: Mine, unread: Container[int], moderates: bool
) -> Iterator[SafeString]:
    same = {"home": home_of(entry.jam), "language": escape(entry.jam.language), **NOTHING}
    same["edit_minutes"] = str(entry.jam.edit_minutes)
    can_post, upvote = entry.can_post, entry.jam.voting == Voting.UPVOTE
    for row in rows:
        post = row["post"]
        own = _is_own(entry, post)
        shape = Shape(
            above=row["above"],
            idea=post["depth"] == 0,
            vote=mine.votes.get(post["id"]),
            kept=post["id"] in mine.favourites,
            own=own,
            unread=not row["above"] and post["id"] in unread,
            hidden=post["hidden"],
            words=post["hidden"] and (own or entry.can_facilitate),
            branch=row["branch"] > 0,
            closes=len(row["closes"]),
            **_tools(entry, post, own=own, moderates=moderates),
            can_post=can_post,
            upvote=upvote,
        )
        words = {"fragment": row["fragment"], "branch_count": row["branch"], "author": escape(post["author"])}
        words["replies"] = replies_to(row["branch"], post["author"]) if row["branch"] else ""
        yield fill_in(_marked(shape), post | same | words)


class Tools(TypedDict):
    """What the reader may do to a post beside taking part; static/js/tools.js says the same."""

    edit: bool
    withdraw: bool
    put_back: bool
    move: bool
    hide: bool
    restore: bool


def _tools(entry: Entry, post: dict[str, Any], *, own: bool, moderates: bool) -> Tools:
    mine, withdrawn = own and entry.can_post, post["withdrawn"]
    return {
        "edit": mine and not post["hidden"] and entry.now < editable_until(entry.jam, post["created_at"]),
        "withdraw": mine and not post["hidden"],
        "put_back": mine and withdrawn,
        "move": moderates and post["depth"] > 0,
        "hide": moderates and (withdrawn or not post["hidden"]),
        "restore": moderates and post["hidden"] and not withdrawn,
    }


def _offer(entry: Entry, post: dict[str, Any]) -> Offer:
    return {
        "vote": entry.can_post and not _is_own(entry, post),
        "reply": entry.can_post,
        "keep": entry.member is not None,
        "flag": entry.can_write and entry.can_read,
    }


def _nest(rows: list[dict[str, Any]]) -> None:
    """Adds to each row `branch`, how many rows stand under it, and `closes`, as long as branches end after it."""
    open_rows: list[dict[str, Any]] = []
    for row in rows:
        depth = level(row["post"]["depth"])
        while open_rows and level(open_rows[-1]["post"]["depth"]) >= depth:
            open_rows.pop()
        for ancestor in open_rows:
            ancestor["branch"] += 1
        row["branch"] = 0
        open_rows.append(row)
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        here = level(row["post"]["depth"])
        after = level(following["post"]["depth"]) if following else 1
        row["closes"] = range(max(0, here - max(1, after)))

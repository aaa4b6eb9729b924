"""The posts of a thread as a tree to show: rows in reading order that say where a branch begins and how many end."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from jam.access import Entry
from threads.domain.listing import PostPage
from threads.domain.queries import Mine
from threads.fragments import Offer, describe, fragments

# A reply this deep is the last to move right; what is under it stands below it and says whom it answers.
NEST_MAX = 5


def can_moderate(entry: Entry) -> bool:
    """Whether the page links to hiding and showing: the record of it wants a member."""
    return entry.member is not None and entry.can_facilitate


def level(depth: int) -> int:
    return min(depth, NEST_MAX + 1)


def tree_rows(entry: Entry, page: PostPage, mine: Mine) -> list[dict[str, Any]]:
    """A row for each post of the page and each post above it, the idea too if it is there."""
    zone = ZoneInfo(entry.jam.time_zone)
    names: dict[int, str] = {}
    described = []
    for values in (*page.above, *page.posts):
        names[values["id"]] = values["author__name"]
        described.append(describe(values, zone=zone, answers=names.get(values["parent_id"], "")))
    above, shown = described[: len(page.above)], described[len(page.above) :]
    made = fragments(entry.jam, ((post, _offer(entry, post)) for post in shown))
    rows: list[dict[str, Any]] = [{"post": post, "above": True} for post in above]
    rows += [_row(entry, post, mine, fragment) for post, fragment in zip(shown, made, strict=True)]
    _nest(rows)
    return rows


def _is_own(entry: Entry, post: dict[str, Any]) -> bool:
    return entry.member is not None and post["author_id"] == entry.member.pk


def _row(entry: Entry, post: dict[str, Any], mine: Mine, fragment: SafeString) -> dict[str, Any]:
    """A post's fragment and what is laid over it for this reader."""
    own = _is_own(entry, post)
    vote, kept = mine.votes.get(post["id"]), post["id"] in mine.favourites
    shows_words = post["hidden"] and (own or entry.can_facilitate)
    return {
        "post": post,
        "fragment": fragment,
        "own": own,
        "vote": vote,
        "kept": kept,
        "shows_words": shows_words,
        "mine": own or vote is not None or kept,
        "below": can_moderate(entry) or vote is not None or kept or shows_words,
    }


def _offer(entry: Entry, post: dict[str, Any]) -> Offer:
    return {
        "vote": entry.can_post and not _is_own(entry, post),
        "reply": entry.can_post,
        "keep": entry.member is not None,
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

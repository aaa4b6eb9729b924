"""The posts of a thread as a tree to show: rows in reading order that say where a branch begins and how many end."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.html import escape
from django.utils.safestring import SafeString

from jam.access import Entry
from jam.models import Voting
from jam.views.frame import home_of
from threads.domain.listing import PostPage
from threads.domain.queries import Mine
from threads.fragments import Offer, describe, fragments
from threads.marks import NOTHING, Pieces, fill_in, mark, once_for_each, render_marked

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
    below = Below(
        vote=vote,
        kept=kept,
        words=post["hidden"] and (own or entry.can_facilitate),
        own=own,
        hidden=post["hidden"],
        moderates=can_moderate(entry),
        can_post=entry.can_post,
        upvote=entry.jam.voting == Voting.UPVOTE,
    )
    return {
        "post": post,
        "fragment": fragment,
        "own": own,
        "vote": vote,
        "kept": kept,
        "mine": own or vote is not None or kept,
        "below": _below(entry, post, below) if below.moderates or below.words or vote is not None or kept else "",
    }


@dataclass(frozen=True)
class Below:
    """What decides what stands under a post for its reader."""

    vote: int | None
    kept: bool
    words: bool
    own: bool
    hidden: bool
    moderates: bool
    can_post: bool
    upvote: bool


@once_for_each
def _marked(below: Below) -> Pieces:
    context = {"post": {"id": mark("id"), "html": mark("html")}, "frame": {"home": mark("home")}}
    return render_marked("threads/own.html", {**context, "language": mark("language"), **asdict(below)})


def _below(entry: Entry, post: dict[str, Any], below: Below) -> SafeString:
    home, language = home_of(entry.jam), escape(entry.jam.language)
    return fill_in(
        _marked(below), {"id": post["id"], "html": post["html"], "home": home, "language": language} | NOTHING
    )


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

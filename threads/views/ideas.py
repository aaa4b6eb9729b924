"""Ideas as rows of a list: large in a forum, small on a jam's home.

Without a subject, an idea's first words are its title.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from django.utils.html import escape
from django.utils.safestring import SafeString

from jam.access import Entry
from jam.domain.numbers import number
from jam.domain.phases import Phase
from jam.domain.rendering import excerpt
from jam.models import Voting
from jam.templatetags.counted import agree, replies, upvotes
from jam.templatetags.ui import avatar, local_time
from jam.views.frame import home_of
from threads.domain.places import ENOUGH
from threads.domain.reading import new_words
from threads.marks import NOTHING, Pieces, fill_in, mark, once_for_each, render_marked
from threads.models import Highlight, Outcome, Post, Thread

FIRST_LINE = 200  # as in events, so that a row that was changed live is that of a fresh page
COUNTS = ("agree_count", "pass_count", "disagree_count")
Size = Literal["row", "line"]


@dataclass(frozen=True)
class Shape:
    """What decides which parts of its template a row has."""

    size: Size
    line: bool
    vote: int | None
    may_vote: bool
    waits: bool
    upvote: bool
    few: bool
    pinned: bool
    unshown: bool
    outcome: str
    highlight: str
    new: bool | None  # None: the reader is no member, and nothing is counted for them


def offers_places(entry: Entry) -> bool:
    """Whether the reader's lists by rank keep places for what few have seen: a member's, while the jam is open."""
    return entry.member is not None and entry.phase is Phase.OPEN


@once_for_each
def _marked(shape: Shape) -> Pieces:
    words = (
        "agreed",
        "author",
        "author_id",
        "avatar",
        "at",
        "base",
        "language",
        "reply_count",
        "replies",
        "title",
        "new_count",
        "new_words",
    )
    context = {name: mark(name) for name in words} | asdict(shape)
    context |= {
        "outcome": shape.outcome and Outcome.State(shape.outcome),
        "highlight": shape.highlight and Highlight.Kind(shape.highlight),
        "post": {name: mark(name) for name in ("id", "thread_id", *COUNTS)},
        "line": mark("line") if shape.line else "",
        "offer": {"vote": shape.may_vote},
    }
    return render_marked(f"threads/idea_{shape.size}.html", context)


def idea_rows(
    entry: Entry,
    ideas: Iterable[Post],
    *,
    size: Size,
    votes: Mapping[int, int] | None = None,
    waits: bool = False,
    few: Container[int] = (),
    pinned: Container[int] = (),
    new: Mapping[int, int] | None = None,
) -> list[SafeString]:
    """The rows of `ideas`, which have their author and thread with them. `votes` are the reader's own, by post.

    `waits` says that all of them are without a reply, which a row then need not say; `few` are the threads that stand
    there because few have seen them, `pinned` those that stand first because they are pinned. `new` says how many posts
    of which threads are new to the reader.
    """
    same = {"base": home_of(entry.jam), "language": escape(entry.jam.language), **NOTHING}
    upvote = entry.jam.voting == Voting.UPVOTE
    agreed = upvotes if upvote else agree
    asks = offers_places(entry)
    rows = []
    for idea in ideas:
        first_words = excerpt(idea.html, FIRST_LINE)
        own = entry.member is not None and idea.author_id == entry.member.pk
        shape = Shape(
            size=size,
            line=bool(idea.subject and first_words),
            vote=(votes or {}).get(idea.pk),
            may_vote=entry.can_post and not own,
            waits=waits,
            upvote=upvote,
            few=idea.thread_id in few,
            pinned=idea.thread_id in pinned,
            unshown=asks and not own and idea.thread.shown_count < ENOUGH,
            outcome=_outcome_of(idea.thread),
            highlight=idea.highlighted,
            new=None if new is None else idea.thread_id in new,
        )
        words = {name: getattr(idea, name) for name in ("id", "thread_id")}
        words |= {name: number(getattr(idea, name)) for name in COUNTS}
        words |= {
            "author": escape(idea.author.name),
            "author_id": idea.author_id,
            "avatar": avatar(idea.author.name, "small"),
            "at": local_time(idea.created_at),
            "reply_count": idea.thread.reply_count,
            "replies": replies(idea.thread.reply_count),
            "agreed": agreed(idea.agree_count),
            "new_count": (new or {}).get(idea.thread_id, 0),
            "new_words": new_words((new or {}).get(idea.thread_id, 0)),
            "title": escape(idea.subject or first_words),
            "line": escape(first_words),
        }
        rows.append(fill_in(_marked(shape), words | same))
    return rows


def _outcome_of(thread: Thread) -> str:
    """What became of it; empty if nothing is said."""
    outcome: Outcome | None = getattr(thread, "outcome", None)
    return outcome.state if outcome else ""

"""The fragment that shows one post: the same for every reader, in a page, on the live socket and in the archive.

What is a reader's own (their vote, what they keep, whether they wrote it) is laid over it by the page. A page lists
posts as plain dicts, see `FIELDS` and `describe`, and has hundreds of them: so the template is rendered once for each
shape of a post (with a subject or without, hidden, an idea, these controls), and a post fills it in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import override

from jam.domain import time_words
from jam.domain.numbers import number
from jam.models import Jam, Member, Voting
from jam.templatetags.ui import avatar, icon
from threads.marks import NOTHING, Pieces, fill_in, mark, once_for_each, render_marked
from threads.models import Post, PostStatus

FIELDS = (
    "id",
    "thread_id",
    "parent_id",
    "author_id",
    "author__name",
    "author__affiliation",
    "depth",
    "path",
    "subject",
    "html",
    "tags",
    "status",
    "created_at",
    "edited_at",
    "agree_count",
    "pass_count",
    "disagree_count",
    "is_prompt",
    "highlight__kind",
)
# What a fragment says of a post, but for its tags. These are text, to be escaped; the others are not.
TEXTS = ("author", "affiliation", "answers", "subject", "at_title", "edited_title")
MARKED = (
    *TEXTS, "id", "author_id", "parent_id", "depth", "path", "html", "avatar", "at", "at_text", "edited", "edited_text",
)  # fmt: skip
COUNTS = ("agree_count", "pass_count", "disagree_count")


class Offer(TypedDict):
    """Which controls a fragment has."""

    vote: bool
    reply: bool
    keep: bool
    flag: bool


EVERYTHING: Offer = {"vote": True, "reply": True, "keep": True, "flag": True}


def describe(values: dict[str, Any], *, zone: ZoneInfo, answers: str) -> dict[str, Any]:
    """Adds what the fragment shows and the row does not hold.

    `values` has the FIELDS; `answers` names who is answered.
    """
    at = values["created_at"]
    values["author"] = values["author__name"]
    values["affiliation"] = values["author__affiliation"]
    values["avatar"] = avatar(values["author__name"], "small")
    values["answers"] = answers if values["depth"] > 1 else ""
    values["hidden"] = values["status"] != PostStatus.VISIBLE
    values["withdrawn"] = values["status"] == PostStatus.WITHDRAWN
    values["highlight"] = values["highlight__kind"] or ""
    values |= _moment("at", at, zone) | _moment("edited", values["edited_at"], zone)
    return values


def _moment(name: str, at: datetime | None, zone: ZoneInfo) -> dict[str, str]:
    """In the jam's own zone: a script puts it into the reader's."""
    if at is None:
        return {name: "", f"{name}_text": "", f"{name}_title": ""}
    text = time_words.day(at.astimezone(zone))
    return {name: at.isoformat(timespec="seconds"), f"{name}_text": text, f"{name}_title": f"{text} ({zone.key})"}


@dataclass(frozen=True)
class Shape:
    """What decides which parts of the template a post has."""

    upvote: bool
    hidden: bool
    withdrawn: bool
    idea: bool
    subject: bool
    affiliation: bool
    answers: bool
    edited: bool
    tags: int
    highlight: str
    prompt: bool
    vote: bool
    reply: bool
    keep: bool
    flag: bool


def _shape(post: dict[str, Any], offer: Offer, *, upvote: bool) -> Shape:
    return Shape(
        upvote=upvote,
        hidden=post["hidden"],
        withdrawn=post["withdrawn"],
        idea=post["depth"] == 0,
        subject=bool(post["subject"]),
        affiliation=bool(post["affiliation"]),
        answers=bool(post["answers"]),
        edited=bool(post["edited"]),
        tags=len(post["tags"]),
        highlight=post["highlight"],
        prompt=post["is_prompt"],
        **offer,
    )


def _tag_marks(number: int) -> dict[str, str]:
    return {"name": mark(f"tag_{number}"), "address": mark(f"tag_{number}_address")}


@once_for_each
def _marked(shape: Shape) -> Pieces:
    """The template's text for posts of this shape."""
    post: dict[str, Any] = {name: mark(name) for name in (*MARKED, *COUNTS)}
    post |= {name: "" for name in ("subject", "affiliation", "answers", "edited") if not getattr(shape, name)}
    post |= {"hidden": shape.hidden, "withdrawn": shape.withdrawn}
    post |= {"highlight": shape.highlight, "is_prompt": shape.prompt}
    post |= {"tags": [_tag_marks(number) for number in range(shape.tags)]}
    if shape.idea:
        post["depth"] = 0
    return render_marked(
        "threads/post.html",
        {
            "post": post,
            "offer": {"vote": shape.vote, "reply": shape.reply, "keep": shape.keep, "flag": shape.flag},
            "upvote": shape.upvote,
            "base": mark("base"),
            "language": mark("language"),
            "star": icon("star"),
            "flag": icon("flag"),
        },
    )


def fragments(jam: Jam, rows: Iterable[tuple[dict[str, Any], Offer]]) -> Iterator[SafeString]:
    """The fragment of each described row."""
    upvote = jam.voting == Voting.UPVOTE
    of_the_jam = {"base": reverse("threads:home", args=[jam.slug]), "language": escape(jam.language), **NOTHING}
    for post, offer in rows:
        words = post | of_the_jam | {name: escape(post[name]) for name in TEXTS}
        words |= {f"tag_{number}": escape(tag) for number, tag in enumerate(post["tags"])}
        words |= {f"tag_{number}_address": quote(tag, safe="") for number, tag in enumerate(post["tags"])}
        words |= {name: number(post[name]) for name in COUNTS}
        if post["parent_id"] is None:
            words["parent_id"] = ""
        yield fill_in(_marked(_shape(post, offer, upvote=upvote)), words)


def post_fragment(*, post: Post, author: Member) -> str:
    """The fragment of one post with every control, as a live event carries it. One query for how it is highlighted,
    unless `post.highlight` was read.

    In English, whoever wrote it: each tab puts its reader's words in place (static/js/fragment_words.js).
    """
    values = {name: getattr(post, name) for name in FIELDS if "__" not in name}
    values["author__name"] = author.name
    values["author__affiliation"] = author.affiliation
    values["highlight__kind"] = post.highlighted
    answered = post.parent.author.name if post.parent and post.depth > 1 else ""
    with override(settings.LANGUAGE_CODE):
        row = describe(values, zone=ZoneInfo(post.jam.time_zone), answers=answered)
        return "".join(fragments(post.jam, [(row, EVERYTHING)]))

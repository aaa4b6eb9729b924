"""The fragment that shows one post: the same for every reader, in a page, on the live socket and in the archive.

What is a reader's own (their vote, what they keep, whether they wrote it) is laid over it by the page. A page lists
posts as plain dicts: see `FIELDS` and `describe`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString

from jam.models import Jam, Member, Voting
from jam.templatetags.ui import avatar, icon
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
    "agree_count",
    "pass_count",
    "disagree_count",
)


class Offer(TypedDict):
    """Which controls a fragment has."""

    vote: bool
    reply: bool
    keep: bool


EVERYTHING: Offer = {"vote": True, "reply": True, "keep": True}


def describe(values: dict[str, Any], *, zone: ZoneInfo, answers: str) -> dict[str, Any]:
    """Adds what the fragment shows and the row does not hold.

    `values` has the FIELDS; `answers` names who is answered.
    """
    at = values["created_at"]
    values["author"] = values["author__name"]
    values["avatar"] = avatar(values["author__name"], "small")
    values["answers"] = answers if values["depth"] > 1 else ""
    values["hidden"] = values["status"] == PostStatus.HIDDEN
    values["at"] = at.isoformat(timespec="seconds")
    # In the jam's own zone: a script puts it into the reader's.
    values["at_text"] = f"{at.astimezone(zone):%-d %b %Y, %H:%M}"
    values["at_title"] = f"{values['at_text']} ({zone.key})"
    return values


def fragments(jam: Jam, rows: Iterable[tuple[dict[str, Any], Offer]]) -> Iterator[SafeString]:
    """The fragment of each described row. One context for all of them: a page has hundreds."""
    template = get_template("threads/post.html").template  # type: ignore[attr-defined]
    context = Context(
        {
            "base": reverse("threads:home", args=[jam.slug]),
            "upvote": jam.voting == Voting.UPVOTE,
            "language": jam.language,
            "star": icon("star"),
        }
    )
    with context.bind_template(template):
        for row, offer in rows:
            context["post"] = row
            context["offer"] = offer
            yield template.nodelist.render(context)


def post_fragment(*, post: Post, author: Member) -> str:
    """The fragment of one post with every control, as a live event carries it."""
    values = {name: getattr(post, name) for name in FIELDS if "__" not in name}
    values["author__name"] = author.name
    values["author__affiliation"] = author.affiliation
    answered = post.parent.author.name if post.parent and post.depth > 1 else ""
    row = describe(values, zone=ZoneInfo(post.jam.time_zone), answers=answered)
    return "".join(fragments(post.jam, [(row, EVERYTHING)]))

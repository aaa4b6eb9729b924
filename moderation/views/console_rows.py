"""The rows of the console: a post, and what a facilitator is to know of it at a glance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from jam.domain.rendering import excerpt
from jam.models import Member, Role
from moderation.domain.console import Key
from moderation.domain.growing import Growth
from moderation.models import Case, CaseKind, Handled, Handling
from threads.models import Highlight, Post

LINE = 160


@dataclass(frozen=True)
class Marks:
    """What the rows of all columns are marked with."""

    handled: Mapping[Key, Handling]
    flags: Mapping[int, int]
    member: Member
    above: Mapping[int, str]
    """What the ideas are called that replies are under, by the thread."""

    def of(self, post: Post) -> Handling | None:
        """Who handles the post or else its thread."""
        return self.handled.get((Handled.POST, post.pk)) or self.handled.get((Handled.THREAD, post.thread_id))


def post_row(post: Post, marks: Marks, growth: Growth | None = None) -> dict[str, Any]:
    words = excerpt(post.html, LINE)
    handling = marks.of(post)
    return {
        "post": post,
        "author": post.author,
        "forum": post.thread.forum,
        "is_idea": post.parent_id is None,
        "title": post.subject or words or gettext("No words"),
        "line": words if post.subject else "",
        "above": "" if post.parent_id is None else marks.above.get(post.thread_id, ""),
        "highlight": post.highlighted and Highlight.Kind(post.highlighted),
        "flags": marks.flags.get(post.pk),
        "handling": handling,
        "is_mine": handling is not None and handling.member_id == marks.member.pk,
        "is_guest": post.author.role == Role.GUEST,
        "growth": growth,
    }


def case_row(case: Case, marks: Marks) -> dict[str, Any]:
    """A matter of the queue. That of a post is one of its rows, so that the same keys work on it."""
    if case.kind == CaseKind.POST and case.post is not None:
        if case.forum is not None:
            case.post.thread.forum = case.forum
        return post_row(case.post, marks) | {"case": case, "flags": case.flag_count}
    author = case.held.author if case.held else case.talk.member if case.talk else None
    words = case.held.subject or excerpt(case.held.html, LINE) if case.held else ""
    number: int = case.held_id or case.talk_id or 0
    handling = marks.handled.get((case.kind, number))
    return {
        "case": case,
        "author": author,
        "forum": case.forum,
        "title": words or gettext("A message to the facilitators"),
        "line": "",
        "handling": handling,
        "is_mine": handling is not None and handling.member_id == marks.member.pk,
    }


def handled_rows(handled: Iterable[Handling], titles: Mapping[Key, Post]) -> list[dict[str, Any]]:
    """What somebody handles, with the words that it is known by; what is no post is only in the queue."""
    found = [(one, titles.get((one.what, one.number))) for one in handled]
    return [{"handling": one, "post": post, "title": _words(post)} for one, post in found]


def _words(post: Post | None) -> str:
    if post is None:
        return gettext("Something in the queue")
    return post.subject or excerpt(post.html, LINE)

"""What the site found in a shift, as its journal shows it: names and words as they are now, or not any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext

from jam.access import Entry
from jam.domain import doings
from jam.domain.lasting import lasting
from jam.models import Announcement, Poll
from moderation.domain import found, handling
from moderation.models import Action, ActionKind, Handling, Shift
from moderation.models.cases import CaseKind
from threads.models import Post


@dataclass(frozen=True)
class Counted:
    """A number of the shift, and of the one before it."""

    words: str
    count: int
    before: int | None


@dataclass(frozen=True)
class Listed:
    """The first few of something, and how many there are; `more` are not shown."""

    rows: Sequence[Any]
    count: int

    @property
    def more(self) -> int:
        return max(0, self.count - len(self.rows))

    @property
    def is_counted_out(self) -> bool:
        """Whether there are more than were counted."""
        return self.count > found.COUNTED_MAX


@dataclass(frozen=True)
class Shown:
    counts: Sequence[Counted]
    before: int | None
    """The number of the shift before."""
    before_lasted: str
    highlights: Listed
    announcements: Listed
    polls: Listed
    moved: Listed
    actions: Sequence[tuple[str, int]]
    flags: int
    first_reply: Listed
    flagged: Listed
    handled: Listed
    held: int
    talks: int


def shown(facts: Mapping[str, Any], *, shift: Shift, entry: Entry) -> Shown:
    """Eight queries at most, whatever happened in the shift; none for what did not happen."""
    left = facts["open"]
    before = facts.get("before")
    return Shown(
        counts=_counts(facts["counts"], before and before["counts"]),
        before=before and before["shift"],
        before_lasted=lasting(timedelta(minutes=before["minutes"])) if before else "",
        highlights=_posts(facts["highlights"]),
        announcements=_of(Announcement, facts["announcements"]),
        polls=_of(Poll, facts["polls"]),
        moved=_acts(facts["moved"]),
        actions=sorted(((_action_words(kind), count) for kind, count in facts["actions"].items())),
        flags=left["flags"],
        first_reply=_threads(left["first_reply"]),
        flagged=_posts(left["flagged"]),
        handled=_handled(left["handled"]),
        held=left["cases"].get(CaseKind.HELD, 0),
        talks=left["cases"].get(CaseKind.TALK, 0),
    )


def _counts(now: Mapping[str, int], before: Mapping[str, int] | None) -> list[Counted]:
    words = {
        "posts": gettext("Posts"),
        "ideas": gettext("Ideas among them"),
        "votes": gettext("Votes"),
        "people": gettext("People who wrote or voted"),
        "newcomers": gettext("New in the jam"),
    }
    return [Counted(words[name], now[name], before.get(name) if before else None) for name in words]


def _action_words(kind: str) -> str:
    return str(ActionKind(kind).label) if kind in ActionKind.values else doings.words_for(kind)


def _posts(listed: Mapping[str, Any]) -> Listed:
    """Hidden ones too: it is the staff that reads."""
    posts = Post.objects.filter(pk__in=listed["first"]).select_related("author", "thread") if listed["first"] else ()
    return _ordered(listed, {post.pk: post for post in posts})


def _threads(listed: Mapping[str, Any]) -> Listed:
    return _ordered(listed, found.titles(listed["first"]) if listed["first"] else {})


def _of(model: Any, listed: Mapping[str, Any]) -> Listed:
    return _ordered(listed, model.objects.select_related("by").in_bulk(listed["first"]) if listed["first"] else {})


def _acts(listed: Mapping[str, Any]) -> Listed:
    acts = Action.objects.filter(pk__in=listed["first"]).select_related("by") if listed["first"] else ()
    return _ordered(listed, {act.pk: act for act in acts})


def _handled(listed: Mapping[str, Any]) -> Listed:
    """What is still being handled, with what it is known by. Two queries."""
    rows = list(Handling.objects.filter(pk__in=listed["first"]).select_related("member")) if listed["first"] else []
    titles = handling.titles(rows) if rows else {}
    return _ordered(listed, {row.pk: (row, titles.get((row.what, row.number))) for row in rows})


def _ordered(listed: Mapping[str, Any], rows: Mapping[int, Any]) -> Listed:
    """In the order in which they were found; what is gone since is neither shown nor said to be left out."""
    kept = [rows[number] for number in listed["first"] if number in rows]
    return Listed(kept, listed["count"] - (len(listed["first"]) - len(kept)))

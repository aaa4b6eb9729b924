"""Reading the log of what was done in a jam: filtered, and row by row for a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.functional import Promise

from jam.domain import doings
from jam.models import Jam
from moderation.domain import reasons
from moderation.models import OWN_KINDS, Action

A_PAGE = 50
AT_ONCE = 2_000
COLUMNS = (
    "id", "at", "kind", "what", "by_id", "by", "reason", "forum_id", "thread_id", "post_id", "subject_id", "subject",
    "before", "after",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Which actions: of a kind, by a member (0: the site), about a member, in a forum; older than `before`."""

    kind: str = ""
    by: int | None = None
    subject: int | None = None
    forum: int | None = None
    before: int | None = None

    def as_query(self) -> str:
        """Without `before`, for a link."""
        values = {"kind": self.kind or None, "by": self.by, "subject": self.subject, "forum": self.forum}
        return urlencode({name: value for name, value in values.items() if value is not None})


def wanted_from(given: Mapping[str, str]) -> Wanted:
    """What somebody asked for; what is no number is not asked for."""
    kind = given.get("kind", "")
    numbers = {name: _number(given.get(name, "")) for name in ("by", "subject", "forum", "before")}
    return Wanted(kind=kind if kind in kinds() else "", **numbers)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and int(text) < 2**63 else None


def kinds() -> dict[str, str | Promise]:
    """All that the log can say, in words."""
    return {**OWN_KINDS, **doings.KINDS}


def actions_of(jam: Jam, forums: frozenset[int] | None, wanted: Wanted) -> QuerySet[Action]:
    """The newest first; of these forums alone, or of all with None. One query, led to by an index."""
    found = Action.objects.filter(jam=jam).order_by("-pk").select_related("by", "subject", "forum")
    if forums is not None:
        found = found.filter(forum__in=forums)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.by is not None:
        found = found.filter(by=wanted.by or None)
    if wanted.subject is not None:
        found = found.filter(subject=wanted.subject)
    if wanted.forum is not None:
        found = found.filter(forum=wanted.forum)
    if wanted.before is not None:
        found = found.filter(pk__lt=wanted.before)
    return found


def rows_of(found: QuerySet[Action]) -> Iterator[dict[str, Any]]:
    """Each as plain values under COLUMNS; read in batches, so that a long log fits in memory."""
    for action in found.iterator(AT_ONCE):
        yield {
            "id": action.pk,
            "at": action.at.isoformat(),
            "kind": action.kind,
            "what": action.label,
            "by_id": action.by_id or "",
            "by": action.by.name if action.by else "",
            "reason": reasons.say(action.reason),
            "forum_id": action.forum_id or "",
            "thread_id": action.thread_id or "",
            "post_id": action.post_id or "",
            "subject_id": action.subject_id or "",
            "subject": action.subject.name if action.subject else "",
            "before": action.before,
            "after": action.after,
        }

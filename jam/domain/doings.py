"""What those who run a jam do, told to who keeps the record of it: a floor above, which these floors cannot know."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jam.models import Forum, Jam, Member

KINDS: dict[str, str | Promise] = {
    "role": _("Role changed"),
    "duties": _("Forums of a facilitator changed"),
    "removed": _("Taken out of the jam"),
    "window": _("Window changed"),
    "jam": _("Jam changed"),
    "policy": _("Rules of the jam changed"),
    "move": _("Moved"),
    "merge": _("Merged"),
    "split": _("Split off"),
    "connect": _("Connected"),
    "disconnect": _("Taken apart"),
    "undo": _("Undone"),
    "lock": _("Locked"),
    "unlock": _("Unlocked"),
    "pin": _("Pinned"),
    "unpin": _("Unpinned"),
    "highlight": _("Highlighted"),
    "unhighlight": _("Highlight taken back"),
    "announce": _("Announced"),
    "announcement_taken_back": _("Announcement taken back"),
    "trace": _("Looked up who is behind a name"),
    "invite": _("Invited"),
    "invitation_revoked": _("Invitation revoked"),
    "request_approved": _("Request approved"),
    "request_declined": _("Request declined"),
}
"""The kinds of what these floors do, as the log shows them. Whoever does something new names it here."""


class Listener(Protocol):
    def __call__(
        self,
        *,
        jam: Jam,
        by: Member | None,
        kind: str,
        reason: str = "",
        post: Any = None,
        thread: Any = None,
        forum: Forum | None = None,
        subject: Member | None = None,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> object: ...


@dataclass(frozen=True)
class Done:
    """Something that was done to a member, as it was kept. `by` is a name, empty for the site itself."""

    subject_id: int
    kind: str
    by: str
    at: datetime
    before: Mapping[str, Any]
    after: Mapping[str, Any]


class Reader(Protocol):
    def __call__(self, *, jam: Jam, subjects: Collection[int], kinds: Collection[str]) -> Iterable[Done]: ...


_listeners: list[Listener] = []
_readers: list[Reader] = []


def listen(function: Listener) -> None:
    """Has `function` called with all that is done, in the transaction that does it. Twice is once."""
    if function not in _listeners:
        _listeners.append(function)


def did(
    *,
    jam: Jam,
    by: Member | None,
    kind: str,
    reason: str = "",
    post: Any = None,
    thread: Any = None,
    forum: Forum | None = None,
    subject: Member | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Says what was done, to be kept for good. Call it in the verb's transaction.

    `by` is None where the site itself did it; `subject` is the member to whom it was done. Of a post the thread and
    the forum are taken, of a thread the forum, where they are not given. `before` and `after` are JSON.
    """
    for listener in _listeners:
        listener(
            jam=jam, by=by, kind=kind, reason=reason, post=post, thread=thread, forum=forum, subject=subject,
            before=before, after=after,
        )  # fmt: skip


def read_with(function: Reader) -> None:
    """Has `last_done` ask `function`, which finds the newest of each subject. Twice is once."""
    if function not in _readers:
        _readers.append(function)


def last_done(*, jam: Jam, subjects: Collection[int], kinds: Collection[str]) -> dict[int, Done]:
    """What of these kinds was done last to each of these members. One query, none without members."""
    return {done.subject_id: done for read in _readers for done in read(jam=jam, subjects=subjects, kinds=kinds)}


def words_for(kind: str) -> str:
    """What the log calls a kind."""
    return str(KINDS.get(kind, kind.replace("_", " ")))

"""What is asked before a text is written: may this be posted, here, now, by them? The floors above answer.

A check is called in the transaction of the verb, after it was found that the jam is open and who posts may write. It
may raise Refused, or Hold: then nothing is written, the text is kept for a look, and the verb raises Held.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from jam.domain.errors import Refused
from jam.models import Forum, Member
from threads.domain.written import Written
from threads.models import Post


@dataclass(frozen=True)
class Asked:
    """What somebody wants to write: an idea in `forum`, a reply to `parent`, or another text of their post `edits`.

    `forum_id` and `thread_id` say where it is to stand; an idea has no thread yet. `picked` is as for `written.check`.
    """

    member: Member
    written: Written
    now: datetime
    forum_id: int
    thread_id: int | None = None
    forum: Forum | None = None
    parent: Post | None = None
    edits: Post | None = None
    picked: Sequence[int] = ()


class Hold(Exception):
    """A check wants somebody to look first. `reason` is for those who will look."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.asked: Asked | None = None


class Held(Refused):
    """The text was taken and waits for a look: nothing was posted, and nothing needs to be sent again."""

    status = 202

    def __init__(self) -> None:
        super().__init__(
            gettext("Thank you. A facilitator looks at it before others can read it, and you will be told."),
            code="held",
        )


Afterwards = Callable[[Post], None]
Check = Callable[[Asked], Afterwards | None]
Keeper = Callable[[Asked, str], None]

_checks: list[Check] = []
_keepers: list[Keeper] = []


def add_check(function: Check) -> None:
    """Has `function` asked of every text. What it returns is called with the post once that is written."""
    if function not in _checks:
        _checks.append(function)


def keep_with(function: Keeper) -> None:
    """Names who keeps what is held, called with it and the reason in a transaction of its own."""
    _keepers[:] = [function]


def ask(asked: Asked) -> list[Afterwards]:
    """What is to be done with the post once it is written. Raises Refused and Hold. One query, of moderation."""
    try:
        found = [check(asked) for check in _checks]
    except Hold as hold:
        hold.asked = asked
        raise
    return [afterwards for afterwards in found if afterwards is not None]


def keep(hold: Hold) -> Held:
    """Keeps what is held, once its transaction was left, and says what to raise."""
    assert hold.asked is not None
    for keeper in _keepers:
        keeper(hold.asked, hold.reason)
    return Held()

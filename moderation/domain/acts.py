"""What a facilitator does to the post before them, by the name that the console has for it. Each is one verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext

from accounts.rows import ID_MAX
from jam.domain import announcements
from jam.domain.errors import Invalid
from jam.models import Forum, Member
from moderation.domain import handling, posts
from moderation.domain.handling import Matter
from threads.domain import connecting, highlights, locking, pinning
from threads.models import Highlight, Post, Thread

Given = Mapping[str, str]
"""What was typed along with it: `reason`; `words` and `place`; `other`, a thread."""


def matters(post: Post) -> tuple[Matter, ...]:
    """As what a post can be handled: an idea as its thread, any other as itself first."""
    thread, itself = Matter.of_thread(post), Matter.of_post(post)
    return (thread, itself) if post.parent_id is None else (itself,)


def act(*, member: Member, post: Post, do: str, given: Given) -> str:
    """Does `do` to `post`, which has its thread, forum, author and jam, and says what was done.

    Whoever handles it goes on doing so for another ten minutes. Raises Invalid for what is no act, and as the verb.
    """
    if do not in ACTS:
        raise Invalid(gettext("There is no such thing to do."), code="act", field="do")
    said = ACTS[do](member, post, given)
    if do not in ("claim", "take_over", "release"):
        for matter in matters(post):
            handling.extend(member=member, matter=matter)
    return said


def _mark(kind: str, said: Callable[[], str]) -> Callable[[Member, Post, Given], str]:
    def mark(member: Member, post: Post, given: Given) -> str:
        highlights.highlight(member=member, post=post, kind=kind)
        return said()

    return mark


def _pin(member: Member, post: Post, given: Given) -> str:
    pinning.pin(member=member, thread=post.thread)
    return gettext("Pinned: it stands first in its forum.")


def _unpin(member: Member, post: Post, given: Given) -> str:
    pinning.unpin(member=member, thread=post.thread)
    return gettext("It is pinned no longer.")


def _lock(member: Member, post: Post, given: Given) -> str:
    locking.lock(member=member, thread=post.thread, reason=given.get("reason", ""))
    return gettext("Locked: the thread takes no new posts.")


def _unlock(member: Member, post: Post, given: Given) -> str:
    locking.unlock(member=member, thread=post.thread, reason=given.get("reason", ""))
    return gettext("Unlocked: the thread takes posts again.")


def _hide(member: Member, post: Post, given: Given) -> str:
    posts.hide(member=member, post=post, reason=given.get("reason", ""))
    return gettext("The post is hidden.")


def _announce(member: Member, post: Post, given: Given) -> str:
    forum: Forum | None = None if given.get("place") == "jam" else post.thread.forum
    announcements.make(member=member, words=given.get("words", ""), forum=forum)
    return gettext("Announced. Every open tab that it is for shows it now.")


def _connect(member: Member, post: Post, given: Given) -> str:
    number = given.get("other", "")
    known = number.isascii() and number.isdecimal() and int(number) <= ID_MAX
    other = Thread.objects.filter(jam=member.jam_id, pk=int(number)).first() if known else None
    if other is None:
        raise Invalid(gettext("There is no such thread in this jam."), code="thread", field="other")
    connecting.connect(member=member, thread=post.thread, other=other)
    return gettext("Connected: each of the two threads names the other.")


def _claim(member: Member, post: Post, given: Given) -> str:
    _take(member, post, take_over=False)
    return gettext("You are handling this, and the others who run the jam see it.")


def _take_over(member: Member, post: Post, given: Given) -> str:
    _take(member, post, take_over=True)
    return gettext("You are handling this now.")


def _take(member: Member, post: Post, *, take_over: bool) -> None:
    """An idea may be handled as its thread, or in the queue as a post: whichever it is is taken, else the first."""
    candidates = matters(post)
    held = handling.held_among(candidates)
    for matter in held or candidates[:1]:
        handling.claim(member=member, matter=matter, take_over=take_over)


def _release(member: Member, post: Post, given: Given) -> str:
    for matter in matters(post):
        handling.release(member=member, matter=matter)
    return gettext("You are handling this no longer.")


ACTS: Mapping[str, Callable[[Member, Post, Given], str]] = {
    "emerging": _mark(Highlight.Kind.EMERGING, lambda: gettext("Highlighted as emerging.")),
    "best": _mark(Highlight.Kind.BEST, lambda: gettext("Highlighted as one of the best.")),
    "unmark": _mark("", lambda: gettext("It is highlighted no longer.")),
    "pin": _pin,
    "unpin": _unpin,
    "lock": _lock,
    "unlock": _unlock,
    "connect": _connect,
    "hide": _hide,
    "announce": _announce,
    "claim": _claim,
    "take_over": _take_over,
    "release": _release,
}

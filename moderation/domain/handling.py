"""Who is handling what, so that two facilitators do not do the same. It keeps nobody from anything.

A claim ends by itself after ten quiet minutes, by the database's clock. Whoever wants to act on what somebody else
handles is warned by the page, and may take it over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext

from jam.access import require_runs
from jam.domain.errors import Conflict, Invalid
from jam.domain.events import MemberName
from jam.domain.rendering import excerpt
from jam.models import Jam, Member
from moderation.domain.events import HandlingChanged, handling_changed
from moderation.models import Handled, Handling
from threads.models import Post

QUIET = timedelta(minutes=10)
TITLE_LENGTH = 80

# One statement, which the row's lock makes exact: of two who claim at once, the second finds what the first has.
CLAIM = """
    INSERT INTO moderation_handling AS handling (jam_id, what, number, member_id, since, until)
    SELECT %(jam)s, %(what)s, %(number)s, %(member)s, now.at, now.at + %(quiet)s
    FROM (SELECT clock_timestamp() AS at) AS now
    ON CONFLICT (what, number) DO UPDATE SET
        member_id = excluded.member_id,
        since = CASE
            WHEN handling.member_id = excluded.member_id AND handling.until > clock_timestamp() THEN handling.since
            ELSE excluded.since
        END,
        until = excluded.until
    WHERE handling.member_id = excluded.member_id OR handling.until <= clock_timestamp() OR %(take_over)s
    RETURNING until
"""
# Often enough that it does not end meanwhile, and seldom enough that the log does not fill with it.
EXTEND = """
    UPDATE moderation_handling SET until = clock_timestamp() + %(quiet)s
    WHERE jam_id = %(jam)s AND member_id = %(member)s AND what = %(what)s AND number = %(number)s
        AND until > clock_timestamp() AND until < clock_timestamp() + %(quiet)s - interval '1 minute'
    RETURNING until
"""


@dataclass(frozen=True)
class Matter:
    """What is handled. `title` is what a facilitator knows it by; `thread` is None for an idea that is held back."""

    what: Handled
    number: int
    jam_id: int
    forum: int | None
    thread: int | None
    title: str

    @classmethod
    def of_thread(cls, idea: Post) -> Matter:
        """The thread of `idea`, which has its thread."""
        return cls(Handled.THREAD, idea.thread_id, idea.jam_id, idea.thread.forum_id, idea.thread_id, title(idea))

    @classmethod
    def of_post(cls, post: Post) -> Matter:
        """`post`, with its thread."""
        return cls(Handled.POST, post.pk, post.jam_id, post.thread.forum_id, post.thread_id, title(post))


def title(post: Post) -> str:
    """What a post is called where one line must do."""
    return post.subject or excerpt(post.html, TITLE_LENGTH)


def claim(*, member: Member, matter: Matter, take_over: bool = False) -> datetime:
    """`member` handles it from now on. Says until when, unless they do something about it before. Again, it goes on.

    Raises Conflict (code "handled"), naming who handles it, unless with `take_over`; NotAllowed for who does not run
    its forum; Invalid for another jam's. Locks its row and, at the end, the jam's event counter.
    """
    _check(member, matter)
    with transaction.atomic():
        until = _value(CLAIM, member, matter, take_over=take_over)
        if until is None:
            other = Handling.objects.select_related("member").get(what=matter.what, number=matter.number)
            message = gettext("%(name)s is handling this already.") % {"name": other.member.name}
            raise Conflict(message, code="handled")
        _tell(matter, member, until)
    return until


def release(*, member: Member, matter: Matter) -> bool:
    """`member` handles it no longer, and whether they did. Raises as `claim`, but no Conflict; locks as it."""
    _check(member, matter)
    with transaction.atomic():
        mine = Handling.objects.filter(what=matter.what, number=matter.number, member=member)
        gone, _ = mine.delete()
        if gone:
            _tell(matter, None, None)
    return bool(gone)


def extend(*, member: Member, matter: Matter) -> datetime | None:
    """They did something about it: if they handle it, it goes on for ten minutes. Says until when if that was written,
    which it is once a minute at most. One query that seldom changes anything."""
    with transaction.atomic():
        until = _value(EXTEND, member, matter)
        if until is not None:
            _tell(matter, member, until)
    return until


def of(jam: Jam) -> dict[tuple[str, int], Handling]:
    """All that is being handled in a jam at the moment, by what it is and its number, with who does. One query."""
    now = Handling.objects.filter(jam=jam, until__gt=Now()).select_related("member").order_by("since", "pk")
    return {(handling.what, handling.number): handling for handling in now}


def held_among(matters: Sequence[Matter]) -> list[Matter]:
    """Those of `matters`, all of one jam, that somebody handles at the moment. One query."""
    now = Handling.objects.filter(jam=matters[0].jam_id, until__gt=Now()).values_list("what", "number")
    handled = set(now.filter(number__in=[matter.number for matter in matters]))
    return [matter for matter in matters if (matter.what, matter.number) in handled]


def titles(handlings: Iterable[Handling]) -> dict[tuple[str, int], Post]:
    """The post that each of these is known by, with its thread; a held post is none. One query."""
    wanted = list(handlings)
    posts = [one.number for one in wanted if one.what == Handled.POST]
    threads = [one.number for one in wanted if one.what == Handled.THREAD]
    found = Post.objects.filter(pk__in=posts) | Post.objects.filter(thread__in=threads, parent=None)
    named: dict[tuple[str, int], Post] = {}
    for post in found.select_related("thread", "author"):
        named[Handled.POST, post.pk] = post
        if post.parent_id is None:
            named[Handled.THREAD, post.thread_id] = post
    return named


def _check(member: Member, matter: Matter) -> None:
    if matter.jam_id != member.jam_id:
        raise Invalid(gettext("That is not part of this jam."), code="jam")
    require_runs(member, matter.forum)


def _tell(matter: Matter, by: Member | None, until: datetime | None) -> None:
    event = HandlingChanged(
        what=matter.what,
        number=matter.number,
        thread=matter.thread,
        forum=matter.forum,
        title=matter.title if by else "",
        by=MemberName(id=by.pk, name=by.name) if by else None,
        until=until,
    )
    handling_changed(event, jam_id=matter.jam_id)


def _value(sql: str, member: Member, matter: Matter, **more: Any) -> datetime | None:
    asked: dict[str, Any] = {"jam": member.jam_id, "what": matter.what, "number": matter.number, "quiet": QUIET}
    asked |= {"member": member.pk}
    with connection.cursor() as cursor:
        cursor.execute(sql, asked | more)
        row = cursor.fetchone()
    return row[0] if row else None

"""Flags: somebody says that something is wrong with a post. Enough of them hide it until someone has looked.

Against abuse: one a person and post, for good; so many an hour a person; and whose flags do not count towards hiding:
who came minutes ago, and whose flags were mostly dismissed. All of them come to the queue.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext, ngettext

from jam.access import Entry
from jam.domain.errors import Conflict, Invalid, NotAllowed, TooMany
from jam.domain.text import clean_line, is_blank
from jam.models import Member
from jam.roles import Right
from moderation.domain import cases, policy, posts, reasons
from moderation.domain.admission import require
from moderation.domain.events import queue_changed
from moderation.models import FLAG_WORDS_MAX, Flag, FlagKind, FlagState
from threads.domain.whole import HOLD_POST
from threads.models import Post, PostStatus

JUST_JOINED = timedelta(minutes=10)
DISMISSED_MANY = 5
LOCK = int.from_bytes(b"flag")


def flag(*, member: Member, post: Post, kind: str, words: str = "") -> Flag:
    """Flags `post`, and hides it if that makes enough. `kind` is a FlagKind; the last of them needs words.

    Raises NotAllowed (a role, a phase, their own post), Invalid, Conflict (flagged before, not visible) and TooMany.
    Locks the post's row, a lock of the member's own and at the end the jam's event counter. Of several who flag at
    once each is counted, and one of them hides it.
    """
    words = _check_words(kind, words)
    with transaction.atomic():
        entry = require(member, Right.FLAG)
        held = _hold(member, post)
        rules = policy.of(entry.jam)
        _refuse_many(entry, held, rules.flags_an_hour)
        case = cases.open_for_post(held, flags=1)
        made = Flag.objects.create(
            case=case, post=held, member=member, kind=kind, words=words, at=entry.now, counts=_counts(entry)
        )
        if made.counts and 0 < rules.flags_to_hide <= _count(held):
            posts.hide_by_site(held, reason=reasons.FLAGS, after={"flags": case.flag_count})
        queue_changed(case)
    return made


def flag_by_site(*, post: Post, reason: str) -> None:
    """The site itself flags a post that it found something in; that hides nothing. In the transaction of the post."""
    case = cases.open_for_post(post, flags=1)
    Flag.objects.create(case=case, post=post, kind=FlagKind.OTHER, words=reason, counts=False)
    queue_changed(case)


def _check_words(kind: str, words: str) -> str:
    if kind not in FlagKind.values:
        raise Invalid(gettext("Say what is wrong with it."), code="required", field="kind")
    words = clean_line(words, field="words", name=gettext("What you say of it"), limit=FLAG_WORDS_MAX)
    if kind == FlagKind.OTHER and is_blank(words):
        raise Invalid(gettext("Say in a few words what is wrong with it."), code="required", field="words")
    return "" if is_blank(words) else words


def _hold(member: Member, post: Post) -> Post:
    held = HOLD_POST.first(post=post.pk)
    if held is None:
        raise Post.DoesNotExist
    if held.jam_id != member.jam_id:
        raise Invalid(gettext("That post is not part of this jam."), code="post", field="post")
    if held.author_id == member.pk:
        raise NotAllowed(gettext("This post is yours: you can withdraw it."), code="own_post")
    if held.status != PostStatus.VISIBLE:
        raise Conflict(gettext("This post cannot be read any more, so there is nothing to flag."), code="not_visible")
    held.jam = held.thread.forum.jam = member.jam
    return held


def _refuse_many(entry: Entry, post: Post, an_hour: int) -> None:
    """The lock makes the count exact: of one member's flags the second waits for the first."""
    assert entry.member is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, entry.member.pk % (2**31 - 1)])
    if Flag.objects.filter(post=post, member=entry.member).exists():
        raise Conflict(gettext("You flagged this post before. It was, or will be, looked at."), code="already")
    since = entry.now - timedelta(hours=1)
    if Flag.objects.filter(member=entry.member, at__gt=since).count() >= an_hour:
        message = ngettext(
            "You can flag %(count)s post an hour. If much is wrong, write to the facilitators.",
            "You can flag %(count)s posts an hour. If much is wrong, write to the facilitators.",
            an_hour,
        )
        raise TooMany(message % {"count": an_hour}, code="flags_an_hour")


def _counts(entry: Entry) -> bool:
    assert entry.member is not None
    if entry.now - entry.member.joined_at < JUST_JOINED:
        return False
    settled = Flag.objects.filter(member=entry.member).aggregate(
        dismissed=Count("pk", filter=Q(state=FlagState.DISMISSED)), upheld=Count("pk", filter=Q(state=FlagState.UPHELD))
    )
    return bool(settled["dismissed"] < DISMISSED_MANY or settled["dismissed"] <= settled["upheld"])


def _count(post: Post) -> int:
    """Of different people, since each flags once."""
    return Flag.objects.filter(post=post, state=FlagState.OPEN, counts=True).count()

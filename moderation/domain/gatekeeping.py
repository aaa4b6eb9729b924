"""What the gate asks of every text: the words in it, how fast its author posts, whether it says the same again, and
whether somebody is to look first. One query for all of it; none for who runs the jam, whom nothing of this holds up.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.utils.translation import gettext, ngettext

from accounts.rows import Fetch, only
from jam.access import STAFF_ROLES
from jam.domain.errors import Conflict, Invalid, TooMany
from jam.models import Role
from moderation.domain import flags, reasons, words
from moderation.models import Holding, ModerationPolicy
from threads.domain.gate import Afterwards, Asked, Hold
from threads.models import Post

SHORT = 30
"""A text of fewer characters says the same in many places; it is caught again only in the same one."""
HELD_MAX = 10
"""How many texts of one member wait for a look at a time."""
JAMS_KEPT = 200

# Of one member's texts the second waits for the first here, so that two at once cannot both be the last that may be.
# The two statements go out in one message.
LOOK = Fetch(
    """
    SELECT pg_advisory_xact_lock(%(lock)s, %(member)s %% 2147483647);
    WITH written AS (
        INSERT INTO moderation_fingerprint AS fingerprint (member_id, digest, at)
        SELECT %(member)s, %(digest)s, %(now)s WHERE NOT %(edits)s
        ON CONFLICT (member_id, digest) DO UPDATE SET at = excluded.at
            WHERE fingerprint.at <= excluded.at - interval '1 day'
        RETURNING 1
    )
    SELECT {policy},
        CASE WHEN policy.version <> %(known)s
            THEN ARRAY[policy.words_refused, policy.words_held, policy.words_flagged] END,
        EXISTS (SELECT FROM written),
        coalesce(member.outside, false),
        member.joined_at,
        person.date_joined,
        (SELECT count(*) FROM (
            SELECT FROM threads_post AS post
            WHERE post.author_id = member.id AND post.status = 'visible'
            LIMIT coalesce(policy.newcomer_posts, 0)
        ) AS counted),
        (SELECT count(*) FROM threads_post AS post
            WHERE post.author_id = member.id AND post.created_at > %(now)s - interval '1 hour'),
        (SELECT count(*) FROM moderation_heldpost AS held
            WHERE held.author_id = member.id AND held.state = 'waiting'),
        (SELECT max(last.created_at + make_interval(mins => slow.minutes))
            FROM moderation_slowdown AS slow
            CROSS JOIN LATERAL (
                SELECT post.created_at
                FROM threads_post AS post JOIN threads_thread AS thread ON thread.id = post.thread_id
                WHERE post.author_id = member.id
                    AND post.created_at > %(now)s - make_interval(mins => slow.minutes)
                    AND (slow.member_id IS NOT NULL OR slow.thread_id = post.thread_id
                        OR slow.forum_id = thread.forum_id)
                ORDER BY post.created_at DESC LIMIT 1
            ) AS last
            WHERE slow.jam_id = member.jam_id
                AND (slow.member_id = member.id OR slow.thread_id = %(thread)s OR slow.forum_id = %(forum)s))
    FROM jam_member AS member
    JOIN accounts_person AS person ON person.id = member.person_id
    LEFT JOIN moderation_moderationpolicy AS policy ON policy.jam_id = member.jam_id
    WHERE member.id = %(member)s
    """,
    policy=only(
        ModerationPolicy,
        *(
            field.attname
            for field in ModerationPolicy._meta.concrete_fields
            if field.attname not in ("words_refused", "words_held", "words_flagged")
        ),
    ),
)
LOCK = int.from_bytes(b"post")


@dataclass(frozen=True)
class Facts:
    """What the database says of who writes. `may_post_at` is when somebody who is slowed down may again."""

    policy: ModerationPolicy
    is_new: bool
    is_outside: bool
    joined_at: datetime
    account_since: datetime
    posts: int
    posts_this_hour: int
    waiting: int
    may_post_at: datetime | None


@dataclass(frozen=True)
class Lists:
    """A jam's lists of words, read."""

    refused: words.WordList = words.EMPTY
    held: words.WordList = words.EMPTY
    flagged: words.WordList = words.EMPTY


_lists: dict[int, tuple[int, Lists]] = {}
"""Of each jam, with the version of its policy: at most JAMS_KEPT, as a process may serve many."""


def check(asked: Asked) -> Afterwards | None:
    """The gate's check (`threads.domain.gate`): raises Refused or Hold, or has the site flag the post once it is there.

    One query, which writes down the text's digest; it takes a lock of the member's own until the commit.
    """
    if asked.member.role in STAFF_ROLES:
        return None
    facts, lists = _look(asked)
    found = words.fold(" ".join([asked.written.subject, asked.written.body, *asked.written.tags]))
    _refuse_words(lists.refused.find(found), asked)
    if asked.edits is None:
        _refuse_again(facts)
        _refuse_haste(facts, asked)
    if reason := _why_to_hold(facts, asked, lists.held.find(found)):
        if asked.edits is not None:
            raise Conflict(gettext("This would wait for a look, and a change cannot. Write a reply."), code="held")
        if facts.waiting >= HELD_MAX:
            raise TooMany(gettext("Many of your posts wait for a look already. Wait for that."), code="many_held")
        raise Hold(reason)
    flagged = lists.flagged.find(found)
    return partial(_flag, reason=reasons.word(flagged)) if flagged else None


def digest_of(asked: Asked) -> str:
    """By what a text is known again: its words, and where it stands if it is short."""
    text = words.fold(f"{asked.written.subject} {asked.written.body}") or asked.written.body
    if len(text) < SHORT:
        text = f"{asked.parent.pk if asked.parent else 0}/{asked.forum_id}/{text}"
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _look(asked: Asked) -> tuple[Facts, Lists]:
    jam_id = asked.member.jam_id
    known, lists = _lists.get(jam_id, (-1, Lists()))
    found = LOOK.first(
        lock=LOCK,
        member=asked.member.pk,
        digest=digest_of(asked),
        now=asked.now,
        edits=asked.edits is not None,
        known=known,
        thread=asked.thread_id,
        forum=asked.forum_id,
    )
    assert found is not None
    policy, texts, *facts = found
    if policy is None:
        policy, lists = ModerationPolicy(jam_id=jam_id), Lists()
    elif texts is not None:
        lists = Lists(*map(words.read, texts))
        if len(_lists) >= JAMS_KEPT:
            _lists.clear()
        _lists[jam_id] = policy.version, lists
    return Facts(policy, *facts), lists


def _refuse_words(entry: str | None, asked: Asked) -> None:
    if entry is not None:
        message = gettext("In this jam a post cannot have “%(word)s” in it. Say it in other words.")
        raise Invalid(message % {"word": entry}, code="word", field="body")


def _refuse_again(facts: Facts) -> None:
    if facts.policy.catches_duplicates and not facts.is_new:
        raise Conflict(gettext("You posted the same here in the last day."), code="duplicate", field="body")


def _refuse_haste(facts: Facts, asked: Asked) -> None:
    limit = _limit(facts, asked)
    if limit is not None and facts.posts_this_hour >= limit:
        message = ngettext(
            "You can post %(count)s time an hour at present. Your text is kept: send it a little later.",
            "You can post %(count)s times an hour at present. Your text is kept: send it a little later.",
            limit,
        )
        raise TooMany(message % {"count": limit}, code="posts_an_hour")
    if facts.may_post_at is not None and facts.may_post_at > asked.now:
        minutes = -(-(facts.may_post_at - asked.now) // timedelta(minutes=1))
        message = ngettext(
            "It goes slowly here at present: you can post again in %(count)s minute. Your text is kept.",
            "It goes slowly here at present: you can post again in %(count)s minutes. Your text is kept.",
            minutes,
        )
        raise TooMany(message % {"count": minutes}, code="slow")


def _limit(facts: Facts, asked: Asked) -> int | None:
    """How many posts an hour, by role and by the age of the account: the lower of both."""
    policy = facts.policy
    limits = [policy.guest_posts_an_hour if asked.member.role == Role.GUEST else policy.participant_posts_an_hour]
    if asked.now - facts.account_since < timedelta(hours=policy.new_account_hours):
        limits.append(policy.new_account_posts_an_hour)
    return min((limit for limit in limits if limit is not None), default=None)


def _why_to_hold(facts: Facts, asked: Asked, entry: str | None) -> str:
    """A code for those who look (`moderation.domain.reasons`); empty if nobody has to."""
    if entry is not None:
        return reasons.word(entry)
    policy = facts.policy
    is_newcomer = (
        facts.posts < policy.newcomer_posts
        or asked.now - facts.joined_at < timedelta(minutes=policy.newcomer_minutes)
    )  # fmt: skip
    waits = {Holding.ALL: True, Holding.OUTSIDERS: facts.is_outside, Holding.NEWCOMERS: is_newcomer}
    return str(policy.holding) if waits.get(Holding(policy.holding)) else ""


def _flag(post: Post, *, reason: str) -> None:
    flags.flag_by_site(post=post, reason=reason)

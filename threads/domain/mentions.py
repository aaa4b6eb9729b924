"""Whom a text names: `@` and the name of a member, as it is shown in the jam.

A name is found whatever its case; of two names that fit, the longer one is meant. Of several members with one name it
is the one whom the writer chose while typing, else the one who wrote in the thread. Where that does not say it, the
name is text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from django.db import connection
from django.urls import reverse

from jam.domain.rendering import names_in
from jam.models import Jam, Member
from threads.models import Post

NAMESAKES_MAX = 200
SUGGESTED = 8
LAST_POSTS = 500

NAMED = """
    SELECT typed.name, member.id, EXISTS (
        SELECT FROM threads_post AS post WHERE post.thread_id = %(thread)s AND post.author_id = member.id)
    FROM unnest(%(names)s::text[]) AS typed (name)
    JOIN jam_member AS member ON member.jam_id = %(jam)s AND lower(member.name) = lower(typed.name)
        AND member.left_at IS NULL
    ORDER BY member.id LIMIT %(limit)s
"""
RECORD = """
    INSERT INTO threads_mention (post_id, member_id) SELECT %s, unnest(%s::bigint[]) ON CONFLICT DO NOTHING
"""
FORGET_OTHERS = "DELETE FROM threads_mention WHERE post_id = %s AND member_id <> ALL(%s::bigint[])"
IN_THREAD = """
    SELECT member.id, member.name, member.affiliation
    FROM (SELECT author_id, max(id) AS last FROM (
            SELECT author_id, id FROM threads_post WHERE thread_id = %(thread)s AND jam_id = %(jam)s
            ORDER BY created_at DESC LIMIT %(posts)s) AS lately
          GROUP BY author_id) AS author
    JOIN jam_member AS member ON member.id = author.author_id
    WHERE member.id <> %(member)s AND member.left_at IS NULL
        AND (lower(member.name) LIKE lower(%(begins)s) OR lower(member.name) LIKE lower(%(within)s))
    ORDER BY author.last DESC LIMIT %(limit)s
"""
IN_JAM = """
    SELECT member.id, member.name, member.affiliation FROM jam_member AS member
    WHERE member.jam_id = %(jam)s AND lower(member.name) LIKE lower(%(begins)s) AND member.id <> %(member)s
        AND member.left_at IS NULL
    ORDER BY lower(member.name) USING ~<~, member.id LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Named:
    """Whom a text names: the numbers of the members, without the writer, and the addresses of the names as typed."""

    members: tuple[int, ...] = ()
    addresses: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Suggested:
    """A member whom somebody may be about to name; `here` if they wrote in the thread."""

    id: int
    name: str
    affiliation: str
    here: bool


def find(body: str, *, member: Member, thread_id: int | None = None, picked: Sequence[int] = ()) -> Named:
    """Whom `body`, written by `member` in the thread, names. One query if there may be somebody, none if not."""
    ways = names_in(body)
    if not ways:
        return Named()
    typed = list(dict.fromkeys(name for names in ways for name in names))
    with connection.cursor() as cursor:
        parameters = {"thread": thread_id, "names": typed, "jam": member.jam_id, "limit": NAMESAKES_MAX}
        cursor.execute(NAMED, parameters)
        rows = cursor.fetchall()
    choices: dict[str, dict[int, bool]] = {}
    for name, number, wrote in rows:
        choices.setdefault(name.casefold(), {})[number] = wrote
    found: dict[str, int] = {}
    for names in ways:
        longest = next((name.casefold() for name in names if name.casefold() in choices), None)
        meant = _meant(choices[longest], picked) if longest else None
        if longest and meant:
            found[longest] = meant
    return Named(
        members=tuple(number for number in dict.fromkeys(found.values()) if number != member.pk),
        addresses={name: reverse("threads:person", args=[member.jam.slug, number]) for name, number in found.items()},
    )


def _meant(members: dict[int, bool], picked: Sequence[int]) -> int | None:
    if len(members) == 1:
        return next(iter(members))
    chosen = [number for number in picked if number in members]
    wrote = [number for number, did in members.items() if did]
    return chosen[0] if chosen else wrote[0] if len(wrote) == 1 else None


def record(post: Post, members: Sequence[int]) -> None:
    """Writes down that a post names these members. One query, none without any."""
    if members:
        with connection.cursor() as cursor:
            cursor.execute(RECORD, [post.pk, list(members)])


def replace(post: Post, members: Sequence[int]) -> None:
    """Writes down that a post that was changed names these members, and nobody else. Two queries at most."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET_OTHERS, [post.pk, list(members)])
    record(post, members)


def suggest(jam: Jam, typed: str, *, member: Member, thread_id: int | None = None) -> list[Suggested]:
    """Whom `member` may be about to name who typed this after an `@`: those who wrote in the thread lately first, then
    others of the jam whose name begins so. Two queries, both bounded. With nothing typed, those of the thread alone.
    """
    begins = typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    parameters = {
        "thread": thread_id,
        "jam": jam.pk,
        "member": member.pk,
        "posts": LAST_POSTS,
        "begins": begins,
        "within": "% " + begins,
        "limit": SUGGESTED,
    }
    found: dict[int, Suggested] = {}
    with connection.cursor() as cursor:
        for query, here in ((IN_THREAD, True), (IN_JAM, False)):
            if (thread_id is None) if here else not typed:
                continue
            cursor.execute(query, parameters)
            for number, name, affiliation in cursor.fetchall():
                found.setdefault(number, Suggested(number, name, affiliation, here))
    return sorted(found.values(), key=attrgetter("here"), reverse=True)[:SUGGESTED]

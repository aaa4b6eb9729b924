"""When a member was here, and what they called seen as a whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from jam.models import Member
from threads.domain.reading import Unread, rows_of, statement, unread

AWAY = timedelta(minutes=30)
"""Who asked for nothing for so long has left; the next page begins another visit."""
NOTED_EVERY = timedelta(minutes=1)
ALSO_MAX = 300
SECONDS = {"away": AWAY.total_seconds(), "noted_every": NOTED_EVERY.total_seconds()}

# Of two requests at once the second finds it noted.
NOTE = """
    INSERT INTO threads_visit AS visit (member_id, last_at, caught_up_to, caught_up_also, caught_up_also_before)
    VALUES (%(member)s, %(now)s, 0, '{}', '{}')
    ON CONFLICT (member_id) DO UPDATE SET
        (left_at, caught_up_before, caught_up_also_before) = (
            SELECT CASE WHEN is_new THEN visit.last_at ELSE visit.left_at END,
                   CASE WHEN NOT is_new THEN visit.caught_up_before END,
                   CASE WHEN is_new THEN '{}' ELSE visit.caught_up_also_before END
            FROM (
                SELECT excluded.last_at >= visit.last_at + make_interval(secs => %(away)s)
            ) AS another (is_new)
        ),
        last_at = excluded.last_at
    WHERE excluded.last_at >= visit.last_at + make_interval(secs => %(noted_every)s)
"""


def arrive(member: Member | None, *, now: datetime, note: bool = True) -> Unread:
    """What is new to `member`, who is here at `now` (the database's clock): notes it, once a minute at most.

    One query, and one more when it is noted. After `AWAY` it begins another visit: the last "mark all as seen" is for
    good then. Without `note` it is as if they were not here.
    """
    if member is None:
        return Unread()
    found = unread(member)
    last_at = found.last_at
    if not note or (last_at is not None and now < last_at + NOTED_EVERY):
        return found
    with connection.cursor() as cursor:
        cursor.execute(NOTE, {"member": member.pk, "now": now, **SECONDS})
    if last_at is None or now < last_at + AWAY:
        return found
    return replace(found, left_at=last_at, can_undo=False)


# --- mark all as seen ---


@dataclass(frozen=True)
class Known:
    """Every post of a jam that there is at one moment: those up to a number, and some newer ones."""

    upto: int
    also: tuple[int, ...]


KNOWN = statement("""
    WITH settled AS (
        SELECT id, created_at FROM threads_post
        WHERE jam_id = %(jam)s AND created_at <= clock_timestamp() - {settled}
        ORDER BY created_at DESC, id DESC LIMIT 1
    )
    SELECT coalesce((SELECT id FROM settled), 0), ARRAY(
        SELECT post.id FROM threads_post AS post
        WHERE post.jam_id = %(jam)s AND post.id > coalesce((SELECT id FROM settled), 0)
            AND post.created_at >= coalesce(
                (SELECT created_at FROM settled) - {settled}, '-infinity'
            )
        ORDER BY post.created_at, post.id LIMIT %(most)s
    )
""")


def known_posts(member: Member) -> Known:
    """What a page that is made now knows of, for its "mark all as seen". One query."""
    ((upto, also),) = rows_of(KNOWN, jam=member.jam_id, most=ALSO_MAX)
    return Known(upto, tuple(also))


# What an older page knew takes nothing back, and once more changes nothing: it could not be undone then.
MARK_ALL = """
    UPDATE threads_visit SET
        caught_up_before = caught_up_to, caught_up_also_before = caught_up_also,
        caught_up_to = greatest(caught_up_to, %(upto)s),
        caught_up_also = ARRAY(
            SELECT id FROM (SELECT unnest(caught_up_also) UNION SELECT unnest(%(also)s::bigint[])) AS both_of_them (id)
            WHERE id > greatest(caught_up_to, %(upto)s) ORDER BY id DESC LIMIT %(most)s
        )
    WHERE member_id = %(member)s AND (
        caught_up_to < %(upto)s
        OR EXISTS (SELECT FROM unnest(%(also)s::bigint[]) AS id WHERE id > caught_up_to AND id <> ALL (caught_up_also))
    )
"""
UNDO = """
    UPDATE threads_visit SET
        caught_up_to = caught_up_before, caught_up_also = caught_up_also_before,
        caught_up_before = NULL, caught_up_also_before = '{}'
    WHERE member_id = %(member)s AND caught_up_before IS NOT NULL
"""


def mark_all(member: Member, known: Known) -> bool:
    """Makes all that a page knew of count as seen; what was written since stays new. Answers whether that changed
    anything.

    A number that is higher than any of the jam's is taken for the highest. Needs the member
    to have been here (`arrive`). Two statements.
    """
    there_is = known_posts(member)
    upto = min(known.upto, max((there_is.upto, *there_is.also)))
    also = list(known.also[:ALSO_MAX])
    return _changes(MARK_ALL, {"member": member.pk, "upto": upto, "also": also, "most": ALSO_MAX})


def undo_mark_all(member: Member) -> bool:
    """Takes the last `mark_all` of this visit back. What was seen one by one stays so.

    Answers whether there was one."""
    return _changes(UNDO, {"member": member.pk})


def _changes(sql: str, parameters: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return bool(cursor.rowcount)

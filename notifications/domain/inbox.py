"""What somebody was told: the list, how much of it is new to them, and what they saw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts.models import Person
from jam.access import STAFF_ROLES
from jam.models import Jam, Role
from notifications.domain.kinds import KINDS, Kind, News, Standing
from notifications.models import Notification

A_PAGE = 50
MOST = 100
"""Counts below it are exact, it itself is said as "99+"."""

READERS_ALWAYS = sorted({*STAFF_ROLES, Role.OBSERVER})
# Whether the member may read the jam now (`jam.access.Entry.can_read`), or the kind is for those who do not yet.
MAY_KNOW = """
    jam.published_at IS NOT NULL AND member.left_at IS NULL AND (
        person.is_staff OR member.role = ANY (%(always)s) OR told.kind = ANY (%(early)s)
        OR (jam.opens_at <= clock_timestamp() AND (jam.reading_until IS NULL OR jam.reading_until > clock_timestamp()))
    ) AND (
        member.suspended_at IS NULL OR member.suspended_until <= clock_timestamp() OR told.kind = ANY (%(suspended)s)
    )
"""
TOLD = """
    notifications_notification AS told
    JOIN jam_member AS member ON member.id = told.member_id
    JOIN jam_jam AS jam ON jam.id = member.jam_id
    JOIN accounts_person AS person ON person.id = told.person_id
"""
# Every page asks it. The index on what is unseen holds nothing else.
UNSEEN = """
    SELECT count(*) FROM (
        SELECT 1 FROM {told}
        WHERE told.person_id = %(person)s AND told.on_page AND told.seen_at IS NULL AND {may_know} LIMIT %(most)s
    ) AS counted
"""
LISTED = """
    SELECT told.id FROM {told}
    WHERE told.person_id = %(person)s AND told.on_page AND {may_know}
        AND (%(before)s::bigint IS NULL OR told.id < %(before)s::bigint)
    ORDER BY told.id DESC LIMIT %(limit)s
"""
KNOWN = """
    SELECT told.id FROM {told} WHERE told.id = ANY (%(ids)s::bigint[]) AND person.is_active AND {may_know}
"""


def _rows_of(sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    kinds: dict[str, Any] = {
        "early": [kind.name for kind in KINDS.values() if kind.before_reading],
        "suspended": [kind.name for kind in KINDS.values() if kind.to_suspended],
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.format(told=TOLD, may_know=MAY_KNOW), {**parameters, **kinds, "always": READERS_ALWAYS})
        return list(cursor.fetchall())


def unseen_count(person: Person) -> int:
    """How much `person` was told in all their jams and has not seen: at most `MOST`. One query."""
    ((count,),) = _rows_of(UNSEEN, person=person.pk, most=MOST)
    return int(count)


def capped(count: int) -> str:
    return str(count) if count < MOST else f"{MOST - 1}+"


def bell_words(count: int) -> str:
    """What the bell says to who does not see it."""
    if not count:
        return gettext("Notifications")
    return ngettext("Notifications, %(number)s new", "Notifications, %(number)s new", count) % {"number": capped(count)}


# --- the list ---


@dataclass(frozen=True)
class Line:
    """What one line of the list says: one notification, or several about the same thing."""

    newest: Notification
    kind: Kind
    sentence: str
    excerpt: str
    jam: Jam
    seen: bool
    gone: bool
    ids: tuple[int, ...]


@dataclass(frozen=True)
class Inbox:
    lines: list[Line]
    more: int | None
    """The cursor of the next page."""


def inbox(person: Person, *, before: int | None = None, limit: int = A_PAGE) -> Inbox:
    """A page of what `person` was told, the newest first. A query, one more for the rows, and those of the kinds'
    `look`; another if something turns out to have been seen.

    What they saw where it was written counts as seen from now on, and so does what is gone. A jam that they may
    not read (any more) is left out.
    """
    rows = list(_of(person, before=before, limit=limit + 1))
    shown = rows[:limit]
    standings = look_at(shown)
    over = [row.pk for row in shown if standings[row.pk].seen or standings[row.pk].gone]
    mark_seen_ids(row.pk for row in shown if row.seen_at is None and row.pk in over)
    return Inbox(lines=lines(shown, standings), more=shown[-1].pk if len(rows) > limit else None)


def _of(person: Person, *, before: int | None, limit: int) -> QuerySet[Notification]:
    ids = [row[0] for row in _rows_of(LISTED, person=person.pk, before=before, limit=limit)]
    return with_all(Notification.objects.filter(pk__in=ids)).order_by("-pk")


def may_know(ids: Iterable[int]) -> set[int]:
    """Those of these notifications whose member may know of what they tell now. One query."""
    return {row[0] for row in _rows_of(KNOWN, ids=list(ids))}


def still_to_tell(ids: Sequence[int], *, since: datetime) -> tuple[list[Notification], Mapping[int, Standing]]:
    """Those of these notifications that are of after `since`, not seen and of jams that may be read, the newest first;
    and how it is with what they tell of. Three queries with those of `look`, one more if some were seen."""
    waiting = Notification.objects.filter(pk__in=ids, created_at__gt=since, seen_at=None)
    rows = list(with_all(waiting).order_by("-pk"))
    known, standings = may_know(ids), look_at(rows)
    mark_seen_ids([row.pk for row in rows if standings[row.pk].seen])
    return [row for row in rows if row.pk in known and not standings[row.pk].seen], standings


def with_all(rows: QuerySet[Notification]) -> QuerySet[Notification]:
    """With what a sentence wants."""
    return rows.select_related("member__jam", "by")


def look_at(rows: Sequence[Notification]) -> Mapping[int, Standing]:
    """How it is now with what each of these tells of. As many queries as there are kinds of `look` among them."""
    asked: dict[object, list[Notification]] = defaultdict(list)
    for row in rows:
        kind = KINDS.get(row.kind)
        if kind is not None and kind.look is not None:
            asked[kind.look].append(row)
    found: dict[int, Standing] = {row.pk: Standing(gone=row.kind not in KINDS) for row in rows}
    for look, those in asked.items():
        found.update(look(those))  # type: ignore[operator]
    return found


def lines(rows: Sequence[Notification], standings: Mapping[int, Standing]) -> list[Line]:
    """One line for those that are about the same, where the newest of them stands; what is gone has no line."""
    groups: dict[object, list[Notification]] = {}
    for row in rows:
        kind = KINDS.get(row.kind)
        if kind is None or standings[row.pk].gone:
            continue
        seen = row.seen_at is not None or standings[row.pk].seen
        same = (row.kind, row.member_id, row.data.get(kind.group_by, row.pk), seen) if kind.group_by else row.pk
        groups.setdefault(same, []).append(row)
    return [_line(group, standings) for group in groups.values()]


def _line(rows: Sequence[Notification], standings: Mapping[int, Standing]) -> Line:
    newest = rows[0]
    kind, standing, jam = KINDS[newest.kind], standings[newest.pk], newest.member.jam
    names = list(dict.fromkeys(row.by.name for row in rows if row.by is not None))
    news = News(data=newest.data, names=names, count=len(rows), title=standing.title, jam=jam.title)
    return Line(
        newest=newest,
        kind=kind,
        sentence=kind.sentence(news),
        excerpt=standing.excerpt if len(rows) == 1 else "",
        jam=jam,
        seen=newest.seen_at is not None or standing.seen,
        gone=standing.gone,
        ids=tuple(row.pk for row in rows),
    )


# --- seen ---


def mark_seen_ids(ids: Iterable[int]) -> None:
    """These were seen; no mail tells of them any more. No query without any."""
    asked = list(ids)
    if asked:
        Notification.objects.filter(pk__in=asked).update(seen_at=timezone.now(), mail_due_at=None)


def mark_all_seen(person: Person, *, upto: int) -> int:
    """All that `person` was told up to the notification numbered `upto` counts as seen: what came since the page was
    made does not. Says how many were not. One query."""
    unseen = Notification.objects.filter(person=person, seen_at=None, pk__lte=upto)
    return unseen.update(seen_at=timezone.now(), mail_due_at=None)


SAW = """
    UPDATE notifications_notification SET seen_at = clock_timestamp(), mail_due_at = NULL
    WHERE member_id = %s AND about = ANY (%s) AND seen_at IS NULL
"""


def saw(member_id: int, abouts: Sequence[str]) -> None:
    """A member saw these things where they are. One query, none without any."""
    if abouts:
        with connection.cursor() as cursor:
            cursor.execute(SAW, [member_id, list(abouts)])


def open_one(person: Person, notification_id: int, *, note: bool = True) -> str | None:
    """Where one of `person`'s notifications leads; None if it is not theirs. With `note` it counts as seen then, and
    those with it that its line told of. Two queries."""
    row = Notification.objects.filter(person=person, pk=notification_id).first()
    if row is None:
        return None
    if not note:
        return row.path
    same = Notification.objects.filter(pk=row.pk)
    kind = KINDS.get(row.kind)
    if kind is not None and kind.group_by and kind.group_by in row.data:
        same = Notification.objects.filter(
            member=row.member_id,
            person=person,
            kind=row.kind,
            seen_at=None,
            pk__lte=row.pk,
            data__contains={kind.group_by: row.data[kind.group_by]},
        )
    same.filter(seen_at=None).update(seen_at=timezone.now(), mail_due_at=None)
    return row.path

"""Telling members of something."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils.http import url_has_allowed_host_and_scheme

from jam.domain.phases import database_now
from notifications.domain import events, pushing
from notifications.domain.kinds import KINDS, Kind
from notifications.domain.moments import due_at
from notifications.models import ABOUT_MAX, PATH_MAX

AT_ONCE = 500
"""How many people one transaction tells."""

COLUMNS = ("members", "people", "on_page", "due", "push")
RECIPIENTS = """
    SELECT member.id, member.person_id, coalesce(nullif(person.time_zone, ''), jam.time_zone),
        preference.on_page, preference.mail, preference.push, EXISTS (
            SELECT FROM notifications_pushsubscription AS device WHERE device.person_id = member.person_id
        )
    FROM jam_member AS member
    JOIN jam_jam AS jam ON jam.id = member.jam_id
    JOIN accounts_person AS person ON person.id = member.person_id
    LEFT JOIN notifications_preference AS preference
        ON preference.person_id = member.person_id AND preference.kind = %(kind)s
    WHERE member.jam_id = %(jam)s AND member.id = ANY (%(members)s::bigint[]) AND person.is_active
        AND member.left_at IS NULL AND member.id IS DISTINCT FROM %(by)s
        AND (%(to_suspended)s OR member.suspended_at IS NULL OR member.suspended_until <= clock_timestamp())
    ORDER BY member.id
"""
# In the order of members, so that two who tell the same do not wait for each other crosswise.
TELL = """
    INSERT INTO notifications_notification
        (member_id, person_id, kind, about, path, data, by_id, created_at, on_page, mail_due_at)
    SELECT told.member, told.person, %(kind)s, %(about)s, %(path)s, %(data)s::jsonb, %(by)s, %(now)s,
        told.on_page, told.due
    FROM unnest(%(members)s::bigint[], %(people)s::bigint[], %(on_page)s::boolean[], %(due)s::timestamptz[])
        AS told (member, person, on_page, due)
    ON CONFLICT (member_id, about) DO NOTHING
    RETURNING id, person_id, on_page
"""


def notify(
    *,
    kind: str,
    jam_id: int,
    to: Iterable[int],
    about: str,
    path: str,
    data: Mapping[str, str | int],
    by: int | None = None,
) -> int:
    """Tells the members `to` of a jam (`Member` ids) of something, and says how many were not told before.

    A member is told once ever of the same `about` ("post:7", "outcome:7:planned"), whatever the kind: calling it again
    is harmless, also at the same time and after a worker that died half way. So of several kinds that a member could
    be told by, call it for the most personal first. `path` is an address within the site. `by` is the member who did
    it, who is never told. `data` is what the kind's sentence is made of: keep words out that can be hidden later.

    A member who wants to hear of the kind neither on the page nor by mail nor on a device counts as told. Members of
    other jams and people who are suspended are left out; whether somebody may read the jam is asked when it is shown,
    mailed or sent to a device.

    Works in transactions of its own, `AT_ONCE` members each, with three statements (a fourth if somebody of them has a
    device) and, last, one event for the open tabs. Call it outside of a transaction if there may be more. Raises
    ValueError for an undeclared kind and for what does not fit into the table.
    """
    known = KINDS.get(kind)
    if known is None:
        raise ValueError(f"{kind!r} was not declared as a kind of notification.")
    if not 0 < len(about) <= ABOUT_MAX or len(path) > PATH_MAX:
        raise ValueError(f"Too long, or nothing: {about!r}, {path!r}.")
    if not path.startswith("/") or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        raise ValueError(f"{path!r} is no address within the site.")
    same: dict[str, Any] = {"kind": kind, "about": about, "path": path, "data": json.dumps(data), "by": by}
    return sum(_tell(known, jam_id, members, same) for members in _batches(to))


def _batches(members: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(members)
    while batch := list(islice(rest, AT_ONCE)):
        yield batch


def _tell(kind: Kind, jam_id: int, members: list[int], same: dict[str, Any]) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        now = database_now()
        asked = {"kind": kind.name, "jam": jam_id, "members": members, "by": same["by"]}
        cursor.execute(RECIPIENTS, asked | {"to_suspended": kind.to_suspended})
        people = [_recipient(kind, now, *row) for row in cursor.fetchall()]
        if not people:
            return 0
        columns = dict(zip(COLUMNS, map(list, zip(*people, strict=True)), strict=True))
        with_device = {person for person, push in zip(columns["people"], columns.pop("push"), strict=True) if push}
        cursor.execute(TELL, {**same, **columns, "now": now})
        told = cursor.fetchall()
        pushing.schedule([(number, person) for number, person, _ in told if person in with_device], now)
        if hearing := sorted(person for _, person, on_page in told if on_page):
            events.notified(jam_id, hearing)
    return len(told)


def _recipient(
    kind: Kind,
    now: datetime,
    member: int,
    person: int,
    zone: str,
    on_page: bool | None,
    mail: str | None,
    push: bool | None,
    has_device: bool,
) -> tuple[int, int, bool, datetime | None, bool]:
    """One of `COLUMNS` each."""
    wants_page = kind.page is not None and (kind.page if on_page is None else on_page)
    wants_mail = kind.mail if mail is None or mail not in kind.mails else mail
    wants_push = has_device and kind.push is not None and (kind.push if push is None else push)
    return member, person, wants_page, due_at(wants_mail, now=now, zone=zone), wants_push

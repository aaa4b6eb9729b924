"""Writing to the event log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.transaction import TransactionManagementError

from live import bus
from live.domain.entry import Entry, to_json
from live.domain.kinds import EventData

ROOM_MAX = 40

APPEND = """
WITH stream AS (
    INSERT INTO live_stream (jam_key, last_seq) VALUES (%(jam_key)s, 1)
    ON CONFLICT (jam_key) DO UPDATE SET last_seq = live_stream.last_seq + 1
    RETURNING last_seq
)
INSERT INTO live_event (jam_key, seq, kind, at, rooms, data, html, html_room)
SELECT %(jam_key)s, last_seq, %(kind)s, clock_timestamp(),
       %(rooms)s::varchar[], %(data)s::jsonb, %(html)s, %(html_room)s
FROM stream
RETURNING seq, at
"""

AMEND = """
UPDATE live_event SET data = data || %(data)s::jsonb, html = %(html)s
WHERE jam_key = %(jam_key)s AND kind = ANY(%(kinds)s) AND data @> %(about)s::jsonb
  AND seq > coalesce(
      (SELECT seq FROM live_event WHERE jam_key = %(jam_key)s AND at < %(since)s ORDER BY seq DESC LIMIT 1), 0
  )
"""


def append(
    *,
    jam_key: int,
    event: EventData,
    rooms: Sequence[str],
    html: str = "",
    html_room: str = "",
) -> int:
    """Logs one event and returns its seq: one more than the jam's last, with no gap. The tabs hear of it after commit.

    Call it last in the transaction of a verb. From here to the end of the transaction the jam's row of `live_stream` is
    locked, so appends to one jam wait for each other: that makes the order of the numbers the order of the commits, and
    gives a number back if the transaction fails. A transaction that appends to two jams may deadlock with another.

    `rooms` are all the rooms that hear of it; the jam's pulse is not added. `html`, for kinds that were declared with
    it, goes only to tabs in `html_room`, which must be one of `rooms`. No text may hold a NUL.

    Raises TransactionManagementError outside of a transaction, ValueError if what it is given contradicts the above.
    Never fails and never waits because Redis is away.
    """
    _check(event=event, rooms=rooms, html=html, html_room=html_room)
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise TransactionManagementError("An event is logged within the transaction that it tells of.")
    kind, data = event.kind, event.model_dump(mode="json")
    with connection.cursor() as cursor:
        cursor.execute(
            APPEND,
            {
                "jam_key": jam_key,
                "kind": kind,
                "rooms": list(rooms),
                "data": to_json(data),
                "html": html,
                "html_room": html_room,
            },
        )
        seq, at = cursor.fetchone()
    entry = Entry.write(seq=seq, kind=kind, at=at, rooms=rooms, data=data, html=html, html_room=html_room)
    transaction.on_commit(partial(bus.publish_event, jam_key=jam_key, entry=entry), robust=True)
    return entry.seq


def amend(
    *,
    jam_key: int,
    kinds: Iterable[type[EventData]],
    about: Mapping[str, int],
    data: Mapping[str, str],
    html: str,
    since: datetime | None = None,
) -> None:
    """Changes what is told from now on of events that were logged before: for words that nobody is to read any more.

    `about` says which, of these kinds: those that hold these fields. They get `data` over what they hold, and `html` as
    their fragment. Who heard of them already is told by another event. Looks through the jam's events from `since` on
    (a fifth of a second was seen for 100,000), so it is for what is rare or not long ago, and comes before `append`.
    """
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(
            AMEND,
            {
                "jam_key": jam_key,
                "kinds": [kind.kind for kind in kinds],
                "about": to_json(about),
                "data": to_json(data),
                "html": html,
                "since": since,
            },
        )
    bus.publish_amended(jam_key=jam_key)


def _check(*, event: EventData, rooms: Sequence[str], html: str, html_room: str) -> None:
    if not event.kind:
        raise ValueError(f"{type(event).__qualname__} was not declared as a kind of event.")
    if not rooms or any(not 0 < len(room) <= ROOM_MAX for room in rooms):
        raise ValueError(f"An event needs rooms with names of 1 to {ROOM_MAX} characters, not {rooms!r}.")
    if html and not event.has_html:
        raise ValueError(f"{event.kind!r} was declared without a fragment.")
    if html and html_room not in rooms:
        raise ValueError(f"The fragment goes to {html_room!r}, which is not among {rooms!r}.")

"""What the live floor asks: who somebody is, which rooms they may hear, and the newest counts. See `live.gate.Gate`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.http import Http404

from accounts.domain import second_factor, tokens
from accounts.models import Person
from accounts.rows import Fetch
from jam.access import Entry, Suspended, enter
from jam.domain.rooms import STAFF, person_room
from jam.models import Role
from live.codes import Close
from live.gate import PULSE, Admission, Counts, Refusal, User
from threads.domain.queries import counts_in_rooms

# Asked for every tab that comes in.
ROOMS_THERE = Fetch("""
    SELECT (SELECT count(*) FROM jam_forum WHERE jam_id = %(jam)s AND id = ANY(%(forums)s::bigint[])),
           (SELECT count(*) FROM threads_thread WHERE jam_id = %(jam)s AND id = ANY(%(threads)s::bigint[]))
""")


class JamGate:
    def bearer(self, token: str) -> Person | None:
        return tokens.holder_of(token)

    def admit(self, user: User, slug: str, rooms: Sequence[str]) -> Admission | Refusal:
        """Lets in whoever may read the jam and, to its pulse, whoever waits for it to open.

        The pulse carries the first words of posts, so it is not for everybody who may know of the jam.
        """
        if not isinstance(user, Person):
            return Refusal(Close.SIGNED_OUT)
        if not user.is_active:
            return Refusal(Close.FORBIDDEN)
        if (session := getattr(user, "of_session", None)) is not None:
            user.second_factor = second_factor.is_shown(session, user.pk)
        try:
            if second_factor.is_missing(user):
                return Refusal(Close.FORBIDDEN)
            entry = enter(user, slug)
        except (Suspended, second_factor.Needed):
            return Refusal(Close.FORBIDDEN)
        except Http404:
            return Refusal(Close.NOT_FOUND)
        own = {PULSE, person_room(user.pk)} | ({STAFF} if entry.can_facilitate else set())
        asked = [room for room in rooms if room not in own]
        waits = entry.can_hear and not asked
        if not (entry.can_read or waits) or not _all_there(entry, asked):
            return Refusal(Close.NOT_FOUND)
        return Admission(
            jam_key=entry.jam.pk,
            person=user.pk,
            rooms=frozenset([*own, *asked]),
            here=_narrowest(asked),
            until=None if _stays(entry) else entry.jam.reading_until,
        )

    def counts(self, jam_key: int, rooms: Collection[str]) -> Counts:
        return counts_in_rooms(jam_key, forums=_ids(rooms, "forum"), threads=_ids(rooms, "thread"))


def _stays(entry: Entry) -> bool:
    """Whether somebody who may read now may read for good. For the others, it ends with the time for reading."""
    return entry.can_facilitate or (entry.member is not None and entry.member.role == Role.OBSERVER)


def _ids(rooms: Collection[str], kind: str) -> list[int]:
    return [int(number) for name, _, number in (room.partition(":") for room in rooms) if name == kind]


def _all_there(entry: Entry, rooms: Sequence[str]) -> bool:
    """Whether each of these rooms is a forum or a thread of the jam. One query, none without rooms."""
    forums, threads = _ids(rooms, "forum"), _ids(rooms, "thread")
    if len(forums) + len(threads) != len(rooms):
        return False
    if not rooms:
        return True
    found = ROOMS_THERE.first(jam=entry.jam.pk, forums=forums, threads=threads)
    return found == [len(forums), len(threads)]


def _narrowest(rooms: Sequence[str]) -> str:
    for kind in ("thread:", "forum:"):
        for room in rooms:
            if room.startswith(kind):
                return room
    return PULSE


gate = JamGate()

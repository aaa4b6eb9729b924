"""Reading the event log."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from live.domain.entry import Entry
from live.models import Event, Stream

CATCH_UP_EVENTS = 500
CATCH_UP_CHARACTERS = 2_000_000
LOOK_BACK = 20_000
"""How many events of the whole jam are looked through for those of some rooms."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened after some seq and up to `seq`; `entries` is None if that is too much, or cannot be known."""

    seq: int
    entries: tuple[Entry, ...] | None


def seq_of(jam_key: int) -> int:
    """The seq of the jam's newest event, 0 before the first. Ask before reading what a page shows, never after."""
    return Stream.objects.filter(pk=jam_key).values_list("last_seq", flat=True).first() or 0


def seqs_of(jam_keys: Collection[int]) -> dict[int, int]:
    """As `seq_of`, in one query; a jam without events is left out."""
    return dict(Stream.objects.filter(pk__in=jam_keys).values_list("jam_key", "last_seq"))


def events_after(jam_key: int, seq: int, limit: int) -> list[Entry]:
    """The next events of all rooms, in order."""
    return _entries(Event.objects.filter(jam_key=jam_key, seq__gt=seq).order_by("seq")[:limit])


def changes(*, jam_key: int, rooms: Collection[str], since: int, until: int | None = None) -> Changes:
    """What happened in `rooms` after `since` and up to `until` (which must be committed; None: up to now).

    Too much is more than CATCH_UP_EVENTS or CATCH_UP_CHARACTERS, or further back than LOOK_BACK or than what is kept.
    What cannot be known is a `since` that has not happened yet.
    """
    last = seq_of(jam_key) if until is None else until
    if since == last:
        return Changes(seq=last, entries=())
    if since > last or last - since > LOOK_BACK:
        return Changes(seq=last, entries=None)
    found = Event.objects.filter(jam_key=jam_key, seq__gt=since, seq__lte=last, rooms__overlap=list(rooms))
    entries = tuple(_entries(found.order_by("seq")[: CATCH_UP_EVENTS + 1]))
    # Asked afterwards: the log is trimmed from its front, so if the first of them is there now, all were there before.
    kept = Event.objects.filter(jam_key=jam_key, seq=since + 1).exists()
    return Changes(seq=last, entries=entries if kept and bearable(entries) else None)


def next_changes(*, jam_key: int, rooms: Collection[str], since: int) -> Changes:
    """What happened in `rooms` among the jam's next CATCH_UP_EVENTS events after `since`, for a client that reads on.

    Its `seq` is the last event that was looked at, so asking from there goes on. What is not kept any more, and a
    `since` that has not happened yet, cannot be known.
    """
    last = seq_of(jam_key)
    entries = events_after(jam_key, since, CATCH_UP_EVENTS)
    if since > last or (since < last and (not entries or entries[0].seq != since + 1)):
        return Changes(seq=last, entries=None)
    heard = tuple(entry for entry in entries if not entry.rooms.isdisjoint(rooms))
    return Changes(seq=entries[-1].seq if entries else since, entries=heard)


def bearable(entries: Collection[Entry]) -> bool:
    """Whether this is little enough for one frame."""
    return len(entries) <= CATCH_UP_EVENTS and sum(len(entry.whole) for entry in entries) <= CATCH_UP_CHARACTERS


def _entries(events: Iterable[Event]) -> list[Entry]:
    return [
        Entry.write(
            seq=event.seq,
            kind=event.kind,
            at=event.at,
            rooms=event.rooms,
            data=event.data,
            html=event.html,
            html_room=event.html_room,
        )
        for event in events
    ]

"""The text of a frame, put together from parts that are JSON already."""

from __future__ import annotations

from collections.abc import Iterable

from live.domain.entry import Entry, to_json
from live.domain.queries import Changes
from live.gate import Counts


def rest_of_frame(
    *, seq: int, events: Iterable[str] = (), counts: Counts | None = None, here: int | None = None
) -> str:
    """All of a frame but its first field, which may differ from tab to tab. Only what is empty is left out."""
    parts = [f'"seq":{seq},"events":[{",".join(events)}]']
    if counts:
        parts.append(f'"counts":{to_json(counts)}')
    if here is not None:
        parts.append(f'"here":{here}')
    return ",".join(parts) + "}"


def frame(*, after: int, rest: str) -> str:
    return f'{{"after":{after},{rest}'


def reset(*, seq: int) -> str:
    return f'{{"reset":true,"seq":{seq}}}'


def first_frame(
    *, changes: Changes, since: int | None, rooms: frozenset[str], counts: Counts | None, here: int | None
) -> str:
    """What somebody who comes with `since` is told; without, where they stand."""
    if changes.entries is None:
        return reset(seq=changes.seq)
    after = changes.seq if since is None else since
    events = texts(changes.entries, rooms)
    return frame(after=after, rest=rest_of_frame(seq=changes.seq, events=events, counts=counts, here=here))


def texts(entries: Iterable[Entry], rooms: frozenset[str]) -> list[str]:
    """Each event as a tab in `rooms` gets it. The caller has chosen the events."""
    return [entry.text_for(rooms) for entry in entries]

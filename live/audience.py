"""The tabs of one jam in this process, and what they are to be told next.

Nothing here waits, reads or writes: it is told the time and what came in, and says what to send to whom. The hub does
the rest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from live import frames
from live.domain.entry import Entry

TICK = 0.25
"""Seconds between two frames to the same tab, at least."""
RECENT_EVENTS = 500
RECENT_CHARACTERS = 2_000_000
WAITING_MAX = 1_000
VERSIONS_MAX = 10_000


class Listener(Protocol):
    """A tab, as the audience sees it: `seq` is the last it was told."""

    seq: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """One text for many tabs."""

    text: str
    listeners: list[Listener]


@dataclass(eq=False, slots=True)
class Cohort:
    """Tabs that are in the same rooms, so that one text serves all of them that were told the same last."""

    rooms: frozenset[str]
    here_room: str
    listeners: set[Listener] = field(default_factory=set)
    events: list[Entry] = field(default_factory=list)
    counts: dict[str, Mapping[str, int]] = field(default_factory=dict)
    here: int | None = None
    told_here: int | None = None
    told_at: float = float("-inf")

    @property
    def due(self) -> float:
        return self.told_at + TICK

    def take(self, now: float, seq: int) -> Iterator[Delivery]:
        """What each tab is to be told, given that the events up to `seq` are in. Takes it that they will be."""
        here = None if self.here == self.told_here else self.here
        by_seq: dict[int, list[Listener]] = {}
        for listener in self.listeners:
            by_seq.setdefault(listener.seq, []).append(listener)
        encoded = [(entry.seq, entry.text_for(self.rooms)) for entry in self.events]
        common: dict[tuple[int, int], str] = {}
        for after, listeners in by_seq.items():
            # A tab that came with a seq this process has not heard of yet is ahead of the others.
            new = [text for number, text in encoded if number > after]
            if not new and not self.counts and here is None:
                continue
            to = max(after, seq)
            rest = common.get((to, len(new)))
            if rest is None:
                rest = frames.rest_of_frame(seq=to, events=new, counts=self.counts, here=here)
                common[to, len(new)] = rest
            for listener in listeners:
                listener.seq = to
            yield Delivery(frames.frame(after=after, rest=rest), listeners)
        self.events, self.counts, self.told_here, self.told_at = [], {}, self.here, now


class Audience:
    def __init__(self, jam_key: int) -> None:
        self.jam_key = jam_key
        self.seq: int | None = None
        """Up to here every event is in; None until `start`."""
        self.known = 0
        """The newest that is known to have happened."""
        self.seats = 0
        """How many sockets hold on to this audience, among them those that are on their way in."""
        self.cohorts: dict[tuple[frozenset[str], str], Cohort] = {}
        self._by_room: dict[str, set[Cohort]] = {}
        self._dirty: set[Cohort] = set()
        self._waiting: dict[int, Entry] = {}
        self._recent: deque[Entry] = deque()
        self._recent_size = 0
        self._versions: dict[str, int] = {}

    # --- what came in ---------------------------------------------------------------------------

    def start(self, seq: int) -> None:
        """Takes `seq`, just read from the log, as the present. What came before is of no concern. Counts once."""
        if self.seq is not None:
            return
        self.seq = seq
        self.known = max(self.known, seq)
        self._waiting = {number: entry for number, entry in self._waiting.items() if number > seq}
        self._release()

    def hear(self, entry: Entry) -> None:
        """An event, in whatever order and however often it comes."""
        self.hear_of(entry.seq)
        if self.seq is not None and entry.seq <= self.seq:
            return
        if len(self._waiting) < WAITING_MAX or entry.seq - 1 == self.seq:
            self._waiting[entry.seq] = entry
        self._release()

    def hear_of(self, seq: int) -> None:
        """That there is such an event."""
        self.known = max(self.known, seq)

    @property
    def behind(self) -> bool:
        """Whether an event is missing: it is still to come, or must be read from the log."""
        return self.seq is not None and self.seq < self.known

    def hear_counts(self, rooms: Iterable[str], counts: Mapping[str, Mapping[str, int]], version: int) -> None:
        """The votes on some posts. Those older than what was heard of the same post are passed over."""
        newest = {post: count for post, count in counts.items() if self._is_newer(post, version)}
        if not newest:
            return
        for cohort in self._in(rooms):
            cohort.counts.update(newest)
            self._touch(cohort)

    def tell_counts(self, cohort: Cohort, counts: Mapping[str, Mapping[str, int]]) -> None:
        """The votes on all that a cohort shows, just read from the database."""
        cohort.counts.update(counts)
        self._touch(cohort)

    def hear_here(self, cohort: Cohort, here: int, *, alone: bool) -> None:
        """How many are in the cohort's room now; unless `alone`, it waits for something else to be told with."""
        cohort.here = here
        if alone and here != cohort.told_here:
            self._touch(cohort)

    def start_over(self, seq: int) -> Delivery:
        """The way on from `seq` when the log no longer holds what came before it: all tabs load their page anew."""
        self.seq = seq
        self._recent.clear()
        self._recent_size = 0
        listeners = [listener for cohort in self.cohorts.values() for listener in cohort.listeners]
        for listener in listeners:
            listener.seq = seq
        for cohort in self.cohorts.values():
            cohort.events = []
        self._waiting = {number: entry for number, entry in self._waiting.items() if number > seq}
        self._release()
        return Delivery(frames.reset(seq=seq), listeners)

    # --- who listens ----------------------------------------------------------------------------

    def enter(self, listener: Listener, *, rooms: frozenset[str], here_room: str) -> Cohort:
        """From now on the listener is told what comes after its `seq`."""
        cohort = self.cohorts.get((rooms, here_room))
        if cohort is None:
            cohort = self.cohorts[rooms, here_room] = Cohort(rooms, here_room)
            for room in rooms:
                self._by_room.setdefault(room, set()).add(cohort)
        cohort.listeners.add(listener)
        return cohort

    def leave(self, listener: Listener, cohort: Cohort) -> None:
        cohort.listeners.discard(listener)
        if cohort.listeners:
            return
        if self.cohorts.get((cohort.rooms, cohort.here_room)) is cohort:
            del self.cohorts[cohort.rooms, cohort.here_room]
        self._dirty.discard(cohort)
        for room in cohort.rooms:
            in_room = self._by_room.get(room, set())
            in_room.discard(cohort)
            if not in_room:
                self._by_room.pop(room, None)

    def head_counts(self) -> dict[str, int]:
        """How many listen in each room, here in this process."""
        return {room: sum(len(cohort.listeners) for cohort in cohorts) for room, cohorts in self._by_room.items()}

    def head_count(self, room: str) -> int:
        return sum(len(cohort.listeners) for cohort in self._by_room.get(room, ()))

    def recall(self, *, since: int, until: int, rooms: frozenset[str]) -> list[Entry] | None:
        """What happened in `rooms` after `since` up to `until`, from memory; None if that does not go back so far."""
        if since >= until:
            return []
        if not self._recent or self._recent[0].seq > since + 1:
            return None
        return [entry for entry in self._recent if since < entry.seq <= until and not rooms.isdisjoint(entry.rooms)]

    # --- what goes out --------------------------------------------------------------------------

    @property
    def has_news(self) -> bool:
        """Whether there is something to send, now or later."""
        return self.seq is not None and bool(self._dirty)

    @property
    def due(self) -> float | None:
        """When there will be something to send; None if there is nothing."""
        if self.seq is None:
            return None
        return min((cohort.due for cohort in self._dirty), default=None)

    def take(self, now: float) -> list[Delivery]:
        """All that may be sent now, to be sent in this order. A cohort that was told something just now waits."""
        if self.seq is None:
            return []
        ready = [cohort for cohort in self._dirty if cohort.due <= now]
        self._dirty.difference_update(ready)
        return [delivery for cohort in ready for delivery in cohort.take(now, self.seq)]

    # --- within ---------------------------------------------------------------------------------

    def _release(self) -> None:
        """Passes on what is next in order, as far as there is no gap."""
        while self.seq is not None and (entry := self._waiting.pop(self.seq + 1, None)) is not None:
            self.seq = entry.seq
            self._remember(entry)
            for cohort in self._in(entry.rooms):
                cohort.events.append(entry)
                self._touch(cohort)

    def _remember(self, entry: Entry) -> None:
        self._recent.append(entry)
        self._recent_size += len(entry.whole)
        while len(self._recent) > RECENT_EVENTS or self._recent_size > RECENT_CHARACTERS:
            self._recent_size -= len(self._recent.popleft().whole)

    def _in(self, rooms: Iterable[str]) -> set[Cohort]:
        nobody: set[Cohort] = set()
        return nobody.union(*(self._by_room.get(room, nobody) for room in rooms))

    def _touch(self, cohort: Cohort) -> None:
        self._dirty.add(cohort)

    def _is_newer(self, post: str, version: int) -> bool:
        if self._versions.get(post, -1) >= version:
            return False
        self._versions.pop(post, None)
        self._versions[post] = version
        if len(self._versions) > VERSIONS_MAX:
            del self._versions[next(iter(self._versions))]
        return True

"""The tabs of one jam in this process, put together by what they hear: one text serves a whole cohort.

Nothing here waits, reads or writes, and nothing here puts events in order: that is the audience's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias

from live import frames
from live.domain.entry import Entry
from live.gate import is_personal

TICK = 0.25
"""Seconds between two frames to the same tab, at least."""


class Listener(Protocol):
    """A tab, as its audience sees it.

    `seq` is the last it was told, `person` whose it is; `rooms` and `here_room` are set by `enter` and `move` alone.
    """

    seq: int
    person: int
    rooms: frozenset[str]
    here_room: str


Key: TypeAlias = tuple[frozenset[str], str, Listener | None]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One text for many tabs."""

    text: str
    listeners: list[Listener]


@dataclass(eq=False, slots=True)
class Cohort:
    """Tabs that are in the same rooms, so that one text serves all of them that were told the same last.

    A cohort of one tab `alone` lasts for as long as there is something that only this tab is to be told. While it is
    `held`, it is told nothing, and what it would have been told is kept.
    """

    rooms: frozenset[str]
    here_room: str
    alone: Listener | None = None
    held: bool = False
    listeners: set[Listener] = field(default_factory=set)
    events: list[Entry] = field(default_factory=list)
    counts: dict[str, Mapping[str, int]] = field(default_factory=dict)
    here: int | None = None
    told_here: int | None = None
    told_at: float = float("-inf")

    @property
    def key(self) -> Key:
        return self.rooms, self.here_room, self.alone

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
        if self.events or self.counts:
            # A head count makes nobody wait: what happens next is told at once.
            self.told_at = now
        self.events, self.counts, self.told_here = [], {}, self.here


class Cohorts:
    """Who is in which cohort, and which of these have something to be told."""

    def __init__(self) -> None:
        self.with_news: set[Cohort] = set()
        self._all: dict[Key, Cohort] = {}
        self._in_room: dict[str, set[Cohort]] = {}
        self._cohort_of: dict[Listener, Cohort] = {}
        self._personal: dict[str, set[Listener]] = {}
        self._people: dict[str, Counter[int]] = {}

    def __iter__(self) -> Iterator[Cohort]:
        return iter(tuple(self._all.values()))

    def enter(self, listener: Listener, *, rooms: frozenset[str], here_room: str) -> Cohort:
        """From now on the listener is told what comes after its `seq`."""
        listener.rooms, listener.here_room = rooms, here_room
        for room in rooms:
            if is_personal(room):
                self._personal.setdefault(room, set()).add(listener)
            else:
                self._people.setdefault(room, Counter())[listener.person] += 1
        return self._join(listener, Cohort(_shared(rooms), here_room))

    def leave(self, listener: Listener) -> None:
        self._part(listener)
        for room in listener.rooms:
            if is_personal(room):
                self._personal[room].discard(listener)
                if not self._personal[room]:
                    del self._personal[room]
                continue
            people = self._people[room]
            people[listener.person] -= 1
            if not people[listener.person]:
                del people[listener.person]
            if not people:
                del self._people[room]

    def hold(self, listener: Listener) -> None:
        """Tells the listener nothing until `move`; what it would have been told is kept."""
        cohort = self._set_apart(listener)
        cohort.held = True
        self.with_news.discard(cohort)

    def move(self, listener: Listener, *, rooms: frozenset[str], here_room: str) -> None:
        """From now on the listener hears `rooms`. Of what it was still to be told, it is told what went to these.

        Nothing is told twice, and nothing is left out that goes to rooms it is in before and after.
        """
        before = self._set_apart(listener)
        self.leave(listener)
        self.enter(listener, rooms=rooms, here_room=here_room)
        after = self._set_apart(listener)
        after.events = [entry for entry in before.events if not rooms.isdisjoint(entry.rooms)]
        after.counts, after.told_at = before.counts, before.told_at
        if before.here_room == here_room:
            after.here, after.told_here = before.here, before.told_here
        self.touch(after)

    def hearing(self, rooms: Iterable[str]) -> set[Cohort]:
        """All cohorts in one of these rooms. Tabs whose person's own room is among them are in a cohort alone."""
        for room in rooms:
            for listener in self._personal.get(room, ()):
                self._set_apart(listener)
        nobody: set[Cohort] = set()
        return nobody.union(*(self._in_room.get(room, nobody) for room in rooms))

    def touch(self, cohort: Cohort) -> None:
        """Takes it that the cohort has something to be told."""
        if not cohort.held:
            self.with_news.add(cohort)

    def take(self, now: float, seq: int) -> list[Delivery]:
        """All that may be sent now, to be sent in this order. A cohort that was told something just now waits."""
        ready = [cohort for cohort in self.with_news if cohort.due <= now]
        self.with_news.difference_update(ready)
        deliveries = [delivery for cohort in ready for delivery in cohort.take(now, seq)]
        for cohort in ready:
            if cohort.alone is not None:
                self._rejoin(cohort.alone)
        return deliveries

    def head_counts(self) -> dict[str, int]:
        """How many people listen in each room, here in this process. Nobody is counted in a room of their own."""
        return {room: len(people) for room, people in self._people.items()}

    def head_count(self, room: str) -> int:
        return len(self._people.get(room, ()))

    # --- within ---------------------------------------------------------------------------------

    def _set_apart(self, listener: Listener) -> Cohort:
        """The cohort of this listener alone, which is still to be told what it was to be told among the others.

        Rooms of a person make a cohort only while something goes to them: else each person would have their own.
        """
        before = self._cohort_of[listener]
        if before.alone is not None:
            return before
        alone = replace(
            before,
            rooms=listener.rooms,
            alone=listener,
            listeners=set(),
            events=list(before.events),
            counts=dict(before.counts),
        )
        had_news = before in self.with_news
        self._part(listener)
        self._join(listener, alone)
        if had_news:
            self.touch(alone)
        return alone

    def _rejoin(self, listener: Listener) -> None:
        """Back among the others: what those were told, and are to be told, this one knows by its `seq`."""
        alone = self._part(listener)
        shared = replace(alone, rooms=_shared(alone.rooms), alone=None, listeners=set(), events=[], counts={})
        self._join(listener, shared)

    def _join(self, listener: Listener, cohort: Cohort) -> Cohort:
        """Puts the listener into the cohort that is there like `cohort`, or into `cohort` itself."""
        joined = self._all.setdefault(cohort.key, cohort)
        if joined is cohort:
            for room in cohort.rooms:
                self._in_room.setdefault(room, set()).add(cohort)
        joined.listeners.add(listener)
        self._cohort_of[listener] = joined
        return joined

    def _part(self, listener: Listener) -> Cohort:
        cohort = self._cohort_of.pop(listener)
        cohort.listeners.discard(listener)
        if cohort.listeners:
            return cohort
        del self._all[cohort.key]
        self.with_news.discard(cohort)
        for room in cohort.rooms:
            self._in_room[room].discard(cohort)
            if not self._in_room[room]:
                del self._in_room[room]
        return cohort


def _shared(rooms: frozenset[str]) -> frozenset[str]:
    return frozenset(room for room in rooms if not is_personal(room))

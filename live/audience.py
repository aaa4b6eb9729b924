"""The tabs of one jam in this process, and what they are to be told next.

Nothing here waits, reads or writes: it is told the time and what came in, and says what to send to whom. The hub does
the rest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from live import frames
from live.cohorts import Cohort, Cohorts, Delivery
from live.domain.entry import Entry

RECENT_EVENTS = 500
RECENT_CHARACTERS = 2_000_000
WAITING_MAX = 1_000
VERSIONS_MAX = 10_000


class Audience:
    def __init__(self, jam_key: int) -> None:
        self.jam_key = jam_key
        self.seq: int | None = None
        """Up to here every event is in; None until `start`."""
        self.known = 0
        """The newest that is known to have happened."""
        self.seats = 0
        """How many sockets hold on to this audience, among them those that are on their way in."""
        self.cohorts = Cohorts()
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

    def hear_counts(
        self, rooms: Iterable[str], counts: Mapping[str, Mapping[str, int]], versions: Mapping[str, int]
    ) -> None:
        """The votes on some posts. Those older than what was heard of the same post are passed over."""
        newest = {post: count for post, count in counts.items() if self._is_newer(post, versions[post])}
        if not newest:
            return
        for cohort in self.cohorts.hearing(rooms):
            cohort.counts.update(newest)
            self.cohorts.touch(cohort)

    def tell_counts(self, cohort: Cohort, counts: Mapping[str, Mapping[str, int]]) -> None:
        """The votes on all that a cohort shows, just read from the database."""
        cohort.counts.update(counts)
        self.cohorts.touch(cohort)

    def hear_here(self, cohort: Cohort, here: int, *, alone: bool) -> None:
        """How many are in the cohort's room now; unless `alone`, it waits for something else to be told with."""
        cohort.here = here
        if alone and here != cohort.told_here:
            self.cohorts.touch(cohort)

    def start_over(self, seq: int) -> Delivery:
        """The way on from `seq` when the log no longer holds what came before it: all tabs load their page anew."""
        self.seq = seq
        self.forget()
        listeners = [listener for cohort in self.cohorts for listener in cohort.listeners]
        for listener in listeners:
            listener.seq = seq
        for cohort in self.cohorts:
            cohort.events = []
        self._waiting = {number: entry for number, entry in self._waiting.items() if number > seq}
        self._release()
        return Delivery(frames.reset(seq=seq), listeners)

    def forget(self) -> None:
        """The events of late are not as they were told: who comes back has them read from the log."""
        self._recent.clear()
        self._recent_size = 0

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
        return self.seq is not None and bool(self.cohorts.with_news)

    @property
    def due(self) -> float | None:
        """When there will be something to send; None if there is nothing."""
        if self.seq is None:
            return None
        return min((cohort.due for cohort in self.cohorts.with_news), default=None)

    def take(self, now: float) -> list[Delivery]:
        """All that may be sent now, to be sent in this order. A cohort that was told something just now waits."""
        if self.seq is None:
            return []
        return self.cohorts.take(now, self.seq)

    # --- within ---------------------------------------------------------------------------------

    def _release(self) -> None:
        """Passes on what is next in order, as far as there is no gap."""
        while self.seq is not None and (entry := self._waiting.pop(self.seq + 1, None)) is not None:
            self.seq = entry.seq
            self._remember(entry)
            for cohort in self.cohorts.hearing(entry.rooms):
                cohort.events.append(entry)
                self.cohorts.touch(cohort)

    def _remember(self, entry: Entry) -> None:
        self._recent.append(entry)
        self._recent_size += len(entry.whole)
        while len(self._recent) > RECENT_EVENTS or self._recent_size > RECENT_CHARACTERS:
            self._recent_size -= len(self._recent.popleft().whole)

    def _is_newer(self, post: str, version: int) -> bool:
        if self._versions.get(post, -1) >= version:
            return False
        self._versions.pop(post, None)
        self._versions[post] = version
        if len(self._versions) > VERSIONS_MAX:
            del self._versions[next(iter(self._versions))]
        return True

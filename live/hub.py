"""The part of a process that writes to its open tabs. One an event loop.

It has one channel on the layer. What it hears there goes to the audience of the jam it concerns; what the audiences
then have to say, one writer hands to the sockets, without a task or a channel for each. Every few seconds it asks the
database how far each jam is, tells the other hubs how many people it has, and so also finds out whether it still hears.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import math
import uuid
from collections.abc import Iterator
from typing import Any, cast
from weakref import WeakKeyDictionary

from live import bus
from live.audience import Audience
from live.chores import Chores
from live.codes import Close
from live.cohorts import Cohort, Delivery
from live.database import for_hub
from live.domain import queries
from live.domain.entry import Entry
from live.ears import Ears
from live.gate import Admission, get_gate
from live.presence import Presence
from live.reviews import Reviews
from live.sockets import Frame, Socket
from live.tabs import Tab, Tabs

logger = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between two looks at the database, and between two head counts."""
PASS_EVERY = 0.02
"""Seconds between two passes over what is to be sent, at least: in a busy jam tabs are told at different times."""
GAP_PATIENCE = 0.1
"""Seconds to wait for an event that was overtaken by a later one, before it is read from the database."""
PAGE = 200
CROWD = 500
CROWD_EVERY = 5
"""In rooms of a CROWD and more, the head count on its own is told only every so many times."""
WRITES_AT_ONCE = 100
RETURNS_PER_SECOND = 200
"""How many tabs a process can let in a second, and some to spare."""
RETURNS_MIN = 3


class Hub:
    def __init__(self) -> None:
        self._name = uuid.uuid4().hex
        self._loop = asyncio.get_running_loop()
        self._numbers = itertools.count()
        self._audiences: dict[int, Audience] = {}
        self._presence = Presence()
        self._refreshes = 0
        self._beat = 0
        self._filling: set[int] = set()
        self._wake = asyncio.Event()
        self._alarm: asyncio.TimerHandle | None = None
        self._chores = Chores()
        self._ears = Ears(self._chores, take_in=self._take_in, lost_some=self._lost_some)
        self._tabs = Tabs()
        self.reviews = Reviews(self._tabs, self._chores, moved=self._wake.set)

    # --- for the sockets ------------------------------------------------------------------------

    def start(self) -> None:
        chores = self._chores
        chores.spawn(self._ears.run())
        chores.spawn(self._write())
        chores.spawn(self.reviews.run())
        for work in (self._tell_here, self._look, self.reviews.look_at_the_clock):
            chores.spawn(chores.every(lambda: EVERY, work))

    async def ready(self) -> None:
        """Waits until the hub hears what is published; not for long, as it also does without."""
        await self._ears.ready()

    async def stop(self) -> None:
        """Closes all tabs, for them to come back elsewhere, and tells the other hubs that nobody is here any more."""
        spread = max(RETURNS_MIN, math.ceil(len(self._tabs) / RETURNS_PER_SECOND))
        for tab in self._tabs:
            tab.close(Close.RESTART, str(spread))
        self._audiences.clear()
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self._tell_here(), 1)
        await self._chores.end()

    @contextlib.contextmanager
    def seat(self, jam_key: int) -> Iterator[Audience]:
        """The audience of a jam, kept for as long as somebody is in here. It may not have started."""
        audience = self._audiences.setdefault(jam_key, Audience(jam_key))
        audience.seats += 1
        try:
            yield audience
        finally:
            audience.seats -= 1
            if not audience.seats and self._audiences.get(jam_key) is audience:
                del self._audiences[jam_key]

    def enter(self, tab: Tab, admission: Admission, *, asked: int) -> int:
        """Lets a tab in for which the door was asked at the mark `asked`, and says how many are in its room now."""
        audience = tab.audience
        cohort = audience.cohorts.enter(tab, rooms=admission.rooms, here_room=admission.here)
        here = self._here(audience, cohort)
        cohort.here = here
        # The others were told another number, and the next time the audience has something to say, hear the new one.
        cohort.told_here = here if len(cohort.listeners) == 1 else None
        self._tabs.add(tab)
        self.reviews.enter(tab, admission, asked)
        return here

    def leave(self, tab: Tab) -> None:
        self.reviews.leave(tab)
        self._tabs.discard(tab)
        tab.audience.cohorts.leave(tab)

    # --- hearing --------------------------------------------------------------------------------

    def _take_in(self, sender: str, item: dict[str, Any]) -> None:
        if "here" in item:
            if sender != self._name:
                self._presence.hear(sender, item["here"], self._loop.time())
            return
        if (review := item.get("review")) is not None:
            self.reviews.hear(review["person"], review["jam"])
            return
        if "started" in item:
            self._read_counts_anew()
            return
        audience = self._audiences.get(item["jam"])
        if audience is None:
            return
        if "counts" in item:
            audience.hear_counts(item["rooms"], item["counts"], item["versions"])
        elif "event" in item:
            audience.hear(Entry.from_message(item["event"]))
        elif "amended" in item:
            audience.forget()
        else:
            audience.hear_of(item["seq"])
        self._attend(audience)

    def _lost_some(self) -> None:
        """What is not in the log is asked for anew: who may hear what, and the votes."""
        self.reviews.hear(None, None)
        self._read_counts_anew()

    def _read_counts_anew(self) -> None:
        # Twice: what was held up on its way may still arrive after the first time and be older than what was read.
        self._refreshes = 2

    def _attend(self, audience: Audience) -> None:
        if audience.has_news:
            self._wake.set()
        if audience.behind and audience.jam_key not in self._filling:
            self._filling.add(audience.jam_key)
            self._chores.spawn(self._fill(audience))

    async def _fill(self, audience: Audience) -> None:
        """Reads what is missing from the log, unless it comes by itself."""
        try:
            while audience.behind and self._audiences.get(audience.jam_key) is audience:
                before = audience.seq
                await asyncio.sleep(GAP_PATIENCE)
                if audience.seq == before and audience.behind:
                    await self._read(audience)
            self._chores.works("read")
        except Exception as error:
            self._chores.fails("read", error)
        finally:
            self._filling.discard(audience.jam_key)

    async def _read(self, audience: Audience) -> None:
        assert audience.seq is not None
        before, known = audience.seq, audience.known
        entries = await for_hub(queries.events_after)(audience.jam_key, before, PAGE)
        if audience.seq == before and (not entries or entries[0].seq > before + 1):
            await self._deliver([audience.start_over(entries[-1].seq if entries else known)])
        for entry in entries:
            audience.hear(entry)
        self._wake.set()

    # --- writing --------------------------------------------------------------------------------

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            started = self._loop.time()
            try:
                for audience in tuple(self._audiences.values()):
                    await self._deliver(audience.take(started))
            except Exception:
                logger.exception("A pass over the tabs broke off")
            self._set_alarm()
            if (rest := started + PASS_EVERY - self._loop.time()) > 0:
                await asyncio.sleep(rest)

    async def _deliver(self, deliveries: list[Delivery]) -> None:
        written = 0
        for delivery in deliveries:
            frame = Frame.of(delivery.text)
            for listener in delivery.listeners:
                cast(Socket, listener).write(frame)
                written += 1
                if written % WRITES_AT_ONCE == 0:
                    # The loop has other things to do: reading, letting tabs in.
                    await asyncio.sleep(0)

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        due = [audience.due for audience in self._audiences.values() if audience.due is not None]
        self._alarm = self._loop.call_at(min(due), self._wake.set) if due else None

    # --- every few seconds ----------------------------------------------------------------------

    async def _tell_here(self) -> None:
        """Tells the other hubs how many are here. It comes back to this one: if it does not, more may be lost."""
        now = self._loop.time()
        self._presence.expire(now)
        self._beat += 1
        for audience in self._audiences.values():
            for cohort in audience.cohorts:
                here = self._here(audience, cohort)
                audience.hear_here(cohort, here, alone=here < CROWD or self._beat % CROWD_EVERY == 0)
        self._wake.set()
        counts = {str(audience.jam_key): audience.cohorts.head_counts() for audience in self._audiences.values()}
        message = bus.envelope(sender=self._name, first=next(self._numbers), count=1, items=[{"here": counts}])
        await asyncio.wait_for(bus.send(message), EVERY)

    async def _look(self) -> None:
        """Finds in the database what the bus did not bring, and lets go of tabs that take nothing."""
        for tab in self._tabs:
            if tab.is_stuck():
                tab.close(Close.TOO_SLOW)
        for jam_key, seq in (await for_hub(queries.seqs_of)(tuple(self._audiences))).items():
            if (audience := self._audiences.get(jam_key)) is not None:
                audience.hear_of(seq)
                self._attend(audience)
        if self._refreshes:
            await self._refresh_counts()
            self._refreshes -= 1

    async def _refresh_counts(self) -> None:
        for audience in tuple(self._audiences.values()):
            for cohort in audience.cohorts:
                counts = await for_hub(get_gate().counts)(audience.jam_key, cohort.rooms)
                audience.tell_counts(cohort, counts)
        self._wake.set()

    # --- within ---------------------------------------------------------------------------------

    def _here(self, audience: Audience, cohort: Cohort) -> int:
        room = cohort.here_room
        return audience.cohorts.head_count(room) + self._presence.elsewhere(audience.jam_key, room)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


async def running_hub() -> Hub:
    """The hub of this event loop, started if this is the first to ask."""
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        hub = _hubs[loop] = Hub()
        hub.start()
    await hub.ready()
    return hub


async def stop_hub() -> None:
    """Stops the hub of this event loop, if there is one."""
    hub = _hubs.pop(asyncio.get_running_loop(), None)
    if hub is not None:
        await hub.stop()

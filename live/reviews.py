"""Asking the door again for tabs that are open: who was let in an hour ago may have no business here now.

The hub hears of what may change the door's answer (`bus.publish_review`), the clock may change it, and once in a while
it is asked in any case. For one person the door is asked at once, and their tabs are told nothing until it has
answered. For a whole jam it is asked by and by, with pauses in which the tabs are told what happens.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import islice

from live.chores import Chores
from live.codes import Close
from live.database import for_review
from live.door import come_in
from live.gate import Admission, Refusal
from live.tabs import Tab, Tabs

NET = 600.0
"""Seconds after which the door is asked again in any case, give or take a quarter, so that tabs do not come at once."""
SOONEST = 1.0
RETRY = 5.0
AT_ONCE = 8
"""For how many tabs the door is asked in one go."""
RECENT = 1_000


class Reviews:
    """`moved` is called when a tab may have something to be told that it was not told before."""

    def __init__(self, tabs: Tabs, chores: Chores, *, moved: Callable[[], None]) -> None:
        self._tabs = tabs
        self._chores = chores
        self._moved = moved
        self._loop = asyncio.get_running_loop()
        self._more = asyncio.Event()
        self._urgent: dict[Tab, None] = {}
        self._waiting: dict[Tab, None] = {}
        self._heard = 0
        self._recent: deque[tuple[int | None, int | None]] = deque(maxlen=RECENT)

    @property
    def mark(self) -> int:
        """How much was heard so far: to be noted before the door is asked, for `enter`."""
        return self._heard

    def enter(self, tab: Tab, admission: Admission, mark: int) -> None:
        """Takes on a tab. If something was heard since `mark` that may change the door's answer, it is asked anew."""
        self._plan(tab, admission)
        missed = self._heard - mark
        heard = islice(reversed(self._recent), missed)
        concerned = [person for person, jam_key in heard if _concerns(tab, person, jam_key)]
        if missed > RECENT or any(person is not None for person in concerned):
            self._ask_at_once([tab])
        elif concerned:
            self.ask_by_and_by([tab])

    def leave(self, tab: Tab) -> None:
        self._urgent.pop(tab, None)
        self._waiting.pop(tab, None)

    def hear(self, person: int | None, jam_key: int | None) -> None:
        """Something happened that may change the answer for these tabs; None: for any person, or in any jam."""
        self._heard += 1
        self._recent.append((person, jam_key))
        if person is None:
            self.ask_by_and_by(tab for tab in self._tabs if _concerns(tab, None, jam_key))
        else:
            self._ask_at_once(tab for tab in self._tabs.of(person) if _concerns(tab, person, jam_key))

    async def look_at_the_clock(self) -> None:
        """Finds the tabs whose time has come."""
        now = self._loop.time()
        due = [tab for tab in self._tabs if tab.ask_at <= now]
        for tab in due:
            tab.ask_at = float("inf")
        self.ask_by_and_by(due)

    def ask_by_and_by(self, tabs: Iterable[Tab]) -> None:
        self._waiting.update(dict.fromkeys(tabs))
        self._more.set()

    async def run(self) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            while tabs := self._next():
                started = self._loop.time()
                await self._ask(tabs)
                if not self._urgent:
                    # Half of the time at most: asking keeps the interpreter from those who write to the tabs.
                    await self._pause(self._loop.time() - started)

    # --- within ---------------------------------------------------------------------------------

    def _ask_at_once(self, tabs: Iterable[Tab]) -> None:
        for tab in tabs:
            tab.in_doubt = True
            tab.audience.cohorts.hold(tab)
            self._urgent[tab] = None
        self._more.set()

    async def _pause(self, seconds: float) -> None:
        self._more.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._more.wait(), seconds)

    def _next(self) -> list[Tab]:
        queue = self._urgent or self._waiting
        tabs = list(islice(queue, AT_ONCE))
        for tab in tabs:
            del queue[tab]
        return tabs

    async def _ask(self, tabs: list[Tab]) -> None:
        callers = [tab.caller for tab in tabs]
        try:
            answers = await for_review(lambda: [come_in(caller) for caller in callers])()
        except Exception as error:
            self._chores.fails("ask the door again", error)
            for tab in tabs:
                self._had_no_answer(tab)
            return
        self._chores.works("ask the door again")
        for tab, answer in zip(tabs, answers, strict=True):
            self._had_answer(tab, answer)

    def _had_answer(self, tab: Tab, answer: Admission | Refusal) -> None:
        if tab.gone or tab in self._urgent:
            # In the second case something else happened meanwhile, and the answer to come is the one that counts.
            return
        if isinstance(answer, Refusal):
            tab.close(answer.code)
            return
        if (answer.person, answer.jam_key) != (tab.person, tab.audience.jam_key):
            tab.close(Close.RESTART)
            return
        if tab.in_doubt or (answer.rooms, answer.here) != (tab.rooms, tab.here_room):
            tab.audience.cohorts.move(tab, rooms=answer.rooms, here_room=answer.here)
            tab.in_doubt = False
            self._moved()
        self._plan(tab, answer)

    def _had_no_answer(self, tab: Tab) -> None:
        """Without a database. Who was told nothing meanwhile comes back; for the others it is tried again."""
        if tab.in_doubt:
            tab.close(Close.UNAVAILABLE)
        else:
            tab.ask_at = self._loop.time() + RETRY * random.uniform(1, 3)  # noqa: S311

    def _plan(self, tab: Tab, admission: Admission) -> None:
        wait = NET * random.uniform(0.75, 1.25)  # noqa: S311
        if admission.until is not None:
            # Our clock may be ahead of the database's, which then says the same again.
            left = (admission.until - datetime.now(UTC)).total_seconds()
            wait = min(wait, max(left, SOONEST))
        tab.ask_at = self._loop.time() + wait


def _concerns(tab: Tab, person: int | None, jam_key: int | None) -> bool:
    return person in (None, tab.person) and jam_key in (None, tab.audience.jam_key)

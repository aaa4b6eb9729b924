"""The tabs that are open in this process, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator

from live.audience import Audience
from live.codes import Close
from live.door import Caller
from live.gate import Admission
from live.sockets import Line, Send, Socket

OPEN_MAX = 20
"""How many tabs one person may have open in a process."""


class Tab(Socket):
    """A socket, and what it takes to ask the door for it again: who it said it was, and what it heard from the door."""

    __slots__ = ("ask_at", "audience", "caller", "here_room", "in_doubt", "person", "rooms")

    def __init__(
        self,
        send: Send,
        *,
        seq: int,
        caller: Caller,
        admission: Admission,
        audience: Audience,
        line: Line | None = None,
    ) -> None:
        super().__init__(send, seq=seq, line=line)
        self.caller = caller
        self.person = admission.person
        self.rooms = admission.rooms
        self.here_room = admission.here
        self.audience = audience
        self.ask_at = float("inf")
        """When the door is to be asked again, by the clock of the event loop."""
        self.in_doubt = False
        """Whether something happened since the door was asked last that may change its answer."""


class Tabs:
    def __init__(self) -> None:
        self._of: dict[int, dict[Tab, None]] = {}
        self._count = 0

    def __iter__(self) -> Iterator[Tab]:
        return iter([tab for tabs in self._of.values() for tab in tabs])

    def __len__(self) -> int:
        return self._count

    def of(self, person: int) -> list[Tab]:
        return list(self._of.get(person, ()))

    def add(self, tab: Tab) -> None:
        """Takes a tab in. If its person has too many, the one that came first goes."""
        tabs = self._of.setdefault(tab.person, {})
        tabs[tab] = None
        self._count += 1
        if len(tabs) > OPEN_MAX:
            oldest = next(iter(tabs))
            self.discard(oldest)
            oldest.close(Close.REPLACED)

    def discard(self, tab: Tab) -> None:
        tabs = self._of.get(tab.person, {})
        if tab not in tabs:
            return
        del tabs[tab]
        self._count -= 1
        if not tabs:
            del self._of[tab.person]

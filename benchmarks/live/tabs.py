"""The tabs: sockets that ask for what a page asks for and keep account of what they are sent."""

from __future__ import annotations

import asyncio
import time
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from benchmarks.live.frames import Cohort, Frame
from benchmarks.live.plans import BUCKETS_A_SECOND, Heard, Opened, OpenPlan, Outcome, TabPlan

# What browsers offer. A server that took it would compress for each tab anew, and its frames would all differ.
EXTENSIONS = "permessage-deflate; client_max_window_bits"
PATIENCE = 30.0
"""Seconds, for the handshake and for the first frame after it."""
READ_BUFFER = 4096


class Tab(WSListener):
    """`history` is every frame that it got, in order; `is_in` waits for the first of them.

    When it ends, whoever ends it, `lost` counts why.
    """

    __slots__ = ("cohort", "history", "is_in", "last", "lost", "why")

    def __init__(self, cohort: Cohort, lost: Counter[str]) -> None:
        self.cohort = cohort
        self.lost = lost
        self.why = "cut"
        self.last = cohort.first
        self.history: list[Frame] = []
        self.is_in: asyncio.Future[None] | None = None

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        now = time.monotonic()
        if frame.msg_type == WSMsgType.TEXT and frame.fin and not frame.rsv1:
            self.take(frame.get_payload_as_bytes(), now)
            if self.is_in is not None and not self.is_in.done():
                self.is_in.set_result(None)
        elif frame.msg_type == WSMsgType.CLOSE:
            self.why = f"closed with {int.from_bytes(frame.get_payload_as_bytes()[:2])}"
            transport.send_close()
            transport.disconnect()
        else:
            self.lost["sent something else than whole text"] += 1

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.lost[self.why] += 1

    def take(self, payload: bytes, now: float) -> None:
        """Puts down that this text came, at this time."""
        got = self.last.follows
        if got is None or got.payload != payload:
            got = self.cohort.find(self.last, payload)
        got.arrivals.append(now)
        self.history.append(got)
        self.last = got

    def knows_all(self, truth: Mapping[str, dict[str, dict[str, int]]]) -> bool:
        """Whether it knows the votes of each of its rooms."""
        return all(self.knows(truth.get(room, {})) for room in self.cohort.rooms)

    def knows(self, counts: dict[str, dict[str, int]]) -> bool:
        """Whether the newest counts that it was sent of these posts are these."""
        left = dict(counts)
        for frame in reversed(self.history):
            for post, count in frame.counts.items():
                if post in left and count != left.pop(post):
                    return False
            if not left:
                return True
        return not left


class ConstantTab(Tab):
    """A tab of the floor, where every frame is the same; it does the same work. `arrivals` is when each came."""

    __slots__ = ("arrivals",)

    def __init__(self, cohort: Cohort, lost: Counter[str]) -> None:
        super().__init__(cohort, lost)
        self.arrivals = array("d")

    def take(self, payload: bytes, now: float) -> None:
        got = self.last
        if got.payload != payload:
            got = self.cohort.frames.setdefault(payload, Frame(payload, after=0, seq=0))
        self.arrivals.append(now)
        self.history.append(got)
        self.last = got


class Tabs:
    """All tabs of one `OpenPlan`."""

    def __init__(self) -> None:
        self.cohorts: dict[frozenset[str], Cohort] = {}
        self.tabs: list[Tab] = []
        self.lines: list[WSTransport] = []
        self.lost: Counter[str] = Counter()

    async def open(self, plan: OpenPlan) -> Opened:
        """Opens them, each when one before it has its first frame."""
        began = time.monotonic()
        failures: Counter[str] = Counter()
        waiting = iter(plan.tabs)
        await asyncio.gather(*(self._open_some(plan, waiting, failures) for _ in range(plan.at_once)))
        held = sum(bool(tab.history) for tab in self.tabs)
        return Opened(held=held, seconds=time.monotonic() - began, failures=dict(failures))

    async def _open_some(self, plan: OpenPlan, waiting: Iterable[TabPlan], failures: Counter[str]) -> None:
        for wanted in waiting:
            try:
                await self._open_one(plan, wanted)
            except Exception as error:
                # Whatever went wrong with one, the others are to come in; how many failed, and why, is reported.
                failures[repr(error)] += 1

    async def _open_one(self, plan: OpenPlan, wanted: TabPlan) -> None:
        rooms = frozenset(wanted.rooms)
        cohort = self.cohorts.setdefault(rooms, Cohort(rooms, plan.since))
        kind = ConstantTab if plan.constant else Tab
        query = urlencode([("since", plan.since), *(("room", room) for room in wanted.rooms)])
        line, tab = await ws_connect(
            lambda: kind(cohort, self.lost),
            f"ws://{plan.address}/live/{plan.slug}/?{query}",
            websocket_handshake_timeout=PATIENCE,
            read_buffer_init_size=READ_BUFFER,
            extra_headers={
                "Cookie": wanted.cookie,
                "Origin": f"http://{plan.address}",
                "Sec-WebSocket-Extensions": EXTENSIONS,
            },
        )
        assert isinstance(tab, Tab)
        self.lines.append(line)
        self.tabs.append(tab)
        if not tab.history:
            tab.is_in = asyncio.get_running_loop().create_future()
            await asyncio.wait_for(tab.is_in, PATIENCE)
            tab.is_in = None

    def heard(self) -> Heard:
        return Heard(
            frames=sum(len(tab.history) for tab in self.tabs),
            bytes=sum(len(frame.payload) for tab in self.tabs for frame in tab.history),
        )

    def have_come_to(self, seq: int) -> bool:
        return all(tab.last.seq >= seq for tab in self.tabs)

    def outcome(self, sent_at: dict[int, float]) -> Outcome:
        """What came of posts, by their ids and the times when their requests were begun."""
        outcome = Outcome(tabs=len(self.tabs), posts=len(sent_at), lost=dict(self.lost))
        for tab in self.tabs:
            posts = [post for frame in tab.history for post in frame.posts]
            known = sent_at.keys() & posts
            outcome.delivered += len(known)
            outcome.missing += len(sent_at) - len(known)
            outcome.duplicates += len(posts) - len(set(posts))
        for cohort in self.cohorts.values():
            outcome.gaps += cohort.gaps
            outcome.mistaken += sum(frame.mistaken * len(frame.arrivals) for frame in cohort.frames.values())
            for frame in cohort.frames.values():
                for post in sent_at.keys() & frame.posts:
                    for arrival in frame.arrivals:
                        count_delay(outcome.delays, arrival - sent_at[post])
        return outcome

    def outcome_of_rounds(self, began: list[float]) -> Outcome:
        """What came of the rounds of a floor. The first frame of each tab is none of them."""
        outcome = Outcome(tabs=len(self.tabs), posts=len(began), lost=dict(self.lost))
        for tab in self.tabs:
            assert isinstance(tab, ConstantTab)
            came = tab.arrivals[1 : len(began) + 1]
            outcome.delivered += len(came)
            outcome.missing += len(began) - len(came)
            outcome.duplicates += len(tab.arrivals) - 1 - len(came)
            for sent_at, arrival in zip(began, came, strict=False):
                count_delay(outcome.delays, arrival - sent_at)
        return outcome

    def close(self) -> None:
        for line in self.lines:
            line.disconnect(graceful=False)


def count_delay(delays: dict[int, int], seconds: float) -> None:
    bucket = int(seconds * BUCKETS_A_SECOND)
    delays[bucket] = delays.get(bucket, 0) + 1

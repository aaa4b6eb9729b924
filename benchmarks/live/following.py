"""Tabs that behave as the browser's do when the line breaks: see `static/js/live.js`.

A tab loads its page, listens from the page's `seq` on, keeps the page true by what it hears, and comes back when it
lost its line, after a wait that grows and is spread, or that the server names. Told that it missed too much, it loads
its page anew. Where sockets are blocked, it asks `changes` every few seconds; where three failed in a row, each time.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import httpx
from picows import WSError, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from benchmarks.live.faults_pages import NotAPage, Page
from live.codes import Close

FINAL = {Close.BAD_REQUEST, Close.SIGNED_OUT, Close.FORBIDDEN, Close.NOT_FOUND, Close.TOO_MUCH}
WAIT_LEAST = 0.2
WAIT_MOST = 30.0
WAIT_GROWS_FROM = 1.5
POLL_EVERY = 4.0
ASK_AFTER_FAILURES = 3
HANDSHAKE_PATIENCE = 15.0
LOADING_AT_ONCE = 8


class Refused(Exception):
    """The server will not have the tab, and it does not ask again."""


class Browser:
    """What the tabs share: the way to the site by HTTP. `address` is HOST:PORT."""

    def __init__(self, *, address: str, slug: str) -> None:
        self.address = address
        self.slug = slug
        self.http = httpx.AsyncClient(base_url=f"http://{address}", timeout=15, trust_env=False)
        self._loading = asyncio.Semaphore(LOADING_AT_ONCE)

    async def load(self, path: str, cookie: str) -> Page:
        """The page as it is now, all of it. Tries on until the site gives it."""
        while True:
            try:
                async with self._loading:
                    html = await self._html(path, cookie, 1)
                    page = Page(path, html)
                    for number in range(2, page.pages + 1):
                        page.read(await self._html(path, cookie, number))
                    return page
            except httpx.HTTPError:
                await asyncio.sleep(random.uniform(0.5, 1.5))

    async def _html(self, path: str, cookie: str, number: int) -> str:
        query = {"sort": "new"} if "/forums/" in path else {"page": str(number)}
        answer = await self.http.get(path, params=query, headers={"Cookie": cookie})
        answer.raise_for_status()
        if answer.is_redirect:
            raise NotAPage(f"{path} leads to {answer.headers['location']}")
        return answer.text


class Line(WSListener):
    """One socket of a tab. `code` and `reason` are those of its end, if the server said so."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.code = 0
        self.reason = ""

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.TEXT:
            self.tab.failures = 0
            if not self.tab.hear(parse(frame.get_payload_as_bytes())):
                transport.disconnect()
        elif frame.msg_type == WSMsgType.CLOSE:
            said = frame.get_payload_as_bytes()  # picows knows the names of its own codes only
            self.code, self.reason = int.from_bytes(said[:2], "big"), said[2:].decode(errors="replace")
            transport.send_close()
            transport.disconnect()


@lru_cache(maxsize=512)
def parse(payload: bytes) -> dict[str, Any]:
    """Tabs in the same rooms get the same bytes, and none of them changes what it is given."""
    frame: dict[str, Any] = json.loads(payload)
    return frame


class Tab:
    """One open page. `blocked` is where no socket comes through.

    `arrived` is when each post came, by the loop's clock; `ends` counts why lines ended, by close code (0: it broke).
    `repeated` counts events that came twice, `failures` the sockets in a row that said nothing.
    """

    def __init__(self, browser: Browser, *, path: str, cookie: str, blocked: bool = False) -> None:
        self.browser = browser
        self.path = path
        self.cookie = cookie
        self.blocked = blocked
        self.page: Page
        self.seq = 0
        self.arrived: dict[int, float] = {}
        self.heard = asyncio.Event()
        self.ends: Counter[int] = Counter()
        self.resets = self.gaps = self.repeated = 0
        self.failures = 0
        self._stale = self._missed = False

    async def follow(self) -> None:
        """Keeps the page true until it is cancelled. Raises Refused."""
        await self._load()
        while True:
            if self.blocked:
                await self._ask()
                wait = POLL_EVERY * random.uniform(0.75, 1.25)
            else:
                wait = await self._listen()
                if self.failures >= ASK_AFTER_FAILURES:
                    await self._ask()
            if self._stale:
                await self._load()
            else:
                await asyncio.sleep(wait)

    async def _load(self) -> None:
        self.page = await self.browser.load(self.path, self.cookie)
        self.seq = self.page.seq
        self._stale = False

    async def _listen(self) -> float:
        """One socket, to its end. Answers how long to wait until the next."""
        line = Line(self)
        self._missed = False
        try:
            transport, _ = await ws_connect(
                lambda: line,
                f"ws://{self.browser.address}/live/{self.browser.slug}/?{self._query()}",
                websocket_handshake_timeout=HANDSHAKE_PATIENCE,
                read_buffer_init_size=4096,
                extra_headers={"Cookie": self.cookie, "Origin": f"http://{self.browser.address}"},
            )
            await transport.wait_disconnected()
        except (OSError, TimeoutError, WSError):
            pass
        self.ends[line.code] += 1
        return self._wait_after(line)

    def _wait_after(self, line: Line) -> float:
        if line.code in FINAL:
            raise Refused(f"{self.path}: {Close(line.code).name}")
        if self._missed:
            return random.uniform(0, 0.5)
        if line.code == Close.RESTART and line.reason.replace(".", "", 1).isdigit():
            return random.uniform(0, float(line.reason))
        self.failures += 1
        return WAIT_LEAST + random.uniform(0, min(WAIT_MOST, WAIT_GROWS_FROM * 2**self.failures))

    async def _ask(self) -> None:
        address = f"/jams/{self.browser.slug}/changes/?{self._query()}"
        try:
            answer = await self.browser.http.get(address, headers={"Cookie": self.cookie})
        except httpx.HTTPError:
            return
        if 4000 + answer.status_code in FINAL:
            raise Refused(f"{self.path}: {answer.status_code}")
        if answer.status_code == 200:
            self.hear(answer.json())

    def _query(self) -> str:
        return urlencode([("since", self.seq), *(("room", room) for room in self.page.rooms)])

    def hear(self, frame: dict[str, Any]) -> bool:
        """Takes a frame in. False if the tab has to come back for what it missed, or to load its page."""
        if frame.get("reset"):
            self.resets += 1
            self._stale = True
            return False
        if frame["after"] > self.seq:
            self.gaps += 1
            self._missed = True
            return False
        for event in frame["events"]:
            if event["seq"] <= self.seq:
                self.repeated += 1
                continue
            self.seq = event["seq"]
            if event["kind"] == "post.created":
                self.page.put(event)
                self.arrived.setdefault(event["post"], asyncio.get_running_loop().time())
        self.seq = max(self.seq, frame["seq"])
        self.page.count(frame.get("counts", {}))
        self.heard.set()
        return True

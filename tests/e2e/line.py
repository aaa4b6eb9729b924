"""The way between a page and the server's socket, which can be broken, blocked and made deaf."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, WebSocketRoute

RECORD = """
window.told = [];
for (const name of ["event", "counts", "here", "reset", "offline", "online", "asking", "refused"]) {
  document.addEventListener(`jam:${name}`, ({ detail }) => window.told.push([name, detail]));
}
"""


class Line:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.tries = 0
        self.code: int | None = None
        """What sockets are closed with at once; None lets them through."""
        self.swallows = False
        """Whether what the server says gets lost on the way."""
        self.lost: list[str | bytes] = []
        self.open: list[WebSocketRoute] = []
        page.add_init_script(RECORD)
        page.route_web_socket("**/live/**", self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        self.tries += 1
        if self.code is not None:
            socket.close(code=self.code)
            return
        server = socket.connect_to_server()
        server.on_message(lambda text: self.lost.append(text) if self.swallows else socket.send(text))
        self.open.append(socket)

    def cut(self, code: int = 4999, reason: str = "") -> None:
        while self.open:
            self.open.pop().close(code=code, reason=reason)

    def has_lost(self, words: str) -> bool:
        self.page.evaluate("0")  # what came meanwhile is handled while the page is asked something
        return any(words in str(text) for text in self.lost)

    def told(self, name: str) -> list[Any]:
        return [detail for kind, detail in self.page.evaluate("window.told") if kind == name]

    def posts(self) -> list[int]:
        return [event["post"] for event in self.told("event")]

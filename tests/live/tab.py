"""A browser tab, or a script, at the other end of the live socket."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

from asgiref.testing import ApplicationCommunicator

from live.asgi import websocket_application

ORIGIN = "http://127.0.0.1:8000"
PATIENCE = 5


class Tab:
    """`cookie` signs a browser in; without one it is a script of `person`, with a token."""

    def __init__(
        self,
        *rooms: str,
        slug: str = "river",
        since: int | str | None = None,
        person: int = 1,
        cookie: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        if headers is None and cookie is not None:
            headers = {"cookie": cookie, "origin": ORIGIN}
        elif headers is None:
            headers = {"authorization": f"Bearer token of {person}"}
        query = [("room", room) for room in rooms] + ([] if since is None else [("since", since)])
        headers = {"host": "127.0.0.1:8000"} | headers
        self.here: int | None = None
        self.reason = ""
        self.line = ApplicationCommunicator(
            websocket_application,
            {
                "type": "websocket",
                "scheme": "ws",
                "path": f"/live/{slug}/",
                "query_string": urlencode(query).encode(),
                "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            },
        )

    async def connect(self) -> bool:
        await self.line.send_input({"type": "websocket.connect"})
        answer = await self.line.receive_output(PATIENCE)
        return bool(answer["type"] == "websocket.accept")

    async def open(self) -> dict[str, Any]:
        """Connects, and returns the first frame."""
        assert await self.connect()
        return await self.frame()

    async def frame(self) -> dict[str, Any]:
        message = await self.line.receive_output(PATIENCE)
        frame: dict[str, Any] = json.loads(message["text"])
        self.here = frame.get("here", self.here)
        return frame

    async def news(self) -> dict[str, Any]:
        """The next frame that says more than how many are here."""
        while True:
            frame = await self.frame()
            if frame.get("events") or frame.get("counts") or frame.get("reset"):
                return frame

    async def until_here(self, number: int) -> None:
        """Reads on until that many are in the room."""
        async with asyncio.timeout(2 * PATIENCE):
            while self.here != number:
                await self.frame()

    async def say(self, text: str) -> None:
        await self.line.send_input({"type": "websocket.receive", "text": text})

    async def closed(self) -> int:
        """The code that it is closed with, whatever comes before. The `reason` is kept."""
        while True:
            message = await self.line.receive_output(PATIENCE)
            if message["type"] == "websocket.close":
                self.reason = message.get("reason", "")
                return int(message["code"])

    async def leave(self) -> None:
        await self.line.send_input({"type": "websocket.disconnect", "code": 1001})
        await self.line.wait(PATIENCE)

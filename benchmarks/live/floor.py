"""What the machine lets anybody do: the same server and the same socket, and a hub that only writes a constant.

`python -m benchmarks.live.floor ADDRESS` serves it. Any socket is let in and told the constant once; after
`POST /?bytes=…&every=…&times=…` all are told it that many times, and the answer is when each round began.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any
from urllib.parse import parse_qs

from live.sockets import Frame, Socket, line_of

WRITES_AT_ONCE = 100
"""As `live.hub`, which wants the settings."""

sockets: set[Socket] = set()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    await {"http": control, "websocket": hold, "lifespan": live}[scope["type"]](scope, receive, send)


async def hold(scope: dict[str, Any], receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    socket = Socket(send, seq=0, line=line_of(scope))
    sockets.add(socket)
    socket.release("x")
    while (await receive())["type"] != "websocket.disconnect":
        pass
    socket.forget()
    sockets.discard(socket)


async def control(scope: dict[str, Any], receive: Any, send: Any) -> None:
    began: list[float] = []
    if scope["method"] == "POST":
        wanted = {name: float(values[0]) for name, values in parse_qs(scope["query_string"].decode()).items()}
        began = await write(int(wanted["bytes"]), wanted["every"], int(wanted["times"]))
    body = json.dumps(began).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def write(size: int, every: float, times: int) -> list[float]:
    """Writes `times` rounds, one `every` so many seconds, pausing as the hub does for the loop's other work."""
    frame = Frame.of("x" * size)
    first, began = time.monotonic(), []
    for number in range(times):
        await asyncio.sleep(max(0.0, first + number * every - time.monotonic()))
        began.append(time.monotonic())
        for written, socket in enumerate(tuple(sockets), start=1):
            socket.write(frame)
            if written % WRITES_AT_ONCE == 0:
                await asyncio.sleep(0)
    return began


async def live(scope: dict[str, Any], receive: Any, send: Any) -> None:
    while True:
        word = (await receive())["type"].removeprefix("lifespan.")
        await send({"type": f"lifespan.{word}.complete"})
        if word == "shutdown":
            return


if __name__ == "__main__":
    import django

    from jam.serving import web

    django.setup()
    web.main("benchmarks.live.floor:application")

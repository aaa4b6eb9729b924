"""What the server is given for its sockets, and for its own beginning and end."""

from __future__ import annotations

from typing import Any

from channels.routing import URLRouter
from django.urls import path, re_path

from live.bus import publish_start
from live.consumers import Receive, live_socket, no_socket
from live.hub import stop_hub
from live.sockets import Send

# The router takes ASGI applications, where Django's `path` is declared to take views.
sockets: list[tuple[Any, str, Any]] = [(path, "live/<slug:slug>/", live_socket), (re_path, "", no_socket)]

websocket_application = URLRouter([route(pattern, application) for route, pattern, application in sockets])


async def lifespan(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """The ASGI lifespan: the process says that it is here; its hub starts with the first tab, and ends here."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            await stop_hub()
            await send({"type": "lifespan.shutdown.complete"})
            return
        publish_start()
        await send({"type": "lifespan.startup.complete"})

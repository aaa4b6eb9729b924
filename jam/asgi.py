"""Everything behind one port: pages in long-lived threads, sockets on the event loop.

On many machines the pages run from `jam.wsgi`, and only the sockets come here.
"""

from __future__ import annotations

from typing import Any

from jam.serving.pages import Pages
from jam.wsgi import application as wsgi_application  # isort: split  (it sets Django up, which the sockets need)

from live.asgi import websocket_application

pages = Pages(wsgi_application)


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await pages(scope, receive, send)
    elif scope["type"] == "websocket":
        await websocket_application(scope, receive, send)
    else:
        raise ValueError(f"no answer to {scope['type']}")

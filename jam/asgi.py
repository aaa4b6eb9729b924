"""Everything behind one port: pages in long-lived threads, sockets on the event loop.

On many machines the pages run from `jam.wsgi`, and only the sockets come here.
"""

from __future__ import annotations

from typing import Any

from jam.serving.pages import Pages
from jam.wsgi import application as wsgi_application

# isort: split
# After the line above, which sets Django up.
from live.asgi import lifespan, websocket_application

pages = Pages(wsgi_application)
answers = {"http": pages, "websocket": websocket_application, "lifespan": lifespan}


async def application(scope: Any, receive: Any, send: Any) -> None:
    await answers[scope["type"]](scope, receive, send)

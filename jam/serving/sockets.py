"""uvicorn's WebSocket protocol, with a way to write a frame that is encoded already, and one to cut the line.

A frame from a server is the same bytes for every client, so the hub encodes it once. ASGI only knows text, which the
server would encode again for each of ten thousand tabs; and it has no word for dropping a client that does not read.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from live.sockets import EXTENSION


class SocketProtocol(WebSocketsSansIOProtocol):
    """Is itself the `live.sockets.Line` that the application finds in the extensions of the scope."""

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if not self.handshake_complete:
            # The application's task was made just now, and starts after this.
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[EXTENSION] = {"line": self}

    def write_frame(self, frame: bytes) -> bool:
        if self.disconnected or self.close_sent or self.transport.is_closing():
            raise ClientDisconnected
        if not self.writable.is_set():
            return False
        self.transport.write(frame)
        return True

    def abort(self) -> None:
        self.transport.abort()

"""Runs a WSGI application on an ASGI server, in threads that stay.

Django's own ASGI handler gives each request a thread of its own, so that no database connection lives longer than a
request. Here a pool of threads answers the pages, each with its connection. A request is read whole before it takes a
thread and an answer is handed over in one piece if it is not large, so a slow line holds no thread and a usual page
crosses between loop and thread once each way.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any
from urllib.parse import unquote_to_bytes

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# As many pages at once as one process can make progress with: more threads only fight over the interpreter.
THREADS = 4
IN_MEMORY_MAX = 1024 * 1024
REQUEST_MAX = 128 * 1024 * 1024
PIECE = 256 * 1024


class Disconnected(Exception):
    pass


class TooLarge(Exception):
    pass


class Pages:
    def __init__(self, application: WsgiApplication, *, threads: int = THREADS, request_max: int = REQUEST_MAX) -> None:
        self.application = application
        self.request_max = request_max
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        with tempfile.SpooledTemporaryFile(IN_MEMORY_MAX) as body:
            try:
                await self.read(receive, body)
            except Disconnected:
                return
            except TooLarge:
                await refuse(send)
                return
            loop = asyncio.get_running_loop()
            answer = Answer(loop, send)
            await loop.run_in_executor(self.pool, answer.run, self.application, build_environ(scope, body))
        for message in answer.rest():
            await send(message)

    async def read(self, receive: Receive, body: IO[bytes]) -> None:
        """Reads the request to its end. One that breaks off is dropped: half a form is not what somebody sent."""
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Disconnected
            piece = message.get("body", b"")
            size += len(piece)
            if size > self.request_max:
                raise TooLarge
            if piece:
                body.write(piece)
            if not message.get("more_body", False):
                body.seek(0)
                return


class Answer:
    """One response on its way from a thread to the client."""

    def __init__(self, loop: asyncio.AbstractEventLoop, send: Send) -> None:
        self.loop = loop
        self.send = send
        self.head: Message | None = None
        self.head_sent = False
        self.buffer = bytearray()

    def run(self, application: WsgiApplication, environ: dict[str, Any]) -> None:
        """In a thread: calls the application. What is large goes out from here, piece by piece."""
        pieces = application(environ, self.start)
        try:
            for piece in pieces:
                self.buffer += piece
                if len(self.buffer) >= PIECE:
                    asyncio.run_coroutine_threadsafe(self.flush(), self.loop).result()
        finally:
            if close := getattr(pieces, "close", None):
                close()

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        self.head = {
            "type": "http.response.start",
            "status": int(status.split(" ", 1)[0]),
            "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        }
        return self.buffer.extend

    async def flush(self) -> None:
        for message in self.rest(more=True):
            await self.send(message)

    def rest(self, *, more: bool = False) -> Iterable[Message]:
        """The messages that are still to be sent."""
        if not self.head_sent:
            assert self.head is not None
            self.head_sent = True
            yield self.head
        body = bytes(self.buffer)
        self.buffer.clear()
        yield {"type": "http.response.body", "body": body, "more_body": more}


async def refuse(send: Send) -> None:
    text = b"This is too large to send.\n"
    headers = [
        (b"content-type", b"text/plain"),
        (b"content-length", str(len(text)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": text})


def build_environ(scope: Message, body: IO[bytes]) -> dict[str, Any]:
    path = unquote_to_bytes(scope["raw_path"]).decode("latin-1")
    server_host, server_port = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server_host,
        "SERVER_PORT": str(server_port or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        if b"_" in raw_name:  # would be taken for the header that has a hyphen there
            continue
        name, value = raw_name.decode("latin-1").upper().replace("-", "_"), raw_value.decode("latin-1")
        key = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"
        if key in environ:
            value = environ[key] + ("; " if name == "COOKIE" else ",") + value
        environ[key] = value
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        # Django reads as far as CONTENT_LENGTH says; the whole body is here.
        environ["CONTENT_LENGTH"] = str(body.seek(0, 2))
        body.seek(0)
    return environ

"""Writing to a tab that reads, to one that does not, and to one that is gone."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame as WebSocketFrame
from websockets.frames import Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from live import sockets
from live.codes import Close
from live.sockets import Frame, Message, Socket


class Server:
    """The other end, as ours is: takes what it gets, or waits until the client reads on."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.reads = asyncio.Event()
        self.reads.set()
        self.gone = False
        self.aborted = False

    def write_frame(self, frame: bytes) -> bool:
        self.check()
        if self.reads.is_set():
            self.sent.append(decoded(frame))
        return self.reads.is_set()

    def abort(self) -> None:
        self.aborted = True

    async def send(self, message: Message) -> None:
        await self.reads.wait()
        self.check()
        self.sent.append(message.get("text", message.get("code")))

    def check(self) -> None:
        if self.gone:
            raise ConnectionError("gone")


def decoded(frame: bytes) -> str:
    """What a client reads out of a frame; it wants exactly one, whole, unmasked and of text."""
    client = ClientProtocol(parse_uri("ws://jam.test/"), state=State.OPEN)
    client.receive_data(frame)
    (event,) = client.events_received()
    assert isinstance(event, WebSocketFrame)
    assert (event.opcode, event.fin) == (Opcode.TEXT, True)
    return bytes(event.data).decode()


async def open_socket() -> tuple[Socket, Server]:
    server = Server()
    socket = Socket(server.send, seq=0, line=server)
    socket.release("first")
    return socket, server


@pytest.mark.parametrize("length", [0, 125, 126, 65_535, 65_536])
def test_a_frame_of_any_length_is_what_a_client_reads(length: int) -> None:
    assert decoded(Frame.of("x" * length).encoded) == "x" * length


def test_a_frame_holds_any_text() -> None:
    assert decoded(Frame.of("مرحبا 你好 🎈").encoded) == "مرحبا 你好 🎈"


async def test_a_frame_is_sent_there_and_then_without_a_task() -> None:
    socket, server = await open_socket()
    before = asyncio.all_tasks()
    socket.write(Frame.of("a"))
    assert server.sent == ["first", "a"]
    assert asyncio.all_tasks() == before


async def test_a_server_without_lines_gets_the_same() -> None:
    server = Server()
    socket = Socket(server.send, seq=0)
    socket.release("first")
    socket.write(Frame.of("a"))
    for _ in range(3):
        await asyncio.sleep(0)
    socket.write(Frame.of("b"))
    await asyncio.sleep(0)
    assert server.sent == ["first", "a", "b"]


async def test_what_is_written_before_the_first_frame_comes_after_it() -> None:
    server = Server()
    socket = Socket(server.send, seq=0, line=server)
    socket.write(Frame.of("a"))
    assert server.sent == []
    socket.release("first")
    assert server.sent == ["first", "a"]


async def test_a_tab_that_reads_on_gets_all_in_order() -> None:
    socket, server = await open_socket()
    server.reads.clear()
    for text in "abc":
        socket.write(Frame.of(text))
    await asyncio.sleep(0)
    assert server.sent == ["first"]
    server.reads.set()
    for _ in range(5):
        await asyncio.sleep(0)
    socket.write(Frame.of("d"))
    assert server.sent == ["first", "a", "b", "c", "d"]


@pytest.mark.parametrize(("limit", "value"), [("BACKLOG_FRAMES", 3), ("BACKLOG_BYTES", 36)])
async def test_a_tab_that_does_not_read_is_let_go(limit: str, value: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, limit, value)
    monkeypatch.setattr(sockets, "CLOSE_PATIENCE", 0.01)
    socket, server = await open_socket()
    server.reads.clear()
    for _ in range(3):
        socket.write(Frame.of("ten chars."))
    assert not socket.gone
    socket.write(Frame.of("ten chars."))
    assert socket.gone
    await asyncio.sleep(0.05)
    assert server.aborted
    assert server.sent == ["first"]


async def test_a_tab_that_takes_nothing_for_long_is_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    socket, server = await open_socket()
    monkeypatch.setattr(sockets, "PATIENCE", -1.0)
    assert not socket.is_stuck()
    server.reads.clear()
    socket.write(Frame.of("a"))
    assert socket.is_stuck()
    socket.forget()
    await asyncio.sleep(0)


async def test_closing_says_why() -> None:
    socket, server = await open_socket()
    socket.close(Close.TOO_SLOW)
    socket.close(Close.RESTART)
    await asyncio.sleep(0)
    assert server.sent == ["first", 4408]


async def test_a_dead_line_harms_nobody() -> None:
    socket, server = await open_socket()
    server.gone = True
    socket.write(Frame.of("a"))
    assert socket.gone

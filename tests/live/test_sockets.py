"""Writing to a tab that reads, to one that does not, and to one that is gone."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from live import sockets
from live.codes import Close
from live.sockets import Message, Socket, text_message


class Server:
    """The other end of `send`, as uvicorn has it: takes what it gets, or waits until the client reads on."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.reads = asyncio.Event()
        self.reads.set()
        self.transport = Transport()

    async def send(self, message: Message) -> None:
        await self.reads.wait()
        if self.transport.aborted:
            raise ConnectionError("gone")
        self.sent.append(message.get("text", message.get("code")))


class Transport:
    aborted = False

    def abort(self) -> None:
        self.aborted = True


async def open_socket() -> tuple[Socket, Server]:
    server = Server()
    socket = Socket(server.send, seq=0)
    socket.release("first")
    return socket, server


async def test_a_frame_is_sent_there_and_then_without_a_task() -> None:
    socket, server = await open_socket()
    before = asyncio.all_tasks()
    socket.write(text_message("a"))
    assert server.sent == ["first", "a"]
    assert asyncio.all_tasks() == before


async def test_what_is_written_before_the_first_frame_comes_after_it() -> None:
    server = Server()
    socket = Socket(server.send, seq=0)
    socket.write(text_message("a"))
    assert server.sent == []
    socket.release("first")
    assert server.sent == ["first", "a"]


async def test_a_tab_that_reads_on_gets_all_in_order() -> None:
    socket, server = await open_socket()
    server.reads.clear()
    for text in "abc":
        socket.write(text_message(text))
    await asyncio.sleep(0)
    assert server.sent == ["first"]
    server.reads.set()
    for _ in range(5):
        await asyncio.sleep(0)
    socket.write(text_message("d"))
    assert server.sent == ["first", "a", "b", "c", "d"]


@pytest.mark.parametrize(("limit", "value"), [("BACKLOG_FRAMES", 3), ("BACKLOG_CHARACTERS", 30)])
async def test_a_tab_that_does_not_read_is_let_go(limit: str, value: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, limit, value)
    monkeypatch.setattr(sockets, "CLOSE_PATIENCE", 0.01)
    socket, server = await open_socket()
    server.reads.clear()
    for _ in range(4):
        socket.write(text_message("ten chars."))
    assert not socket.gone
    socket.write(text_message("ten chars."))
    assert socket.gone
    await asyncio.sleep(0.05)
    assert server.transport.aborted
    assert server.sent == ["first"]


async def test_a_tab_that_takes_nothing_for_long_is_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    socket, server = await open_socket()
    monkeypatch.setattr(sockets, "PATIENCE", -1.0)
    assert not socket.is_stuck()
    server.reads.clear()
    socket.write(text_message("a"))
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
    server.transport.abort()
    socket.write(text_message("a"))
    assert socket.gone

"""The live socket of the real server, at the ends that only a real line has."""

from __future__ import annotations

import base64
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from accounts.models import Person
from jam.domain.membership import change_role
from jam.models import Role
from live import bus
from live.domain import log
from tests.cast import Cast
from tests.e2e.stack import Site
from tests.live.kinds import Said

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PATIENCE = 10
LARGE = 90_000
"""Characters of an event that still travels whole."""

SAID_MAX = 100_000_000
ESTABLISHED = "01"

Listen = Callable[..., ClientConnection]


def cookie_of(person: Person) -> tuple[Client, str]:
    """Somebody who signed in: at the test's own Django, which has the site's database."""
    client = Client()
    client.force_login(person)
    return client, f"jam_session={client.cookies['jam_session'].value}"


@pytest.fixture
def listen() -> Iterator[Listen]:
    with ExitStack() as lines:

        def listen(site: Site, cookie: str) -> ClientConnection:
            address = f"{site.url.replace('http', 'ws', 1)}/live/tides/"
            headers = {"Cookie": cookie}
            line = lines.enter_context(
                connect(address, origin=Origin(site.url), additional_headers=headers, compression=None)
            )
            line.recv(PATIENCE)
            return line

        yield listen


def close_of(line: ClientConnection) -> tuple[int, str]:
    """Code and reason of the end, whatever comes before it."""
    try:
        while True:
            line.recv(PATIENCE)
    except ConnectionClosed as closed:
        end = closed.rcvd
    assert end is not None
    return end.code, end.reason


def test_signing_out_ends_what_was_open(site: Site, cast: Cast, listen: Listen) -> None:
    client, cookie = cookie_of(cast.ana.person)
    line, other = listen(site, cookie), listen(site, cookie_of(cast.ben.person)[1])
    client.post(reverse("account_logout"))
    assert close_of(line) == (4401, "")
    idea = cast.idea()
    assert f'"thread":{idea.thread_id}' in str(other.recv(PATIENCE))


def test_who_no_longer_facilitates_hears_nothing_more_of_it(site: Site, cast: Cast, listen: Listen) -> None:
    line = listen(site, cookie_of(cast.fay.person)[1])
    change_role(member=cast.fay, role=Role.PARTICIPANT, by=cast.sid)
    with transaction.atomic():
        log.append(jam_key=cast.jam.pk, event=Said(word="among us"), rooms=["staff"])
    with transaction.atomic():
        log.append(jam_key=cast.jam.pk, event=Said(word="to all"), rooms=["pulse"])
    heard = ""
    while "to all" not in heard:
        heard += str(line.recv(PATIENCE))
    assert ('"role":"participant"' in heard, "among us" in heard) == (True, False)


def test_a_message_larger_than_a_tab_ever_sends_ends_the_line(site: Site, cast: Cast, listen: Listen) -> None:
    line = listen(site, cookie_of(cast.ana.person)[1])
    line.send("x" * 100_000)
    assert close_of(line)[0] == 1009


def test_when_the_server_stops_tabs_are_told_over_how_long_to_come_back(
    cast: Cast, listen: Listen, tmp_path: Path
) -> None:
    own = Site(tmp_path)
    try:
        own.start()
        line = listen(own, cookie_of(cast.ana.person)[1])
        (part,) = own.supervisor.parts
        part.process.send_signal(signal.SIGTERM)
        assert close_of(line) == (1012, "3")
        assert part.process.wait(PATIENCE) == -signal.SIGTERM
    finally:
        own.stop()


def test_a_tab_that_does_not_read_is_let_go_and_costs_little_meanwhile(site: Site, cast: Cast) -> None:
    (part,) = site.supervisor.parts
    with closing(deaf_line(site, cookie_of(cast.ana.person)[1])) as line:
        before = resident(part.process.pid)
        said = 0
        while is_held(line):
            assert said < SAID_MAX
            with transaction.atomic():
                log.append(jam_key=cast.jam.pk, event=Said(), rooms=["pulse"], html="x" * LARGE, html_room="pulse")
            assert bus.drain(PATIENCE)
            said += LARGE
        # It kept a megabyte of what was said, and the memory of the log two.
        assert resident(part.process.pid) - before < 10_000_000


def deaf_line(site: Site, cookie: str) -> socket.socket:
    """A tab that takes the handshake and then reads nothing, with a small window."""
    where: Any = urlsplit(site.url)
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect((where.hostname, where.port))
    key = base64.b64encode(b"sixteen bytes...").decode()
    lines = [
        "GET /live/tides/ HTTP/1.1",
        f"Host: {where.netloc}",
        f"Origin: {site.url}",
        f"Cookie: {cookie}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
    ]
    line.sendall("\r\n".join([*lines, "", ""]).encode())
    assert line.recv(12) == b"HTTP/1.1 101"
    return line


def is_held(line: socket.socket) -> bool:
    """Whether the server still holds its end. What it sent before fills the line, so that this end cannot know."""
    ends = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    port = f":{line.getsockname()[1]:04X}"
    return any(remote.endswith(port) and state == ESTABLISHED for _, _, remote, state, *_ in ends)


def resident(pid: int) -> int:
    """Bytes of memory that a process has."""
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) * 4096

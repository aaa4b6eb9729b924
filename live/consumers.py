"""The live socket: `/live/{jam}/?since=SEQ&room=ROOM`."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any

from django.db import Error as DatabaseError
from django.http import QueryDict

from live import frames
from live.audience import Audience
from live.codes import Close
from live.database import for_socket
from live.domain import queries
from live.door import catch_up, come_in, may_connect_from, parse
from live.gate import Admission, Refusal
from live.hub import running_hub
from live.sockets import Line, Message, Send, Socket, line_of
from live.tabs import Tab

logger = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[Message]]

MESSAGE_MAX = 1_024
MESSAGES_MAX = 30
MESSAGES_PER = 60.0
"""A client may say up to MESSAGES_MAX things in so many seconds, none longer than MESSAGE_MAX."""
ASK_AGAIN_AFTER = (0.5, 1.5)
PATIENCE = 8.0
"""Seconds for which a tab waits at the door while the database does not answer: it may be starting anew."""


async def live_socket(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """One tab, from its coming in to its end.

    Plain ASGI, and not a Channels consumer: that would give each tab a task and a channel of its own, where the hub has
    one for all. Closes with one of `Close`; a page of another site does not get as far.
    """
    await receive()  # websocket.connect
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if not may_connect_from(headers, secure=scope.get("scheme") == "wss"):
        await send({"type": "websocket.close"})
        return
    # A browser shows its page the code of a line that was open, and nothing of one that was refused.
    await send({"type": "websocket.accept"})
    slug = scope["url_route"]["kwargs"]["slug"]
    line, since = line_of(scope), time.monotonic()
    while True:
        try:
            await _listen(headers, slug, QueryDict(scope["query_string"]), receive, send, line)
        except DatabaseError as error:
            if time.monotonic() - since < PATIENCE:
                await asyncio.sleep(random.uniform(*ASK_AGAIN_AFTER))  # noqa: S311
                continue
            logger.warning("A tab was sent away, the database does not answer: %r", error)
            await send({"type": "websocket.close", "code": int(Close.UNAVAILABLE)})
        return


async def no_socket(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """The answer at all other paths."""
    await receive()
    await send({"type": "websocket.close"})


async def _listen(
    headers: dict[str, str], slug: str, query: QueryDict, receive: Receive, send: Send, line: Line | None
) -> None:
    call = parse(headers, slug, query)
    if isinstance(call, Refusal):
        await send({"type": "websocket.close", "code": int(call.code)})
        return
    hub = await running_hub()
    asked = hub.reviews.mark
    admission = await for_socket(come_in)(call.caller)
    if isinstance(admission, Refusal):
        await send({"type": "websocket.close", "code": int(admission.code)})
        return
    since = call.since
    with hub.seat(admission.jam_key) as audience:
        present = await _present(audience, since)
        # What was never said cannot be continued from.
        unheard_of = since is not None and since > present
        seq = max(audience.seq or 0, 0 if unheard_of else since or 0)
        tab = Tab(send, seq=seq, caller=call.caller, admission=admission, audience=audience, line=line)
        here = hub.enter(tab, admission, asked=asked)
        try:
            # In first, then read: what happens meanwhile is kept, and comes after the first frame.
            first = frames.reset(seq=seq)
            if not unheard_of:
                first = await _first_frame(audience, admission, since=since, until=seq, here=here)
            if tab.in_doubt:
                # What was read is what they might hear when they came, and may not be what they may hear now.
                tab.close(Close.RESTART)
            else:
                tab.release(first)
            await _until_it_ends(tab, receive)
        finally:
            hub.leave(tab)
            tab.forget()


async def _present(audience: Audience, since: int | None) -> int:
    """The seq of the jam's newest event, as far as it matters here: the database is asked only if it has to be."""
    if audience.seq is not None and (since is None or since <= audience.seq):
        return audience.seq
    present = await for_socket(queries.seq_of)(audience.jam_key)
    audience.start(present)
    return present


async def _first_frame(audience: Audience, admission: Admission, *, since: int | None, until: int, here: int) -> str:
    if since is None:
        return frames.frame(after=until, rest=frames.rest_of_frame(seq=until, here=here))
    recalled = audience.recall(since=since, until=until, rooms=admission.rooms)
    changes, counts = await for_socket(catch_up)(admission, since=since, until=until, recalled=recalled)
    return frames.first_frame(changes=changes, since=since, rooms=admission.rooms, counts=counts, here=here)


async def _until_it_ends(socket: Socket, receive: Receive) -> None:
    """Reads on, so as to hear of the end. Clients have nothing to say here; one that talks too much is let go."""
    since, heard = time.monotonic(), 0
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        if time.monotonic() - since > MESSAGES_PER:
            since, heard = time.monotonic(), 0
        heard += 1
        if heard > MESSAGES_MAX or len(message.get("text") or message.get("bytes") or "") > MESSAGE_MAX:
            socket.close(Close.TOO_MUCH)

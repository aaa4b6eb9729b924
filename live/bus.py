"""From wherever something was written to every process that has tabs open: one message a process.

Verbs run in page threads, Celery workers and commands, none of which has an event loop to spare. One daemon thread a
process, started with the first message, hands what they publish to the channel layer: at once when it is quiet, and
else together what comes within GATHER. Votes are state, so they wait a little longer, and of those in the same rooms
one item is made, with the newest count of each post. If Redis is away it keeps the newest BACKLOG of them and tries
again; nobody waits for it. What is lost all the same, the hubs find in the database.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import itertools
import logging
import os
import threading
import uuid
from collections import deque
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from channels.layers import get_channel_layer
from django.db import transaction

from live.domain.entry import Entry

logger = logging.getLogger(__name__)

GROUP = "hubs"
LAYER = "default"
BACKLOG = 10_000
BATCH = 100
GATHER = 0.01
"""Seconds between two messages of a process, at least. Each costs every hub about as much as twenty frames."""
GATHER_VOTES = 0.1
"""Seconds between a message and one that has nothing but votes."""
LARGE = 100_000
SEND_TIMEOUT = 2.0
RETRY_AFTER = 0.5
ECHO_AFTER = 1.5
DRAIN_AT_EXIT = 1.0

Item = dict[str, Any]


def publish_event(*, jam_key: int, entry: Entry) -> None:
    """Tells the hubs of an event that is committed. One too large to carry around is only named; they read it."""
    item: Item = {"jam": jam_key, "seq": entry.seq}
    if len(entry.whole) <= LARGE:
        item["event"] = entry.to_message()
    _post.put(item)


def publish_amended(*, jam_key: int) -> None:
    """Has every hub forget, after commit, the jam's events that it keeps in memory: some are told otherwise now."""
    transaction.on_commit(partial(_post.put, {"jam": jam_key, "amended": True}), robust=True)


def publish_counts(
    *, jam_key: int, rooms: Sequence[str], counts: Mapping[str, Mapping[str, int]], version: int | None = None
) -> None:
    """Tells the tabs in `rooms`, after commit, the newest votes on some posts: `{"41": {"agree": 3, …}}`.

    Call it in the transaction that counts them and while it holds the lock on their rows: the database's clock, read
    here, then says which of two counts of a post is the newer, in whatever order they arrive. Who has read it already,
    in microseconds and under that lock, gives it as `version`.
    """
    if version is None:
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
            (version,) = cursor.fetchone()
    item = {
        "jam": jam_key,
        "rooms": list(rooms),
        "counts": {str(post): dict(count) for post, count in counts.items()},
        "versions": {str(post): version for post in counts},
    }
    transaction.on_commit(partial(_post.put, item), robust=True)


def publish_review(*, person: int | None = None, jam_key: int | None = None) -> None:
    """Has every hub ask the door again, after commit, for the open tabs of a person, in a jam, or both (None: any).

    Call it where somebody's rights change: until the door has answered, the tabs of a `person` are told nothing more.
    For all of a jam it takes a while: some milliseconds for each tab, and half of the time is left to other work.
    """
    item = {"review": {"person": person, "jam": jam_key}}
    transaction.on_commit(partial(_post.put, item), robust=True)


def publish_start() -> None:
    """Tells the hubs that this process is new here: perhaps in place of one that died with something yet to tell."""
    _post.put({"started": True})


def drain(timeout: float) -> bool:
    """Waits up to `timeout` seconds until all is sent, and says whether it is. For the end of a process, and tests."""
    return _post.drain(timeout)


class Post:
    """The queue, and the thread that empties it into the channel layer.

    A message on the layer is `{"type": "live", "from": id, "first": n, "next": m, "items": […]}`: what one sender was
    given is numbered on, here from n to m - 1, so that who hears it can tell when some was lost.
    """

    def __init__(self) -> None:
        self._name = uuid.uuid4().hex
        self._numbers = itertools.count()
        self._queue: deque[tuple[int, Item]] = deque(maxlen=BACKLOG)
        self._lock = threading.Lock()
        self._idle = threading.Event()
        self._idle.set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._more: asyncio.Event | None = None
        self._hurry: asyncio.Event | None = None
        self._failing = False
        self._said = 0

    def put(self, item: Item) -> None:
        with self._lock:
            self._queue.append((next(self._numbers), item))
            self._idle.clear()
            if self._loop is None:
                self._start()
            assert self._loop is not None
            self._loop.call_soon_threadsafe(self._came, "counts" not in item)

    def drain(self, timeout: float) -> bool:
        return self._idle.wait(timeout)

    def _start(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._more, self._hurry = asyncio.Event(), asyncio.Event()
        run = partial(self._loop.run_until_complete, self._run())
        threading.Thread(target=run, name="live-bus", daemon=True).start()

    def _came(self, in_a_hurry: bool) -> None:
        assert self._more is not None
        assert self._hurry is not None
        self._more.set()
        if in_a_hurry:
            self._hurry.set()

    async def _run(self) -> None:
        assert self._more is not None
        assert self._hurry is not None
        while True:
            await self._quiet_is_over(self._more)
            self._more.clear()
            while batch := self._take():
                self._hurry.clear()
                await self._deliver(batch)
                with self._lock:
                    if not self._queue:
                        self._idle.set()
                if len(batch) < BATCH:
                    await self._gather(self._hurry)

    async def _gather(self, hurry: asyncio.Event) -> None:
        await asyncio.sleep(GATHER)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(hurry.wait(), GATHER_VOTES - GATHER)

    async def _quiet_is_over(self, more: asyncio.Event) -> None:
        """Returns when there is more to send. Says before, once, how far it is: the last of it may have been lost."""
        if self._said:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(more.wait(), ECHO_AFTER)
                return
            with contextlib.suppress(Exception):
                await asyncio.wait_for(send(envelope(sender=self._name, first=self._said)), SEND_TIMEOUT)
        await more.wait()

    def _take(self) -> list[tuple[int, Item]]:
        """The next few. Fewer if some between them were dropped: the numbers within a message run on."""
        with self._lock:
            batch: list[tuple[int, Item]] = []
            while self._queue and len(batch) < BATCH and (not batch or self._queue[0][0] == batch[-1][0] + 1):
                batch.append(self._queue.popleft())
            return batch

    async def _deliver(self, batch: list[tuple[int, Item]]) -> None:
        first, after = batch[0][0], batch[-1][0] + 1
        message = envelope(sender=self._name, first=first, count=after - first, items=together(batch))
        while True:
            try:
                await asyncio.wait_for(send(message), SEND_TIMEOUT)
            except Exception as error:
                if not self._failing:
                    logger.warning("Redis does not take live updates, tabs hear late until it does: %r", error)
                self._failing = True
                await asyncio.sleep(RETRY_AFTER)
            else:
                self._said = after
                if self._failing:
                    logger.info("Redis takes live updates again")
                self._failing = False
                return


def together(batch: Sequence[tuple[int, Item]]) -> list[Item]:
    """The items in order, but for votes: those in the same rooms become one, with the newest counts of each post."""
    items: list[Item] = []
    votes: dict[tuple[int, tuple[str, ...]], Item] = {}
    for _, item in batch:
        if "counts" not in item:
            items.append(item)
            continue
        key = item["jam"], tuple(item["rooms"])
        if key not in votes:
            votes[key] = item | {"counts": {}, "versions": {}}
            items.append(votes[key])
        counts, versions = votes[key]["counts"], votes[key]["versions"]
        for post, version in item["versions"].items():
            if versions.get(post, -1) < version:
                counts[post], versions[post] = item["counts"][post], version
    return items


def envelope(*, sender: str, first: int, count: int = 0, items: Sequence[Item] = ()) -> dict[str, Any]:
    """A message; see `Post`. `count` is how many of the sender's numbers it stands for."""
    return {"type": "live", "from": sender, "first": first, "next": first + count, "items": list(items)}


async def send(message: dict[str, Any]) -> None:
    """Hands one envelope to every hub. Raises what Redis raises."""
    layer = get_channel_layer(LAYER)
    if layer is None:
        raise RuntimeError(f"CHANNEL_LAYERS has no {LAYER!r}")
    await layer.group_send(GROUP, message)


_post = Post()


def _after_fork() -> None:
    # The thread stays with the parent, and so does what it has yet to send.
    global _post
    _post = Post()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(drain, DRAIN_AT_EXIT)

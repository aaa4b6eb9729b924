"""Who listens and who writes: the jam with its rooms, one thread, a thread in a hurry, and one that is voted on."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TypeVar

from benchmarks.live.content import Content, ThreadRef, a_reply, fill
from benchmarks.live.plans import TabPlan, Write

T = TypeVar("T")

WARM_UP = 40
"""Votes, and a tenth as many posts, before anything is measured: so that the pages have their connections and have
read their code."""


@dataclass(frozen=True)
class Scenario:
    """`writes` last for `seconds`; `warm_up` goes before them. `apart`: how it is best measured."""

    name: str
    content: Content
    tabs: list[TabPlan]
    warm_up: list[Write]
    writes: list[Write]
    seconds: float
    apart: bool


class Pen:
    """What people write, each request by another of them as long as there are any."""

    def __init__(self, dice: random.Random, content: Content) -> None:
        self.dice = dice
        self.content = content
        self._next = 0
        self._voted: set[tuple[str, int]] = set()

    def posts(self, threads: Iterator[ThreadRef], *, every: float, seconds: float) -> Iterator[Write]:
        """A reply `every` so many seconds, to any post of the thread that is next."""
        for number in range(round(seconds / every)):
            thread = next(threads)
            body: dict[str, object] = {"parent": self._a_post(thread), "body": a_reply(self.dice)}
            yield Write(number * every, "POST", f"/api/v1/threads/{thread.id}/posts", self._token(), body)

    def votes(self, threads: Iterator[ThreadRef], *, every: float, seconds: float) -> Iterator[Write]:
        """A vote `every` so many seconds, of somebody who had none on that post, half a step beside the posts."""
        for number in range(round(seconds / every)):
            token, post = self._token(), self._a_post(next(threads))
            while (token, post) in self._voted:
                token, post = self._token(), self._a_post(next(threads))
            self._voted.add((token, post))
            body: dict[str, object] = {"value": self.dice.choice([1, 1, 1, 0, -1])}
            yield Write((number + 0.5) * every, "PUT", f"/api/v1/posts/{post}/vote", token, body)

    def warm_up(self) -> list[Write]:
        every_thread = cycle(self.content.threads)
        seconds = WARM_UP * 0.05
        return _in_order(
            self.votes(every_thread, every=0.05, seconds=seconds), self.posts(every_thread, every=0.5, seconds=seconds)
        )

    def _token(self) -> str:
        self._next = (self._next + 1) % len(self.content.tokens)
        return self.content.tokens[self._next]

    def _a_post(self, thread: ThreadRef) -> int:
        return self.dice.choice([thread.idea, *thread.posts])


def jam(*, tabs: int = 10_000, seconds: float = 60) -> Scenario:
    """A third of the tabs on the home, a third in forums, a third in threads, popular ones more; 5 posts and 100 votes
    a second go to threads likewise."""
    dice = random.Random(1)
    content = fill(people=tabs, forums=8, threads=100, replies=9, slug="bench-jam")
    pen = Pen(dice, content)
    threads = _by_popularity(dice, content.threads)
    forums = _by_popularity(dice, content.forums)
    rooms: list[Callable[[], list[str]]] = [
        list,
        lambda: [f"forum:{next(forums)}"],
        lambda: [f"thread:{next(threads).id}"],
    ]
    return Scenario(
        name="jam",
        content=content,
        tabs=[TabPlan(rooms[number % 3](), cookie) for number, cookie in enumerate(content.cookies)],
        warm_up=pen.warm_up(),
        writes=_in_order(
            pen.posts(threads, every=0.2, seconds=seconds), pen.votes(threads, every=0.01, seconds=seconds)
        ),
        seconds=seconds,
        apart=True,
    )


def thread(*, tabs: int = 1_000, seconds: float = 60, every: float = 0.5, name: str = "thread") -> Scenario:
    """All tabs in one thread, and a post to it each half second."""
    content = fill(people=tabs, forums=1, threads=1, replies=9, slug=f"bench-{name}-{tabs}")
    pen = Pen(random.Random(2), content)
    (only,) = content.threads
    return Scenario(
        name=name,
        content=content,
        tabs=[TabPlan([f"thread:{only.id}"], cookie) for cookie in content.cookies],
        warm_up=pen.warm_up(),
        writes=list(pen.posts(_always(only), every=every, seconds=seconds)),
        seconds=seconds,
        apart=False,
    )


def burst(*, tabs: int = 5_000, seconds: float = 30) -> Scenario:
    """All tabs in one thread, and 20 posts a second to it."""
    return thread(tabs=tabs, seconds=seconds, every=0.05, name="burst")


def ticks(*, tabs: int = 4_000, seconds: float = 5) -> Scenario:
    """All tabs in one thread of 50 posts. Nobody writes: see `benchmarks.live.ticks`, where a round lasts `seconds`."""
    content = fill(people=tabs, forums=1, threads=1, replies=49, slug="bench-ticks")
    (only,) = content.threads
    listening = [TabPlan([f"thread:{only.id}"], cookie) for cookie in content.cookies]
    return Scenario("ticks", content, listening, warm_up=[], writes=[], seconds=seconds, apart=False)


def _always(thread: ThreadRef) -> Iterator[ThreadRef]:
    while True:
        yield thread


def _by_popularity(dice: random.Random, things: Sequence[T]) -> Iterator[T]:
    """One after another, by Zipf's law: the second half as often as the first, the third a third as often."""
    weights = [1 / rank for rank in range(1, len(things) + 1)]
    while True:
        yield from dice.choices(things, weights, k=100)


def _in_order(*writes: Iterator[Write]) -> list[Write]:
    return sorted((write for some in writes for write in some), key=lambda write: write.at)

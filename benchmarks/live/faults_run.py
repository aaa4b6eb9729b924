"""The run: tabs follow, people write, things break, and in the end every tab is held against a fresh page."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import uvloop

from benchmarks.live.faults_site import BreakableSite, Fault, faults
from benchmarks.live.faults_writers import Post, Writers
from benchmarks.live.following import Browser, Tab

if TYPE_CHECKING:
    from benchmarks.live.content import Content

T = TypeVar("T")

PROMISE = 10.0
"""Seconds after the last fault, at most, until all is well."""
OPENING_PATIENCE = 300.0
SHARES = {"thread": 0.6, "forum": 0.25, "home": 0.15}
SHARE_BLOCKED = 0.05


@dataclass(frozen=True)
class Plan:
    """`redis_away`, `postgres_away` and `between`, the time from one fault to the next, are seconds."""

    tabs: int
    forums: int
    threads: int
    posts_a_second: float
    votes_a_second: float
    redis_away: float
    postgres_away: float
    between: float


@dataclass(frozen=True)
class Tally:
    """What happened so far: the writers' answers, the lines that ended, the pages that were loaded anew."""

    answers: Counter[str]
    lines: int
    resets: int

    def since(self, earlier: Tally) -> Tally:
        return Tally(self.answers - earlier.answers, self.lines - earlier.lines, self.resets - earlier.resets)


@dataclass(frozen=True)
class Happened:
    """A fault from its beginning to where it was mended, by the loop's clock; `before` is what had happened by then."""

    fault: Fault
    began: float
    mended: float
    before: Tally


@dataclass
class Outcome:
    """`wrong` is what breaks the promise: nothing, if it holds.

    For each fault, `tallies` has what happened from there to the next, and `late` how late each tab was after it.
    """

    tabs: int
    posts: int
    votes: int
    happened: list[Happened]
    tallies: list[Tally]
    late: list[list[float]]
    ends: Counter[int]
    gaps: int
    whole_after: float
    wrong: list[str]


class Loop:
    """An event loop in a thread of its own, for the tabs and writers.

    The main thread starts and stops the servers, which end with the thread that started them.
    """

    def __init__(self) -> None:
        self._loop = uvloop.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="tabs", daemon=True).start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def time(self) -> float:
        return self._loop.time()


class Crowd:
    """All tabs and writers. Its methods run on the loop."""

    def __init__(self, plan: Plan, content: Content, address: str) -> None:
        self.browser = Browser(address=address, slug=content.slug)
        self.tabs = [self._tab(content, cookie) for cookie in content.cookies]
        for tab in random.sample(self.tabs, round(len(self.tabs) * SHARE_BLOCKED)):
            tab.blocked = True
        self.writers = Writers(self.browser, content, plan.posts_a_second, plan.votes_a_second)
        self._following: list[asyncio.Task[None]] = []

    def _tab(self, content: Content, cookie: str) -> Tab:
        home = f"/jams/{content.slug}/"
        (kind,) = random.choices(list(SHARES), list(SHARES.values()))
        path = {
            "thread": f"{home}threads/{random.choice(content.threads).id}/",
            "forum": f"{home}forums/{random.choice(content.forums)}/",
            "home": home,
        }[kind]
        return Tab(self.browser, path=path, cookie=cookie)

    async def open(self) -> None:
        """Opens the tabs, and waits until each has heard."""
        self._following = [asyncio.create_task(tab.follow()) for tab in self.tabs]
        async with asyncio.timeout(OPENING_PATIENCE):
            for tab in self.tabs:
                await tab.heard.wait()

    async def write(self) -> None:
        self._writing = asyncio.create_task(self.writers.run())

    async def tally(self) -> Tally:
        lines = sum(tab.ends.total() for tab in self.tabs)
        return Tally(self.writers.answers.copy(), lines, sum(tab.resets for tab in self.tabs))

    async def wrong_at(self, deadline: float) -> tuple[float, list[str]]:
        """Lets the writers end, then waits until every tab is as its page loaded now is, until `deadline` at most.

        Answers the time, and what is still wrong then.
        """
        loop = asyncio.get_running_loop()
        self.writers.stop()
        await self._writing
        one_each = {tab.path: tab for tab in self.tabs}.values()
        fresh = {tab.path: await self.browser.load(tab.path, tab.cookie) for tab in one_each}
        while True:
            wrong = [f"{tab.path}: {word}" for tab in self.tabs for word in tab.page.differs(fresh[tab.path])]
            wrong += [f"{tab.path}: post {post.id} did not come" for tab in self.tabs for post in self._missing(tab)]
            if not wrong or loop.time() > deadline:
                break
            await asyncio.sleep(0.2)
        ended = [task for task in self._following if task.done()]
        wrong += [f"a tab gave up: {task.exception()!r}" for task in ended]
        wrong += [f"{tab.path}: {tab.repeated} events came twice" for tab in self.tabs if tab.repeated]
        return loop.time(), wrong

    def _missing(self, tab: Tab) -> list[Post]:
        """What was written and is not there. (A page that was loaded anew need not show all that came before.)"""
        if tab.resets:
            return []
        rooms = {"pulse", *tab.page.rooms}
        narrow = rooms - {"pulse"} or rooms
        return [post for post in self.writers.posts if post.rooms & narrow and post.id not in tab.page.posts]

    async def lateness(self, happened: Happened) -> list[float]:
        """How long after it was mended each tab with a socket had all that was taken while it was broken."""
        during = [post for post in self.writers.posts if happened.began <= post.at <= happened.mended]
        return [
            max([0.0, *(tab.arrived[post.id] - happened.mended for post in during if post.id in tab.arrived)])
            for tab in self.tabs
            if not tab.blocked
        ]

    async def close(self) -> None:
        for task in self._following:
            task.cancel()
        await asyncio.gather(*self._following, return_exceptions=True)
        await self.browser.http.aclose()


def conduct(plan: Plan, content: Content, site: BreakableSite) -> Outcome:
    """The whole run, on a site that stands. Says on stdout how far it is."""
    loop = Loop()
    crowd = Crowd(plan, content, site.address)
    print(f"opening {plan.tabs} tabs", flush=True)
    loop.run(crowd.open())
    loop.run(crowd.write())
    happened = []
    for fault in faults(redis_away=plan.redis_away, postgres_away=plan.postgres_away):
        time.sleep(plan.between)
        print(f"now {fault.name}", flush=True)
        before, began = loop.run(crowd.tally()), loop.time()
        fault.happen(site)
        happened.append(Happened(fault, began, loop.time(), before))
    last = happened[-1].mended
    ended, wrong = loop.run(crowd.wrong_at(last + PROMISE))
    tallies = [*(each.before for each in happened), loop.run(crowd.tally())]
    outcome = Outcome(
        tabs=len(crowd.tabs),
        posts=len(crowd.writers.posts),
        votes=crowd.writers.votes,
        happened=happened,
        tallies=[later.since(earlier) for earlier, later in pairwise(tallies)],
        late=[loop.run(crowd.lateness(each)) for each in happened],
        ends=sum((tab.ends for tab in crowd.tabs), Counter()),
        gaps=sum(tab.gaps for tab in crowd.tabs),
        whole_after=ended - last,
        wrong=wrong + _wrong_in_the_database(crowd.writers.posts),
    )
    loop.run(crowd.close())
    return outcome


def _wrong_in_the_database(posts: list[Post]) -> list[str]:
    """Whether each key made one post: the one that was answered."""
    from django.db import close_old_connections

    from threads.models import Post as Row

    close_old_connections()
    written = Row.objects.filter(request_key__in=[post.key for post in posts]).values_list("request_key", "pk")
    if sorted(written) == sorted((post.key, post.id) for post in posts):
        return []
    return [f"{len(posts)} posts were answered, and the database has {len(written)} for their keys"]

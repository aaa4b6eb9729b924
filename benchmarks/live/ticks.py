"""What one tick costs the process with the tabs, whether it carries a few votes or very many.

The votes come over the real bus, from this process: a thousand a second are more than the pages of one machine take.
Their counts are written to the posts' rows as well, so that whatever the hub reads from the database is true.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field

from django.db import connection, transaction

from benchmarks.live.driver import ClientProcess, Meter
from benchmarks.live.plans import Outcome
from benchmarks.live.run import Measured, measure_floor, tabs_open, truth_of
from benchmarks.live.scenarios import Scenario
from benchmarks.live.sites import Site
from jam.domain.rooms import forum_room, thread_room
from live import bus

RATES = (0, 10, 100, 1000)
"""Votes a second. 0 shows what is spent without any, which is subtracted."""
ROUNDS = 3
COMMIT_EVERY = 0.01
AT_ONCE = 20
"""A commit takes the votes of so many seconds, and no more than so many: single ones would measure the disk."""
STORE = """
UPDATE threads_post SET agree_count = new.agree, pass_count = new.pass, disagree_count = new.disagree
FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[]) AS new (id, agree, pass, disagree)
WHERE threads_post.id = new.id
"""


@dataclass
class Row:
    """All rounds of one rate. `cpu` in seconds, `size` in bytes of a frame in the mean; `ticks` are frames a tab."""

    seconds: float = 0.0
    votes: int = 0
    cpu: float = 0.0
    ticks: float = 0.0
    bytes: float = 0.0

    @property
    def size(self) -> float:
        return self.bytes / self.ticks if self.ticks else 0.0

    def cpu_a_tick(self, idle: float) -> float:
        return (self.cpu - idle * self.seconds) / self.ticks if self.ticks else 0.0


@dataclass
class TicksResult:
    scenario: Scenario
    site: str
    outcome: Outcome
    held: int
    rows: dict[int, Row] = field(default_factory=dict)
    floor: Measured | None = None

    @property
    def idle(self) -> float:
        """What is spent without votes, as a share of a core."""
        return self.rows[0].cpu / self.rows[0].seconds

    @property
    def complaints(self) -> list[str]:
        tabs, outcome = len(self.scenario.tabs), self.outcome
        found = Counter(
            {
                "tabs that were not held": tabs - self.held,
                "gaps": outcome.gaps,
                "tabs with other votes than the database": tabs - outcome.votes_right,
                "tabs lost": sum(outcome.lost.values()),
            }
        )
        return [f"{number} {what}" for what, number in found.items() if number]


def run(scenario: Scenario, site: Site, *, floor: bool) -> TicksResult:
    voters = Voters(scenario)
    rows = {rate: Row() for rate in RATES}
    with tabs_open(scenario, site) as held:
        for _ in range(ROUNDS):
            for rate in RATES:
                _one_round(voters, rows[rate], held.loader, site, rate=rate, seconds=scenario.seconds)
        outcome = held.loader.settle(truth_of(scenario))
    result = TicksResult(scenario, str(site), outcome, held.opened.held, rows)
    busiest = rows[max(RATES)]
    if floor and busiest.ticks:
        every = busiest.seconds / busiest.ticks
        result.floor = measure_floor(
            scenario, site, times=round(busiest.ticks / ROUNDS), size=round(busiest.size), every=every
        )
    return result


def _one_round(voters: Voters, row: Row, loader: ClientProcess, site: Site, *, rate: int, seconds: float) -> None:
    tabs = len(voters.scenario.tabs)
    before, meter, began = loader.heard(), Meter({"live": site.live.pid}), time.monotonic()
    row.votes += voters.vote(rate=rate, seconds=seconds)
    row.seconds += time.monotonic() - began
    row.cpu += meter.spent()["live"]
    after = loader.heard()
    row.ticks += (after.frames - before.frames) / tabs
    row.bytes += (after.bytes - before.bytes) / tabs


class Voters:
    """Counts that grow, of any post of the thread."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        (thread,) = scenario.content.threads
        self._rooms = [thread_room(thread.id), forum_room(thread.forum)]
        self._counts = {post: {"agree": 0, "pass": 0, "disagree": 0} for post in (thread.idea, *thread.posts)}
        self._dice = random.Random(3)

    def vote(self, *, rate: int, seconds: float) -> int:
        """Casts `rate` votes a second for so many seconds, if the machine can, and says how many it were."""
        began, cast = time.monotonic(), 0
        while (passed := time.monotonic() - began) < seconds:
            if due := min(int(passed * rate) - cast, AT_ONCE):
                self._cast(due)
                cast += due
            if due < AT_ONCE:
                time.sleep(COMMIT_EVERY)
        return cast

    def _cast(self, votes: int) -> None:
        posts = self._dice.choices(list(self._counts), k=votes)
        with transaction.atomic():
            for post in posts:
                self._counts[post][self._dice.choice(("agree", "pass", "disagree"))] += 1
            self._store(sorted(set(posts)))
            for post in posts:
                counts = {str(post): self._counts[post]}
                bus.publish_counts(jam_key=self.scenario.content.jam_key, rooms=self._rooms, counts=counts)

    def _store(self, posts: list[int]) -> None:
        columns = [[self._counts[post][name] for post in posts] for name in ("agree", "pass", "disagree")]
        with connection.cursor() as cursor:
            cursor.execute(STORE, [posts, *columns])

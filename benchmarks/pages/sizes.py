"""`python -m benchmarks.pages.sizes`: the same pages of a jam of 1,000 posts and of one of 1,000,000, in turns.

Both jams are in one database, and both are asked for by one process, a page of the one and then of the other. So what
slows the machine down slows both, and what is left between them is what size costs.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.machine import Machine
from benchmarks.site import throw_away_servers

if TYPE_CHECKING:
    from benchmarks.pages.bulk import Sized

SETTINGS = "benchmarks.pages.settings"
HOST = "127.0.0.1"
BOUND = 1.5
PEOPLE_A_POST = 50


def arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks.pages.sizes", description=__doc__)
    parser.add_argument("--small", type=int, default=1_000, help="posts of the one jam (default: 1000)")
    parser.add_argument("--large", type=int, default=1_000_000, help="posts of the other (default: 1000000)")
    parser.add_argument("--rounds", type=int, default=40, help="how often each page has its turn (default: 40)")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write every figure there too")
    return parser.parse_args()


@dataclass
class Measured:
    """A page of both jams: its queries and its times in seconds, of the small one and of the large one."""

    name: str
    queries: list[int]
    seconds: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))

    @property
    def medians(self) -> tuple[float, float]:
        return statistics.median(self.seconds[0]), statistics.median(self.seconds[1])

    @property
    def ratio(self) -> float:
        small, large = self.medians
        return large / small

    @property
    def holds(self) -> bool:
        return self.queries[0] == self.queries[1] and self.ratio <= BOUND


Address = Callable[["Sized"], str]


def pages() -> dict[str, Address]:
    """What is asked for, by what it is called. The addresses of Django are there once it is set up."""
    from django.urls import reverse
    from django.utils.http import urlencode

    def of(name: str, *args: Callable[[Sized], Any], **asked: str) -> Address:
        query = f"?{urlencode(asked)}" if asked else ""
        return lambda sized: reverse(f"threads:{name}", args=[sized.jam.slug, *(arg(sized) for arg in args)]) + query

    def forum(sized: Sized) -> int:
        return sized.forum.pk

    def thread(sized: Sized) -> int:
        return sized.idea.thread_id

    return {
        "jam's home": of("home"),
        "forum, hot": of("forum", forum),
        "forum, new": of("forum", forum, sort="new"),
        "forum, top": of("forum", forum, sort="top"),
        "forum, needs a reply": of("forum", forum, sort="needs_reply"),
        "forum, a common tag": of("forum", forum, tag="harbour"),
        "forum, a rare tag": of("forum", forum, tag="low tide"),
        "ideas of the jam, hot": of("ideas"),
        "ideas of the jam, top": of("ideas", sort="top"),
        "tags": of("tags"),
        "thread of 50 posts": of("detail", thread),
        "catch-up, 3 minutes": of("catch_up", size="3"),
        "catch-up, everything": of("catch_up", size="all"),
        "search, a rare word": of("search", q="zeppelin"),
        "search, a common word": of("search", q="bridge"),
        "search, common words": of("search", q="bridge bus school"),
        "search, a phrase": of("search", q='"ring road"'),
        "search, without a word": of("search", q="bridge -school"),
        # Of 11 people in the small jam and of as many as search looks at in the large one: a page full of hits in both.
        "search, by author": of("search", q="bridge", author="Person 7"),
        "search, by tag": of("search", tag="low tide"),
        "search, ideas only": of("search", q="bridge", kind="ideas"),
    }


def measure(jams: Sequence[Sized], *, rounds: int) -> list[Measured]:
    from django.test import Client

    from benchmarks.pages.run import count_queries

    clients = []
    for sized in jams:
        client = Client(headers={"host": HOST})
        client.force_login(sized.reader.person)
        clients.append(client)
    results = []
    for name, address in pages().items():
        paths = [address(sized) for sized in jams]
        for client, path in zip(clients, paths, strict=True):
            client.get(path)
        counted = [count_queries(client, path) for client, path in zip(clients, paths, strict=True)]
        results.append(Measured(name, counted))
    for number in range(rounds + 1):
        for result, address in zip(results, pages().values(), strict=True):
            for which in (0, 1) if number % 2 else (1, 0):
                path = address(jams[which])
                begin = time.perf_counter()
                clients[which].get(path)
                spent = time.perf_counter() - begin
                if number:  # the first round warms up
                    result.seconds[which].append(spent)
    return results


def table(results: Sequence[Measured], *, small: int, large: int) -> str:
    head = ("page", "queries", f"ms, {small:,}", f"ms, {large:,}", "ratio", "")
    rows = [head]
    for result in results:
        one, other = result.medians
        queries = str(result.queries[0]) if len(set(result.queries)) == 1 else "{} / {}".format(*result.queries)
        cells = (result.name, queries, f"{one * 1000:.1f}", f"{other * 1000:.1f}", f"{result.ratio:.2f}")
        rows.append((*cells, "" if result.holds else "over"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def as_json(results: Sequence[Measured], machine: Machine) -> dict[str, Any]:
    return {
        "machine": str(machine),
        "pages": [
            {"page": one.name, "queries": one.queries, "median_ms": [round(s * 1000, 2) for s in one.medians]}
            | {"ratio": round(one.ratio, 3)}
            for one in results
        ],
    }


def main(options: Namespace) -> int:
    machine = Machine.this()
    print(machine, flush=True)
    with throw_away_servers(SETTINGS):
        from benchmarks.pages.bulk import analyse, make

        dice = random.Random(1_000)
        jams = []
        for posts in (options.small, options.large):
            begin = time.perf_counter()
            jams.append(make(posts=posts, people=max(100, posts // PEOPLE_A_POST), dice=dice))
            print(f"{posts:,} posts in {time.perf_counter() - begin:.0f} s", flush=True)
        analyse()
        results = measure(jams, rounds=options.rounds)
        print("", table(results, small=options.small, large=options.large), sep="\n")
        if options.json:
            options.json.write_text(json.dumps(as_json(results, machine), indent=2) + "\n")
    return 0 if all(result.holds for result in results) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(arguments()))
    except KeyboardInterrupt:
        sys.exit(130)

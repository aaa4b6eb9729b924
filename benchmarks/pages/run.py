"""The pages, asked in rounds by turns, so that what drifts on the machine hits all of them alike."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from benchmarks import load
from benchmarks.machine import Cores, cpu_seconds
from benchmarks.pages.content import Content, cookies
from benchmarks.site import Server


@dataclass(frozen=True)
class Page:
    """An address on a server, with the cookies of each connection that asks for it; an empty one is signed out.

    `floor` marks what the others of the same server are held against.
    """

    name: str
    server: Server
    path: str
    cookies: list[str]
    floor: bool = False


def pages_of(content: Content, *, server: Server, host: str) -> list[Page]:
    slug = content.jam.slug
    thread = reverse("threads:detail", args=[slug, content.idea.thread_id])
    forum = reverse("threads:forum", args=[slug, content.forum.pk])
    home = reverse("threads:home", args=[slug])
    one_query = reverse("one-query")
    signed_in = cookies(content, thread, host=host)
    signed_out = [""] * len(signed_in)
    return [
        Page("thread of 50 posts", server, thread, signed_in),
        Page("one query, no template", server, one_query, signed_out, floor=True),
        Page("the same, signed in", server, one_query, signed_in),
        Page("forum", server, forum, signed_in),
        Page("jam's home", server, home, signed_in),
    ]


@dataclass(frozen=True)
class Round:
    seconds: float
    requests: int
    cpu: float | None
    new_connections: int

    @property
    def rate(self) -> float:
        return self.requests / self.seconds if self.seconds else 0.0


@dataclass
class Result:
    """What the rounds of one page came to."""

    page: Page
    queries: int
    rounds: list[Round] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    errors: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    smallest: int = 0
    largest: int = 0

    def add(self, outcome: load.Outcome, *, cpu: float | None, new_connections: int) -> None:
        self.rounds.append(Round(outcome.seconds, len(outcome.latencies), cpu, new_connections))
        self.latencies += outcome.latencies
        self.errors += outcome.errors
        for why, times in outcome.failures.items():
            self.failures[why] = self.failures.get(why, 0) + times
        self.smallest = min(self.smallest or outcome.smallest, outcome.smallest)
        self.largest = max(self.largest, outcome.largest)

    @property
    def rates(self) -> list[float]:
        return [one.rate for one in self.rounds]

    @property
    def cpu_per_request(self) -> float | None:
        """Of the server's processes, in seconds."""
        spent = [one.cpu for one in self.rounds if one.cpu is not None]
        return sum(spent) / len(self.latencies) if spent and self.latencies else None

    @property
    def new_connections(self) -> int:
        """How many connections the database was asked to open while it ran."""
        return sum(one.new_connections for one in self.rounds)

    def percentile(self, share: float) -> float:
        """In seconds, over the requests of all rounds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0

    def as_json(self) -> dict[str, Any]:
        cpu = self.cpu_per_request
        return {
            "page": self.page.name,
            "path": self.page.path,
            "signed_in": any(self.page.cookies),
            "connections": len(self.page.cookies),
            "requests": len(self.latencies),
            "requests_per_second": {
                "min": round(min(self.rates), 1),
                "median": round(statistics.median(self.rates), 1),
                "max": round(max(self.rates), 1),
                "rounds": [round(rate, 1) for rate in self.rates],
            },
            "milliseconds": {
                name: round(self.percentile(share) * 1000, 2)
                for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1))
            },
            "bytes": {"min": self.smallest, "max": self.largest},
            "queries": self.queries,
            "cpu_milliseconds": None if cpu is None else round(cpu * 1000, 3),
            "new_database_connections": self.new_connections,
            "errors": self.errors,
            "failures": self.failures,
        }


def measure(
    pages: Sequence[Page], *, rounds: int, seconds: float, requests: int, cores: Cores, host: str
) -> list[Result]:
    """Each page once unmeasured, then `rounds` times in turn, `seconds` long or `requests` many."""
    results = [Result(page, queries=queries_of(page, host=host)) for page in pages]
    for number in range(rounds + 1):
        for result in results:
            page = result.page
            limit = seconds if number else min(seconds, 1)
            plan = load.Plan(
                host=page.server.host,
                port=page.server.port,
                path=page.path,
                cookies=page.cookies,
                seconds=limit,
                requests=requests,
                name=host,
            )
            connected, spent = database_sessions(), cpu_seconds(page.server.pid)
            outcome = load.apply(plan, core=cores.rest)
            spent_now = cpu_seconds(page.server.pid)
            cpu = spent_now - spent if spent is not None and spent_now is not None else None
            if number:
                result.add(outcome, cpu=cpu, new_connections=database_sessions() - connected)
    return results


def queries_of(page: Page, *, host: str) -> int:
    """How many queries the page makes for a reader who was here before: in this process, by the same code."""
    client = Client(headers={"host": host, "cookie": page.cookies[0]})
    client.get(page.path)
    return count_queries(client, page.path)


def count_queries(client: Client, path: str) -> int:
    made = 0

    def count(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal made
        made += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return made


def database_sessions() -> int:
    """How many connections were made to the database since it began."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sessions FROM pg_stat_database WHERE datname = current_database()")
        (sessions,) = cursor.fetchone()
    return int(sessions)

"""A scenario from its first tab to its last, and the floor beside it."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from benchmarks.live.driver import ClientProcess, Meter, client
from benchmarks.live.plans import Heard, Opened, OpenPlan, Outcome, Rounds, Truth, WritePlan, Written
from benchmarks.live.scenarios import Scenario
from benchmarks.live.sites import Site, address
from benchmarks.machine import memory
from benchmarks.site import serving
from live.domain import queries
from threads.domain.queries import counts_in_rooms

IDLE = 5.0
"""Seconds for which the tabs are only held, to see what that costs."""
FLOOR = "benchmarks.live.floor"


@dataclass
class Measured:
    """What one server did for the tabs.

    `cpu` is that of each process, in seconds, from the first write to the last frame; `client_share` is of a core, and
    only while people write; `coming_in` is what each process spent, in seconds, while the tabs came in; `idle` is of a
    core, while they are only held. Memory is in bytes.
    """

    opened: Opened
    outcome: Outcome
    heard: Heard
    seconds: float
    cpu: dict[str, float]
    client_share: float
    memory_a_tab: float
    coming_in: dict[str, float] = field(default_factory=dict)
    idle: dict[str, float] = field(default_factory=dict)

    @property
    def cpu_a_thousand_deliveries(self) -> float:
        """Of the process with the tabs, in seconds."""
        return 1000 * self.cpu["live"] / self.outcome.delivered if self.outcome.delivered else 0.0

    @property
    def cpu_a_thousand_frames(self) -> float:
        return 1000 * self.cpu["live"] / self.heard.frames if self.heard.frames else 0.0


@dataclass
class Result:
    scenario: Scenario
    site: str
    measured: Measured
    written: Written
    floor: Measured | None = None

    @property
    def complaints(self) -> list[str]:
        """What must not be, in words."""
        outcome, opened = self.measured.outcome, self.measured.opened
        tabs = len(self.scenario.tabs)
        found = {
            "tabs that were not held": tabs - opened.held,
            "deliveries missing": outcome.missing,
            "duplicates": outcome.duplicates,
            "gaps": outcome.gaps,
            "events out of order, or with a fragment where none belongs": outcome.mistaken,
            "tabs with other votes than the database": tabs - outcome.votes_right,
            "tabs lost": sum(outcome.lost.values()),
            "requests failed": sum(self.written.errors.values()),
        }
        return [f"{number} {what}" for what, number in found.items() if number]


def run(scenario: Scenario, site: Site, *, floor: bool) -> Result:
    written, measured = _measure(scenario, site)
    result = Result(scenario, str(site), measured, written)
    if floor and measured.heard.frames:
        # As many frames a tab, as large and at the same pace in the mean.
        times = max(1, round(measured.heard.frames / measured.opened.held))
        size = round(measured.heard.bytes / measured.heard.frames)
        result.floor = measure_floor(scenario, site, times=times, size=size, every=measured.seconds / times)
    return result


def _measure(scenario: Scenario, site: Site) -> tuple[Written, Measured]:
    with tabs_open(scenario, site) as held:
        loader = held.loader
        meter = Meter(site.pids)
        time.sleep(IDLE)
        idle = {name: spent / IDLE for name, spent in meter.spent().items()}
        loader.write(WritePlan(address(site.pages), scenario.warm_up))
        before, meter = loader.heard(), Meter(site.pids | {"client": loader.pid})
        began = time.monotonic()
        written = loader.write(WritePlan(address(site.pages), scenario.writes))
        seconds = time.monotonic() - began
        client_share = meter.spent()["client"] / seconds
        outcome = loader.settle(truth_of(scenario))
        cpu, after = meter.spent(), loader.heard()
    return written, Measured(
        opened=held.opened,
        outcome=outcome,
        heard=Heard(after.frames - before.frames, after.bytes - before.bytes),
        seconds=seconds,
        cpu=cpu,
        client_share=client_share,
        memory_a_tab=held.memory_a_tab,
        coming_in=held.cpu,
        idle=idle,
    )


@dataclass(frozen=True)
class Held:
    """All tabs, as they stand after coming in. `cpu` is what that took each process; memory is the live process's."""

    loader: ClientProcess
    opened: Opened
    memory_a_tab: float
    cpu: dict[str, float]


@contextmanager
def tabs_open(scenario: Scenario, site: Site) -> Iterator[Held]:
    """Holds all tabs until the block ends."""
    with client(core=site.cores.rest) as loader:
        before, meter = memory(site.live.pid), Meter(site.pids | {"client": loader.pid})
        opened = loader.open(open_plan(scenario, site))
        grown = memory(site.live.pid) - before
        yield Held(loader, opened, memory_a_tab=grown / max(1, opened.held), cpu=meter.spent())


def open_plan(scenario: Scenario, site: Site) -> OpenPlan:
    return OpenPlan(
        address=address(site.live),
        slug=scenario.content.slug,
        since=queries.seq_of(scenario.content.jam_key),
        tabs=scenario.tabs,
    )


def truth_of(scenario: Scenario) -> Truth:
    """What the database says now of the rooms that somebody listens in."""
    key = scenario.content.jam_key
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for room in {room for tab in scenario.tabs for room in tab.rooms}:
        kind, _, number = room.partition(":")
        ids = {kind: [int(number)]}
        in_room = counts_in_rooms(key, forums=ids.get("forum", []), threads=ids.get("thread", []))
        counts[room] = {post: count for post, count in in_room.items() if any(count.values())}
    return Truth(seq=queries.seq_of(key), counts=counts)


def measure_floor(scenario: Scenario, site: Site, *, times: int, size: int, every: float) -> Measured:
    """The floor with the same tabs, each told `size` bytes so many times, one `every` so many seconds."""
    with (
        serving(site.folder, core=site.cores.server, name="floor", program=FLOOR) as server,
        client(core=site.cores.rest) as loader,
    ):
        before, meter = memory(server.pid), Meter({"live": server.pid, "client": loader.pid})
        opened = loader.open(replace(open_plan(scenario, site), address=address(server), constant=True))
        memory_a_tab, coming_in = (memory(server.pid) - before) / max(1, opened.held), meter.spent()
        heard, meter = loader.heard(), Meter({"live": server.pid, "client": loader.pid})
        began = time.monotonic()
        rounds = _write_rounds(f"http://{address(server)}/?bytes={size}&every={every}&times={times}")
        seconds = time.monotonic() - began
        client_share = meter.spent()["client"] / seconds
        outcome = loader.rounds(rounds)
        cpu, after = meter.spent(), loader.heard()
    return Measured(
        opened=opened,
        outcome=outcome,
        heard=Heard(after.frames - heard.frames, after.bytes - heard.bytes),
        seconds=seconds,
        cpu=cpu,
        client_share=client_share,
        memory_a_tab=memory_a_tab,
        coming_in=coming_in,
    )


def _write_rounds(address: str) -> Rounds:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(address, method="POST")) as answer:
        return Rounds(json.load(answer))
